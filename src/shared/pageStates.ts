/**
 * The one vocabulary for pages (see ARCHITECTURE.md, "Page states"). The index of a name is its code in every typed
 * array of the product, so the order is part of the wire format.
 */
export const pageStates = [
	"notPresent",
	"cached",
	"file",
	"shmem",
	"anonymous",
	"zero",
	"swapped",
	"guard",
	"unknown",
] as const;

/** What a page is; exactly one of these at a time. */
export type PageState = (typeof pageStates)[number];

/** Number of page states: the stride of every "counts per state" array. */
export const stateCount = pageStates.length;

/** Code of each state in typed arrays. */
export const stateCode = {
	notPresent: 0,
	cached: 1,
	file: 2,
	shmem: 3,
	anonymous: 4,
	zero: 5,
	swapped: 6,
	guard: 7,
	unknown: 8,
} as const satisfies Record<PageState, number>;

/** Properties a page may have besides its state. */
export const pageFlags = ["exclusive", "huge", "softDirty", "writeProtected", "changed", "fileCached"] as const;

/**
 * `exclusive`: mapped by this process alone; `huge`: mapped by a page-table entry above the base page; `softDirty`:
 * written since the last clear; `writeProtected`: by userfaultfd; `changed`: other than in the sample before;
 * `fileCached`: a private copy whose original is still in the page cache.
 */
export type PageFlag = (typeof pageFlags)[number];

/** Bit of each flag in a run's flag byte. */
export const flagBit = {
	exclusive: 1,
	huge: 2,
	softDirty: 4,
	writeProtected: 8,
	changed: 16,
	fileCached: 32,
} as const satisfies Record<PageFlag, number>;

/** Names of the flags set in `bits`, in vocabulary order. */
export function flagNames(bits: number): PageFlag[] {
	return pageFlags.filter((flag) => (bits & flagBit[flag]) !== 0);
}

/** States whose page lies in the page cache: the lane below the body is drawn for these and for `fileCached`. */
export const inPageCache: ReadonlySet<PageState> = new Set<PageState>(["cached", "file", "shmem"]);
