import { MapscopeError } from "../../shared/errors";
import { addressToPage } from "../../shared/units";
import type { ThreadStack } from "../memory/classify";
import { readThreadIds, readThreadName, readThreadPointers } from "../proc/task";

/** Reading more threads than this would cost more than a sample may: their stacks stay anonymous memory. */
const mostThreads = 512;

/**
 * Where the threads of a process have their stacks, as far as it can be told: by each thread's stack pointer. A thread
 * that is running just now keeps the place that `before` knew. The main thread is left out: its stack has a name.
 */
export function readThreadStacks(pid: number, pageSize: number, before: readonly ThreadStack[]): ThreadStack[] {
	const known = new Map(before.map((stack) => [stack.tid, stack]));
	const stacks: ThreadStack[] = [];
	try {
		for (const tid of readThreadIds(pid).slice(0, mostThreads)) {
			if (tid === pid) continue;
			try {
				const pointer = readThreadPointers(pid, tid)?.stack;
				const page = pointer === undefined ? known.get(tid)?.page : addressToPage(pointer, pageSize);
				if (page !== undefined) stacks.push({ tid, name: readThreadName(pid, tid), page });
			} catch (error) {
				// One thread that ended is no reason to forget the others; without permission none will answer.
				if (!(error instanceof MapscopeError) || error.code !== "processGone") throw error;
			}
		}
	} catch (error) {
		if (!(error instanceof MapscopeError) || error.code === "bug") throw error;
	}
	return stacks;
}
