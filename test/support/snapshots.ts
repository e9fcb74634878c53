import fc from "fast-check";
import { classify, type ThreadStack } from "../../src/extension/memory/classify";
import { groupMappings } from "../../src/extension/memory/groups";
import { noRuns, type PageRuns, PageRunsBuilder } from "../../src/extension/memory/pageRuns";
import type { Snapshot } from "../../src/extension/memory/snapshot";
import { type MapsColumns, parseMaps, permission } from "../../src/extension/proc/maps";
import { parseMemoryDevices } from "../../src/extension/proc/mountinfo";
import { parseSmaps } from "../../src/extension/proc/smaps";
import { parseThreadPointers } from "../../src/extension/proc/task";
import type { MapQuery } from "../../src/shared/mapFrame";
import { flagBit, stateCode, stateCount } from "../../src/shared/pageStates";
import { addressToPage } from "../../src/shared/units";
import { type RecordedProgram, recorded, recordedPageSize } from "./fixtures";
import { mapsText } from "./kernelText";

/** A snapshot of mappings and pages that need not come from a process. */
export function snapshotOf(
	maps: MapsColumns,
	runs: PageRuns,
	more: Partial<Snapshot> & {
		readonly memoryDevices?: ReadonlySet<number>;
		readonly program?: string;
		readonly stacks?: readonly ThreadStack[];
	} = {},
): Snapshot {
	const { memoryDevices = new Set(), program, stacks = [], ...rest } = more;
	const classification = classify(maps, memoryDevices, recordedPageSize, undefined, stacks);
	return {
		sample: {
			number: 1,
			time: 0,
			cost: { total: 0, maps: 0, rollup: 0, pages: 0, cache: 0, smaps: 0 },
			changedPages: 0,
			smaps: rest.smaps !== undefined,
		},
		process: {
			pid: 1,
			startTime: "1",
			name: "made up",
			commandLine: [],
			state: "S",
			threads: 1,
			user: "root",
			parentPid: 0,
		},
		status: { kind: "ok" },
		pageSize: recordedPageSize,
		maps,
		classification,
		groups: groupMappings(maps, classification, program),
		runs,
		cache: Array.from({ length: maps.count }, () => ({ known: false, why: "notAFile" }) as const),
		caches: Array.from({ length: maps.count }, () => ({ kind: "none" }) as const),
		...rest,
	};
}

/** The snapshot of a recorded process, with its `smaps` and without pages unless some are given. */
export function recordedSnapshot(program: RecordedProgram, runs: PageRuns = noRuns): Snapshot {
	const maps = parseMaps(recorded(program, "maps"), recordedPageSize);
	const memoryDevices = parseMemoryDevices(recorded(program, "mountinfo").toString("latin1"));
	// The program is mapped below its libraries.
	const executable =
		maps.nameTable[maps.names[maps.permissions.findIndex((bits) => (bits & permission.execute) !== 0)] ?? 0];
	return snapshotOf(maps, runs, {
		memoryDevices,
		stacks: recordedStacks(program),
		smaps: parseSmaps(recorded(program, "smaps"), recordedPageSize),
		...(executable === undefined ? {} : { program: executable }),
	});
}

/** Where the threads of a recorded process have their stacks, without the main thread, whose stack has a name. */
function recordedStacks(program: RecordedProgram): ThreadStack[] {
	const lines = recorded(program, "syscall").toString("latin1").split("\n").slice(1, -1);
	return lines.flatMap((line) => {
		const [tid = ""] = line.split(" ", 1);
		const pointer = parseThreadPointers(`${line.slice(tid.length + 1)}\n`)?.stack;
		if (pointer === undefined) return [];
		return [{ tid: Number(tid), name: "worker", page: addressToPage(pointer, recordedPageSize) }];
	});
}

/** A query for everything, unfiltered, folded, by address. */
export const plainQuery: MapQuery = {
	measure: "resident",
	order: "address",
	grouped: true,
	filter: "",
	kinds: [],
	unfolded: [],
	rows: { first: 0, count: 10_000, stripColumns: 100, stripCells: 64 },
	overviewWidth: 0,
	inspectorCells: 0,
};

/** A run before it has its place: how far after the last, and what its pages are. */
export interface Piece {
	readonly gap: number;
	readonly pages: number;
	readonly state: number;
	readonly flags: number;
}

/** Pieces of runs, often touching, sometimes alike. */
export function pieces(maxLength: number, longest = 12): fc.Arbitrary<Piece[]> {
	const flags = fc.constantFrom(0, 0, 0, flagBit.exclusive, flagBit.changed, flagBit.fileCached, 48, 33);
	const piece = fc.record({
		gap: fc.oneof(fc.constant(0), fc.nat(longest)),
		pages: fc.integer({ min: 1, max: longest }),
		state: fc.nat(stateCount - 1),
		flags,
	});
	return fc.array(piece, { maxLength, size: "max" });
}

