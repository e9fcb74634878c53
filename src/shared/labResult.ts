import type { ErrorData } from "./errors";
import type { Expectation } from "./labDemo";

/**
 * What a step of the lab has shown. Everything in here was read from the kernel by the sampler, or is what a call
 * returned. Addresses are lower-case hexadecimal text without `0x`, of page numbers the plain numbers.
 */
export interface StepResult {
	/** Index of the step in the demo. */
	readonly step: number;
	/** Process that ran it, and its pid then. */
	readonly process: string;
	readonly pid: number;
	/** One for every statement that ran, in order; the last one has no value when a signal ended it. */
	readonly calls: readonly CallResult[];
	/** The signal that killed the process. */
	readonly signal?: SignalResult;
	/** The statement was not run, since it would have hurt the lab itself. */
	readonly refusal?: Refusal;
	/** Each region of each process of the lab, before and after. */
	readonly regions: readonly RegionResult[];
	/** Files of the demo, before and after. */
	readonly files: readonly FileResult[];
	/** The step's expectations, in its order. */
	readonly checks: readonly CheckResult[];
	/** The reason why the expectations do not apply (see `DemoStep.mayFail`). */
	readonly excused?: string;
	/** Why other expectations were checked than the step's text speaks of (see `DemoStep.withoutZeroPage`). */
	readonly otherwise?: string;
	/** How the lab was made ready again after a signal. */
	readonly replay?: ReplayResult;
}

/** What a statement did. */
export interface CallResult {
	/** The statement as it stands in the step. */
	readonly code: string;
	/** Absent when the statement did not come back. */
	readonly value?: CallValue;
	/** errno's name when the call failed, e.g. `EACCES`; the sentence of the man page is the view's to word. */
	readonly errno?: string;
	/** What it printed. */
	readonly printed?: string;
	/** What `mincore` wrote: one entry a page, 1 for pages in memory. */
	readonly inCore?: readonly number[];
	/**
	 * Where the code says `mmap(NULL, …)`, the lab hints an address far from all others: so nothing merges with the
	 * mappings of Node itself, and a replay finds the same address. This is the hint.
	 */
	readonly hint?: string;
	/** Times that a loop ran its statement; `value` is the last one's. */
	readonly times?: number;
}

/** What a call returned, or what a variable became. */
export type CallValue =
	| { readonly kind: "number"; readonly number: string /* decimal */ }
	| { readonly kind: "address"; readonly address: string; readonly failed: boolean /* MAP_FAILED */ }
	| { readonly kind: "descriptor"; readonly number: number }
	| { readonly kind: "pid"; readonly number: number }
	/** A statement without a value, or a call that returns its own argument. */
	| { readonly kind: "nothing" };

/** The signal that killed a process of the lab. */
export interface SignalResult {
	/** `SIGSEGV`. */
	readonly name: string;
	readonly process: string;
	readonly pid: number;
	/** What the kernel handed to a handler just before (sigaction(2)): absent where it could not be caught. */
	readonly detail?: {
		/** `SEGV_ACCERR`; the number as text where it has no name here. */
		readonly code: string;
		/** Hexadecimal address that was touched. */
		readonly address: string;
	};
}

/** Why the lab did not run a statement. The words are the view's. */
export interface Refusal {
	readonly code: string;
	readonly why:
		| "lowAddress" /* at or near address 0 */
		| "notTheLabs" /* memory that Node needs */
		| "residentLimit" /* more than 256 MiB would be resident */
		| "wholeProcess" /* would change all of Node: mlockall, RLIMIT_AS */
		| "noFork" /* there is no machine code for this processor, or the system forbids it */
		| "endedBefore" /* a call that all later steps build on has failed */
		| "processGone" /* the process that should run it has ended */
		| "tooLong" /* a string longer than the region, or a loop without end */
		| "syntax" /* no statement of the lab's language */;
	/** For `syntax`: what was not understood. */
	readonly detail?: string;
}

