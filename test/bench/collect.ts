import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { BroadcastChannel, isMainThread } from "node:worker_threads";
import koffi from "koffi";

/**
 * Memory without garbage, for those who look for growth: how much garbage waits at a moment for its collection, how large V8
 * lets its young generation become on a busy machine, and what malloc keeps of what was freed, makes a tenth of the whole
 * and is chance.
 */

/**
 * Environment of a process whose malloc gives back what is freed. When it is left to raise these thresholds (mallopt(3)) it
 * keeps the free ends of the arenas of V8's threads, which no `malloc_trim` reaches: 4 MiB after a minute, 10 after three, while
 * what is in use stays the same to 0.1 MiB (malloc_info(3)).
 */
export const frugalMalloc = {
	GLIBC_TUNABLES: "glibc.malloc.mmap_threshold=131072:glibc.malloc.trim_threshold=131072",
};

const channelName = "mapscope-bench-collect";

/** Collects the garbage of the calling thread. */
function collect(): void {
	setFlagsFromString("--expose-gc");
	const gc: unknown = runInNewContext("gc");
	if (typeof gc === "function") gc();
}

/** From now on the calling thread collects its garbage whenever {@link settledMemory} asks for it. */
export function collectOnRequest(): void {
	if (isMainThread) return;
	const channel = new BroadcastChannel(channelName);
	channel.onmessage = ({ data }: { data: unknown }) => {
		if (data !== "collect") return;
		collect();
		channel.postMessage("collected");
	};
	channel.unref();
}

/** Resident bytes of this process after one of its threads and the main thread have collected their garbage and malloc has given back what it keeps. */
export async function settledMemory(): Promise<number> {
	const trim = koffi.load("libc.so.6").func("int malloc_trim(size_t)");
	const channel = new BroadcastChannel(channelName);
	let least = Number.POSITIVE_INFINITY;
	try {
		// The young generation shrinks step by step, and buffers are freed by another thread after the collection.
		for (let round = 0; round < 5; round++) {
			const collected = new Promise<void>((resolve) => {
				channel.onmessage = ({ data }: { data: unknown }) => {
					if (data === "collected") resolve();
				};
			});
			channel.postMessage("collect");
			collect();
			await collected;
			await sleep(200);
			trim(0);
			least = Math.min(least, process.memoryUsage.rss());
		}
		return least;
	} finally {
		channel.close();
	}
}
