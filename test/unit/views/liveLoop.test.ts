import { deepEqual, equal, rejects } from "node:assert/strict";
import { LiveLoop, type LiveLoopOptions, type RoundOutcome } from "../../../src/extension/views/liveLoop";

/** A clock that stands still until a test moves it, and rounds that end when the test says so. */
class Bench {
	time = 0;
	timers: { at: number; callback: () => void }[] = [];
	rounds: { resolve(outcome: RoundOutcome): void; reject(error: unknown): void }[] = [];
	started = 0;
	readonly errors: unknown[] = [];
	readonly loop: LiveLoop;

	constructor(options: Partial<LiveLoopOptions> = {}) {
		this.loop = new LiveLoop({
			round: () => {
				this.started++;
				return new Promise((resolve, reject) => this.rounds.push({ resolve, reject }));
			},
			onError: (error) => this.errors.push(error),
			clock: {
				now: () => this.time,
				setTimer: (callback, delay) => {
					const timer = { at: this.time + delay, callback };
					this.timers.push(timer);
					return () => {
						this.timers = this.timers.filter((other) => other !== timer);
					};
				},
			},
			period: 1000,
			live: true,
			...options,
		});
	}

	/** Ends the running round after `duration` ms. */
	async end(duration: number, outcome: Partial<RoundOutcome> = {}): Promise<void> {
		this.time += duration;
		this.rounds.shift()?.resolve({ cost: 0, final: false, ...outcome });
		await settled();
	}

	async fail(error: unknown): Promise<void> {
		this.rounds.shift()?.reject(error);
		await settled();
	}

	/** Moves the clock to the next timer and lets it ring; returns when that was. */
	async ring(): Promise<number> {
		const [timer] = this.timers.splice(0, 1);
		if (!timer) throw new Error("no timer is set");
		this.time = timer.at;
		timer.callback();
		await settled();
		return this.time;
	}
}

/** Lets every promise that can settle do so. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("live loop", () => {
	it("rests while hidden, starts at once when shown, and goes by the period", async () => {
		const bench = new Bench();
		equal(bench.started, 0);
		bench.loop.setVisible(true);
		equal(bench.started, 1);
		await bench.end(40);
		equal(await bench.ring(), 1000);
		equal(bench.started, 2);
		bench.loop.setVisible(false);
		await bench.end(40);
		equal(bench.timers.length, 0);
		bench.loop.setVisible(true);
		equal(bench.started, 3);
	});

	it("never has two rounds at once", async () => {
		const bench = new Bench();
		bench.loop.setVisible(true);
		bench.loop.setVisible(false);
		bench.loop.setVisible(true);
		bench.loop.setLive(false);
		bench.loop.setLive(true);
		equal(bench.started, 1);
		equal(bench.timers.length, 0);
		await bench.end(10);
		equal(bench.timers.length, 1);
	});

	it("stretches the period so that rounds cost at most a fortieth of the time", async () => {
		const bench = new Bench();
		bench.loop.setVisible(true);
		await bench.end(120, { cost: 100 });
		equal(bench.loop.effectivePeriod, 4120);
		equal((await bench.ring()) - 120, 4000);
		await bench.end(5, { cost: 4 });
		equal(bench.loop.effectivePeriod, 1000);
	});

	it("goes on after a failure and reports it", async () => {
		const bench = new Bench();
		bench.loop.setVisible(true);
		await bench.fail("broken");
		deepEqual(bench.errors, ["broken"]);
		await bench.ring();
		equal(bench.started, 2);
	});

	it("stops when nothing more will change, but answers when asked", async () => {
		const bench = new Bench();
		bench.loop.setVisible(true);
		await bench.end(1, { final: true });
		equal(bench.loop.live, false);
		equal(bench.timers.length, 0);
		const asked = bench.loop.now();
		equal(bench.started, 2);
		await bench.end(1, { final: false });
		await asked;
		equal(bench.loop.live, true);
		equal(bench.timers.length, 1);
	});

	it("answers a question with a round that began after it, and all questions with the same one", async () => {
		const bench = new Bench({ live: false });
		const [first, second, third] = [bench.loop.now(), bench.loop.now(), bench.loop.now()];
		equal(bench.started, 1);
		await bench.end(10);
		await first;
		equal(bench.started, 2);
		const failures = Promise.all([rejects(second, /second/), rejects(third, /second/)]);
		await bench.fail(new Error("second"));
		await failures;
		equal(bench.started, 2);
		deepEqual(bench.errors, []);
	});

	it("gives those who have seen nothing the round under way", async () => {
		const bench = new Bench();
		bench.loop.setVisible(true);
		const first = bench.loop.first();
		equal(bench.started, 1);
		await bench.end(1);
		await first;
	});

	it("takes a new period from the last round on", async () => {
		const bench = new Bench();
		bench.loop.setVisible(true);
		await bench.end(100);
		bench.loop.setPeriod(5000);
		deepEqual(
			bench.timers.map(({ at }) => at),
			[5000],
		);
	});

	it("does nothing any more once disposed", async () => {
		const bench = new Bench();
		bench.loop.setVisible(true);
		bench.loop.dispose();
		await bench.end(1);
		equal(bench.timers.length, 0);
		await bench.loop.now();
		equal(bench.started, 1);
	});
});
