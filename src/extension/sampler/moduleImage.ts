import { closeSync } from "node:fs";
import { MapscopeError } from "../../shared/errors";
import type { ModuleUnknown } from "../../shared/pagePlace";
import { type ByteSource, bytesSource, fileSource } from "../elf/byteSource";
import { ElfFile } from "../elf/elfFile";
import type { ElfFiles } from "../elf/elfFiles";
import { findLoadPlace, isLoaded } from "../elf/loadPlace";
import { type Classification, mappingAt } from "../memory/classify";
import { cachedRuns } from "../native/pageCache";
import { type MapsColumns, permission } from "../proc/maps";
import { readPage } from "../proc/mem";
import { pageCacheVisible } from "./fileCache";
import { DescriptorPaths, type OpenedFile, openMappedFile } from "./mappedFile";
import type { SystemInfo } from "./system";

/** A process as it was last read. */
export interface KnownProcess {
	readonly pid: number;
	/** Whose `/proc` shows its memory; see `memoryOwner`. */
	readonly owner: number;
	readonly maps: MapsColumns;
	readonly classification: Classification;
}

/** A byte of a process, as a byte of an ELF image. */
export interface ImagePlace {
	readonly file: ElfFile;
	readonly source: ByteSource;
	/** The address as the file counts; undefined for bytes of the file that no segment covers. */
	readonly fileAddress: bigint | undefined;
	/** What the loader added to the file's addresses; undefined when the file is merely mapped, not loaded. */
	readonly bias: bigint | undefined;
	/** Offset in the file; undefined for memory behind the file part of a segment. */
	readonly fileOffset: number | undefined;
}

/**
 * Calls `use` with the ELF image that the byte at `address`, within mapping `index`, belongs to: of the file mapped there,
 * of the module whose zeros it holds, or of the vdso, which is read from the process's memory.
 *
 * Returns why the image is not known; undefined for memory that belongs to no file.
 */
export function withImage<T>(
	process: KnownProcess,
	index: number,
	address: bigint,
	system: SystemInfo,
	files: ElfFiles,
	use: (place: ImagePlace) => T,
): T | ModuleUnknown | undefined {
	const { maps, classification } = process;
	if (classification.names[maps.names[index] ?? 0]?.name === "[vdso]") {
		return withVdso(process, index, address, system, use);
	}
	const fileIndex = fileMappingOf(maps, classification, index);
	if (fileIndex < 0) return undefined;
	const opened = openMappedFile(
		process.owner,
		maps,
		classification,
		fileIndex,
		system.pageSize,
		new DescriptorPaths(process.owner),
	);
	if (opened === "notAFile") return undefined;
	// What merely follows a file is of it only if the file says so.
	if (typeof opened === "string")
		return fileIndex === index || classification.fileOf[index] !== -1 ? opened : undefined;
	try {
		if (!isModule(maps, fileIndex) && !startIsCached(opened, system)) return "notRead";
		const source = fileSource(opened.descriptor, opened.size);
		return files.with(opened.identity, source, (file) => {
			const place = findPlace(maps, file, index, fileIndex, address, system.pageSize);
			return place === undefined ? undefined : use({ file, source, ...place });
		});
	} finally {
		closeSync(opened.descriptor);
	}
}

/** Mappings looked back over for the file of a module's zeros: a loader splits them by permissions only. */
const mostSteps = 16;

/** The mapping with the file that mapping `index` belongs to; -1 for none. */
function fileMappingOf(maps: MapsColumns, { fileOf, names }: Classification, index: number): number {
	if (maps.inodes[index] !== 0n) return index;
	const known = fileOf[index] ?? -1;
	if (known >= 0) return known;
	for (let at = index; at > 0 && index - at < mostSteps; at--) {
		const name = names[maps.names[at] ?? 0]?.name ?? "";
		if (!(name === "" || name.startsWith("[anon:")) || maps.endPages[at - 1] !== maps.startPages[at]) return -1;
		if (maps.inodes[at - 1] !== 0n) return at - 1;
	}
	return -1;
}

type Place = Pick<ImagePlace, "fileAddress" | "bias" | "fileOffset">;

