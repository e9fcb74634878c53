import type { PageRunData, RegionSide } from "../../../shared/labResult";
import { cellChanged, cellFileCached, cellStride, type PageCells, type ShareCells } from "../../../shared/mapFrame";
import { flagBit, stateCode } from "../../../shared/pageStates";

/** The pages of a region at one time, as runs that cover it: a region that was only reserved may have 134 million. */
export interface Strip {
	readonly startPage: number;
	readonly endPage: number;
	readonly runs: readonly PageRunData[];
}

/** The pages of a side; places without an answer are not present. */
export function stripOf(side: Pick<RegionSide, "pages">, startPage: number, endPage: number): Strip {
	const runs: PageRunData[] = [];
	let at = startPage;
	for (const { start, end, state, flags } of side.pages) {
		const [from, to] = [Math.max(start, at), Math.min(end, endPage)];
		if (to <= from) continue;
		if (from > at) runs.push({ start: at, end: from, state: stateCode.notPresent, flags: 0 });
		runs.push({ start: from, end: to, state, flags: flags & ~flagBit.changed });
		at = to;
	}
	if (at < endPage) runs.push({ start: at, end: endPage, state: stateCode.notPresent, flags: 0 });
	return { startPage, endPage, runs };
}

/** `after`, with the pages marked that are other than `before`, and how many those are. */
export function markChanges(before: Strip, after: Strip): { readonly strip: Strip; readonly changed: number } {
	// A fork makes pages not exclusive, which is a change that one should see.
	const telling = flagBit.exclusive | flagBit.huge | flagBit.fileCached;
	const runs: PageRunData[] = [];
	let [changed, i] = [0, 0];
	for (const now of after.runs) {
		for (let at = now.start; at < now.end; ) {
			while (i < before.runs.length && (before.runs[i]?.end ?? 0) <= at) i++;
			const then = before.runs[i];
			const end = Math.min(now.end, then?.end ?? now.end);
			const same = then?.state === now.state && ((then.flags ^ now.flags) & telling) === 0;
			if (!same) changed += end - at;
			runs.push({ start: at, end, state: now.state, flags: now.flags | (same ? 0 : flagBit.changed) });
			at = end;
		}
	}
	return { strip: { ...after, runs }, changed };
}

/** One cell a page, for a region that has room for them. */
export function pageCells({ startPage, endPage, runs }: Strip): PageCells {
	const states = new Uint8Array(endPage - startPage);
	const flags = new Uint8Array(endPage - startPage);
	for (const run of runs) {
		states.fill(run.state, run.start - startPage, run.end - startPage);
		flags.fill(run.flags, run.start - startPage, run.end - startPage);
	}
	return { startPage, states, flags, detailed: true };
}

/** Sums of pages in shares of `pagesPerCell`, for regions of more pages than there is room for cells. */
export function shareCells({ startPage, endPage, runs }: Strip, pagesPerCell: number): ShareCells {
	const counts = new Uint32Array(Math.ceil((endPage - startPage) / pagesPerCell) * cellStride);
	for (const { start, end, state, flags } of runs) {
		for (let at = start; at < end; ) {
			const cell = Math.floor((at - startPage) / pagesPerCell);
			const to = Math.min(end, startPage + (cell + 1) * pagesPerCell);
			const add = (index: number) => {
				counts[cell * cellStride + index] = (counts[cell * cellStride + index] ?? 0) + to - at;
			};
			add(state);
			if (flags & flagBit.fileCached) add(cellFileCached);
			if (flags & flagBit.changed) add(cellChanged);
			at = to;
		}
	}
	return { startPage, endPage, pagesPerCell, counts };
}

/** Pages by state code, of [from, to) or of all. */
export function countStates({ runs }: Strip, from = 0, to = Number.MAX_SAFE_INTEGER): Map<number, number> {
	const counts = new Map<number, number>();
	for (const { start, end, state } of runs) {
		const pages = Math.min(end, to) - Math.max(start, from);
		if (pages > 0) counts.set(state, (counts.get(state) ?? 0) + pages);
	}
	return counts;
}

/** The run that a page is in; undefined outside of the region. */
export function runAt({ runs }: Strip, page: number): PageRunData | undefined {
	return runs.find(({ start, end }) => page >= start && page < end);
}

/** Codes of the states that occur, in the order of `order`. */
export function occurringStates(order: readonly number[], ...strips: readonly Strip[]): number[] {
	return order.filter((code) => strips.some(({ runs }) => runs.some(({ state }) => state === code)));
}
