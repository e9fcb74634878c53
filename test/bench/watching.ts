import { setTimeout as sleep } from "node:timers/promises";
import { formatBytes, formatDuration } from "../../src/shared/units";
import { settledMemory } from "./collect";
import { LiveView, measureLiveView } from "./live";
import { manyMappings } from "./mappings";
import { mean, median } from "./measure";
import type { AddRow } from "./rows";
import type { Stall } from "./stalls";
import { withTarget } from "./targets";

/** What the live view of 65,000 mappings costs. */
export async function benchLive(add: AddRow): Promise<void> {
	await withTarget(["many", manyMappings], async ({ pid }) => {
		const { sampler, host, stall, anyStall, idleStall } = await measureLiveView(pid, 40);
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
			work: `${work}: longest stall of the main thread that an idle process does not have in the same second (any; with waiting for a processor)`,
			against: "a process that does nothing",
			ours: `${formatDuration(stall.worked)} (${stallText(anyStall)})`,
			peer: stallText(idleStall),
			ratio: stall.worked,
			limit: 10,
			unit: "ms",
		});
	});
}

function stallText({ worked, late }: Stall): string {
	return `${formatDuration(worked)}; ${formatDuration(late)}`;
}

/** Pairs of seconds with and without a watcher: what else runs on the machine disturbs some of them, and the median is of the others. */
const observerPairs = 16;
const observerMilliseconds = 5_000;

/** How much slower a process becomes that maps and faults without end, while it is watched. */
export async function benchObserver(add: AddRow): Promise<void> {
	await withTarget(["work", manyMappings], async (target) => {
		const view = new LiveView(target.pid);
		const rates = async (visible: boolean): Promise<number> => {
			view.setVisible(visible);
			// A round under way ends, which is part of neither.
			if (!visible) await sleep(300);
			target.rounds.length = 0;
			await sleep(observerMilliseconds);
			return mean(target.rounds);
		};
		const [alone, watched]: [number[], number[]] = [[], []];
		try {
			await sleep(8_000);
			for (let pair = 0; pair < observerPairs; pair++) {
				// In turns first and second: what becomes slower or faster by itself does so for both.
				for (const visible of pair % 2 === 0 ? [false, true] : [true, false]) {
					(visible ? watched : alone).push(await rates(visible));
				}
			}
		} finally {
			view.stop();
		}
		const slower = watched.map((rate, pair) => ((alone[pair] ?? Number.NaN) / rate - 1) * 100);
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
 * Memory of a process that watches 65,000 mappings for ten minutes: without garbage, since growth is what is asked for, and
 * with it. Its malloc keeps nothing back, see `frugalMalloc`. The least of a minute stands for it: how much V8 keeps in hand
 * for the next objects wavers by 4 MiB.
 */
export async function benchMemory(add: AddRow): Promise<void> {
	await withTarget(["many", manyMappings], async ({ pid }) => {
		const view = new LiveView(pid, "collectingSampler");
		const minute = async (): Promise<{ readonly settled: number; readonly plain: number }> => {
			let plain = Number.POSITIVE_INFINITY;
			let settled = Number.POSITIVE_INFINITY;
			for (let second = 1; second <= 60; second++) {
				await sleep(1000);
				plain = Math.min(plain, process.memoryUsage.rss());
				if (second % 20 !== 0) continue;
				view.setVisible(false);
				settled = Math.min(settled, await settledMemory());
				view.setVisible(true);
			}
			return { settled, plain };
		};
		try {
			await sleep(60_000);
			const first = await minute();
			await sleep(8 * 60_000);
			const last = await minute();
			const text = ({ settled, plain }: typeof first) => `${formatBytes(settled)} (${formatBytes(plain)})`;
			add({
				work: "memory after watching 65,000 mappings for 10 minutes, without garbage (with it)",
				against: "at minute 1",
				ours: text(last),
				peer: text(first),
				ratio: last.settled / first.settled,
				// No growth; two hundredths are what an allocator may happen to keep in hand.
				limit: 1.02,
				unit: "×",
			});
		} finally {
			view.stop();
		}
	});
}
