import { readMaps } from "../../src/extension/proc/maps";
import { readSmaps } from "../../src/extension/proc/smaps";
import { readPageTable } from "../../src/extension/sampler/pageTable";
import { listProcesses } from "../../src/extension/sampler/processes";
import { ReaderThread } from "../../src/extension/sampler/readerThread";
import type { SystemInfo } from "../../src/extension/sampler/system";
import { Watch } from "../../src/extension/sampler/watch";
import type { MapQuery } from "../../src/shared/mapFrame";
import { panelQuery } from "./live";
import { readerPath } from "./mappings";
import { lowerQuartile, timed } from "./measure";
import { type BenchTarget, withTarget } from "./targets";

/** How the cost of one kind of work grows: (size, ms), and what the size counts. */
export interface Series {
	readonly name: string;
	readonly of: string;
	readonly points: readonly (readonly [number, number])[];
}

/** Work on a target that returns how large it was. */
type Work = (target: BenchTarget) => number;

/** Measures each kind of work at sizes ten times apart. */
export async function measureGrowth(system: SystemInfo): Promise<Series[]> {
	const { pageSize } = system;
	const mappings = [65, 650, 6_500, 65_000];
	const many = (count: number) => ["many", count];
	const ahead = new ReaderThread(readerPath);
	const ungrouped: MapQuery = { ...panelQuery, grouped: false };
	const found = [
		await series(
			"maps",
			"mappings",
			mappings,
			many,
			() =>
				({ pid }) =>
					readMaps(pid, pageSize).count,
		),
		await series(
			"smaps",
			"mappings",
			mappings,
			many,
			() =>
				({ pid }) =>
					readSmaps(pid, pageSize, ahead).maps.count,
		),
		await series("sample and frame", "mappings", mappings, many, ({ pid }) => {
			const watch = new Watch(pid, undefined, system);
			return () => {
				watch.sample("never");
				return watch.frame(ungrouped).totals.mappings;
			};
		}),
		await series(
			"page table",
			"pages",
			[1_000, 10_000, 100_000, 1_000_000],
			(count) => ["dense", (count * 2 * pageSize) / 2 ** 20],
			({ pid }) => {
				const maps = readMaps(pid, pageSize);
				return () => readPageTable(pid, maps, 0, Number.POSITIVE_INFINITY, pageSize, false).length;
			},
		),
		await series(
			"process list",
			"processes",
			[20, 200, 2_000],
			(count) => ["children", count],
			() => () => listProcesses(system, false).length,
		),
	];
	ahead.dispose();
	return found;
}

/** @param prepare makes the work for a target, without being measured. */
async function series(
	name: string,
	of: string,
	sizes: readonly number[],
	words: (size: number) => (string | number)[],
	prepare: (target: BenchTarget) => Work,
): Promise<Series> {
	const points: [number, number][] = [];
	for (const size of sizes) {
		await withTarget(words(size), async (target) => {
			const work = prepare(target);
			const times: number[] = [];
			let found = 0;
			// Small sizes need many rounds until their code is compiled.
			const rounds = Math.max(9, Math.min(200, Math.round(50_000 / size)));
			for (let round = 0; round < rounds; round++) {
				times.push(
					await timed(() => {
						found = work(target);
					}),
				);
			}
			points.push([found, lowerQuartile(times.slice(-Math.ceil(rounds / 2)))]);
		});
	}
	return { name, of, points };
}
