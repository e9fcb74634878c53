import { type MapsColumns, readMaps } from "../../proc/maps";

/**
 * Addresses for mappings that the code leaves to the kernel. A mapping between Node's own would merge with them, and its
 * address would be another one after each restart; so `mmap` gets a hint far from all others. A hint is no order: the
 * kernel takes it as it likes.
 */

/**
 * Preferred start, 72 TiB: free on 47-bit and 48-bit address spaces. Below 64 TiB V8 scatters the pages of its heap
 * (`Heap::GetRandomMmapAddr` has 46 bits), also after an arena was found there. Where it has taken a hinted address, the
 * kernel chooses another, mostly right below an arena of malloc, and merges the mapping with that. Above, programs begin
 * at two thirds of the address space, 85 TiB.
 */
const preferred = 72n * 2n ** 40n;
/** Addresses that an arena needs. */
const arenaBytes = 2n ** 40n;
/** Space between two mappings: more than the 1 MiB that the kernel keeps free below a growing one. */
const gap = 4n * 1024n * 1024n;

/** Hands out addresses in a fixed order, so that a replay gives every mapping its former one. */
export class Arena {
	#next: bigint;

	constructor(
		readonly base: bigint,
		private readonly pageSize: bigint,
	) {
		this.#next = base;
	}

	/** An address for a mapping of `length` bytes; not aligned to huge pages, as the kernel would not align it either. */
	hint(length: bigint): bigint {
		const start = this.#next + 16n * this.pageSize;
		const end = start + (length > 0n && length < arenaBytes ? length : 0n);
		this.#next = (end + 2n * gap - 1n) & ~(gap - 1n);
		return start;
	}
}

/** Where an arena can start in this process: at {@link preferred}, or in the middle of the largest gap. */
export function findArena(pageSize: number): bigint {
	const maps = readMaps(process.pid, pageSize);
	const size = BigInt(pageSize);
	const pages = Number((preferred + arenaBytes) / size);
	const last = lastUserPage(maps, size);
	if (last >= pages && isFree(maps, Number(preferred / size), pages)) return preferred;
	let [start, end] = [0, 0];
	for (let i = 0, at = 16; i < maps.count; at = maps.endPages[i++] ?? at) {
		const next = maps.startPages[i] ?? 0;
		if (next <= last && next - at > end - start) [start, end] = [at, next];
	}
	const middle = (BigInt(start) + BigInt(end)) / 2n;
	return (middle * size) & ~(2n ** 30n - 1n);
}

function isFree(maps: MapsColumns, start: number, end: number): boolean {
	for (let i = 0; i < maps.count; i++) {
		if ((maps.startPages[i] ?? 0) < end && (maps.endPages[i] ?? 0) > start) return false;
	}
	return true;
}

/** Last page that a mapping ends at, without `[vsyscall]`, which lies in the kernel's half. */
function lastUserPage(maps: MapsColumns, pageSize: bigint): number {
	const kernel = Number(2n ** 63n / pageSize);
	return maps.endPages.reduce((last, end) => (end < kernel ? Math.max(last, end) : last), 0);
}
