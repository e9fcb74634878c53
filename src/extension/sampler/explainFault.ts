import { closeSync } from "node:fs";
import type { FaultCause, FaultExplanation } from "../../shared/debug/faults";
import { MapscopeError } from "../../shared/errors";
import { stateCode } from "../../shared/pageStates";
import { addressToPage } from "../../shared/units";
import type { ElfFiles } from "../elf/elfFiles";
import { isInaccessible, kindOf, mappingAt } from "../memory/classify";
import { mappingBrief } from "../memory/mappingBrief";
import { readFreeHugePages } from "../proc/hugepages";
import { readStackLimit } from "../proc/limits";
import { permission } from "../proc/maps";
import { readSmaps } from "../proc/smaps";
import { readThreadIds, readThreadName } from "../proc/task";
import type { Fault } from "./debuggeeProtocol";
import { describeIn } from "./describeAddress";
import { pointersOf } from "./explainAddress";
import { DescriptorPaths, openMappedFile } from "./mappedFile";
import type { KnownProcess } from "./moduleImage";
import type { StopRecord } from "./stopHistory";
import type { SystemInfo } from "./system";

/**
 * Addresses below this are those of null pointers and of members of what they point to: `vm.mmap_min_addr` is 64 KiB on
 * most systems, so that nobody but root can map anything there.
 */
const nullPages = 0x1_0000n;

/**
 * Below the main thread's stack, an access belongs to it when it is this near: the kernel keeps 256 pages free under a
 * stack (`stack_guard_gap`), so that one overflows into them.
 */
const stackGapPages = 256;

/**
 * Looks a fault up in the mappings of the stop that it caused. `before` are earlier stops, the latest first: they tell
 * whether a page beyond the end of a file was there once.
 *
 * Errors: `processGone`.
 */
export function explainFault(
	process: KnownProcess,
	stop: StopRecord,
	before: readonly StopRecord[],
	fault: Fault,
	system: SystemInfo,
	files: ElfFiles,
): FaultExplanation {
	const told = withThread(process.pid, fault);
	const { cause, access } = new CauseFinder(process, stop, before, told, system, files).find();
	const thread = told.tid === undefined ? undefined : { tid: told.tid, name: nameOfThread(process.pid, told.tid) };
	return {
		signal: fault.signal,
		...(fault.address === undefined || cause.kind === "nonCanonical" ? {} : { address: fault.address.toString(16) }),
		access,
		...(thread ? { thread } : {}),
		cause,
	};
}

/**
 * The fault with the kernel's id of the thread and its pointers, where they can be told. Adapters number threads as they
 * like: an id that the process does not have is none of the kernel's, and the thread is the one that stands at the
 * instruction.
 */
function withThread(pid: number, fault: Fault): Fault {
	const tids = threadIds(pid);
	const { tid: claimed, instructionPointer: at } = fault;
	const tid =
		claimed !== undefined && tids.includes(claimed)
			? claimed
			: tids.length === 1
				? tids[0]
				: tids.find((each) => at !== undefined && pointersOf(pid, each)?.instruction === at);
	const { tid: _claimed, ...others } = fault;
	if (tid === undefined) return others;
	const pointers = pointersOf(pid, tid);
	return {
		...(pointers ? { stackPointer: pointers.stack, instructionPointer: pointers.instruction } : {}),
		...others,
		tid,
	};
}

type Access = FaultExplanation["access"];
interface Found {
	readonly cause: FaultCause;
	readonly access: Access;
}

class CauseFinder {
	constructor(
		private readonly process: KnownProcess,
		private readonly stop: StopRecord,
		private readonly before: readonly StopRecord[],
		private readonly fault: Fault,
		private readonly system: SystemInfo,
		private readonly files: ElfFiles,
	) {}

