import { closeSync, readSync } from "node:fs";
import { type PageRunList, pageCategory } from "../base/pageCategories";
import { openProcFile, procError } from "./procFile";

/**
 * `/proc/PID/pagemap`: eight bytes per page at byte offset `page * 8`; see the kernel's
 * Documentation/admin-guide/mm/pagemap.rst. Who may ptrace the process may read it; frame numbers need CAP_SYS_ADMIN and
 * read as 0 otherwise.
 */

// Bits 32…63 of an entry, as bits of its high 32-bit word.
const presentBit = 2 ** 31; // 63
const swappedBit = 0x4000_0000; // 62
const fileBit = 0x2000_0000; // 61
const guardBit = 0x0400_0000; // 58, Linux 6.15
const writeProtectedBit = 0x0200_0000; // 57, Linux 5.14
const exclusiveBit = 0x0100_0000; // 56, Linux 4.2
const softDirtyBit = 0x0080_0000; // 55
const frameHighMask = 0x007f_ffff; // frame number bits 32…54

/** Swap type of a marker entry (no swap behind it); only readable with CAP_SYS_ADMIN, 0 for others. */
const markerSwapType = 31;

/** Entries per read: 1 MiB, the throughput optimum measured (512 MiB of addresses a read). */
const entriesPerRead = 131_072;
const buffer = Buffer.alloc(entriesPerRead * 8);
const words = new Uint32Array(buffer.buffer, buffer.byteOffset, entriesPerRead * 2);

/** Opens `/proc/PID/pagemap`. Errors: `permissionDenied`, `processGone`, `io`. */
export function openPagemap(pid: number | "self"): number {
	return openProcFile(`/proc/${pid}/pagemap`);
}

/**
 * Appends the page-table entries of pages [startPage, endPage) that hold something to `runs`.
 *
 * @param zeroFrame frame number of the shared zero page, no frame's when there is none; 0 when it is not known: then a page
 *   that is present, neither file nor exclusive, may be the zero page or one shared after fork, and gets `zeroOrShared`.
 */
export function readPagemap(
	descriptor: number,
	path: string,
	startPage: number,
	endPage: number,
	zeroFrame: number,
	runs: PageRunList,
): void {
	for (let page = startPage; page < endPage; ) {
		const wanted = Math.min(entriesPerRead, endPage - page);
		let count: number;
		try {
			// A bigint, since the position of a page above user space is not exact in a double.
			count = readSync(descriptor, buffer, 0, wanted * 8, BigInt(page) * 8n) >>> 3;
		} catch (error) {
			throw procError(error, path);
		}
		// Nothing above the end of user space, and nothing once the address space is gone.
		if (count === 0) return;
		for (let i = 0; i < count; i++) {
			const high = words[2 * i + 1] ?? 0;
			if (high === 0) continue;
			const categories = decodePagemapEntry(words[2 * i] ?? 0, high, zeroFrame);
			if (categories !== 0) runs.push(page + i, page + i + 1, categories);
		}
		page += count;
	}
}

/** Categories of one entry, given as its low and high 32 bits; 0 for an absent page. */
export function decodePagemapEntry(low: number, high: number, zeroFrame: number): number {
	const softDirty = high & softDirtyBit ? pageCategory.softDirty : 0;
	const writeProtected = high & writeProtectedBit ? pageCategory.writeProtected : 0;
	if (high >= presentBit) {
		const exclusive = high & exclusiveBit ? pageCategory.exclusive : 0;
		const common = pageCategory.present | softDirty | writeProtected | exclusive;
		if (high & fileBit) return common | pageCategory.file;
		if (exclusive) return common;
		const frame = (high & frameHighMask) * 2 ** 32 + low;
		if (frame === 0 || zeroFrame === 0) return common | pageCategory.zeroOrShared;
		return frame === zeroFrame ? common | pageCategory.zero : common;
	}
	if ((high & swappedBit) === 0) return 0;
	// Bit 62 says "not present but not empty": swap, or a marker for guard pages and for userfaultfd.
	if (high & guardBit) return pageCategory.guard;
	const marker = (low & 0x1f) === markerSwapType;
	// To whom the swap type is hidden, a page that userfaultfd protects and that is swapped looks like one that is absent.
	if (writeProtected && (marker || (low === 0 && (high & frameHighMask) === 0))) return writeProtected;
	return marker ? pageCategory.marker : pageCategory.swapped | softDirty | writeProtected;
}

/** Frame number of one page; 0 when it is hidden (CAP_SYS_ADMIN, Linux 4.2), undefined when no frame is behind the page. */
export function readFrame(descriptor: number, path: string, page: number): number | undefined {
	let count: number;
	try {
		count = readSync(descriptor, buffer, 0, 8, BigInt(page) * 8n);
	} catch (error) {
		throw procError(error, path);
	}
	const high = words[1] ?? 0;
	return count === 8 && high >= presentBit ? (high & frameHighMask) * 2 ** 32 + (words[0] ?? 0) : undefined;
}

/**
 * Frame numbers of `count` pages from `startPage` on; 0 where no frame is behind a page, or where it is hidden.
 *
 * Errors: `io`, `processGone`.
 */
export function readFrames(descriptor: number, path: string, startPage: number, count: number): Float64Array {
	const frames = new Float64Array(count);
	for (let done = 0; done < count; ) {
		const wanted = Math.min(entriesPerRead, count - done);
		let read: number;
		try {
			read = readSync(descriptor, buffer, 0, wanted * 8, BigInt(startPage + done) * 8n) >>> 3;
		} catch (error) {
			throw procError(error, path);
		}
		if (read === 0) break;
		for (let i = 0; i < read; i++) {
			const high = words[2 * i + 1] ?? 0;
			if (high >= presentBit) frames[done + i] = (high & frameHighMask) * 2 ** 32 + (words[2 * i] ?? 0);
		}
		done += read;
	}
	return frames;
}

/** Closes what {@link openPagemap} opened. */
export function closePagemap(descriptor: number): void {
	closeSync(descriptor);
}
