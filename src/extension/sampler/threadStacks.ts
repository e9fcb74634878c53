import { MapscopeError } from "../../shared/errors";
import { addressToPage } from "../../shared/units";
import type { ThreadStack } from "../memory/classify";
import { readThreadIds, readThreadName, readThreadPointers } from "../proc/task";

/** Threads that are asked for the sake of one sample, 45 µs each; the others keep what is known of them. */
const usualThreads = 512;

/** Threads that are asked where nothing is known yet. The stacks of still more stay anonymous memory. */
const mostThreads = 4096;

/**
 * Where the threads of a process have their stacks, as far as it can be told: by each thread's stack pointer. A thread
 * that is running just now keeps the place that `before` knew. The main thread is left out: its stack has a name.
 *
 * @param before what this returned last, or a part of it: new threads are asked first, then those that were not asked then.
 */
export function readThreadStacks(pid: number, pageSize: number, before: readonly ThreadStack[]): ThreadStack[] {
	const known = new Map(before.map((stack) => [stack.tid, stack]));
	const stacks: ThreadStack[] = [];
	try {
		const living = new Set(readThreadIds(pid));
		living.delete(pid);
		const fresh = [...living].filter((tid) => !known.has(tid));
		const seen = before.filter(({ tid }) => living.has(tid));
		const most = before.length === 0 ? mostThreads : usualThreads;
		const again = Math.max(0, most - fresh.length);
		stacks.push(...seen.slice(again));
		const asked = [...fresh.slice(0, most), ...seen.slice(0, again).map(({ tid }) => tid)];
		for (const tid of asked) {
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
