/** Who else has to do with a mapping, found on request. */
export interface Relations {
	/** A file or an object of shared memory stands behind the mapping, which others may map, too. */
	readonly shareable: boolean;
	/** Ranges of the process itself that map the same thing, the one asked for among them. */
	readonly own: readonly SharedRange[];
	/** Other processes that map it, by pid; at most {@link mostSharers}. */
	readonly sharers: readonly Sharer[];
	/** How many there are in all. */
	readonly sharerCount: number;
	/** Processes whose mappings this user may not read: they may map it, too. */
	readonly unreadable: number;
	/** Of private memory: what is still shared since a fork. */
	readonly forked?: ForkedMemory;
}

/** Most processes that one answer names: libraries are mapped by all. */
export const mostSharers = 200;

export interface Sharer extends Relative {
	readonly user: string;
	readonly ranges: readonly SharedRange[];
}

/** Pages of one mapping, half open. */
export interface SharedRange {
	readonly startPage: number;
	readonly endPage: number;
	/** As in `maps`: `rw-s`. */
	readonly permissions: string;
}

export interface Relative {
	readonly pid: number;
	/** Hostile text. */
	readonly name: string;
}

/** Pages of private memory after a fork, which are copied when somebody writes to them. */
export interface ForkedMemory {
	/** Pages of the mapping's own memory: not of a file, and not the zero page. */
	readonly present: number;
	/** Those of them that other processes map as well. */
	readonly shared: number;
	/** The parent and the children, with how many pages they share; `pages` is absent where frames are hidden from this user. */
	readonly relatives: readonly (Relative & { readonly isParent: boolean; readonly pages?: number })[];
}
