import {
	cellStride,
	type MapFrame,
	type PageCells,
	type Row,
	type RowWindow,
	type SelectedMapping,
	stripStride,
} from "../../../src/shared/mapFrame";
import { type PageState, stateCode, stateCount } from "../../../src/shared/pageStates";

/** Pages per state out of names and counts. */
export function statePages(counts: Partial<Record<PageState, number>>): Float64Array {
	const pages = new Float64Array(stateCount);
	for (const [state, count] of Object.entries(counts)) pages[stateCode[state as PageState]] = count;
	return pages;
}

/** The code of a program, 100 pages of which 30 are mapped and 60 more cached, unless said otherwise. */
export function selectedMapping(changes: Partial<SelectedMapping> = {}): SelectedMapping {
	const startPage = changes.startPage ?? 0x555555554;
	const endPage = changes.endPage ?? startPage + 100;
	return {
		key: `m:${startPage.toString(16)}`,
		line: "555555554000-5555555b8000 r-xp 00001000 fe:00 1458723                    /usr/bin/gallery",
		kind: "code",
		label: "gallery · Code",
		module: "gallery",
		name: "/usr/bin/gallery",
		deleted: false,
		startPage,
		endPage,
		permissions: "r-xp",
		fileOffset: "1000",
		device: "fe:00",
		inode: "1458723",
		statePages: statePages({ file: 30, cached: 60, notPresent: 10 }),
		fileCachedPages: 0,
		cache: { known: true },
		usage: {},
		unitless: ["THPeligible"],
		cells: { startPage, endPage, pagesPerCell: 10, counts: new Uint32Array(10 * cellStride) },
		...changes,
	};
}

/** A mapping's row of ten pages, unless said otherwise. */
export function row(changes: Partial<Row> = {}): Row {
	const startPage = changes.startPage ?? 0x1000;
	return {
		type: "mapping",
		key: `m:${startPage.toString(16)}`,
		depth: 0,
		icon: "code",
		name: "Code",
		startPage,
		endPage: startPage + 10,
		permissions: "r-xp",
		size: 40_960,
		value: 4096,
		strip: [],
		...changes,
	};
}

/** A window that holds all of its list. */
export function rowWindowOf(rows: readonly Row[], first = 0, total = first + rows.length): RowWindow {
	return { total, matching: total, first, rows, columns: new Uint8Array(0) };
}

/** A frame whose list is `rows`. */
export function frameOf(rows: RowWindow, changes: Partial<MapFrame> = {}): MapFrame {
	return {
		sample: {
			number: 1,
			time: 0,
			cost: { total: 5, maps: 1, rollup: 1, pages: 2, cache: 1, smaps: 0 },
			changedPages: 0,
			smaps: false,
		},
		process: {
			pid: 42,
			startTime: "7",
			name: "gallery",
			commandLine: ["gallery"],
			state: "S",
			threads: 1,
			user: "someone",
			parentPid: 1,
		},
		status: { kind: "ok" },
		pageSize: 4096,
		totals: { virtual: 0, accessible: 0, mappings: rows.total, mostMappings: [] },
		kinds: [],
		statePages: statePages({}),
		overview: { segments: [], columns: new Uint8Array(0), columnPages: new Float64Array(0) },
		rows,
		...changes,
	};
}

/** Pages with these states from `startPage` on, without flags. */
export function pageCells(startPage: number, states: readonly PageState[], flags: readonly number[] = []): PageCells {
	return {
		startPage,
		states: Uint8Array.from(states, (state) => stateCode[state]),
		flags: Uint8Array.from(states, (_, index) => flags[index] ?? 0),
		detailed: true,
	};
}

/** One strip column with these shares, 0…255. */
export function stripColumn(shares: Partial<Record<PageState, number>>): Uint8Array {
	const column = new Uint8Array(stripStride);
	for (const [state, share] of Object.entries(shares)) column[stateCode[state as PageState] - 1] = share;
	return column;
}
