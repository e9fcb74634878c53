/** What a mapping is for, in the order the product lists kinds. */
export const mappingKinds = [
	"code",
	"readOnlyData",
	"data",
	"bss",
	"heap",
	"stack",
	"anonymous",
	"file",
	"sharedMemory",
	"hugetlb",
	"device",
	"kernel",
	"guard",
	"reserved",
	"other",
] as const;

/** What a mapping is for; see `memory/classify.ts` for how each is told. */
export type MappingKind = (typeof mappingKinds)[number];
