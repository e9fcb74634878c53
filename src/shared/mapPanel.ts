import type { CardPlace, StopLayer, Strips } from "./debug/stopLayer";
import type { Location, MapFrame, MapQuery, PageCells } from "./mapFrame";
import type { PageBytes } from "./pageBytes";
import type { PageFrame } from "./pageFrame";
import type { PagePlace } from "./pagePlace";
import type { Relations } from "./relations";

/** What the Memory Map webview may ask of the extension host. */
export interface MapPanelService {
	/** First call of a fresh webview; afterwards frames arrive as events whenever a sample was taken. */
	ready(): Promise<MapPanelSettings>;
	/** The picture of the last sample (the first call takes one). The query is kept for the frames of later samples. */
	frame(query: MapQuery): Promise<MapFrame>;
	/** Pages one by one with all their flags; at most {@link maxPagesPerCall}. */
	pages(startPage: number, endPage: number): Promise<PageCells>;
	/** Finds the row of a page in the list of the last query. */
	locate(page: number): Promise<Location>;
	/** Reads one page's bytes, because the person asked for it. Rejects with `io`/EIO where the kernel refuses. */
	bytes(page: number): Promise<PageBytes>;
	/** What of a program or library lies in a page. */
	describe(page: number): Promise<PagePlace>;
	/** The physical memory behind a page. */
	pageFrame(page: number): Promise<PageFrame>;
	/** Who else maps what lies at a page; looks at every process, because the person asked for it. */
	relations(page: number): Promise<Relations>;
	/** The stops of the process, when it is debugged; null when it is not. */
	stops(): Promise<StopLayer | null>;
	/** Shows a stop as it was, compared with another: with the one before, unless `against` names one. */
	showStop(stop: number, against?: number): Promise<void>;
	/** Strips of the mappings of a {@link ChangeList} of the layer (by its index) that begin at these pages. */
	strips(list: number, startPages: readonly number[], room: StripRoom): Promise<Strips>;
	/** Follows a link of the card about a fault: to its address in the map, or to a place in the source. */
	followCard(link: CardPlace): Promise<void>;
	setLive(live: boolean): Promise<void>;
	setPeriod(milliseconds: number): Promise<void>;
	refresh(): Promise<void>;
	/** Reads `smaps` once although it is expensive for this process. */
	readSmaps(): Promise<void>;
	/** Puts lines of text into the clipboard, with what is invisible in each escaped. */
	copy(lines: readonly string[]): Promise<void>;
	openText(file: "maps" | "smaps"): Promise<void>;
	/** Opens the *Go to Address* prompt. */
	promptForAddress(): Promise<void>;
	/** Opens the map of the next process that has this one's name. */
	watchNext(): Promise<void>;
	/** Keeps what is restored after a window reload. */
	saveState(state: SavedView): Promise<void>;
}

/** Most pages that one call of {@link MapPanelService.pages} answers: 16,384 pages are 32 KiB on the wire. */
export const maxPagesPerCall = 16_384;

/** How many columns, or cells of one page, a strip has room for. */
export type StripRoom = Pick<MapQuery["rows"], "stripColumns" | "stripCells">;

/** What the host tells the webview unasked. */
export interface MapPanelEvents {
	frame: MapFrame;
	settings: MapPanelSettings;
	/** The stops of the process are others, or another is shown; null when it is debugged no more. */
	stops: StopLayer | null;
	/** Select the mapping that holds this page, and the page. */
	goTo: { readonly page: number };
	/** A command of the palette that the webview carries out. */
	focusFind: null;
	showTable: null;
}

export interface MapPanelSettings {
	readonly live: boolean;
	readonly period: number;
	/** The period in force, longer than `period` when sampling is expensive. */
	readonly effectivePeriod: number;
	/** What `smaps` would cost by estimate, in ms, when it was not read for that reason. */
	readonly smapsEstimate?: number;
	readonly saved?: SavedView;
	/** The webview hands this to VS Code's `setState` as it is: a window that is reloaded gives it back to the host. */
	readonly restore: PanelState;
}

/** Which process a restored panel shows; its {@link SavedView} is kept by the host. */
export interface PanelState {
	readonly pid: number;
	/** Clock ticks since boot, decimal. */
	readonly startTime: string;
	/** Hostile text. */
	readonly name: string;
}

/** The view's own state: plain JSON, kept over a window reload. */
export interface SavedView {
	readonly measure?: MapQuery["measure"];
	readonly order?: MapQuery["order"];
	readonly grouped?: boolean;
	readonly filter?: string;
	readonly kinds?: MapQuery["kinds"];
	readonly unfolded?: readonly string[];
	readonly selectedPage?: number;
	readonly hiddenStates?: readonly string[];
	readonly inspectorWidth?: number;
	readonly scrollRow?: number;
	readonly table?: boolean;
	readonly colourByKind?: boolean;
}
