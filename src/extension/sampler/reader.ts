import { readlinkSync, readSync } from "node:fs";
import { basename } from "node:path";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { threadCpuMilliseconds } from "../proc/schedstat";
import { ReadRing, ringState } from "./readRing";

/** What the thread is asked to do: read a file, which its owner has opened and will close, to its end. */
export interface ReadOrder {
	readonly descriptor: number;
	readonly bytesPerRead: number;
}

/** Entry of the thread that does nothing but read; see `ReaderThread`. */
function run(port: MessagePort, ring: ReadRing): void {
	process.on("exit", () => {
		ring.state = ringState.gone;
	});
	port.on("message", ({ descriptor, bytesPerRead }: ReadOrder) => {
		const before = threadCpuMilliseconds();
		ring.fill((slot, at) => readSync(descriptor, slot, at, bytesPerRead, null), bytesPerRead);
		ring.spent += threadCpuMilliseconds() - before;
		ring.state = ringState.idle;
	});
	ring.thread = Number(basename(readlinkSync("/proc/thread-self")));
	ring.spent = threadCpuMilliseconds();
	ring.state = ringState.idle;
}

if (parentPort && workerData instanceof SharedArrayBuffer) run(parentPort, new ReadRing(workerData));
