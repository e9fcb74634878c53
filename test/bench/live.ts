import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { threadCpuMilliseconds } from "../../src/extension/proc/schedstat";
import { Sampler } from "../../src/extension/sampler/sampler";
import { LiveLoop } from "../../src/extension/views/liveLoop";
import { systemClock } from "../../src/extension/views/systemClock";
import type { MapQuery } from "../../src/shared/mapFrame";
import { checkout } from "../support/checkout";
import { printedBy } from "./measure";

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
	readonly #sampler = new Sampler({ workerPath: join(checkout, "out/bench/sampler.js"), log: console });
	readonly #loop: LiveLoop;
	#watch: Promise<number> | undefined;
	#stopped = false;

	constructor(pid: number) {
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

	stop(): void {
		this.#stopped = true;
		this.#loop.dispose();
		this.#sampler.dispose();
	}
}

/** Shares of one processor, and the longest stall of the main thread's event loop in ms. */
export interface LiveCost {
	readonly sampler: number;
	readonly host: number;
	readonly stall: number;
	/** The longest stall of a process that does nothing, at the same time: what the machine itself adds. */
	readonly idleStall: number;
}

async function longestStallOfIdleProcess(milliseconds: number): Promise<number> {
	const script = `
		const delay = require("node:perf_hooks").monitorEventLoopDelay({ resolution: 1 });
		delay.enable();
		setTimeout(() => console.log(delay.max / 1e6), ${milliseconds});`;
	return printedBy(process.execPath, "-e", script);
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
		const idle = longestStallOfIdleProcess(seconds * 500);
		const delay = monitorEventLoopDelay({ resolution: 1 });
		delay.enable();
		await sleep(seconds * 500);
		delay.disable();
		// Everything that is not the main thread is the sampler's, garbage collection included.
		const sampler = (user + system) / 1000 - host;
		return {
			sampler: (sampler / elapsed) * 100,
			host: (host / elapsed) * 100,
			stall: delay.max / 1e6,
			idleStall: await idle,
		};
	} finally {
		view.stop();
	}
}
