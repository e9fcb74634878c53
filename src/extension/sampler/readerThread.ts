import { existsSync } from "node:fs";
import { getSystemErrorName } from "node:util";
import { Worker } from "node:worker_threads";
import type { Disposable } from "../base/disposable";
import type { ReadAhead, Reading } from "../proc/procFile";
import type { ReadOrder } from "./reader";
import { largestRead, ReadRing, ringState } from "./readRing";

/** When a thread is worth its while. */
export interface ReaderLimits {
	/** Bytes that the owner of the thread reads itself before the thread is started. */
	readonly firstBytes: number;
	/** Bytes that it reads itself when the thread is there. */
	readonly firstBytesWithThread: number;
	/** The thread ends after so many ms in which nobody needed it: it takes 10 MiB. */
	readonly idleMilliseconds: number;
}

/**
 * 8 MiB are 11,000 mappings: fewer take less than 35 ms, of which a thread would save 4; to start one takes 9. To hand a
 * file over takes 0.2, as long as the parsing of 40 KiB. Measured on two cores.
 */
const usualLimits: ReaderLimits = { firstBytes: 8 * 2 ** 20, firstBytesWithThread: 2 ** 20, idleMilliseconds: 60_000 };

/**
 * A second thread that reads while its owner parses: the text of `smaps` takes the kernel five times as long as it takes
 * us, and both go on at the same time. It is started when it is first of use, which nobody waits for, and ends with its
 * owner. When it fails its owner reads everything itself from then on.
 */
export class ReaderThread implements ReadAhead, Disposable {
	#running: { readonly worker: Worker; readonly ring: ReadRing } | undefined;
	#unusable = false;
	/** Of threads that have ended. */
	#spentBefore = 0;
	#idleTimer: NodeJS.Timeout | undefined;

	/** @param path the bundle of `reader.ts`. */
	constructor(
		private readonly path: string,
		private readonly limits = usualLimits,
	) {}

	get spentMilliseconds(): number {
		return this.#spentBefore + (this.#running?.ring.spent ?? 0);
	}

	takeOver(descriptor: number, bytesPerRead: number, bytesRead: number): Reading | undefined {
		const { firstBytes, firstBytesWithThread } = this.limits;
		const first = this.#running === undefined ? firstBytes : firstBytesWithThread;
		if (this.#unusable || bytesRead < first || bytesPerRead > largestRead) return undefined;
		this.#running ??= this.#start();
		if (this.#running?.ring.state !== ringState.idle) return undefined;
		clearTimeout(this.#idleTimer);
		const { worker, ring } = this.#running;
		ring.begin();
		worker.postMessage({ descriptor, bytesPerRead } satisfies ReadOrder);
		return new RingReading(ring, (well) => this.#onEnd(well));
	}

	dispose(): void {
		this.#unusable = true;
		this.#stop();
	}

	#start(): { worker: Worker; ring: ReadRing } | undefined {
		const ring = new ReadRing();
		try {
			const worker = new Worker(this.path, { name: "mapscope-reader", workerData: ring.shared });
			worker.unref();
			worker.on("error", () => this.#fail(worker));
			worker.on("exit", () => this.#fail(worker));
			this.#rest();
			return { worker, ring };
		} catch {
			// As many threads as the system allows.
			this.#unusable = true;
			return undefined;
		}
	}

	#onEnd(well: boolean): void {
		if (!well) this.dispose();
		else this.#rest();
	}

	#rest(): void {
		this.#idleTimer = setTimeout(() => this.#stop(), this.limits.idleMilliseconds).unref();
	}

	#fail(worker: Worker): void {
		if (this.#running?.worker === worker) this.dispose();
	}

	#stop(): void {
		clearTimeout(this.#idleTimer);
		const running = this.#running;
		this.#running = undefined;
		if (running === undefined) return;
		this.#spentBefore += running.ring.spent;
		// It rejects never: a worker that has ended already is one that ends.
		void running.worker.terminate();
	}
}

/** The rest of a file, which the thread reads slot by slot. */
class RingReading implements Reading {
	#taken = 0;
	#lost = false;
	/** What is left of the slot taken last. */
	#slot: Buffer = Buffer.alloc(0);
	readonly #isAlive: () => boolean;

	constructor(
		private readonly ring: ReadRing,
		private readonly onEnd: (well: boolean) => void,
	) {
		this.#isAlive = () => ring.state !== ringState.gone && existsSync(`/proc/self/task/${ring.thread}`);
	}

	read(into: Buffer, at: number): number | undefined {
		if (this.#slot.length === 0) {
			const slot = this.ring.next(this.#taken, this.#isAlive);
			this.#lost = slot === undefined;
			if (slot === undefined) return undefined;
			if (typeof slot === "number") {
				if (slot === 0) return 0;
				const code = getSystemErrorName(slot);
				throw Object.assign(new Error(code), { code });
			}
			this.#slot = slot;
		}
		const count = this.#slot.copy(into, at);
		this.#slot = this.#slot.subarray(count);
		if (this.#slot.length === 0) this.ring.giveBack(++this.#taken);
		return count;
	}

	end(): void {
		this.onEnd(this.ring.end(this.#isAlive) && !this.#lost);
	}
}
