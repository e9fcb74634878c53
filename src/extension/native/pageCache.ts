import { MapscopeError } from "../../shared/errors";
import type { FileCounts } from "../../shared/mapFrame";
import { libc, mapFailed } from "./libc";

/**
 * Which pages of a file are in the page cache, by `mincore` over a mapping of our own (man 2 mincore). The mapping is
 * PROT_NONE: it cannot fault a page in, and cannot raise SIGBUS when the file is truncated meanwhile.
 */
const protNone = 0;
const mapShared = 1;

/** Bytes mapped at a time: a vector of 256 KiB for 4 KiB pages. */
const windowBytes = 2 ** 30;

/** A file of more windows than this is asked window by window whether anything is cached at all. */
const hugeWindows = 8;

/** Sorted, disjoint runs of cached pages of a file, as page offsets. */
export interface CachedRuns {
	readonly starts: Float64Array;
	readonly ends: Float64Array;
}

/**
 * Cached runs of file pages [startPage, endPage), cut at the end of the file (`size` bytes), past which the kernel's
 * answer can be stale.
 *
 * Ask {@link pageCacheVisible} first: for a file of somebody else the kernel answers "all cached" (Linux 5.2).
 * Errors: `unsupported` (`koffi`), `io` (ENODEV: a file that cannot be mapped).
 */
export function cachedRuns(
	descriptor: number,
	path: string,
	startPage: number,
	endPage: number,
	size: number,
	pageSize: number,
): CachedRuns {
	const c = libc();
	const starts: number[] = [];
	const ends: number[] = [];
	const last = Math.min(endPage, Math.ceil(size / pageSize));
	const windowPages = windowBytes / pageSize;
	const vector = new Uint8Array(Math.max(0, Math.min(windowPages, last - startPage)));
	// Counting first doubles the cost of a window that is full, and pays off over many that are empty.
	const huge = last - startPage > hugeWindows * windowPages;
	let open = -1;
	for (let page = startPage; page < last; page += windowPages) {
		const pages = Math.min(windowPages, last - page);
		const length = BigInt(pages) * BigInt(pageSize);
		if (huge && nothingCached(descriptor, BigInt(page) * BigInt(pageSize), length)) {
			if (open >= 0) {
				starts.push(open);
				ends.push(page);
				open = -1;
			}
			continue;
		}
		const address = c.mmap(null, length, protNone, mapShared, descriptor, BigInt(page) * BigInt(pageSize));
		const mapErrno = address === mapFailed ? c.errno() : undefined;
		if (mapErrno !== undefined) throw new MapscopeError({ code: "io", path, errno: mapErrno, detail: "mmap" });
		const result = c.mincore(address, length, vector);
		const errno = result < 0 ? c.errno() : undefined;
		c.munmap(address, length);
		if (errno !== undefined) throw new MapscopeError({ code: "io", path, errno, detail: "mincore" });
		for (let i = 0; i < pages; i++) {
			const cached = ((vector[i] ?? 0) & 1) === 1;
			if (cached && open < 0) open = page + i;
			else if (!cached && open >= 0) {
				starts.push(open);
				ends.push(page + i);
				open = -1;
			}
		}
	}
	if (open >= 0) {
		starts.push(open);
		ends.push(last);
	}
	return { starts: Float64Array.from(starts), ends: Float64Array.from(ends) };
}

/**
 * Whether `cachestat` says that nothing of a range of bytes is in the page cache. It counts what is there, while `mincore`
 * asks page by page: a sparse file of 1 TiB took 12 s by `mincore` alone.
 */
function nothingCached(descriptor: number, offset: bigint, length: bigint): boolean {
	const found = cacheCounts(descriptor, offset, length);
	return typeof found === "object" && found.cached === 0;
}

// Kept for the life of the thread: the kernel reads and writes through their raw addresses.
const range = Buffer.alloc(16);
const counts = Buffer.alloc(40);

/**
 * `cachestat` of a range of bytes, of the whole file if none is given: its counts; `"hidden"` when the kernel refuses
 * (EPERM, in the same cases in which `mincore` would answer falsely); undefined where the call does not exist or does not
 * apply. Its cost follows the cached pages of the range.
 */
export function cacheCounts(descriptor: number, offset = 0n, length = 0n): FileCounts | "hidden" | undefined {
	const c = libc();
	range.writeBigUInt64LE(offset, 0);
	range.writeBigUInt64LE(length, 8);
	const result = c.cachestat(descriptor, range, counts);
	const errno = result < 0 ? c.errno() : undefined;
	if (errno === "EPERM") return "hidden";
	if (errno !== undefined) return undefined;
	return {
		cached: Number(counts.readBigUInt64LE(0)),
		dirty: Number(counts.readBigUInt64LE(8)),
		writeback: Number(counts.readBigUInt64LE(16)),
	};
}
