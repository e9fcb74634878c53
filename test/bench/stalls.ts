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

/** Stalls by the second of the day's clock in which they ended. */
export type Stalls = Readonly<Record<number, Stall>>;

/** Looks for stalls of the calling thread for so long: the longest of each second. That wakes it every ms, which costs more than its own work. */
export async function findStalls(milliseconds: number): Promise<Stalls> {
	const end = performance.now() + milliseconds;
	const stalls: Record<number, Stall> = {};
	while (performance.now() < end) {
		const cpu = threadCpuMilliseconds();
		const start = performance.now();
		await sleep(1);
		const late = performance.now() - start - 1;
		const worked = threadCpuMilliseconds() - cpu;
		const second = Math.floor(Date.now() / 1000);
		const before = stalls[second];
		stalls[second] = before ? longer(before, { worked, late }) : { worked, late };
	}
	return stalls;
}

/** The longest of all seconds. */
export function longestStall(stalls: Stalls): Stall {
	return Object.values(stalls).reduce(longer, { worked: 0, late: 0 });
}

/**
 * The longest of the seconds in which `idle`, a process that does nothing, did not stall for as long: where the host of a
 * virtual machine stops it, both have been at work for that time by what the kernel counts.
 */
export function longestOwnStall(stalls: Stalls, idle: Stalls): Stall {
	const own = Object.entries(stalls).filter(([second, { worked }]) => (idle[Number(second)]?.worked ?? 0) < worked);
	return longestStall(Object.fromEntries(own));
}

function longer(one: Stall, other: Stall): Stall {
	return { worked: Math.max(one.worked, other.worked), late: Math.max(one.late, other.late) };
}
