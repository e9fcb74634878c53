import type { MapFrame, MapQuery, Row, RowWindow } from "../../shared/mapFrame";

/** A row with the strip columns its segments index into. */
export interface ListRow {
	readonly row: Row;
	readonly columns: Uint8Array;
}

/** The rows that the list draws; `held` while a new structure waits. */
export interface ListModel {
	readonly total: number;
	readonly matching: number;
	readonly first: number;
	readonly rows: readonly ListRow[];
	/** What is held back: the frame whose rows come in their place. */
	readonly held: HeldChange | undefined;
}

/** How many mappings a held frame has more or fewer. */
export interface HeldChange {
	readonly added: number;
}

export const emptyList: ListModel = { total: 0, matching: 0, first: 0, rows: [], held: undefined };

/** The list of a frame as it is. */
export function listOf(window: RowWindow): ListModel {
	return {
		total: window.total,
		matching: window.matching,
		first: window.first,
		rows: window.rows.map((row) => ({ row, columns: window.columns })),
		held: undefined,
	};
}

/** Whether both hold the same rows at the same places, so that values can change without anything moving. */
export function sameStructure(list: ListModel, window: RowWindow): boolean {
	if (list.total !== window.total) return false;
	const shift = window.first - list.first;
	return window.rows.every((row, index) => {
		const shown = list.rows[index + shift]?.row;
		return shown === undefined || (shown.key === row.key && shown.unfolded === row.unfolded);
	});
}

/**
 * The list with its rows where they are and the values of a newer frame: what a pointer rests on must not slip away
 * under it. Rows that are gone keep their last values.
 */
export function holdBack(list: ListModel, frame: Pick<MapFrame, "rows" | "totals">, mappings: number): ListModel {
	const fresh = new Map(frame.rows.rows.map((row) => [row.key, row]));
	return {
		...list,
		rows: list.rows.map((shown) => {
			const row = fresh.get(shown.row.key);
			if (!row) return shown;
			const { unfolded } = shown.row;
			return { row: unfolded === undefined ? row : { ...row, unfolded }, columns: frame.rows.columns };
		}),
		held: { added: frame.totals.mappings - mappings },
	};
}

/** What the list's head says of a held change: `3 new mappings`. */
export function heldText({ added }: HeldChange): string {
	if (added === 0) return "The order has changed";
	const count = Math.abs(added);
	return `${count} ${added > 0 ? "new" : "fewer"} mapping${count === 1 ? "" : "s"}`;
}

/** Rows asked for at a time; the window moves in steps of this, so that scrolling does not ask at every row. */
const step = 16;

/** The window of rows to ask for: what is visible and a screen on either side. */
export function rowWindow(firstVisible: number, visible: number): Pick<MapQuery["rows"], "first" | "count"> {
	const screen = Math.max(1, Math.ceil(visible));
	const first = Math.max(0, Math.floor((firstVisible - screen) / step) * step);
	const end = Math.ceil((firstVisible + 2 * screen) / step) * step;
	return { first, count: end - first + step };
}

/** The row at a place of the whole list, when it is loaded. */
export function rowAt(list: ListModel, index: number): ListRow | undefined {
	return list.rows[index - list.first];
}

/** Place of the row that is selected, when it is loaded: the group with this key, or the mapping that holds the page. */
export function selectedIndex(
	list: ListModel,
	selection: { readonly group: string | undefined; readonly page: number | undefined },
): number | undefined {
	const { group, page } = selection;
	const at = list.rows.findIndex(({ row }) => {
		if (group !== undefined) return row.key === group;
		return row.type === "mapping" && page !== undefined && page >= row.startPage && page < row.endPage;
	});
	return at < 0 ? undefined : list.first + at;
}

/** The nearest row from `index` on in a direction that can be selected: gaps cannot. Undefined when it is not loaded. */
export function selectableFrom(list: ListModel, index: number, step: 1 | -1): number | undefined {
	for (let at = index; at >= 0 && at < list.total; at += step) {
		const found = rowAt(list, at);
		if (!found) return undefined;
		if (found.row.type !== "gap") return at;
	}
	return undefined;
}

/** Place of the group that holds the row at `index`. */
export function parentIndex(list: ListModel, index: number): number | undefined {
	const depth = rowAt(list, index)?.row.depth ?? 0;
	for (let at = index - 1; at >= list.first; at--) {
		const row = rowAt(list, at)?.row;
		if (row?.type === "group" && row.depth < depth) return at;
	}
	return undefined;
}
