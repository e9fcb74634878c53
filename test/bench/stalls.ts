import { setTimeout as sleep } from "node:timers/promises";
import { threadCpuMilliseconds } from "../../src/extension/proc/schedstat";

/** How long a thread has kept its event loop waiting at most. */
export interface Stall {
	/**
	 * By the thread's own work, in ms of its processor time. On a machine that does other things, too, a thread that does
	 * nothing at all is late by many ms: it waits for a processor, or the processor for the host of the virtual machine.
	 */
	readonly worked: number;
	/** By whatever it was, in ms that have passed. */
	readonly late: number;
}

/** Looks for stalls of the calling thread for so long. That wakes it every ms, which costs more than its own work. */
export async function longestStall(milliseconds: number): Promise<Stall> {
	const end = performance.now() + milliseconds;
	let [worked, late] = [0, 0];
	while (performance.now() < end) {
		const cpu = threadCpuMilliseconds();
		const start = performance.now();
		await sleep(1);
		late = Math.max(late, performance.now() - start - 1);
		worked = Math.max(worked, threadCpuMilliseconds() - cpu);
	}
	return { worked, late };
}
