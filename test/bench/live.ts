import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { threadCpuMilliseconds } from "../../src/extension/proc/schedstat";
import { Sampler } from "../../src/extension/sampler/sampler";
import { LiveLoop } from "../../src/extension/views/liveLoop";
import { systemClock } from "../../src/extension/views/systemClock";
import type { MapQuery } from "../../src/shared/mapFrame";
import { checkout } from "../support/checkout";
import { findStalls, longestOwnStall, longestStall, type Stall, type Stalls } from "./stalls";

/** What the Memory Map of 1,400 × 900 pixels asks for. */
export const panelQuery: MapQuery = {
	measure: "resident",
	order: "resident",
	grouped: true,
	filter: "",
	kinds: [],
	unfolded: [],
	rows: { first: 0, count: 60, stripColumns: 200, stripCells: 81 },
	overviewWidth: 1300,
	inspectorCells: 1400,
};

/** A live view as the Memory Map panel keeps one: the product's own sampler thread, loop and frames. */
export class LiveView {
	readonly #sampler: Sampler;
	readonly #loop: LiveLoop;
	#watch: Promise<number> | undefined;
	#stopped = false;

	/** @param worker name of the sampler's bundle. */
	constructor(pid: number, worker = "sampler") {
		this.#sampler = new Sampler({ workerPath: join(checkout, `out/bench/${worker}.js`), log: console });
		this.#loop = new LiveLoop({
			round: async () => {
				this.#watch ??= this.#sampler.call.watch(pid);
				const watch = await this.#watch;
				const outcome = await this.#sampler.call.sample(watch, { smaps: "cheap" });
				await this.#sampler.call.frame(watch, panelQuery);
				return outcome;
			},
			// A round under way when the view stops is cut off.
			onError: (error) => {
				if (!this.#stopped) console.error(error);
			},
			clock: systemClock,
			period: 1000,
			live: true,
		});
		this.#loop.setVisible(true);
	}

	/** A hidden view rests; one that is shown again takes a sample at once. */
	setVisible(visible: boolean): void {
		this.#loop.setVisible(visible);
	}

	stop(): void {
		this.#stopped = true;
		this.#loop.dispose();
		this.#sampler.dispose();
	}
}

/** Shares of one processor, and the longest stalls of the main thread's event loop. */
export interface LiveCost {
	readonly sampler: number;
	readonly host: number;
	/** In seconds in which a process that does nothing did not stall for as long. */
	readonly stall: Stall;
	/** In all seconds. */
	readonly anyStall: Stall;
	/** Of a process that does nothing, at the same time. */
	readonly idleStall: Stall;
}

async function stallsOfIdleProcess(milliseconds: number): Promise<Stalls> {
	const child = fork(__filename, ["--idle", String(milliseconds)]);
	const [stalls] = await once(child, "message");
	return stalls as Stalls;
}

/** Watches a process for a while, after letting the code warm up, and measures what that costs. */
export async function measureLiveView(pid: number, seconds: number): Promise<LiveCost> {
	const view = new LiveView(pid);
	try {
		await sleep(8_000);
		const start = performance.now();
		const hostStart = threadCpuMilliseconds();
		const allStart = process.cpuUsage();
		await sleep(seconds * 500);
		const elapsed = performance.now() - start;
		const host = threadCpuMilliseconds() - hostStart;
		const { user, system } = process.cpuUsage(allStart);
		// Looking for stalls wakes the thread all the time, which costs more than what is measured above.
		const [stalls, idle] = await Promise.all([findStalls(seconds * 500), stallsOfIdleProcess(seconds * 500)]);
		// Everything that is not the main thread is the sampler's, its reader and garbage collection included.
		const sampler = (user + system) / 1000 - host;
		return {
			sampler: (sampler / elapsed) * 100,
			host: (host / elapsed) * 100,
			stall: longestOwnStall(stalls, idle),
			anyStall: longestStall(stalls),
			idleStall: longestStall(idle),
		};
	} finally {
		view.stop();
	}
}
