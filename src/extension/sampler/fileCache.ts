import {
	accessSync,
	closeSync,
	constants,
	fstatSync,
	openSync,
	type PathLike,
	readdirSync,
	readlinkSync,
	statSync,
} from "node:fs";
import { MapscopeError } from "../../shared/errors";
import type { PageCacheKnowledge } from "../../shared/mapFrame";
import { hexPage } from "../../shared/units";
import type { Classification } from "../memory/classify";
import type { MappingCache } from "../memory/mergeRuns";
import { hasPath, noName } from "../memory/names";
import { type CachedRuns, cacheCounts, cachedRuns } from "../native/pageCache";
import type { MapsColumns } from "../proc/maps";
import type { SystemInfo } from "./system";

/** The page cache behind the mappings of a process. */
export interface FileCaches {
	readonly knowledge: readonly PageCacheKnowledge[];
	readonly caches: readonly MappingCache[];
}

const none: MappingCache = { kind: "none" };
const hidden: MappingCache = { kind: "hidden" };

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
	const notAFile: PageCacheKnowledge = { known: false, why: "notAFile" };
	const knowledge: PageCacheKnowledge[] = new Array<PageCacheKnowledge>(maps.count).fill(notAFile);
	const caches: MappingCache[] = new Array<MappingCache>(maps.count).fill(none);
	const descriptors = new DescriptorPaths(pid);
	for (const use of fileUses(maps, within).values()) {
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

function fileUses(maps: MapsColumns, within: { startPage: number; endPage: number }): Map<string, FileUse> {
	const uses = new Map<string, FileUse>();
	for (let index = 0; index < maps.count; index++) {
		const inode = maps.inodes[index] ?? 0n;
		if (inode === 0n) continue;
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

interface OpenedFile {
	readonly descriptor: number;
	readonly path: PathLike;
	readonly size: number;
	readonly uid: number;
}

/**
 * Opens the file behind mapping `index` for reading, and makes sure that it is that file: by its path inside the
 * process's own root, else through `map_files` (which also reaches unlinked files and shared anonymous memory, but needs
 * CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE), else through a descriptor that the process holds.
 */
function openMappedFile(
	pid: number,
	maps: MapsColumns,
	classification: Classification,
	index: number,
	pageSize: number,
	descriptors: DescriptorPaths,
): OpenedFile | "notAFile" | "notReachable" | "replaced" {
	const { name, path: nameBytes } = classification.names[maps.names[index] ?? 0] ?? noName;
	const inode = maps.inodes[index] ?? 0n;
	const range = `${hex(maps.startPages[index] ?? 0, pageSize)}-${hex(maps.endPages[index] ?? 0, pageSize)}`;
	const candidates: (() => PathLike | undefined)[] = [
		() => `/proc/${pid}/map_files/${range}`,
		() => descriptors.find(inode, maps.nameTable[maps.names[index] ?? 0] ?? ""),
	];
	if (hasPath(name)) {
		const bytes = Buffer.from(nameBytes, "latin1");
		candidates.unshift(
			() => Buffer.concat([Buffer.from(`/proc/${pid}/root`), bytes]),
			() => bytes,
		);
	}
	let found: "notReachable" | "replaced" = "notReachable";
	for (const candidate of candidates) {
		const path = candidate();
		if (path === undefined) continue;
		// Ask before opening: opening a device or a named pipe can have effects, or wait.
		const stat = tryCall(() => statSync(path, { bigint: true }));
		if (stat === undefined) continue;
		if (stat.ino !== inode) {
			found = "replaced";
			continue;
		}
		if (!stat.isFile()) return "notAFile";
		const descriptor = tryCall(() => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY));
		if (descriptor === undefined) continue;
		const { ino, size, uid } = fstatSync(descriptor, { bigint: true });
		if (ino === inode) return { descriptor, path, size: Number(size), uid: Number(uid) };
		closeSync(descriptor);
		found = "replaced";
	}
	return found;
}

/** Descriptors of the process: they reach a memfd or an unlinked file without privilege. Read when needed. */
class DescriptorPaths {
	/** By inode and name, since inodes of different file systems may be equal. */
	#paths: Map<string, string> | undefined;

	constructor(private readonly pid: number) {}

	/** @param name as `maps` prints it, Latin-1. */
	find(inode: bigint, name: string): string | undefined {
		this.#paths ??= this.#read();
		return this.#paths.get(`${inode} ${name}`);
	}

	#read(): Map<string, string> {
		const directory = `/proc/${this.pid}/fd`;
		const paths = new Map<string, string>();
		for (const name of tryCall(() => readdirSync(directory)) ?? []) {
			const path = `${directory}/${name}`;
			const stat = tryCall(() => statSync(path, { bigint: true }));
			const target = stat?.isFile() ? tryCall(() => readlinkSync(path, "latin1")) : undefined;
			// `maps` escapes the newline, a link does not.
			if (stat && target !== undefined) paths.set(`${stat.ino} ${target.replaceAll("\n", "\\012")}`, path);
		}
		return paths;
	}
}

/** Names in `map_files` have no leading zeros, unlike the lines of `maps`. */
function hex(page: number, pageSize: number): string {
	return hexPage(page, pageSize).replace(/^0+(?=.)/, "");
}

function tryCall<T>(call: () => T): T | undefined {
	try {
		return call();
	} catch {
		return undefined;
	}
}

/**
 * Whether the kernel answers truly about this file's page cache. Since Linux 5.2 `mincore` says "cached" of every page of
 * a file that one neither owns nor may write; `cachestat` refuses in exactly these cases, which makes it the best probe.
 */
export function pageCacheVisible(descriptor: number, owner: number, path: PathLike, system: SystemInfo): boolean {
	if (cacheCounts(descriptor) === "hidden") return false;
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
