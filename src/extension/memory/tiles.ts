import { cellStride, stripChanged, stripFileCached, stripStride } from "../../shared/mapFrame";
import { stateCount } from "../../shared/pageStates";
import { changedCounter, countCells, counterCount, fileCachedCounter, type PageRuns } from "./pageRuns";

/**
 * Tiles: equal shares of a range of pages, counted by state. What they cost follows the cells asked for and not the pages
 * or runs below them.
 */

/** Grows as columns are added: the strips of one frame share one array. */
export class ColumnWriter {
	#bytes = new Uint8Array(4096 * stripStride);
	#columns = 0;

	get columns(): number {
		return this.#columns;
	}

	/** Adds a column for `pages` pages with these counters. */
	add(counts: Float64Array, pages: number): void {
		const at = this.#columns * stripStride;
		if (at + stripStride > this.#bytes.length) {
			const larger = new Uint8Array(this.#bytes.length * 2);
			larger.set(this.#bytes);
			this.#bytes = larger;
		}
		for (let state = 1; state < stateCount; state++) this.#bytes[at + state - 1] = share(counts[state] ?? 0, pages);
		this.#bytes[at + stripFileCached] = share(counts[fileCachedCounter] ?? 0, pages);
		this.#bytes[at + stripChanged] = share(counts[changedCounter] ?? 0, pages);
		this.#columns++;
	}

	/** A copy of exactly the columns written: a view would ship its whole buffer. */
	finish(): Uint8Array {
		return this.#bytes.slice(0, this.#columns * stripStride);
	}
}

/** A share of 0…255 that never lets a page vanish, nor lets almost all pass for all. */
function share(pages: number, of: number): number {
	if (pages <= 0) return 0;
	if (pages >= of) return 255;
	return Math.min(254, Math.max(1, Math.round((pages * 255) / of)));
}

/** Writes `columns` equal shares of [startPage, endPage) and returns the index of the first. */
export function writeColumns(
	writer: ColumnWriter,
	runs: PageRuns,
	startPage: number,
	endPage: number,
	columns: number,
): number {
	const first = writer.columns;
	const pages = endPage - startPage;
	countCells(
		runs,
		startPage,
		columns,
		(column) => startPage + Math.floor((pages * (column + 1)) / columns),
		(counters, share) => writer.add(counters, share),
	);
	return first;
}

/** Exact counts of cells of `pagesPerCell` pages each; the last cell takes what is left. */
export function shareCounts(runs: PageRuns, startPage: number, endPage: number, pagesPerCell: number): Uint32Array {
	const cells = Math.ceil((endPage - startPage) / pagesPerCell);
	const counts = new Uint32Array(cells * cellStride);
	let at = 0;
	countCells(
		runs,
		startPage,
		cells,
		(cell) => Math.min(endPage, startPage + (cell + 1) * pagesPerCell),
		(counters) => {
			for (let i = 0; i < counterCount; i++) counts[at++] = Math.min(0xffffffff, counters[i] ?? 0);
		},
	);
	return counts;
}

/** State and flags of each page of [startPage, endPage), one byte each. */
export function pageBytes(
	runs: PageRuns,
	startPage: number,
	endPage: number,
): { readonly states: Uint8Array; readonly flags: Uint8Array } {
	const states = new Uint8Array(endPage - startPage);
	const flags = new Uint8Array(endPage - startPage);
	for (let run = runs.firstRunEndingAfter(startPage); run < runs.count; run++) {
		const from = Math.max(startPage, runs.starts[run] ?? 0);
		const to = Math.min(endPage, runs.ends[run] ?? 0);
		if (from >= endPage) break;
		states.fill(runs.states[run] ?? 0, from - startPage, to - startPage);
		flags.fill(runs.flags[run] ?? 0, from - startPage, to - startPage);
	}
	return { states, flags };
}
