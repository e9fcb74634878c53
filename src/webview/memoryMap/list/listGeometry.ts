import type { LayoutMode } from "../layoutMode";
import type { ListModel, ListRow } from "../listRows";
import { rowAt } from "../listRows";

/** Heights of rows by layout, CSS pixels; `strip` is where a row's strip begins below the row's top. */
export function rowHeights(layout: LayoutMode): { readonly row: number; readonly gap: number; readonly strip: number } {
	return layout === "narrow" ? { row: 43, gap: 14, strip: 25 } : { row: 22, gap: 14, strip: 5 };
}

/** A row and where it lies in the visible part of the list, CSS pixels. */
export interface PlacedRow extends ListRow {
	readonly index: number;
	readonly top: number;
	readonly height: number;
}

/**
 * Places the rows that are visible when the list is scrolled to `scrollTop`, in a content of `rowHeight` per row. Rules
 * of gaps are lower than rows, and where they are is known for loaded rows only: the row under the top edge is exact,
 * the rows below follow it closely.
 */
export function placeRows(
	list: ListModel,
	scrollTop: number,
	viewHeight: number,
	heights: { readonly row: number; readonly gap: number },
): PlacedRow[] {
	const placed: PlacedRow[] = [];
	let index = Math.floor(scrollTop / heights.row);
	const within = scrollTop / heights.row - index;
	const heightOf = (row: ListRow | undefined) => (row?.row.type === "gap" ? heights.gap : heights.row);
	let top = 0 - within * heightOf(rowAt(list, index));
	for (; index < list.total && top < viewHeight; index++) {
		const found = rowAt(list, index);
		const height = heightOf(found);
		if (found) placed.push({ ...found, index, top: Math.round(top), height });
		top += height;
	}
	return placed;
}

/** The placed row at `y`. */
export function rowUnder(placed: readonly PlacedRow[], y: number): PlacedRow | undefined {
	return placed.find(({ top, height }) => y >= top && y < top + height);
}

/** The scroll position that shows row `index` with as little movement as can be; undefined when it is visible. */
export function revealRow(
	index: number,
	scrollTop: number,
	viewHeight: number,
	placed: readonly PlacedRow[],
	rowHeight: number,
): number | undefined {
	const shown = placed.find((row) => row.index === index);
	if (shown && shown.top >= 0 && shown.top + shown.height <= viewHeight) return undefined;
	if (index * rowHeight <= scrollTop) return index * rowHeight;
	return Math.max(0, (index + 1) * rowHeight - viewHeight);
}
