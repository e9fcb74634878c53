import { readFrameWord } from "./frameFile";

/**
 * Names of the flags of a page frame, by bit, as linux/kernel-page-flags.h has them without `KPF_`. Bits from 32 on are
 * the kernel's own business and may change their meaning; the two here have kept it.
 */
const names: Readonly<Record<number, string>> = {
	0: "LOCKED",
	1: "ERROR",
	2: "REFERENCED",
	3: "UPTODATE",
	4: "DIRTY",
	5: "LRU",
	6: "ACTIVE",
	7: "SLAB",
	8: "WRITEBACK",
	9: "RECLAIM",
	10: "BUDDY",
	11: "MMAP",
	12: "ANON",
	13: "SWAPCACHE",
	14: "SWAPBACKED",
	15: "COMPOUND_HEAD",
	16: "COMPOUND_TAIL",
	17: "HUGE",
	18: "UNEVICTABLE",
	19: "HWPOISON",
	20: "NOPAGE",
	21: "KSM",
	22: "THP",
	23: "OFFLINE",
	24: "ZERO_PAGE",
	25: "IDLE",
	26: "PGTABLE",
	32: "RESERVED",
	33: "MLOCKED",
};

/** The flags set in a word of `/proc/kpageflags`, in the order of their bits; one without a name is `BIT_34`. */
export function decodeFrameFlags(word: bigint): string[] {
	const flags: string[] = [];
	for (let bit = 0; bit < 64; bit++) {
		if ((word >> BigInt(bit)) & 1n) flags.push(names[bit] ?? `BIT_${bit}`);
	}
	return flags;
}

/** Flags of a page frame from `/proc/kpageflags` (Linux 2.6.25). Errors as `readFrameWord`. */
export function readFrameFlags(frame: number): string[] {
	return decodeFrameFlags(readFrameWord("/proc/kpageflags", frame) ?? 0n);
}
