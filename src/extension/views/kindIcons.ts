import type { MappingKind } from "../../shared/mappingKinds";

/** Icon of a mapping by what it is for. */
export const kindIcons: Readonly<Record<MappingKind, string>> = {
	code: "symbol-method",
	readOnlyData: "symbol-constant",
	data: "symbol-variable",
	bss: "symbol-field",
	heap: "layers",
	stack: "list-flat",
	anonymous: "symbol-array",
	file: "file",
	sharedMemory: "references",
	hugetlb: "package",
	device: "circuit-board",
	kernel: "gear",
	guard: "shield",
	reserved: "dash",
	other: "symbol-misc",
};

/** Icon of a group of mappings: what the group is, or the kind of its only mapping. */
export const groupIcons: Readonly<Record<string, string>> = {
	program: "file-binary",
	library: "library",
	region: "symbol-array",
	...kindIcons,
};
