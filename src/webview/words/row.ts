import { type Row, stripChanged, stripFileCached, stripStride } from "../../shared/mapFrame";
import { type PageState, pageStates } from "../../shared/pageStates";
import { visibleText } from "../../shared/text";
import { formatBytes, hexPage, noValue } from "../../shared/units";
import { permissionsInWords, stateWords } from "./names";
import { mappingCount, pageCount } from "./phrases";

/** A row for screen readers: everything that its cells say, in words. */
export function rowLabel(row: Row, pageSize: number, measureName: string): string {
	if (row.type === "gap") return `gap of ${formatBytes(row.size)}`;
	const parts = [visibleText(row.name)];
	if (row.note !== undefined) parts.push(row.note);
	if (row.count !== undefined) parts.push(mappingCount(row.count));
	parts.push(`at ${hexPage(row.startPage, pageSize)}`);
	if (row.permissions !== undefined) parts.push(permissionsInWords(row.permissions));
	parts.push(formatBytes(row.size));
	parts.push(`${row.value === undefined ? "none" : formatBytes(row.value)} ${measureName.toLowerCase()}`);
	return parts.join(", ");
}

/** A row's number in the measure's column; a dash where it is not known or means nothing. */
export function valueText(row: Row): string {
	return row.value === undefined ? noValue : formatBytes(row.value);
}

/** The rule of a gap: `gap 12.2 TiB`. */
export function gapText(row: Row): string {
	return `gap ${formatBytes(row.size)}`;
}

/** States in the order of the strip's stack, without what is absent. */
const stacked: readonly PageState[] = ["anonymous", "file", "shmem", "zero", "cached", "swapped", "guard", "unknown"];

/** Share of each state in a strip's columns [first, end), 0…1; what is left to 1 is not present. */
export function stateShares(columns: Uint8Array, first: number, end: number): ReadonlyMap<PageState, number> {
	const shares = new Map<PageState, number>();
	for (const state of stacked) {
		let sum = 0;
		for (let column = first; column < end; column++) {
			sum += columns[column * stripStride + pageStates.indexOf(state) - 1] ?? 0;
		}
		if (sum > 0) shares.set(state, sum / 255 / Math.max(1, end - first));
	}
	return shares;
}

/** Share of each state in all of a row's strip, each segment by the number of its pages. */
export function rowShares(row: Row, columns: Uint8Array): ReadonlyMap<PageState, number> {
	const total = row.strip.reduce((sum, { startPage, endPage }) => sum + endPage - startPage, 0);
	const shares = new Map<PageState, number>();
	for (const { startPage, endPage, firstColumn, columnCount } of row.strip) {
		for (const [state, share] of stateShares(columns, firstColumn, firstColumn + columnCount)) {
			shares.set(state, (shares.get(state) ?? 0) + (share * (endPage - startPage)) / total);
		}
	}
	return shares;
}

/** `30 % mapped, 63 % cached, not mapped`; `not present` for nothing. */
export function sharesInWords(shares: ReadonlyMap<PageState, number>): string {
	const words = [...shares].map(([state, share]) => {
		if (share > 0.995) return `all ${stateWords[state]}`;
		return `${share < 0.01 ? "<1" : Math.round(share * 100)} % ${stateWords[state]}`;
	});
	return words.length === 0 ? "not present" : words.join(", ");
}

/** What a place of a strip says: its pages, and their states. `column` indexes `columns`. */
export function describeColumn(columns: Uint8Array, column: number, pages: number): string {
	const at = column * stripStride;
	const shares = stateShares(columns, column, column + 1);
	const extra: string[] = [];
	if ((columns[at + stripFileCached] ?? 0) > 0) extra.push("the original in the page cache");
	if ((columns[at + stripChanged] ?? 0) > 0) extra.push("changed");
	if (pages === 1) {
		const [state] = shares.keys();
		return [state === undefined ? "not present" : stateWords[state], ...extra].join(", ");
	}
	return [`${pageCount(pages)}: ${sharesInWords(shares)}`, ...extra].join(", ");
}