/** Where the byte lies in the image; undefined when it only follows the image without being of it. */
function findPlace(
	maps: MapsColumns,
	{ segments }: ElfFile,
	index: number,
	fileIndex: number,
	address: bigint,
	pageSize: number,
): Place | undefined {
	const size = BigInt(pageSize);
	const start = BigInt(maps.startPages[fileIndex] ?? 0) * size;
	const end = BigInt(maps.endPages[fileIndex] ?? 0) * size;
	const offset = BigInt(maps.offsetPages[fileIndex] ?? 0) * size;
	const executable = ((maps.permissions[fileIndex] ?? 0) & permission.execute) !== 0;
	const fileOffsetAt = (place: bigint): bigint | undefined => offsetOfFile(maps, fileIndex, place, size);
	// Behind the file, its last byte tells where the module lies.
	const byte = index === fileIndex ? address : end - 1n;
	const found = findLoadPlace(segments, offset + byte - start, byte, executable, pageSize, fileOffsetAt);
	const bias = found?.loaded === true ? found.bias : undefined;
	if (index === fileIndex) {
		return { fileAddress: found?.fileAddress, bias, fileOffset: Number(offset + address - start) };
	}
	if (found === undefined || found.confirmed === 0) return undefined;
	const fileAddress = address - found.bias;
	return isLoaded(segments, fileAddress, pageSize) ? { fileAddress, bias, fileOffset: undefined } : undefined;
}

/** The offset at which the file of mapping `fileIndex` is mapped at an address; undefined where it is not. */
function offsetOfFile(maps: MapsColumns, fileIndex: number, address: bigint, pageSize: bigint): bigint | undefined {
	if (address < 0n) return undefined;
	const at = mappingAt(maps, Number(address / pageSize));
	if (at < 0 || !sameFile(maps, at, fileIndex)) return undefined;
	const start = BigInt(maps.startPages[at] ?? 0) * pageSize;
	return BigInt(maps.offsetPages[at] ?? 0) * pageSize + address - start;
}

function sameFile(maps: MapsColumns, a: number, b: number): boolean {
	return maps.names[a] === maps.names[b] && maps.devices[a] === maps.devices[b] && maps.inodes[a] === maps.inodes[b];
}

/** Whether the file is mapped executable somewhere: then it is loaded, and its headers have been read before. */
function isModule(maps: MapsColumns, fileIndex: number): boolean {
	for (let index = 0; index < maps.count; index++) {
		if ((maps.permissions[index] ?? 0) & permission.execute && sameFile(maps, index, fileIndex)) return true;
	}
	return false;
}

/**
 * Whether the file's first page is in the page cache, so that looking for an ELF header there brings nothing in. A data
 * file whose page cache somebody is looking at must not change because they look.
 */
function startIsCached({ descriptor, path, size, uid }: OpenedFile, system: SystemInfo): boolean {
	try {
		if (!pageCacheVisible(descriptor, uid, path, system)) return false;
		return cachedRuns(descriptor, String(path), 0, 1, size, system.pageSize).starts.length > 0;
	} catch (error) {
		if (error instanceof MapscopeError && error.code !== "bug") return false;
		throw error;
	}
}

/** The vdso is a whole ELF image in memory; reading it needs the right to read the process's memory. */
function withVdso<T>(
	{ owner, maps }: KnownProcess,
	index: number,
	address: bigint,
	{ pageSize }: SystemInfo,
	use: (place: ImagePlace) => T,
): T | ModuleUnknown {
	const startPage = maps.startPages[index] ?? 0;
	const endPage = maps.endPages[index] ?? 0;
	const pages: Uint8Array[] = [];
	try {
		for (let page = startPage; page < Math.min(endPage, startPage + mostVdsoPages); page++) {
			pages.push(readPage(owner, page, pageSize));
		}
	} catch (error) {
		if (error instanceof MapscopeError && error.code !== "bug") return "notReachable";
		throw error;
	}
	const source = bytesSource(Buffer.concat(pages));
	const file = ElfFile.read(source);
	if (typeof file === "string") return file;
	const offset = address - BigInt(startPage) * BigInt(pageSize);
	const inImage = (place: bigint): bigint | undefined => {
		const within = place - address + offset;
		return within >= 0n && within < BigInt(source.size) ? within : undefined;
	};
	const found = findLoadPlace(file.segments, offset, address, true, pageSize, inImage);
	return use({ file, source, fileAddress: found?.fileAddress, bias: found?.bias, fileOffset: Number(offset) });
}

/** Two pages on x86-64, at most some ten elsewhere. */
const mostVdsoPages = 64;