/** A process of the lab: it runs, has become another program, or has ended. */
export interface LabProcessState {
	/** `main`, or the variable that `fork` returned to. */
	readonly name: string;
	readonly pid: number;
	readonly state: "alive" | "executed" | "ended";
}

/** The range that a variable names, in one process, before and after a step. */
export interface RegionResult {
	readonly process: string;
	readonly pid: number;
	/** The variable, e.g. `p`. */
	readonly name: string;
	/** Half-open range of page numbers. */
	readonly startPage: number;
	readonly endPage: number;
	/** The process or the region did not exist before the step: then the sides before are empty. */
	readonly isNew: boolean;
	/** Lines of `maps` that overlap the region, and their neighbours, as a diff. */
	readonly diff: readonly DiffLine[];
	readonly before: RegionSide;
	readonly after: RegionSide;
	/** Fields of `smaps` that changed, bytes, summed over the region's mappings; in the kernel's order. */
	readonly fields: readonly { readonly name: string; readonly before: number; readonly after: number }[];
}

/** A region at one time. */
export interface RegionSide {
	/** Permissions along the region in address order; `"none"` for unmapped pages. They cover it. */
	readonly permissions: readonly PermissionRun[];
	/** Lines of `maps` that overlap the region. */
	readonly mappings: number;
	/** Two-letter codes of the region's first mapping. */
	readonly vmFlags: readonly string[];
	/** Fields of `smaps` by the kernel's name, bytes, summed over the region's mappings. */
	readonly smaps: Readonly<Record<string, number>>;
	/** Runs of pages in address order that cover the region. */
	readonly pages: readonly PageRunData[];
	/** Pages that the page table maps: `file`, `shmem`, `anonymous` or `zero`. */
	readonly present: number;
	/** Those of them that no other process maps (`exclusive`). */
	readonly exclusive: number;
}

/** Equal permissions of consecutive pages, e.g. `rw-p`, or `none`. */
export interface PermissionRun {
	readonly permissions: string;
	readonly pages: number;
}

/** Pages [start, end), with state and flags as codes (see pageStates.ts). */
export interface PageRunData {
	readonly start: number;
	readonly end: number;
	readonly state: number;
	readonly flags: number;
}

/** A line of `maps`, as the kernel wrote it. Names in it are hostile text. */
export interface DiffLine {
	readonly kind: "same" | "removed" | "added";
	readonly text: string;
	/** It overlaps the region; the others are neighbours. */
	readonly inside: boolean;
	/** Half-open ranges of characters that differ from the line which this one replaces, or which replaced it. */
	readonly changed: readonly (readonly [start: number, end: number])[];
}

/** A file of the demo as it is on disk, for every other program. */
export interface FileResult {
	/** The parameter that names it. */
	readonly name: string;
	/** Hostile text. */
	readonly path: string;
	/** What the step before had left, where somebody else has changed the file since. */
	readonly earlier?: FileSide;
	readonly before: FileSide;
	readonly after: FileSide;
}

/** A file at one time: its size and first bytes (at most {@link fileHeadBytes}), or why it could not be read. */
export type FileSide = { readonly size: number; readonly head: Uint8Array } | { readonly error: ErrorData };

/** Bytes of a file that a result shows. */
export const fileHeadBytes = 256;

/** An expectation held against what was seen. */
export interface CheckResult {
	readonly expectation: Expectation;
	readonly met: boolean;
	/** What was expected, with expressions worked out, and what was seen; in the terms of the expectation's kind. */
	readonly expected: string;
	readonly seen: string;
}

/** A lab process that died was started again, and the steps before were run once more. */
export interface ReplayResult {
	/** Steps run again, by index. */
	readonly steps: readonly number[];
	/** Pid of the new lab process. */
	readonly pid: number;
	/** Steps whose calls returned something else than before: chance, or a side effect that outlived the process. */
	readonly differing: readonly number[];
}
