import { type ListOrder, type MapQuery, type Measure, measures } from "../../shared/mapFrame";
import type { SavedView } from "../../shared/mapPanel";
import { type MappingKind, mappingKinds } from "../../shared/mappingKinds";
import { type PageState, pageStates } from "../../shared/pageStates";

/** What the person has chosen. Everything else on the screen follows from this, the frame and the sizes of the blocks. */
export interface ViewState {
	readonly measure: Measure;
	readonly order: ListOrder;
	readonly grouped: boolean;
	readonly filter: string;
	readonly kinds: readonly MappingKind[];
	readonly unfolded: readonly string[];
	readonly hiddenStates: readonly PageState[];
	/** Key of the selected group row; at most one of this and {@link selectedPage} is set. */
	readonly selectedGroup: string | undefined;
	/** A page of the selected mapping: its first, unless {@link pageChosen}. */
	readonly selectedPage: number | undefined;
	/** A page was chosen, and not just its mapping. */
	readonly pageChosen: boolean;
	/** First page of the mapping whose pages are open; undefined while the list is shown. */
	readonly openPage: number | undefined;
	readonly inspectorOpen: boolean;
	/** CSS pixels: width of the inspector beside the list. */
	readonly inspectorWidth: number;
	/** CSS pixels: height of the inspector below the list; undefined for 40 % of the panel. */
	readonly sheetHeight: number | undefined;
	/** In a narrow panel the sheet shows everything, and not just title and sentence. */
	readonly sheetOpen: boolean;
	readonly table: boolean;
	/** At a stop of the debugger, what has changed is shown, and not the map. */
	readonly changes: boolean;
	/** In the overview and the page view, bodies take the colour of their mapping's kind instead of their state. */
	readonly colourByKind: boolean;
	/** The bars by kind are unfolded (narrow panels fold them to a line). */
	readonly kindsOpen: boolean;
	readonly scrollRow: number;
}

export const inspectorMinWidth = 280;

export const initialState: ViewState = {
	measure: "resident",
	order: "resident",
	grouped: true,
	filter: "",
	kinds: [],
	unfolded: [],
	hiddenStates: [],
	selectedGroup: undefined,
	selectedPage: undefined,
	pageChosen: false,
	openPage: undefined,
	inspectorOpen: true,
	inspectorWidth: 372,
	sheetHeight: undefined,
	sheetOpen: false,
	table: false,
	changes: true,
	colourByKind: false,
	kindsOpen: false,
	scrollRow: 0,
};

/** What of the state is kept over a reload. */
export function toSaved(state: ViewState): SavedView {
	return {
		measure: state.measure,
		order: state.order,
		grouped: state.grouped,
		filter: state.filter,
		kinds: state.kinds,
		unfolded: state.unfolded,
		hiddenStates: state.hiddenStates,
		inspectorWidth: state.inspectorWidth,
		scrollRow: state.scrollRow,
		table: state.table,
		colourByKind: state.colourByKind,
		...(state.selectedPage === undefined ? {} : { selectedPage: state.selectedPage }),
	};
}

/** The state a saved view stands for. It may come from an older version, so every field is checked. */
export function fromSaved(saved: SavedView | undefined): ViewState {
	if (!saved) return initialState;
	const orders: readonly ListOrder[] = ["address", "resident", "size"];
	return {
		...initialState,
		measure: oneOf(measures, saved.measure) ?? initialState.measure,
		order: oneOf(orders, saved.order) ?? initialState.order,
		grouped: saved.grouped ?? initialState.grouped,
		filter: typeof saved.filter === "string" ? saved.filter : "",
		kinds: someOf(mappingKinds, saved.kinds),
		unfolded: (saved.unfolded ?? []).filter((key) => typeof key === "string"),
		hiddenStates: someOf(pageStates, saved.hiddenStates),
		selectedPage: Number.isSafeInteger(saved.selectedPage) ? saved.selectedPage : undefined,
		inspectorWidth: Math.max(inspectorMinWidth, Number(saved.inspectorWidth) || initialState.inspectorWidth),
		scrollRow: Math.max(0, Number(saved.scrollRow) || 0),
		table: saved.table === true,
		colourByKind: saved.colourByKind === true,
	};
}

