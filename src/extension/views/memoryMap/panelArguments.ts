import { type CardPlace, mostStrips } from "../../../shared/debug/stopLayer";
import { MapscopeError } from "../../../shared/errors";
import { type ListOrder, type MapQuery, measures } from "../../../shared/mapFrame";
import { maxPagesPerCall, type PanelState, type SavedView, type StripRoom } from "../../../shared/mapPanel";
import { mappingKinds } from "../../../shared/mappingKinds";
import { pageStates } from "../../../shared/pageStates";

/**
 * Arguments that come from the webview. Whatever wrote them, the host acts on nothing but what these functions let
 * through; each returns its argument narrowed, or throws `bug`.
 */

/** Page numbers stay below 2^52 (a 64-bit address over 4 KiB pages), where doubles are exact. */
const pageLimit = 2 ** 52;
/** More than any screen asks for; bounds what one frame can cost. */
const limits = {
	rows: 4096,
	columns: 16_384,
	cells: 65_536,
	overview: 16_384,
	text: 1000,
	key: 5000,
	list: 20_000,
	copy: 1_000_000,
};
const orders: readonly ListOrder[] = ["address", "resident", "size"];
const shortestPeriod = 100;
const longestPeriod = 3_600_000;

/** A page number. */
export function pageNumber(value: unknown): number {
	return integer(value, 0, pageLimit, "page");
}

/** A range of pages that one call may ask for. */
export function pageRange(start: unknown, end: unknown): readonly [number, number] {
	const first = pageNumber(start);
	return [first, integer(end, first, first + maxPagesPerCall, "end page")];
}

/** The number of a stop. */
export function stopNumber(value: unknown): number {
	return integer(value, 1, Number.MAX_SAFE_INTEGER, "stop");
}

/** The index of a list of changes. */
export function listIndex(value: unknown): number {
	return integer(value, 0, 1, "list");
}

/** First pages of mappings whose strips are wanted. */
export function stripPages(value: unknown): number[] {
	const pages = list(value, "pages", pageNumber);
	return pages.length <= mostStrips ? pages : refuse("number of strips");
}

/** How much room a strip has. */
export function stripRoom(value: unknown): StripRoom {
	const { stripColumns, stripCells } = record(value, "room");
	return {
		stripColumns: integer(stripColumns, 0, limits.columns, "strip columns"),
		stripCells: integer(stripCells, 0, limits.columns, "strip cells"),
	};
}

/** A link of the card about a fault that the host follows. */
export function cardLink(value: unknown): CardPlace {
	return oneOf(["map", "source", "recursion"] as const, value, "link");
}

/** What is on screen. Unknown properties are left behind. */
export function mapQuery(value: unknown): MapQuery {
	const { measure, order, grouped, filter, kinds, unfolded, rows, overviewWidth, inspectorCells, selectedPage } =
		record(value, "query");
	const { first, count, stripColumns, stripCells } = record(rows, "rows");
	return {
		measure: oneOf(measures, measure, "measure"),
		order: oneOf(orders, order, "order"),
		grouped: flag(grouped, "grouped"),
		filter: text(filter, limits.text, "filter"),
		kinds: list(kinds, "kinds", (kind) => oneOf(mappingKinds, kind, "kind")),
		unfolded: list(unfolded, "unfolded", (key) => text(key, limits.key, "key")),
		rows: {
			first: integer(first, 0, pageLimit, "first row"),
			count: integer(count, 0, limits.rows, "row count"),
			stripColumns: integer(stripColumns, 0, limits.columns, "strip columns"),
			stripCells: integer(stripCells, 0, limits.columns, "strip cells"),
		},
		overviewWidth: integer(overviewWidth, 0, limits.overview, "overview width"),
		inspectorCells: integer(inspectorCells, 0, limits.cells, "inspector cells"),
		...(selectedPage === undefined ? {} : { selectedPage: pageNumber(selectedPage) }),
	};
}

/** On or off. */
export function flag(value: unknown, what = "flag"): boolean {
	return typeof value === "boolean" ? value : refuse(what);
}

/** A period of the live view in milliseconds. */
export function periodArgument(value: unknown): number {
	return integer(value, shortestPeriod, longestPeriod, "period");
}

/** Lines for the clipboard. */
export function copiedLines(value: unknown): string[] {
	const lines = list(value, "lines to copy", (line) => text(line, limits.copy, "line to copy"));
	const length = lines.reduce((sum, line) => sum + line.length, 0);
	return length <= limits.copy ? lines : refuse("amount of text to copy");
}

/** Which raw file to open. */
export function rawFile(value: unknown): "maps" | "smaps" {
	return oneOf(["maps", "smaps"] as const, value, "file");
}

/** The view's own state. */
export function savedView(value: unknown): SavedView {
	const saved = record(value, "state");
	const optional = <K extends keyof SavedView>(key: K, read: (field: unknown) => SavedView[K]) =>
		saved[key] === undefined ? {} : { [key]: read(saved[key]) };
	return {
		...optional("measure", (field) => oneOf(measures, field, "measure")),
		...optional("order", (field) => oneOf(orders, field, "order")),
		...optional("grouped", (field) => flag(field, "grouped")),
		...optional("filter", (field) => text(field, limits.text, "filter")),
		...optional("kinds", (field) => list(field, "kinds", (kind) => oneOf(mappingKinds, kind, "kind"))),
		...optional("unfolded", (field) => list(field, "unfolded", (key) => text(key, limits.key, "key"))),
		...optional("selectedPage", pageNumber),
		...optional("hiddenStates", (field) => list(field, "states", (state) => oneOf(pageStates, state, "state"))),
		...optional("inspectorWidth", (field) => finite(field, "inspector width")),
		...optional("scrollRow", (field) => finite(field, "scroll position")),
		...optional("table", (field) => flag(field, "table")),
		...optional("colourByKind", (field) => flag(field, "colours")),
	};
}

/** What VS Code kept for a panel over a reload; `undefined` when it is not ours. */
export function panelState(value: unknown): PanelState | undefined {
	if (typeof value !== "object" || value === null) return undefined;
	const { pid, startTime, name } = value as Record<string, unknown>;
	if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
	if (typeof startTime !== "string" || !/^\d{1,20}$/.test(startTime) || typeof name !== "string") return undefined;
	return { pid, startTime, name };
}

function refuse(what: string): never {
	throw new MapscopeError({ code: "bug", detail: `the webview sent no proper ${what}` });
}

function record(value: unknown, what: string): Record<string, unknown> {
	return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : refuse(what);
}

function finite(value: unknown, what: string): number {
	return typeof value === "number" && Number.isFinite(value) ? value : refuse(what);
}

function integer(value: unknown, least: number, most: number, what: string): number {
	const valid = typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
	return valid ? value : refuse(what);
}

function text(value: unknown, longest: number, what: string): string {
	return typeof value === "string" && value.length <= longest ? value : refuse(what);
}

function list<T>(value: unknown, what: string, read: (item: unknown) => T): T[] {
	return Array.isArray(value) && value.length <= limits.list ? value.map(read) : refuse(what);
}

function oneOf<T extends string>(choices: readonly T[], value: unknown, what: string): T {
	return choices.find((choice) => choice === value) ?? refuse(what);
}
