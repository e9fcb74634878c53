import { MapscopeError } from "../../shared/errors";
import { type PageRunList, pageCategory } from "../base/pageCategories";
import { libc } from "./libc";

/**
 * The `PAGEMAP_SCAN` ioctl (Linux 6.7, linux/fs.h `struct pm_scan_arg`): asks the kernel for the runs of pages that hold
 * something, so that the cost follows the pages in use and not the size of the range.
 */
const pagemapScan = 0xc0606610;

/**
 * Regions per call. The kernel collects at most 512 in a bounce buffer; with a larger vector a walk that completes
 * returns a stale `walk_end`, and the naive loop would report regions twice.
 */
const regionsPerCall = 512;
const regionSize = 24;

// Kept for the life of the thread: the kernel writes through raw addresses of both.
const argument = Buffer.alloc(96);
const regions = Buffer.alloc(regionsPerCall * regionSize);
const regionWords = new Uint32Array(regions.buffer, regions.byteOffset, (regionsPerCall * regionSize) / 4);

const wanted = pageCategory.present | pageCategory.swapped;
const reported =
	pageCategory.file | pageCategory.present | pageCategory.swapped | pageCategory.zero | pageCategory.huge;

/** Categories that came after 6.7, newest first: left out, one after the other, when the kernel says EINVAL. */
const newerCategories = [pageCategory.guard | pageCategory.softDirty, pageCategory.softDirty, 0];
let newer: number | undefined;

/**
 * Appends the runs of [startPage, endPage) that hold something to `runs`. The range must lie in user space.
 *
 * Errors: `unsupported` (`PAGEMAP_SCAN` before 6.7, `koffi`), `processGone` when the address space is gone, `io`.
 */
export function scanPagemap(
	descriptor: number,
	path: string,
	startPage: number,
	endPage: number,
	pageSize: number,
	runs: PageRunList,
): void {
	const c = libc();
	const end = BigInt(endPage) * BigInt(pageSize);
	let start = BigInt(startPage) * BigInt(pageSize);
	while (start < end) {
		const categories = newer ?? newerCategories[0] ?? 0;
		fillArgument(start, end, c.address(regions), categories);
		const count = c.ioctl(descriptor, pagemapScan, argument);
		if (count < 0) {
			const errno = c.errno();
			if (errno === "EINVAL" && newer === undefined && newerCategories.length > 1) {
				newerCategories.shift();
				continue;
			}
			if (errno === "ENOTTY" || errno === "EINVAL") {
				throw new MapscopeError({ code: "unsupported", feature: "PAGEMAP_SCAN", path, errno });
			}
			throw new MapscopeError({ code: errno === "ESRCH" ? "processGone" : "io", path, errno });
		}
		newer = categories;
		for (let i = 0; i < count; i++) {
			const at = i * 6;
			runs.push(
				pageAt(at, pageSize),
				pageAt(at + 2, pageSize),
				(regionWords[at + 4] ?? 0) & (reported | pageCategory.guard | pageCategory.softDirty),
			);
		}
		const walked = argument.readBigUInt64LE(32);
		if (walked <= start) return;
		start = walked;
	}
}

function fillArgument(start: bigint, end: bigint, vector: bigint, newerMask: number): void {
	argument.fill(0);
	argument.writeBigUInt64LE(96n, 0); // size
	argument.writeBigUInt64LE(start, 16);
	argument.writeBigUInt64LE(end, 24);
	argument.writeBigUInt64LE(vector, 40); // vec
	argument.writeBigUInt64LE(BigInt(regionsPerCall), 48); // vec_len
	argument.writeBigUInt64LE(BigInt(wanted | (newerMask & pageCategory.guard)), 80); // category_anyof_mask
	argument.writeBigUInt64LE(BigInt(reported | newerMask), 88); // return_mask
}

/** The u64 byte address at word `at` as a page number. */
function pageAt(at: number, pageSize: number): number {
	return ((regionWords[at + 1] ?? 0) * 2 ** 32 + (regionWords[at] ?? 0)) / pageSize;
}
