import { setTimeout as sleep } from "node:timers/promises";
import { formatBytes, formatDuration } from "../../src/shared/units";
import { LiveView, measureLiveView } from "./live";
import { manyMappings } from "./mappings";
import { mean, median } from "./measure";
import type { AddRow } from "./rows";
import { withTarget } from "./targets";

/** What the live view of 65,000 mappings costs. */
export async function benchLive(add: AddRow): Promise<void> {
	await withTarget(["many", manyMappings], async ({ pid }) => {
		const { sampler, host, stall, idleStall } = await measureLiveView(pid, 40);
		const work = "steady live view of 65,000 mappings";
		const share = (name: string, ratio: number, limit: number): void =>
			add({
				work: `${work}: ${name}`,
				against: "one core",
				ours: `${ratio.toFixed(2)} %`,
				peer: "100 %",
				ratio,
				limit,
				unit: "%",
			});
		share("sampler", sampler, 5);
		share("extension host's main thread", host, 1);
		add({
			work: `${work}: longest stall of the main thread`,
			against: "a process that does nothing",
			ours: formatDuration(stall),
			peer: formatDuration(idleStall),
			ratio: stall,
			limit: 10,
			unit: "ms",
		});
	});
}

/** How much slower a process becomes that maps and faults without end, while it is watched. */
export async function benchObserver(add: AddRow): Promise<void> {
	await withTarget(["work", manyMappings], async (target) => {
		const [alone, watched]: [number[], number[]] = [[], []];
		for (let round = 0; round < 5; round++) {
			target.rounds.length = 0;
			await sleep(6_000);
			alone.push(mean(target.rounds));
			const view = new LiveView(target.pid);
			await sleep(4_000);
			target.rounds.length = 0;
			await sleep(6_000);
			watched.push(mean(target.rounds));
			view.stop();
		}
		const slower = watched.map((rate, round) => ((alone[round] ?? Number.NaN) / rate - 1) * 100);
		const rate = (value: number): string => `${Math.round(value * 10).toLocaleString("en-US")} rounds/s`;
		add({
			work: "a process with 65,000 mappings that maps, faults and unmaps, watched live",
			against: "unwatched",
			ours: rate(median(watched)),
			peer: rate(median(alone)),
			ratio: median(slower),
			limit: 3,
			unit: "%",
		});
	});
}

/**
 * Memory of a process that watches 65,000 mappings for ten minutes. The least of each minute counts: what garbage there
 * is between two collections is chance.
 */
export async function benchMemory(add: AddRow): Promise<void> {
	await withTarget(["many", manyMappings], async ({ pid }) => {
		const view = new LiveView(pid);
		try {
			const minutes: number[] = [];
			for (let minute = 0; minute <= 10; minute++) {
				let least = Number.POSITIVE_INFINITY;
				for (let second = 0; second < 60; second++) {
					await sleep(1000);
					least = Math.min(least, process.memoryUsage.rss());
				}
				minutes.push(least);
			}
			const [, first = Number.NaN] = minutes;
			const last = minutes.at(-1) ?? Number.NaN;
			add({
				work: "memory after watching 65,000 mappings for 10 minutes",
				against: "at minute 1",
				ours: formatBytes(last),
				peer: formatBytes(first),
				ratio: last / first,
				// No growth; two hundredths are what an allocator may happen to keep in hand.
				limit: 1.02,
				unit: "×",
			});
		} finally {
			view.stop();
		}
	});
}
