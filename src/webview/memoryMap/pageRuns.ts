import type { PageCells } from "../../shared/mapFrame";
import { flagBit } from "../../shared/pageStates";

/** Pages side by side that are all the same. */
export interface UniformRun {
	readonly startPage: number;
	readonly endPage: number;
	readonly state: number;
	readonly flags: number;
}

/** `changed` says when, not what: it does not end a run. */
const lasting = 0xff & ~flagBit.changed;

/** The runs of equal pages, in address order. */
export function uniformRuns({ startPage, states, flags }: PageCells): UniformRun[] {
	const runs: UniformRun[] = [];
	for (let from = 0; from < states.length; ) {
		const state = states[from] ?? 0;
		const bits = (flags[from] ?? 0) & lasting;
		let to = from + 1;
		while (to < states.length && states[to] === state && ((flags[to] ?? 0) & lasting) === bits) to++;
		runs.push({ startPage: startPage + from, endPage: startPage + to, state, flags: bits });
		from = to;
	}
	return runs;
}