	find(): Found {
		const { address, code, signal } = this.fault;
		// x86-64 gives address 0 and the code SI_KERNEL when an address has bits that no page table reaches.
		if (code === "protectionFault") return { cause: { kind: "nonCanonical" }, access: "unknown" };
		if (address === undefined) return { cause: { kind: "unknown" }, access: "unknown" };
		const { maps } = this.process;
		const index = mappingAt(maps, addressToPage(address, this.system.pageSize));
		if (index < 0) return { cause: this.#unmapped(address), access: this.#execution(address) ?? "unknown" };
		if (signal === "SIGBUS") return { cause: this.#busError(index, address), access: "unknown" };
		return this.#mapped(index, address);
	}

	/** The instruction itself could not be fetched. */
	#execution(address: bigint): Access | undefined {
		return this.fault.instructionPointer === address ? "execute" : undefined;
	}

	#unmapped(address: bigint): FaultCause {
		if (address < nullPages) return { kind: "nullPointer", offset: Number(address) };
		const { maps } = this.process;
		const size = BigInt(this.system.pageSize);
		const page = addressToPage(address, this.system.pageSize);
		let next = 0;
		while (next < maps.count && (maps.endPages[next] ?? 0) <= page) next++;
		const distanceAbove = next < maps.count ? Number(BigInt(maps.startPages[next] ?? 0) * size - address) : 0;
		if (next < maps.count && this.#nameOf(next) === "[stack]" && this.#isBelowMainStack(next, address)) {
			const limit = readStackLimit(this.process.pid);
			return {
				kind: "mainStackOverflow",
				stack: this.#brief(next),
				size: ((maps.endPages[next] ?? 0) - (maps.startPages[next] ?? 0)) * this.system.pageSize,
				...(limit === undefined ? {} : { limit }),
				distance: distanceAbove,
			};
		}
		const distanceBelow = next > 0 ? Number(address - BigInt(maps.endPages[next - 1] ?? 0) * size) : 0;
		return {
			kind: "unmapped",
			...(next > 0 ? { below: { mapping: this.#brief(next - 1), distance: distanceBelow } } : {}),
			...(next < maps.count ? { above: { mapping: this.#brief(next), distance: distanceAbove } } : {}),
		};
	}

	/** The stack pointer stands at the stack's lowest page or below it, or the access is in the gap kept under the stack. */
	#isBelowMainStack(index: number, address: bigint): boolean {
		const start = this.process.maps.startPages[index] ?? 0;
		const pointer = this.fault.stackPointer ?? pointersOf(this.process.pid, this.process.pid)?.stack;
		const gap = start - addressToPage(address, this.system.pageSize) <= stackGapPages;
		return gap && (pointer === undefined || addressToPage(pointer, this.system.pageSize) <= start);
	}

	#mapped(index: number, address: bigint): Found {
		const { maps, classification } = this.process;
		const bits = maps.permissions[index] ?? 0;
		const mapping = this.#brief(index);
		const overflow = this.#threadOverflow(index, address);
		if (overflow !== undefined) return { cause: overflow, access: "unknown" };
		if (this.#stateAt(address) === stateCode.guard) return { cause: { kind: "guardPage", mapping }, access: "unknown" };
		if (isInaccessible(maps, index)) {
			const guard = kindOf(classification, index) === "guard";
			return {
				cause: { kind: guard ? "guardPage" : "noAccess", mapping },
				access: this.#execution(address) ?? "unknown",
			};
		}
		if ((bits & permission.execute) === 0 && this.#execution(address)) {
			return { cause: { kind: "notExecutable", mapping }, access: "execute" };
		}
		if ((bits & permission.write) === 0 && bits & permission.read) {
			const place = this.#place(address, mapping.module);
			return { cause: { kind: "readOnly", mapping, ...(place ? { place } : {}) }, access: "write" };
		}
		if ((bits & permission.read) === 0) return { cause: { kind: "noRead", mapping }, access: "read" };
		return { cause: { kind: "unknown", mapping }, access: "unknown" };
	}

	/**
	 * A thread that ran into the guard of its stack: the C library's PROT_NONE mapping below, or (glibc 2.42) pages of the
	 * stack's own mapping that are guards. Whose stack it is, the stack pointers tell: that of the thread that failed stands
	 * in the guard by now, or just above it.
	 */
	#threadOverflow(index: number, address: bigint): FaultCause | undefined {
		const { maps, classification } = this.process;
		const size = BigInt(this.system.pageSize);
		const inMapping = this.#stateAt(address) === stateCode.guard && !isInaccessible(maps, index);
		const stack = inMapping ? index : this.#accessibleAbove(index);
		if (stack === undefined) return undefined;
		const tid =
			classification.threads.get(stack)?.tid ??
			classification.threads.get(index)?.tid ??
			this.#pointingInto(index, stack);
		if (tid === undefined) return undefined;
		const bottom = inMapping ? this.#endOfGuard(address, index) : BigInt(maps.startPages[stack] ?? 0) * size;
		return {
			kind: "threadStackOverflow",
			tid,
			name: nameOfThread(this.process.pid, tid),
			guard: this.#brief(index),
			stack: { ...this.#brief(stack), kind: "stack", threadId: tid },
			distance: Number(bottom - address),
		};
	}

	/** The accessible mapping without a file that starts where inaccessible mapping `index` ends. */
	#accessibleAbove(index: number): number | undefined {
		const { maps } = this.process;
		if (!isInaccessible(maps, index)) return undefined;
		const next = index + 1;
		const touches = next < maps.count && maps.startPages[next] === maps.endPages[index];
		return touches && !isInaccessible(maps, next) && maps.inodes[next] === 0n ? next : undefined;
	}

	/** The thread whose stack pointer stands between the start of mapping `low` and the end of mapping `high`. */
	#pointingInto(low: number, high: number): number | undefined {
		const { maps } = this.process;
		const inside = (pointer: bigint | undefined): boolean => {
			if (pointer === undefined) return false;
			const page = addressToPage(pointer, this.system.pageSize);
			return page >= (maps.startPages[low] ?? 0) && page < (maps.endPages[high] ?? 0);
		};
		const { tid, stackPointer } = this.fault;
		if (tid !== undefined && inside(stackPointer)) return tid;
		return threadIds(this.process.pid).find((each) => inside(pointersOf(this.process.pid, each)?.stack));
	}

	#endOfGuard(address: bigint, index: number): bigint {
		const { runs } = this.stop;
		const run = runs.firstRunEndingAfter(addressToPage(address, this.system.pageSize));
		const end = Math.min(runs.ends[run] ?? 0, this.process.maps.endPages[index] ?? 0);
		return BigInt(end) * BigInt(this.system.pageSize);
	}

	#busError(index: number, address: bigint): FaultCause {
		const { maps, classification } = this.process;
		const mapping = this.#brief(index);
		if (kindOf(classification, index) === "hugetlb") {
			return { kind: "noHugePage", mapping, ...this.#hugePages(index) };
		}
		if (maps.inodes[index] === 0n) return { kind: "unknown", mapping };
		const size = BigInt(this.system.pageSize);
		const page = addressToPage(address, this.system.pageSize);
		const offset = BigInt((maps.offsetPages[index] ?? 0) - (maps.startPages[index] ?? 0)) * size + address;
		const fileSize = this.#fileSize(index);
		if (fileSize !== undefined) {
			const filePages = Math.ceil(fileSize / this.system.pageSize);
			if (addressToPage(offset, this.system.pageSize) < filePages) return { kind: "unknown", mapping };
		}
		return {
			kind: "beyondEndOfFile",
			mapping,
			...(fileSize === undefined ? {} : { fileSize }),
			offset: Number(offset),
			truncated: this.before.some((stop) => wasPresent(stop, page, maps.inodes[index] ?? 0n)),
		};
	}

	/** The size of a mapping's huge pages, and how many the pool has left; nothing where the kernel does not say. */
	#hugePages(index: number): { hugePageSize?: number; free?: number } {
		const { maps, fields } = readSmaps(this.process.owner, this.system.pageSize, this.system.ahead);
		const same = maps.startPages[index] === this.process.maps.startPages[index];
		const hugePageSize = same ? fields.get("KernelPageSize")?.[index] : undefined;
		if (hugePageSize === undefined) return {};
		const free = readFreeHugePages(hugePageSize);
		return { hugePageSize, ...(free === undefined ? {} : { free }) };
	}

	/** Bytes of the mapped file now; undefined when it is out of reach. */
	#fileSize(index: number): number | undefined {
		const { owner, maps, classification } = this.process;
		const { pageSize } = this.system;
		const opened = openMappedFile(owner, maps, classification, index, pageSize, new DescriptorPaths(owner));
		if (typeof opened === "string") return undefined;
		closeSync(opened.descriptor);
		return opened.size;
	}

