import type { AddressExplanation, FrameExplanation, StackUse } from "../../shared/debug/addresses";
import type { MappingBrief } from "../../shared/debug/mappingBrief";
import { MapscopeError } from "../../shared/errors";
import { addressToPage } from "../../shared/units";
import type { ElfFiles } from "../elf/elfFiles";
import { mappingAt } from "../memory/classify";
import { mappingBrief } from "../memory/mappingBrief";
import type { Mapping } from "../memory/model";
import { readStackLimit } from "../proc/limits";
import { readMaps } from "../proc/maps";
import { readThreadPointers, type ThreadPointers } from "../proc/task";
import type { FramePointers } from "./debuggeeProtocol";
import { describeIn } from "./describeAddress";
import type { KnownProcess } from "./moduleImage";
import { scanPages } from "./scanPages";
import type { SystemInfo } from "./system";
import { classifyProcess } from "./takeSample";

/** A process as it is now. Errors as `readMaps`. */
export function readKnown(pid: number, owner: number, system: SystemInfo): KnownProcess {
	const maps = readMaps(owner, system.pageSize);
	return { pid, owner, maps, classification: classifyProcess(pid, owner, maps, system.pageSize) };
}

/** What an address is, with the state of its page. Errors: as `describeIn`. */
export function explainAddress(
	process: KnownProcess,
	address: bigint,
	system: SystemInfo,
	files: ElfFiles,
): AddressExplanation {
	const described = describeIn(process, address, system, files);
	const page = addressToPage(address, system.pageSize);
	const common = { address: address.toString(16), page };
	if (described.kind === "gap") {
		const neighbour = ({ mapping, distance }: { readonly mapping: Mapping; readonly distance: bigint }) => ({
			mapping: briefOf(mapping, system.pageSize),
			distance: Number(distance),
		});
		return {
			...common,
			...(described.below ? { below: neighbour(described.below) } : {}),
			...(described.above ? { above: neighbour(described.above) } : {}),
		};
	}
	const { mapping, offset, file, module, thread } = described;
	const symbol = module?.symbol;
	return {
		...common,
		mapping: briefOf(mapping, system.pageSize),
		offset: Number(offset),
		...(file ? { file: { name: file.name, offset: file.offset.toString(16) } } : {}),
		...(module?.section === undefined ? {} : { section: module.section }),
		...(symbol ? { symbol: { name: symbol.name, offset: symbol.offset, inside: symbol.inside } } : {}),
		...(thread ? { stackOf: thread } : {}),
		...pageStateOf(process.pid, page, system),
	};
}

/** State and flags of a page; nothing where the page table may not be read. */
function pageStateOf(
	pid: number,
	page: number,
	system: SystemInfo,
): Pick<AddressExplanation, "pageState" | "pageFlags"> {
	const size = BigInt(system.pageSize);
	try {
		const [run] = scanPages(pid, BigInt(page) * size, BigInt(page + 1) * size, system);
		return run === undefined ? {} : { pageState: run.state, pageFlags: run.flags };
	} catch (error) {
		if (error instanceof MapscopeError && error.code !== "bug") return {};
		throw error;
	}
}

/** A mapping of the exported API's shape as the debug room's types name it. */
export function briefOf(mapping: Mapping, pageSize: number): MappingBrief {
	const { start, end, permissions, kind, label, name, module, threadId } = mapping;
	return {
		startPage: addressToPage(start, pageSize),
		endPage: addressToPage(end, pageSize),
		permissions,
		kind,
		label,
		name,
		...(module === undefined ? {} : { module }),
		...(threadId === undefined ? {} : { threadId }),
	};
}

/** What a stack frame is in memory. Errors: as `explainAddress`. */
export function explainFrame(
	process: KnownProcess,
	frame: FramePointers,
	system: SystemInfo,
	files: ElfFiles,
): FrameExplanation {
	const pointer =
		frame.stackPointer ?? (frame.tid === undefined ? undefined : pointersOf(process.pid, frame.tid)?.stack);
	const stackPointer = pointer === undefined ? undefined : explainAddress(process, pointer, system, files);
	const code =
		frame.instructionPointer === undefined
			? undefined
			: explainAddress(process, frame.instructionPointer, system, files);
	const stack = pointer === undefined ? undefined : stackUse(process, pointer, frame.tid, system);
	return {
		...(stackPointer ? { stackPointer } : {}),
		...(code ? { code } : {}),
		...(stack ? { stack } : {}),
	};
}

/** Undefined while the thread runs, and where it may not be asked. */
export function pointersOf(pid: number, tid: number): ThreadPointers | undefined {
	try {
		return readThreadPointers(pid, tid);
	} catch (error) {
		if (error instanceof MapscopeError && error.code !== "bug") return undefined;
		throw error;
	}
}

function stackUse(
	process: KnownProcess,
	pointer: bigint,
	tid: number | undefined,
	system: SystemInfo,
): StackUse | undefined {
	const { maps, classification, pid } = process;
	const index = mappingAt(maps, addressToPage(pointer, system.pageSize));
	const thread = classification.threads.get(index)?.tid;
	const main = index >= 0 && classification.names[maps.names[index] ?? 0]?.name === "[stack]";
	if (index < 0 || (!main && thread === undefined && tid === undefined)) return undefined;
	const start = maps.startPages[index] ?? 0;
	const end = maps.endPages[index] ?? 0;
	const limit = main ? readStackLimit(pid) : (end - start) * system.pageSize;
	return {
		tid: main ? pid : (thread ?? tid ?? pid),
		mapping: mappingBrief(process, index),
		used: Number(BigInt(end) * BigInt(system.pageSize) - pointer),
		...(limit === undefined ? {} : { limit }),
	};
}