function oneOf<T extends string>(choices: readonly T[], value: unknown): T | undefined {
	return choices.find((choice) => choice === value);
}

function someOf<T extends string>(choices: readonly T[], values: readonly unknown[] | undefined): T[] {
	return choices.filter((choice) => values?.includes(choice) === true);
}

/** Selecting a row: the mapping at `page`, or the group `key`. */
export function selectMapping(page: number): Partial<ViewState> {
	return { selectedPage: page, selectedGroup: undefined, pageChosen: false };
}

export function selectGroup(key: string): Partial<ViewState> {
	return { selectedPage: undefined, selectedGroup: key, pageChosen: false };
}

/** Selecting one page. */
export function selectPage(page: number): Partial<ViewState> {
	return { selectedPage: page, selectedGroup: undefined, pageChosen: true };
}

/** `list` with `item` put in or taken out. */
export function toggled<T>(list: readonly T[], item: T): T[] {
	return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}

/** The kinds after a click on one: alone, added (Ctrl), or cleared by a second click. */
export function clickedKinds(kinds: readonly MappingKind[], kind: MappingKind, add: boolean): MappingKind[] {
	if (add) return toggled(kinds, kind);
	return kinds.length === 1 && kinds[0] === kind ? [] : [kind];
}

/** The hidden states after a click on one in the legend; `solo` (Alt) shows only it, and all again the second time. */
export function clickedStates(hidden: readonly PageState[], state: PageState, solo: boolean): PageState[] {
	if (!solo) return toggled(hidden, state);
	const others = pageStates.filter((other) => other !== state);
	return hidden.length === others.length && !hidden.includes(state) ? [] : others;
}

/** Whether the inspector is on the screen: it is open and something is selected. */
export function isInspecting(state: ViewState): boolean {
	return state.inspectorOpen && (state.selectedPage !== undefined || state.selectedGroup !== undefined);
}

/** What the blocks have room for; they report it as they are laid out. */
export interface Viewport {
	readonly rows: MapQuery["rows"];
	readonly overviewWidth: number;
	readonly inspectorCells: number;
	/** The rows of the table, when it stands in for the list. */
	readonly tableRows: MapQuery["rows"];
	/** The rows of the page view, in address order without groups. */
	readonly pageRows: { readonly first: number; readonly count: number };
}

export const initialViewport: Viewport = {
	rows: { first: 0, count: 64, stripColumns: 128, stripCells: 50 },
	overviewWidth: 0,
	inspectorCells: 0,
	tableRows: { first: 0, count: 200, stripColumns: 64, stripCells: 64 },
	pageRows: { first: 0, count: 1 },
};

/** Shares of the open mapping that the page view asks for: they let a search for the next change pass over the rest. */
const pageViewShares = 256;

/** The query for what is on screen. */
export function buildQuery(state: ViewState, viewport: Viewport): MapQuery {
	const selected = state.selectedPage === undefined ? {} : { selectedPage: state.selectedPage };
	if (state.openPage !== undefined) {
		// Pages follow each other as in memory: no groups, no filter, no order but the address.
		return {
			measure: "resident",
			order: "address",
			grouped: false,
			filter: "",
			kinds: [],
			unfolded: [],
			rows: { ...viewport.pageRows, stripColumns: 1, stripCells: 1 },
			overviewWidth: 0,
			inspectorCells: pageViewShares,
			...selected,
		};
	}
	return {
		measure: state.measure,
		order: state.order,
		grouped: state.grouped,
		filter: state.filter.trim(),
		kinds: state.kinds,
		unfolded: state.unfolded,
		rows: state.table ? viewport.tableRows : viewport.rows,
		overviewWidth: viewport.overviewWidth,
		inspectorCells: isInspecting(state) ? viewport.inspectorCells : 0,
		...selected,
	};
}
