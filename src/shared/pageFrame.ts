/** What is known of the physical memory behind one page; most of it is for root's eyes only. */
export interface PageFrame {
	/** Number of the page frame: physical address ÷ page size. In a virtual machine, of the machine's own memory. */
	readonly frame?: number;
	/** Flags of the frame as linux/kernel-page-flags.h names them, without `KPF_`; see {@link frameFlagMeaning}. */
	readonly flags: readonly string[];
	/** How often the frame is mapped, over all processes. */
	readonly mapCount?: number;
	/**
	 * Why something is absent. `notPresent`: no frame is behind the page. `notPermitted`: frame numbers need CAP_SYS_ADMIN,
	 * flags and counts need root. `unsupported`: this kernel does not tell.
	 */
	readonly reason?: "notPresent" | "notPermitted" | "unsupported";
}

/** As Documentation/admin-guide/mm/pagemap.rst explains the flags. The list is open: kernels add flags. */
const meanings: Readonly<Record<string, string>> = {
	LOCKED: "locked for work on it, such as reading or writing",
	ERROR: "reading or writing it failed",
	REFERENCED: "accessed since the kernel last looked",
	UPTODATE: "holds what it should",
	DIRTY: "newer than its copy on disk",
	LRU: "on a list of pages that may be reclaimed",
	ACTIVE: "on the list of pages in active use",
	SLAB: "used by the kernel for its own objects",
	WRITEBACK: "being written to disk",
	RECLAIM: "to be reclaimed as soon as it is written",
	BUDDY: "free",
	MMAP: "mapped by processes",
	ANON: "memory without a file",
	SWAPCACHE: "has a place in swap",
	SWAPBACKED: "may go to swap",
	COMPOUND_HEAD: "the first of several pages that belong together",
	COMPOUND_TAIL: "one of several pages that belong together",
	HUGE: "of a huge page of the pool",
	UNEVICTABLE: "stays in memory: locked, or it could not be written anywhere",
	HWPOISON: "bad memory: the hardware found an error in it",
	NOPAGE: "there is no memory at this frame",
	KSM: "shared by processes because it is equal",
	THP: "part of a transparent huge page",
	OFFLINE: "taken out of use",
	ZERO_PAGE: "the shared page of zeros",
	IDLE: "not accessed since it was marked idle",
	PGTABLE: "a page table",
	RESERVED: "reserved by the kernel",
	MLOCKED: "locked in memory by mlock",
};

/** What a flag means, in words. Bits from 32 on are for those who debug the kernel, and change with it. */
export function frameFlagMeaning(flag: string): string {
	const internal = Number(/^BIT_(\d+)$/.exec(flag)?.[1] ?? 0) >= 32;
	return meanings[flag] ?? (internal ? "the kernel's own business" : "a flag that this version does not know");
}