	#place(
		address: bigint,
		module: string | undefined,
	): { module?: string; section?: string; symbol?: string } | undefined {
		const described = describeIn(this.process, address, this.system, this.files);
		if (described.kind !== "mapping" || described.module?.unknown !== undefined) return undefined;
		const { section, symbol } = described.module ?? {};
		if (module === undefined && section === undefined && symbol === undefined) return undefined;
		return {
			...(module === undefined ? {} : { module }),
			...(section === undefined ? {} : { section }),
			...(symbol?.inside ? { symbol: symbol.name } : {}),
		};
	}

	#stateAt(address: bigint): number {
		const { runs } = this.stop;
		const page = addressToPage(address, this.system.pageSize);
		const run = runs.firstRunEndingAfter(page);
		return run < runs.count && (runs.starts[run] ?? 0) <= page ? (runs.states[run] ?? 0) : stateCode.notPresent;
	}

	#nameOf(index: number): string | undefined {
		const { maps, classification } = this.process;
		return classification.names[maps.names[index] ?? 0]?.name;
	}

	#brief(index: number) {
		return mappingBrief(this.process, index);
	}
}

/** Whether a stop saw a page of the same file in memory, at the same address. */
function wasPresent({ snapshot, runs }: StopRecord, page: number, inode: bigint): boolean {
	const index = mappingAt(snapshot.maps, page);
	if (index < 0 || snapshot.maps.inodes[index] !== inode) return false;
	const run = runs.firstRunEndingAfter(page);
	if (run >= runs.count || (runs.starts[run] ?? 0) > page) return false;
	const state = runs.states[run];
	return (
		state === stateCode.file || state === stateCode.shmem || state === stateCode.cached || state === stateCode.anonymous
	);
}

function threadIds(pid: number): number[] {
	try {
		return readThreadIds(pid);
	} catch (error) {
		if (error instanceof MapscopeError && error.code !== "bug") return [];
		throw error;
	}
}

function nameOfThread(pid: number, tid: number): string {
	try {
		return readThreadName(pid, tid);
	} catch (error) {
		if (error instanceof MapscopeError && error.code !== "bug") return "";
		throw error;
	}
}
