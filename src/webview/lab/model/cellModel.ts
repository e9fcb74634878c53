import type { RegionSide } from "../../../shared/labResult";
import { cellChanged, cellFileCached, cellStride, type PageCells, type ShareCells } from "../../../shared/mapFrame";
import { flagBit, stateCode } from "../../../shared/pageStates";

/** The pages of a region at one time, one cell a page; places without an answer are not present. */
export function pageCells(side: RegionSide, startPage: number, endPage: number): PageCells {
	const count = Math.max(0, endPage - startPage);
	const states = new Uint8Array(count);
	const flags = new Uint8Array(count);
	for (const run of side.pages) {
		const from = Math.max(run.start, startPage) - startPage;
		const to = Math.min(run.end, endPage) - startPage;
		if (to <= from) continue;
		states.fill(run.state, from, to);
		flags.fill(run.flags & ~flagBit.changed, from, to);
	}
	return { startPage, states, flags, detailed: true };
}

/** Marks in `after` the pages that are other than `before`; how many those are. */
export function markChanges(before: PageCells, after: PageCells): number {
	// A fork makes pages not exclusive, which is a change that one should see.
	const telling = flagBit.exclusive | flagBit.huge | flagBit.fileCached;
	let changed = 0;
	for (let at = 0; at < after.states.length; at++) {
		const same =
			before.states[at] === after.states[at] && (((before.flags[at] ?? 0) ^ (after.flags[at] ?? 0)) & telling) === 0;
		if (same) continue;
		changed++;
		after.flags[at] = (after.flags[at] ?? 0) | flagBit.changed;
	}
	return changed;
}

/** Sums of `cells` in shares of `pagesPerCell` pages, for regions of more pages than there is room for cells. */
export function shareCells(cells: PageCells, pagesPerCell: number): ShareCells {
	const pages = cells.states.length;
	const counts = new Uint32Array(Math.ceil(pages / pagesPerCell) * cellStride);
	const add = (index: number) => {
		counts[index] = (counts[index] ?? 0) + 1;
	};
	for (let page = 0; page < pages; page++) {
		const at = Math.floor(page / pagesPerCell) * cellStride;
		const flags = cells.flags[page] ?? 0;
		add(at + (cells.states[page] ?? stateCode.unknown));
		if (flags & flagBit.fileCached) add(at + cellFileCached);
		if (flags & flagBit.changed) add(at + cellChanged);
	}
	return { startPage: cells.startPage, endPage: cells.startPage + pages, pagesPerCell, counts };
}

/** Codes of the states that occur, in the order of `order`. */
export function occurringStates(order: readonly number[], ...cells: readonly PageCells[]): number[] {
	return order.filter((code) => cells.some(({ states }) => states.includes(code)));
}
