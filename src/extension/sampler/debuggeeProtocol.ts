import type { AddressExplanation, FrameExplanation } from "../../shared/debug/addresses";
import type { ChangeTotals, StopChanges } from "../../shared/debug/changes";
import type { FaultExplanation } from "../../shared/debug/faults";
import type { StopGroups } from "../../shared/debug/stopGroups";
import type { DebuggeeCandidate, StopDenial } from "../../shared/debug/stops";

/** What the debug room asks of the sampler. Every call may reject with a `MapscopeError`. */
export interface DebuggeeService {
	/** Who a process is, for telling whether it is the debuggee. Errors: `processGone`, `io`. */
	identify(pid: number): Promise<ProcessIdentity>;
	/** Who the process of a thread is; the kernel's thread id. Errors: `processGone`, `io`. */
	identifyThread(tid: number): Promise<ProcessIdentity>;
	/** Processes that may be a debuggee: those that a debugger holds or that descend from `ancestor`, likely ones first. */
	debuggeeCandidates(ancestor: number): Promise<DebuggeeCandidate[]>;
	/** Begins a history of stops; the number returned names it in the calls below. */
	openDebuggee(pid: number, startTime: string): Promise<number>;
	closeDebuggee(debuggee: number): Promise<void>;
	/** Reads the process now and appends a stop to its history; see `StopHistory.read`. */
	readStop(debuggee: number, options: StopOptions): Promise<StopReading>;
	/** What is different between two stops of the history, in either order. */
	compareStops(debuggee: number, one: number, other: number): Promise<StopChanges>;
	/** The mappings of a stop with their changes since `against`; without it, since the stop before. */
	stopGroups(debuggee: number, stop: number, against?: number): Promise<StopGroups>;
	/**
	 * A watch (see `SamplerService`) that shows a stop as it was: its frames have the flag `changed` on the pages that were
	 * written since `against`, or since the stop before. Sampling it changes nothing.
	 */
	watchStop(debuggee: number, stop: number, against?: number): Promise<number>;
	/** Looks up the fault that caused a stop. */
	explainFault(debuggee: number, stop: number, fault: Fault): Promise<FaultExplanation>;
	/** What an address is, as of now. */
	explainAddress(debuggee: number, address: bigint): Promise<AddressExplanation>;
	/** What a stack frame is, as of now. */
	explainFrame(debuggee: number, frame: FramePointers): Promise<FrameExplanation>;
	/** Bytes from an address on, fewer where a page cannot be read. Errors: `io` where nothing can. */
	readMemory(debuggee: number, address: bigint, length: number): Promise<Uint8Array>;
}

export interface StopOptions {
	/** Milliseconds for reading what pages hold; 0 reads none. */
	readonly budget: number;
	/** Drop the stop when nothing differs from the one before. */
	readonly onlyIfChanged: boolean;
}

/** What reading a stop gave. */
export interface StopReading {
	/** Absent when it was dropped, since nothing had changed. */
	readonly number?: number;
	/** The oldest stop that is still known. */
	readonly oldest: number;
	readonly mappings: number;
	readonly still: boolean;
	readonly reading: number;
	readonly comparing: number;
	readonly comparedBytes: number;
	readonly totals?: ChangeTotals;
	readonly formerName?: string;
	readonly denied?: StopDenial;
	/** What the process is called now: another name after an `exec`. Hostile text. */
	readonly name: string;
	readonly executable?: string;
}

/** A fault as the adapter told it; what it did not tell is absent. */
export interface Fault {
	readonly signal: "SIGSEGV" | "SIGBUS";
	readonly address?: bigint;
	/** The signal's code says that the mapping lacks the permission (SEGV_ACCERR), or that there is none (SEGV_MAPERR). */
	readonly code?: "accessError" | "mapError" | "protectionFault";
	/** The kernel's id of the thread. */
	readonly tid?: number;
	readonly instructionPointer?: bigint;
	readonly stackPointer?: bigint;
}

export interface FramePointers {
	/** The kernel's id of the thread: its stack pointer is asked for where none is given. */
	readonly tid?: number;
	readonly stackPointer?: bigint;
	readonly instructionPointer?: bigint;
}

/** What tells one process from another. */
export interface ProcessIdentity {
	readonly pid: number;
	/** Clock ticks since boot, decimal. */
	readonly startTime: string;
	/** Milliseconds since 1970. */
	readonly started: number;
	/** Hostile text. */
	readonly name: string;
	readonly commandLine: readonly string[];
	/** Path of the program; absent where it may not be asked. Hostile text. */
	readonly executable?: string;
	readonly parentPid: number;
	/** Who debugs it by ptrace; absent when nobody does. */
	readonly tracer?: number;
	/** It has ended, and waits to be asked how. */
	readonly ended: boolean;
	/** Its parent, the parent's parent and so on. */
	readonly ancestors: readonly number[];
}
