import type { Disposable } from "../base/disposable";

/** Timers, as the system has them; a test has its own. */
export interface Clock {
	now(): number;
	/** Calls `run` once after `delay` ms; the returned function prevents it. */
	after(delay: number, run: () => void): () => void;
}

/** The system's clock. */
export const systemClock: Clock = {
	now: () => performance.now(),
	after: (delay, run) => {
		const timer = setTimeout(run, delay);
		return () => clearTimeout(timer);
	},
};

/** Stops that follow one another faster than this, ms, are passed by somebody who steps: none is read before the rest. */
const fast = 250;
/**
 * How long a program must rest then before it is read, ms: longer than a key that is held down pauses (33 ms), and short
 * enough to be done before the next step of somebody who presses it ten times a second.
 */
const rest = 50;

/**
 * Decides when a stop is read: at once when it comes alone, and when the stepping has ended when it comes among many. One
 * reading at a time; a stop that was passed before its turn came is not read at all. `read` gets the stop and whether the
 * program still stands there, which it asks again when it is done.
 */
export class StopReader<S> implements Disposable {
	#pending: { readonly stop: S; readonly arrived: number } | undefined;
	#cancel: (() => void) | undefined;
	#reading = false;
	#generation = 0;
	#lastArrival = Number.NEGATIVE_INFINITY;
	#disposed = false;

	constructor(
		private readonly read: (stop: S, arrived: number, isCurrent: () => boolean) => Promise<void>,
		private readonly clock: Clock = systemClock,
		/** Called when nothing is left to be read. */
		private readonly rests: () => void = () => undefined,
	) {}

	/** A stop is being read, or waits for its turn. */
	get busy(): boolean {
		return this.#reading || this.#pending !== undefined;
	}

	/** The program stands still. Returns at once. */
	stopped(stop: S): void {
		if (this.#disposed) return;
		const arrived = this.clock.now();
		const delay = arrived - this.#lastArrival < fast ? rest : 0;
		this.#lastArrival = arrived;
		this.#generation++;
		this.#pending = { stop, arrived };
		this.#schedule(delay);
	}

	/** The program runs: what was not read by now is not read any more. */
	running(): void {
		this.#generation++;
		this.#pending = undefined;
		this.#cancel?.();
		this.#cancel = undefined;
	}

	dispose(): void {
		this.#disposed = true;
		this.running();
	}

	#schedule(delay: number): void {
		this.#cancel?.();
		this.#cancel = this.clock.after(delay, () => {
			this.#cancel = undefined;
			if (!this.#reading) void this.#next();
		});
	}

	async #next(): Promise<void> {
		const pending = this.#pending;
		if (pending === undefined) return;
		this.#pending = undefined;
		this.#reading = true;
		const generation = this.#generation;
		try {
			await this.read(pending.stop, pending.arrived, () => this.#generation === generation);
		} finally {
			this.#reading = false;
			if (this.#pending !== undefined && this.#cancel === undefined) void this.#next();
			if (!this.busy) this.rests();
		}
	}
}
