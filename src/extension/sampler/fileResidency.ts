import { closeSync, constants, fstatSync, openSync, statfsSync } from "node:fs";
import { MapscopeError, toErrorData } from "../../shared/errors";
import type { FileResidency } from "../memory/model";
import { cachedRuns } from "../native/pageCache";
import { procError } from "../proc/procFile";
import { pageCacheVisible } from "./fileCache";
import type { SystemInfo } from "./system";

/** Type of hugetlbfs (linux/magic.h): `mincore` knows only what is mapped of its files. */
const hugetlbfs = 0x958458f6;

/**
 * Which parts of a file are in the page cache. Never faults a page in: the file is mapped without access.
 *
 * Errors: `permissionDenied`, `io` (ENOENT, EISDIR, …).
 */
export function readFileResidency(path: string, system: SystemInfo): FileResidency {
	let descriptor: number;
	try {
		descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
	} catch (error) {
		throw procError(error, path);
	}
	try {
		const stat = fstatSync(descriptor);
		if (!stat.isFile()) throw new MapscopeError({ code: "io", path, errno: stat.isDirectory() ? "EISDIR" : "ENODEV" });
		const { pageSize } = system;
		const size = BigInt(stat.size);
		const unknown = (reason: string): FileResidency => ({ path, size, pageSize, known: false, reason, runs: [] });
		try {
			if (statfsSync(`/proc/self/fd/${descriptor}`).type === hugetlbfs) {
				return unknown("Its pages are huge pages of the pool, which are no page cache.");
			}
			if (!pageCacheVisible(descriptor, stat.uid, path, system)) {
				return unknown("Linux shows the page cache of a file only to those who own it or may write it.");
			}
			return { path, size, pageSize, known: true, runs: byteRuns(descriptor, path, size, pageSize) };
		} catch (error) {
			const { code, feature } = toErrorData(error);
			if (code !== "unsupported") throw error;
			return unknown(`Not supported here: ${feature ?? "native calls"}.`);
		}
	} finally {
		closeSync(descriptor);
	}
}

function byteRuns(descriptor: number, path: string, size: bigint, pageSize: number): FileResidency["runs"] {
	const pages = Number((size + BigInt(pageSize) - 1n) / BigInt(pageSize));
	if (pages === 0) return [];
	const cached = cachedRuns(descriptor, path, 0, pages, Number(size), pageSize);
	const runs: { start: bigint; end: bigint; cached: boolean }[] = [];
	const push = (from: number, to: number, isCached: boolean): void => {
		const end = BigInt(to) * BigInt(pageSize);
		runs.push({ start: BigInt(from) * BigInt(pageSize), end: end < size ? end : size, cached: isCached });
	};
	let page = 0;
	cached.starts.forEach((start, run) => {
		if (start > page) push(page, start, false);
		page = cached.ends[run] ?? start;
		push(start, page, true);
	});
	if (page < pages) push(page, pages, false);
	return runs;
}
