import { closeSync, readSync } from "node:fs";
import { MapscopeError } from "../../shared/errors";
import type { PageBytes } from "../../shared/pageBytes";
import { mappingAt } from "../memory/classify";
import { cacheCounts, cachedRuns } from "../native/pageCache";
import { permission } from "../proc/maps";
import { readPage } from "../proc/mem";
import { pageCacheVisible } from "./fileCache";
import { DescriptorPaths, type OpenedFile, openMappedFile } from "./mappedFile";
import type { KnownProcess } from "./moduleImage";
import type { SystemInfo } from "./system";

/**
 * The bytes of a page, and beside a private copy those of the file's own page, so that what was written can be told from
 * what was there. Errors as `readPage`; a file that cannot be read or is not cached is no error, there is just none.
 */
export function readPageBytes(process: KnownProcess, page: number, system: SystemInfo): PageBytes {
	const bytes = readPage(process.owner, page, system.pageSize);
	const file = readFilePage(process, page, system);
	return file === undefined ? { bytes } : { bytes, file };
}

function readFilePage(process: KnownProcess, page: number, system: SystemInfo): Uint8Array | undefined {
	const { pageSize } = system;
	const { maps, classification, owner } = process;
	const index = mappingAt(maps, page);
	const isPrivateFile = (maps.inodes[index] ?? 0n) !== 0n && ((maps.permissions[index] ?? 0) & permission.shared) === 0;
	if (index < 0 || !isPrivateFile) return undefined;
	const file = openMappedFile(owner, maps, classification, index, pageSize, new DescriptorPaths(owner));
	if (typeof file !== "object") return undefined;
	try {
		const filePage = (maps.offsetPages[index] ?? 0) + page - (maps.startPages[index] ?? 0);
		const offset = BigInt(filePage) * BigInt(pageSize);
		if (!isCached(file, filePage, system)) return undefined;
		return readAt(file.descriptor, offset, pageSize);
	} finally {
		closeSync(file.descriptor);
	}
}

function readAt(descriptor: number, offset: bigint, length: number): Uint8Array | undefined {
	const bytes = new Uint8Array(length);
	try {
		readSync(descriptor, bytes, 0, length, offset);
		return bytes;
	} catch {
		return undefined; // the file system's own trouble: the process's bytes are what was asked for
	}
}

/** Whether a page of a file is surely in the page cache: by `cachestat` (Linux 6.5), else by `mincore` where that is true. */
function isCached({ descriptor, path, uid, size }: OpenedFile, page: number, system: SystemInfo): boolean {
	const { pageSize } = system;
	try {
		const counts = cacheCounts(descriptor, BigInt(page) * BigInt(pageSize), BigInt(pageSize));
		if (typeof counts === "object") return counts.cached > 0;
		if (!pageCacheVisible(descriptor, uid, path, system)) return false;
		return cachedRuns(descriptor, String(path), page, page + 1, size, pageSize).starts.length > 0;
	} catch (error) {
		if (error instanceof MapscopeError && error.code !== "bug") return false;
		throw error;
	}
}
