import { accessSync, closeSync, constants, type PathLike } from "node:fs";
import { MapscopeError } from "../../shared/errors";
import type { PageCacheKnowledge } from "../../shared/mapFrame";
import { type Classification, kindOf } from "../memory/classify";
import type { MappingCache } from "../memory/mergeRuns";
import { type CachedRuns, cacheCounts, cachedRuns } from "../native/pageCache";
import type { MapsColumns } from "../proc/maps";
import { DescriptorPaths, openMappedFile } from "./mappedFile";
import type { SystemInfo } from "./system";

/** The page cache behind the mappings of a process. */
export interface FileCaches {
	readonly knowledge: readonly PageCacheKnowledge[];
	readonly caches: readonly MappingCache[];
}

const none: MappingCache = { kind: "none" };
const hidden: MappingCache = { kind: "hidden" };
const notAFile: PageCacheKnowledge = { known: false, why: "notAFile" };

/** Mappings of one file: they are asked together, so that a file mapped a thousand times is opened once. */
interface FileUse {
	readonly mappings: number[];
	firstPage: number;
	lastPage: number;
}

const everywhere = { startPage: 0, endPage: Number.POSITIVE_INFINITY };

/** Asks the page cache about every file and shared-memory object that the process maps, or maps within a range of pages. */
export function readFileCaches(
	pid: number,
	maps: MapsColumns,
	classification: Classification,
	system: SystemInfo,
	within: { readonly startPage: number; readonly endPage: number } = everywhere,
): FileCaches {
	const knowledge: PageCacheKnowledge[] = new Array<PageCacheKnowledge>(maps.count).fill(notAFile);
	const caches: MappingCache[] = new Array<MappingCache>(maps.count).fill(none);
	const descriptors = new DescriptorPaths(pid);
	for (const use of fileUses(maps, classification, within).values()) {
		const [first] = use.mappings;
		if (first === undefined) continue;
		const answer = askFile(pid, maps, classification, first, use, system, descriptors);
		for (const index of use.mappings) {
			knowledge[index] = "why" in answer ? { known: false, why: answer.why } : { known: true };
			caches[index] = "why" in answer ? (answer.why === "notAFile" ? none : hidden) : { kind: "known", ...answer };
		}
	}
	return { knowledge, caches };
}

/** `before` itself where `now` says the same of the same mappings, so that what was made of it stays true. */
export function keptWhereSame(before: FileCaches, now: FileCaches): FileCaches {
	const same =
		now.knowledge.every((known, index) => sameKnowledge(known, before.knowledge[index])) &&
		now.caches.every((cache, index) => sameCache(cache, before.caches[index]));
	return same ? before : now;
}

function sameKnowledge(one: PageCacheKnowledge, other: PageCacheKnowledge | undefined): boolean {
	if (one === other || one.known !== other?.known) return one === other;
	return one.known || other.known || one.why === other.why;
}

function sameCache(one: MappingCache, other: MappingCache | undefined): boolean {
	if (one === other || one.kind !== other?.kind) return one === other;
	if (one.kind !== "known" || other.kind !== "known") return true;
	return sameNumbers(one.starts, other.starts) && sameNumbers(one.ends, other.ends);
}

function sameNumbers(one: Float64Array, other: Float64Array): boolean {
	return one.length === other.length && one.every((value, index) => value === other[index]);
}

function fileUses(
	maps: MapsColumns,
	classification: Classification,
	within: { startPage: number; endPage: number },
): Map<string, FileUse> {
	const uses = new Map<string, FileUse>();
	for (let index = 0; index < maps.count; index++) {
		const inode = maps.inodes[index] ?? 0n;
		// Huge pages of the pool are no page cache, and mapping them, as asking does, would reserve some.
		if (inode === 0n || kindOf(classification, index) === "hugetlb") continue;
		if ((maps.endPages[index] ?? 0) <= within.startPage || (maps.startPages[index] ?? 0) >= within.endPage) continue;
		const key = `${maps.devices[index]}:${inode}:${maps.names[index]}`;
		const first = maps.offsetPages[index] ?? 0;
		const last = first + (maps.endPages[index] ?? 0) - (maps.startPages[index] ?? 0);
		const use = uses.get(key);
		if (use === undefined) {
			uses.set(key, { mappings: [index], firstPage: first, lastPage: last });
		} else {
			use.mappings.push(index);
			use.firstPage = Math.min(use.firstPage, first);
			use.lastPage = Math.max(use.lastPage, last);
		}
	}
	return uses;
}

type Refusal = { readonly why: Exclude<PageCacheKnowledge, { known: true }>["why"] };

function askFile(
	pid: number,
	maps: MapsColumns,
	classification: Classification,
	index: number,
	use: FileUse,
	system: SystemInfo,
	descriptors: DescriptorPaths,
): CachedRuns | Refusal {
	const opened = openMappedFile(pid, maps, classification, index, system.pageSize, descriptors);
	if (typeof opened !== "object") return { why: opened };
	try {
		if (!pageCacheVisible(opened.descriptor, opened.uid, opened.path, system)) return { why: "notOwner" };
		const { firstPage, lastPage } = use;
		return cachedRuns(opened.descriptor, String(opened.path), firstPage, lastPage, opened.size, system.pageSize);
	} catch (error) {
		if (error instanceof MapscopeError && error.code === "unsupported") return { why: "unsupported" };
		if (error instanceof MapscopeError && error.code === "io") return { why: "notReachable" };
		throw error;
	} finally {
		closeSync(opened.descriptor);
	}
}

/**
 * Whether the kernel answers truly about this file's page cache. Since Linux 5.2 `mincore` says "cached" of every page of
 * a file that one neither owns nor may write; `cachestat` refuses in exactly these cases, which makes it the best probe.
 */
export function pageCacheVisible(descriptor: number, owner: number, path: PathLike, system: SystemInfo): boolean {
	// One byte: what is asked is the permission, and counting a large file costs as much as looking at its pages.
	if (cacheCounts(descriptor, 0n, 1n) === "hidden") return false;
	// cachestat before 6.14 answers everybody, so its answer alone does not prove that mincore's is true.
	return owner === system.uid || system.ownsAllFiles || writable(path);
}

function writable(path: PathLike): boolean {
	try {
		accessSync(path, constants.W_OK);
		return true;
	} catch {
		return false;
	}
}
