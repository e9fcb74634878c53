import { MapscopeError } from "../../shared/errors";
import { readStat, type Stat } from "../proc/stat";
import { readThreadIds } from "../proc/task";

/**
 * The id under whose `/proc/ID` the kernel shows the memory of process `pid`: the pid itself, unless its main thread has
 * ended while others live (`pthread_exit` in `main`). Then everything under the pid is empty, as a zombie's is, and the
 * memory is that of each living thread: `/proc` answers to a thread's id as to a pid, though it does not list it.
 *
 * Gives the pid where no thread lives. Errors: `processGone`, `io`.
 */
export function memoryOwner(pid: number, stat: Stat): number {
	if (!hasEnded(stat) || stat.threads < 2) return pid;
	for (const tid of readThreadIds(pid)) {
		if (tid !== pid && isLiving(tid)) return tid;
	}
	return pid;
}

/** {@link memoryOwner} for those that have not read `stat`. */
export function findMemoryOwner(pid: number): number {
	const stat = readStat(pid);
	return stat === undefined ? pid : memoryOwner(pid, stat);
}

/** Whether a thread, or the process whose main thread it is, has ended and waits to be asked how. */
export function hasEnded({ state }: Pick<Stat, "state">): boolean {
	return state === "Z" || state === "X";
}

function isLiving(tid: number): boolean {
	try {
		const stat = readStat(tid);
		return stat !== undefined && !hasEnded(stat);
	} catch (error) {
		// It ended since the threads were listed.
		if (error instanceof MapscopeError && error.code === "processGone") return false;
		throw error;
	}
}
