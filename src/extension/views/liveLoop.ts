import type { Disposable } from "../base/disposable";

/** Time as the loop sees it; a test gives its own. */
export interface LoopClock {
	/** Milliseconds that only go forward. */
	now(): number;
	/** Calls `callback` once after `delay` ms, unless the returned function is called before. */
	setTimer(callback: () => void, delay: number): () => void;
}

/** What a round cost the machine, in ms, and whether no further round will differ. */
export interface RoundOutcome {
	readonly cost: number;
	readonly final: boolean;
}

export interface LiveLoopOptions {
	/** Does one round of work. */
	readonly round: () => Promise<RoundOutcome>;
	/** What a round that nobody waits for failed with. */
	readonly onError: (error: unknown) => void;
	/** The pace in force may have changed. */
	readonly onPace?: () => void;
	readonly clock: LoopClock;
	/** Milliseconds from one round to the next. */
	readonly period: number;
	readonly live: boolean;
}

/**
 * At most this share of time is spent on rounds, however short the period. What a round does not know of, garbage
 * collection in other threads and messages, was measured to add a quarter: 3 % in all is what people are told. What is
 * watched becomes slower by no more than that, since it waits for its address space while `maps` is read.
 */
export const maximumDuty = 0.025;

/**
 * Repeats a round of work while it is live and visible: one at a time, the next only after the last has ended, and
 * later than the period asks where rounds cost so much that they would take more than {@link maximumDuty} of the time.
 */
export class LiveLoop implements Disposable {
	readonly #options: LiveLoopOptions;
	#period: number;
	#live: boolean;
	#visible = false;
	#final = false;
	#disposed = false;
	#running: Promise<void> | undefined;
	#queued: Promise<void> | undefined;
	#cancelTimer: (() => void) | undefined;
	#cost = 0;
	#duration = 0;

	constructor(options: LiveLoopOptions) {
		this.#options = options;
		this.#period = options.period;
		this.#live = options.live;
	}

	get live(): boolean {
		return this.#live && !this.#final;
	}

	get period(): number {
		return this.#period;
	}

	/** Milliseconds from the start of one round to the start of the next, as far as the last one tells. */
	get effectivePeriod(): number {
		return Math.round(Math.max(this.#period, this.#duration + this.#cost / maximumDuty));
	}

	setLive(live: boolean): void {
		if (live === this.#live) return;
		this.#live = live;
		if (live && this.#visible) this.#start();
		else this.#stop();
		this.#options.onPace?.();
	}

	/** Hidden loops rest; a loop that is shown again does a round at once. */
	setVisible(visible: boolean): void {
		if (visible === this.#visible) return;
		this.#visible = visible;
		if (visible && this.live) this.#start();
		else this.#stop();
	}

	/** Changes the pace; takes effect from the last round on. */
	setPeriod(period: number): void {
		if (period === this.#period) return;
		this.#period = period;
		if (this.#cancelTimer) this.#schedule();
		this.#options.onPace?.();
	}

	/**
	 * Does a round now, whether live or not. While one is running it waits for one that starts after it, which all who
	 * ask meanwhile share: what they see is never older than their question. Rejects when the round fails.
	 */
	async now(): Promise<void> {
		if (this.#queued !== undefined) return this.#queued;
		if (this.#running === undefined) return this.#run();
		const former = this.#running;
		this.#queued = former
			.catch(() => undefined)
			.then(() => {
				this.#queued = undefined;
				return this.#run();
			});
		return this.#queued;
	}

	/** Ends with the round under way, or with a new one: for those who have seen nothing yet. */
	async first(): Promise<void> {
		return this.#running ?? this.#run();
	}

	dispose(): void {
		this.#disposed = true;
		this.#stop();
	}

	#start(): void {
		if (this.#running !== undefined) return;
		this.#run().catch(this.#options.onError);
	}

	#run(): Promise<void> {
		this.#stop();
		if (this.#disposed) return Promise.resolve();
		const start = this.#options.clock.now();
		const running = this.#options
			.round()
			.then(({ cost, final }) => {
				this.#cost = cost;
				this.#final = final;
			})
			.finally(() => {
				this.#duration = this.#options.clock.now() - start;
				this.#running = undefined;
				this.#schedule();
				this.#options.onPace?.();
			});
		this.#running = running;
		return running;
	}

	#schedule(): void {
		this.#stop();
		if (this.#disposed || this.#running !== undefined || !this.live || !this.#visible) return;
		const delay = Math.max(this.#period - this.#duration, this.#cost / maximumDuty, 0);
		this.#cancelTimer = this.#options.clock.setTimer(() => {
			this.#cancelTimer = undefined;
			this.#start();
		}, delay);
	}

	#stop(): void {
		this.#cancelTimer?.();
		this.#cancelTimer = undefined;
	}
}
