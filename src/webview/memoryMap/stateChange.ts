import { cellStride, type PageCells, type ShareCells } from "../../shared/mapFrame";
import { maxPagesPerCall } from "../../shared/mapPanel";
import { stateCount } from "../../shared/pageStates";
import type { PageRange } from "./pageSource";

/** Calls after which a search ends where it is: two million pages, about two seconds. */
const callLimit = 128;

/**
 * The nearest page from `page` on, in a direction, whose state is another; the last page of the range when all are the
 * same. `shares` (counts of the same sample) let it pass over parts that hold one state without asking for their pages.
 */
export async function findStateChange(
	fetchPages: (startPage: number, endPage: number) => Promise<PageCells>,
	range: PageRange,
	page: number,
	step: 1 | -1,
	shares: ShareCells | undefined,
): Promise<number> {
	const last = step === 1 ? range.endPage - 1 : range.startPage;
	let state: number | undefined;
	let at = page;
	for (let call = 0; call < callLimit && at >= range.startPage && at < range.endPage; call++) {
		const startPage = step === 1 ? at : Math.max(range.startPage, at - maxPagesPerCall + 1);
		const endPage = step === 1 ? Math.min(range.endPage, at + maxPagesPerCall) : at + 1;
		const cells = await fetchPages(startPage, endPage);
		state ??= cells.states[page - cells.startPage];
		const found = changeIn(cells, at, step, state ?? 0);
		if (found !== undefined) return found;
		at = step === 1 ? endPage : startPage - 1;
		if (shares && state !== undefined) at = skipUniform(shares, at, step, state);
	}
	return Math.max(range.startPage, Math.min(last, at));
}

/** The first page from `page` on within `cells` that is not in `state`. */
export function changeIn(cells: PageCells, page: number, step: 1 | -1, state: number): number | undefined {
	for (let index = page - cells.startPage; index >= 0 && index < cells.states.length; index += step) {
		if (cells.states[index] !== state) return cells.startPage + index;
	}
	return undefined;
}

/** The first page from `page` on that lies in a share with other states than `state`. */
export function skipUniform(shares: ShareCells, page: number, step: 1 | -1, state: number): number {
	const { startPage, endPage, pagesPerCell, counts } = shares;
	let at = page;
	while (at >= startPage && at < endPage) {
		const share = Math.floor((at - startPage) / pagesPerCell);
		for (let code = 0; code < stateCount; code++) {
			if (code !== state && (counts[share * cellStride + code] ?? 0) > 0) return at;
		}
		at = step === 1 ? startPage + (share + 1) * pagesPerCell : startPage + share * pagesPerCell - 1;
	}
	return at;
}
