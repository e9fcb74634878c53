/**
 * Why nothing is known of a module: its file is out of reach, or another file has its name by now; it is not ELF, or no
 * sense can be made of it; it was not read, since that would have changed what is in the page cache.
 */
export type ModuleUnknown = "notReachable" | "replaced" | "notElf" | "malformed" | "notRead";

/** What of a program or library lies in a page. Names are hostile text. */
export interface PagePlace {
	/** Sections with a part in the page, in address order. */
	readonly sections: readonly string[];
	/** The symbol that holds the page's first byte, `offset` bytes after its start; else the one that ended before. */
	readonly symbol?: { readonly name: string; readonly offset: number; readonly inside: boolean };
	/** The first function or object that begins in the page, `at` bytes after the page's start. */
	readonly first?: { readonly name: string; readonly at: number };
	/** How many functions and objects begin in the page; what has several names counts once. */
	readonly starts: number;
	readonly unknown?: ModuleUnknown;
}

/** More sections than this in one page are not told. */
export const mostSectionsTold = 16;
