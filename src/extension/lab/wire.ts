import type { ErrorData } from "../../shared/errors";
import type { DemoData } from "../../shared/labDemo";
import type { CallResult, LabProcessState, Refusal, SignalResult } from "../../shared/labResult";

/**
 * What the host and the lab process say to each other. Orders go over Node's channel; answers come over a pipe that the
 * lab process writes synchronously, a line of JSON each: what it has written is there whatever kills it next.
 */

/** Descriptor of the lab process that answers go to. */
export const resultFd = 4;
/** Descriptor that the fault handler writes to: the number is part of its machine code. */
export const faultFd = 5;

export type LabOrder =
	| {
			readonly kind: "start";
			/** Values of the demo's parameters: strings, and integers as decimal text. */
			readonly texts: Readonly<Record<string, string>>;
			readonly numbers: Readonly<Record<string, string>>;
			readonly data: readonly DemoData[];
			/** Hexadecimal start of the addresses that are hinted; that of the process before, for a replay. */
			readonly arena?: string;
	  }
	| { readonly kind: "run"; readonly code: string; readonly process: string };

export type LabAnswer =
	| { readonly kind: "ready"; readonly pid: number; readonly arena: string; readonly pageSize: number }
	/** A statement is about to run: the last one of these is what a process died in. */
	| { readonly kind: "began"; readonly code: string }
	| { readonly kind: "call"; readonly call: CallResult }
	| ({ readonly kind: "finished" } & Finished)
	| { readonly kind: "failed"; readonly error: ErrorData };

/** The lab process after a step that it has survived. */
export interface Finished {
	readonly regions: readonly LabRegion[];
	readonly processes: readonly LabProcessState[];
	/** How a forked process ended in the step. */
	readonly signal?: SignalResult;
	readonly refusal?: Refusal;
	/** Integers of the process that ran the step, decimal. */
	readonly values: Readonly<Record<string, string>>;
}

/** The range of a variable that was assigned from `mmap` or `mremap`. */
export interface LabRegion {
	readonly process: string;
	readonly name: string;
	readonly startPage: number;
	readonly pages: number;
}
