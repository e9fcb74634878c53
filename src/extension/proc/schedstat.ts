import { readProcText } from "./procFile";

/** First number of `schedstat`: time on a processor, in ns; undefined when it is none, or cut off. */
export function parseCpuNanoseconds(text: string): number | undefined {
	const nanoseconds = /^(\d+) .*\n$/.exec(text)?.[1];
	return nanoseconds === undefined ? undefined : Number(nanoseconds);
}

/**
 * Milliseconds that the calling thread has spent on a processor, from `/proc/thread-self/schedstat` (CONFIG_SCHED_INFO, in
 * every distribution's kernel); where the kernel has none, the time that has passed. The difference of two readings is
 * what work really cost: on a busy machine time passes without it.
 */
export function threadCpuMilliseconds(): number {
	try {
		const nanoseconds = parseCpuNanoseconds(readProcText("/proc/thread-self/schedstat"));
		if (nanoseconds !== undefined) return nanoseconds / 1e6;
	} catch {
		// Not compiled in: below.
	}
	return performance.now();
}
