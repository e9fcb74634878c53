import type { PageRunList } from "../../src/extension/base/pageCategories";
import { readMaps } from "../../src/extension/proc/maps";
import { readSmaps } from "../../src/extension/proc/smaps";
import { readPageTable } from "../../src/extension/sampler/pageTable";
import { listProcesses } from "../../src/extension/sampler/processes";
import type { SystemInfo } from "../../src/extension/sampler/system";
import { median, timed } from "./measure";
import { withTarget } from "./targets";

/** How the cost of one kind of work grows: (size, ms). */
export interface Series {
	readonly name: string;
	readonly points: readonly (readonly [number, number])[];
}

/** Measures each kind of work at sizes ten times apart. */
export async function measureGrowth(system: SystemInfo): Promise<Series[]> {
	const { pageSize } = system;
	const mappings = [650, 6_500, 65_000];
	const runs = [1_000, 10_000, 100_000, 1_000_000];
	const processes = [20, 200, 2_000];
	return [
		await series(
			"maps",
			mappings,
			(count) => ["many", count],
			({ pid }) => readMaps(pid, pageSize),
		),
		await series(
			"smaps",
			mappings,
			(count) => ["many", count],
			({ pid }) => readSmaps(pid, pageSize),
		),
		await series(
			"page table",
			runs,
			(count) => ["dense", (count * 2 * pageSize) / 2 ** 20],
			({ pid }) => {
				const table: PageRunList = readPageTable(
					pid,
					readMaps(pid, pageSize),
					0,
					Number.POSITIVE_INFINITY,
					pageSize,
					false,
				);
				return table.length;
			},
		),
		await series(
			"processes",
			processes,
			(count) => ["children", count],
			() => listProcesses(system, false),
		),
	];
}

async function series(
	name: string,
	sizes: readonly number[],
	words: (size: number) => (string | number)[],
	work: (target: { readonly pid: number }) => unknown,
): Promise<Series> {
	const points: [number, number][] = [];
	for (const size of sizes) {
		await withTarget(words(size), async (target) => {
			const times: number[] = [];
			for (let round = 0; round < 9; round++) times.push(await timed(() => work(target)));
			points.push([size, median(times)]);
		});
	}
	return { name, points };
}
