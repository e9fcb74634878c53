import type { Refusal } from "../../../shared/labResult";
import { readMaps } from "../../proc/maps";
import { readProcText } from "../../proc/procFile";
import { constantValue } from "../language/constants";
import { type Effect, effectsOf } from "./effects";
import { RangeSet } from "./ranges";

/**
 * Most bytes that a call may make resident: 256 MiB for a process of the lab, less 8 MiB for what Node needs meanwhile and
 * for the kernel's counters, which lag behind by some pages for each processor.
 */
export const residentLimit = (256n - 8n) * 1024n * 1024n;

/** Addresses below are never touched or mapped: the kernel lets root map even page 0. */
const lowestAddress = 0x10000n;

/** What one touch of a byte can make resident: a huge page (of 4 KiB base pages). */
const hugeBytes = 2n * 1024n * 1024n;

const named = (names: readonly string[]): bigint[] => names.map((name) => constantValue(name) ?? 0n);
/** Limits that would break Node itself. */
const vitalLimits = named(["RLIMIT_AS", "RLIMIT_DATA", "RLIMIT_STACK"]);
const onFault = constantValue("MCL_ONFAULT") ?? 0n;

/** Who is about to make a call. */
export interface Caller {
	readonly pid: number;
	/** The lab process itself, which runs Node. */
	readonly isMain: boolean;
}

/** Says no to the calls that would hurt the lab itself, before they are made; all others are the kernel's to judge. */
export class Guard {
	/** Memory that demos have mapped. */
	readonly memory = new RangeSet();
	/** Descriptors that demos have opened, by the pid of the process that has them. */
	readonly #descriptors = new Map<number, Set<number>>();
	/** Processes that demos have forked. */
	readonly processes = new Set<number>();
	/** Upper bound of what is resident, by process: what was measured, and what calls may have added since. */
	readonly #resident = new Map<number, bigint>();

	constructor(private readonly pageSize: bigint) {}

	/** A demo has opened a descriptor. */
	opened(pid: number, descriptor: number): void {
		this.#descriptorsOf(pid).add(descriptor);
	}

	/** A demo has closed one. */
	closed(pid: number, descriptor: number): void {
		this.#descriptorsOf(pid).delete(descriptor);
	}

	/** A demo has forked: the child has the descriptors of its parent. */
	forked(parent: number, child: number): void {
		this.processes.add(child);
		this.#descriptors.set(child, new Set(this.#descriptorsOf(parent)));
	}

	/** Why a call must not be made; undefined when it may. */
	judge(name: string, parameters: readonly bigint[], caller: Caller): Refusal["why"] | undefined {
		const [first = 0n, , third = 0n] = parameters;
		const wantsAddress = name === "mmap" && first !== 0n;
		if (wantsAddress && BigInt.asUintN(64, first) < lowestAddress) return "lowAddress";
		for (const effect of effectsOf(name, parameters)) {
			const refusal = this.judgeEffect(effect, caller);
			if (refusal !== undefined) return refusal;
		}
		if (name === "mlockall" && caller.isMain && (first & onFault) === 0n) return "wholeProcess";
		if (name === "setrlimit" && caller.isMain && vitalLimits.includes(first)) return "wholeProcess";
		if (name === "kill" && !this.processes.has(Number(first))) return "notTheLabs";
		const usesDescriptor = ["close", "ftruncate", "pwrite", "pread", "fcntl"].includes(name);
		const isForeign = !this.#descriptorsOf(caller.pid).has(Number(first));
		if (usesDescriptor && Number(first) >= 0 && isForeign) return "notTheLabs";
		if (name === "mincore" && third === 0n) return "lowAddress";
		return undefined;
	}

	/** The same for an effect that comes from no call: a byte loaded or stored, code called. */
	judgeEffect({ start, end, owned, resident }: Effect, caller: Caller): Refusal["why"] | undefined {
		const from = BigInt.asUintN(64, start);
		const length = BigInt.asUintN(64, end - start);
		if (length > 0n && from < lowestAddress) return "lowAddress";
		if (resident > 0n && this.#wouldExceed(resident, caller.pid)) return "residentLimit";
		return owned && !this.#mayChange(from, from + length) ? "notTheLabs" : undefined;
	}

	#descriptorsOf(pid: number): Set<number> {
		const known = this.#descriptors.get(pid) ?? new Set();
		this.#descriptors.set(pid, known);
		return known;
	}

	#mayChange(start: bigint, end: bigint): boolean {
		if (start >= end || this.memory.covers(start, end)) return true;
		// Unmapped memory may be touched, too: that is a lesson. Memory that something else has mapped may not.
		const maps = readMaps(process.pid, Number(this.pageSize));
		for (let i = 0; i < maps.count; i++) {
			const from = BigInt(maps.startPages[i] ?? 0) * this.pageSize;
			const to = BigInt(maps.endPages[i] ?? 0) * this.pageSize;
			if (from < end && to > start && !this.memory.covers(from > start ? from : start, to < end ? to : end)) {
				return false;
			}
		}
		return true;
	}

	/** Measures only when the bound says that it may be too much: a loop touches pages by the thousand. */
	#wouldExceed(bytes: bigint, pid: number): boolean {
		const added = bytes > hugeBytes ? bytes : hugeBytes;
		let resident = this.#resident.get(pid) ?? residentLimit;
		if (resident + added > residentLimit) {
			resident = BigInt(readProcText(`/proc/${pid}/statm`).split(" ")[1] ?? "0") * this.pageSize;
			if (resident + bytes > residentLimit) return true;
		}
		this.#resident.set(pid, resident + added);
		return false;
	}
}
