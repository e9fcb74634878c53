import { MapscopeError } from "../../shared/errors";
import { type ModuleUnknown, mostSectionsTold, type PagePlace } from "../../shared/pagePlace";
import type { ElfFiles } from "../elf/elfFiles";
import { sectionName } from "../elf/sections";
import { mappingAt } from "../memory/classify";
import type { AddressDescription, MappedAddress, ModulePlace, UnmappedAddress } from "../memory/model";
import { readMaps } from "../proc/maps";
import { readThreadName } from "../proc/task";
import { toMapping } from "./addressSpace";
import { type ImagePlace, type KnownProcess, withImage } from "./moduleImage";
import { readOneSpace } from "./steady";
import type { SystemInfo } from "./system";
import { classifyProcess } from "./takeSample";

/**
 * What lies at an address of a process: the mapping and the byte of its file, the section and the nearest symbol, the
 * thread whose stack it is, or the gap and its neighbours.
 *
 * Errors: `permissionDenied`, `processGone`, `io`; `bug` for what is no 64-bit address.
 */
export function describeAddress(pid: number, address: bigint, system: SystemInfo, files: ElfFiles): AddressDescription {
	return readOneSpace(pid, (owner) => {
		const maps = readMaps(owner, system.pageSize);
		const classification = classifyProcess(pid, owner, maps, system.pageSize);
		return describeIn({ pid, owner, maps, classification }, address, system, files);
	});
}

/** {@link describeAddress} in a process as it was last read. */
export function describeIn(
	process: KnownProcess,
	address: bigint,
	system: SystemInfo,
	files: ElfFiles,
): AddressDescription {
	if (address < 0n || address >= 2n ** 64n) throw new MapscopeError({ code: "bug", detail: `no address: ${address}` });
	const { maps, classification } = process;
	const page = Number(address / BigInt(system.pageSize));
	const index = mappingAt(maps, page);
	if (index < 0) return describeGap(process, address, page, system.pageSize);
	const mapping = toMapping(maps, classification, index, system.pageSize);
	const offset = address - mapping.start;
	const thread = threadOf(process, index);
	const place = withImage(process, index, address, system, files, describeImage);
	return {
		kind: "mapping",
		address,
		mapping,
		offset,
		...(thread === undefined ? {} : { thread }),
		...(mapping.inode === 0n ? {} : { file: { name: mapping.name, offset: mapping.offset + offset } }),
		...(place === undefined ? {} : { module: typeof place === "string" ? { unknown: place } : place }),
	};
}

function describeImage({ file, source, fileAddress, bias, fileOffset }: ImagePlace): ModulePlace {
	const section =
		(fileAddress === undefined ? undefined : file.sectionAt(fileAddress)) ??
		// Parts that are not loaded have a place in the file only; what is loaded between sections is padding.
		(bias === undefined && fileOffset !== undefined ? file.sectionAtOffset(fileOffset) : undefined);
	const symbol = fileAddress === undefined ? undefined : file.symbolAt(source, fileAddress);
	return {
		...(fileAddress === undefined ? {} : { fileAddress }),
		...(bias === undefined ? {} : { loadBias: bias }),
		...(section === undefined ? {} : { section: sectionName(source, section) }),
		...(symbol === undefined ? {} : { symbol }),
	};
}

function describeGap(
	{ maps, classification }: KnownProcess,
	address: bigint,
	page: number,
	pageSize: number,
): UnmappedAddress {
	let next = 0;
	while (next < maps.count && (maps.endPages[next] ?? 0) <= page) next++;
	const below = next > 0 ? toMapping(maps, classification, next - 1, pageSize) : undefined;
	const above = next < maps.count ? toMapping(maps, classification, next, pageSize) : undefined;
	return {
		kind: "gap",
		address,
		...(below === undefined ? {} : { below: { mapping: below, distance: address - below.end } }),
		...(above === undefined ? {} : { above: { mapping: above, distance: above.start - address } }),
	};
}

/** The thread whose stack a mapping is; the kernel names the main thread's alone. */
function threadOf({ pid, maps, classification }: KnownProcess, index: number): MappedAddress["thread"] {
	const thread = classification.threads.get(index);
	if (thread !== undefined) return { tid: thread.tid, name: thread.name };
	if (classification.names[maps.names[index] ?? 0]?.name !== "[stack]") return undefined;
	return { tid: pid, name: readThreadName(pid, pid) };
}

const noPlace: PagePlace = { sections: [], starts: 0 };

/** What of a program or library lies in a page of a process as it was last read. */
export function describePage(process: KnownProcess, page: number, system: SystemInfo, files: ElfFiles): PagePlace {
	const index = mappingAt(process.maps, page);
	if (index < 0) return noPlace;
	const size = BigInt(system.pageSize);
	const place = withImage(process, index, BigInt(page) * size, system, files, (image) => pagePlace(image, size));
	return typeof place === "string" ? { ...noPlace, unknown: place satisfies ModuleUnknown } : (place ?? noPlace);
}

function pagePlace({ file, source, fileAddress, bias, fileOffset }: ImagePlace, pageSize: bigint): PagePlace {
	const inFile = bias === undefined && fileOffset !== undefined ? file.sectionAtOffset(fileOffset) : undefined;
	if (fileAddress === undefined) return { ...noPlace, sections: inFile ? [sectionName(source, inFile)] : [] };
	const end = fileAddress + pageSize;
	const sections = file.sectionsIn(fileAddress, end).slice(0, mostSectionsTold);
	const symbol = file.symbolAt(source, fileAddress);
	const { count, first } = file.symbolsIn(source, fileAddress, end);
	return {
		sections: sections.map((section) => sectionName(source, section)),
		...(symbol === undefined ? {} : { symbol: { name: symbol.name, offset: symbol.offset, inside: symbol.inside } }),
		...(first === undefined ? {} : { first }),
		starts: count,
	};
}
