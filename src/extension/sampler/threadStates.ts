import { MapscopeError } from "../../shared/errors";
import { readStat } from "../proc/stat";
import { readThreadIds } from "../proc/task";

/** Asking more threads than this would take longer than a stop may: a process with more is not said to stand still. */
const mostThreads = 512;

/**
 * Whether every thread of a process is held by a debugger or was stopped by a signal (states `t` and `T`), so that
 * nothing of it runs. False when it is gone.
 */
export function stoodStill(pid: number): boolean {
	try {
		const threads = readThreadIds(pid);
		return (
			threads.length <= mostThreads &&
			threads.every((tid) => {
				const state = threadState(tid);
				return state === undefined || "tTZX".includes(state);
			})
		);
	} catch (error) {
		if (error instanceof MapscopeError && error.code !== "bug") return false;
		throw error;
	}
}

/** Undefined for a thread that has ended. `/proc` answers to a thread's id as to a pid. */
function threadState(tid: number): string | undefined {
	try {
		return readStat(tid)?.state;
	} catch (error) {
		if (error instanceof MapscopeError && error.code === "processGone") return undefined;
		throw error;
	}
}