/** Pages one by one: what runs are held against. */
export interface PageModel {
	readonly states: number[];
	readonly flags: number[];
}

/** Builds runs of pieces from `start` on, and the same page by page. */
export function buildRuns(list: readonly Piece[], start = 0): { runs: PageRuns; model: PageModel; end: number } {
	const builder = new PageRunsBuilder();
	const model: PageModel = { states: [], flags: [] };
	let page = start;
	for (const { gap, pages, state, flags } of list) {
		page += gap;
		builder.push(page, page + pages, state, flags);
		for (let i = 0; i < pages; i++, page++) {
			model.states[page] = state;
			model.flags[page] = flags;
		}
	}
	return { runs: builder.finish(), model, end: page };
}

/** Counts of pages [start, end) the slow way: a state each, then private copies whose original is cached, then changed. */
export function countSlowly({ states, flags }: PageModel, start: number, end: number): number[] {
	const counts = new Array<number>(stateCount + 2).fill(0);
	for (let page = start; page < end; page++) {
		const state = states[page] ?? stateCode.notPresent;
		const bits = flags[page] ?? 0;
		counts[state] = (counts[state] ?? 0) + 1;
		if (bits & flagBit.fileCached) counts[stateCount] = (counts[stateCount] ?? 0) + 1;
		if (bits & flagBit.changed) counts[stateCount + 1] = (counts[stateCount + 1] ?? 0) + 1;
	}
	return counts;
}

const heads = [
	"rw-p 00000000 00:00 0",
	"---p 00000000 00:00 0",
	"r--p 00000000 fe:00 11|/usr/lib/libone.so",
	"r-xp 00001000 fe:00 11|/usr/lib/libone.so",
	"rw-p 00002000 fe:00 11|/usr/lib/libone.so",
	"r-xp 00000000 fe:00 12|/usr/bin/program",
	"rw-p 00001000 fe:00 12|/usr/bin/program",
	"r--s 00000000 fe:00 13|/data/<b>file</b>",
	"rw-s 00000000 00:01 14|/memfd:cache (deleted)",
	"rw-p 00000000 00:00 0|[heap]",
	"rw-p 00000000 00:00 0|[anon:arena]",
	"r-xp 00000000 00:00 0|[vdso]",
	"rw-s 00000000 00:06 15|/dev/dri/card0",
];

/** An address space that no program has: mappings of many kinds, sizes and distances, and pages in all states in them. */
export const anySnapshot: fc.Arbitrary<Snapshot> = fc
	.record({
		mappings: fc.array(
			fc.record({
				gap: fc.oneof(fc.constant(0), fc.nat(1000), fc.constantFrom(2 ** 18, 2 ** 19 + 7, 2 ** 24, 2 ** 25)),
				pages: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(512, 16_384, 2 ** 15, 2 ** 20, 2 ** 26)),
				head: fc.constantFrom(...heads),
			}),
			{ minLength: 1, maxLength: 60, size: "max" },
		),
		firstPage: fc.constantFrom(16, 0x400, 0x555555554),
		list: pieces(200, 40),
		stride: fc.constantFrom(1, 1, 100, 100_000),
	})
	.map(({ mappings, firstPage, list, stride }) => {
		let page = firstPage;
		const lines = mappings.map(({ gap, pages, head }): [string, string?] => {
			const start = page + gap;
			page = start + pages;
			const range = [start, page].map((one) => (one * recordedPageSize).toString(16).padStart(8, "0")).join("-");
			const [columns = "", name] = head.split("|");
			return name === undefined ? [`${range} ${columns}`] : [`${range} ${columns}`, name];
		});
		lines.push(["ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0", "[vsyscall]"]);
		const maps = parseMaps(mapsText(...lines), recordedPageSize);
		return snapshotOf(maps, withinMappings(maps, list, stride), { program: "/usr/bin/program" });
	});

/** Runs cut to the mappings, since a page that no mapping has is in no state. */
function withinMappings(maps: MapsColumns, list: readonly Piece[], stride: number): PageRuns {
	const builder = new PageRunsBuilder();
	let index = 0;
	let page = maps.startPages[0] ?? 0;
	for (const { gap, pages, state, flags } of list) {
		page += gap * stride;
		while (index < maps.count && (maps.endPages[index] ?? 0) <= page) {
			index++;
			page = Math.max(page, maps.startPages[index] ?? 0);
		}
		if (index >= maps.count) break;
		page = Math.max(page, maps.startPages[index] ?? 0);
		const end = Math.min(page + pages, maps.endPages[index] ?? 0);
		builder.push(page, end, state, flags);
		page = end;
	}
	return builder.finish();
}
