import type { StopLayer } from "../../shared/debug/stopLayer";
import type { MapPanelEvents, MapPanelService } from "../../shared/mapPanel";
import type { Client } from "../../shared/rpc";
import { element, setAttributes, setHidden } from "../ui/element";
import { Lifetime } from "../ui/lifetime";
import { Splitter } from "../ui/splitter";
import { observeTheme } from "../ui/theme";
import { Tooltip } from "../ui/tooltip";
import { Announcer } from "./announcer";
import { Header } from "./blocks/header";
import { KindBars } from "./blocks/kindBars";
import { KindKey } from "./blocks/kindKey";
import { Legend } from "./blocks/legend";
import { toggleLive } from "./blocks/liveControl";
import { MappingTable } from "./blocks/mappingTable";
import { Metrics } from "./blocks/metrics";
import { Notices } from "./blocks/notices";
import { OverviewBlock } from "./blocks/overviewBlock";
import { PageTable } from "./blocks/pageTable";
import type { Block, ViewContext } from "./context";
import { type Palette, readPalette, themeKindOf } from "./draw/palette";
import { Inspector } from "./inspector/inspector";
import { routeKeys } from "./keyRouter";
import { isTight, type LayoutMode, layoutMode } from "./layoutMode";
import { MappingList } from "./list/mappingList";
import { Navigator } from "./navigation";
import { PageSource } from "./pageSource";
import { PageView } from "./pageView/pageView";
import { ChangesView } from "./stops/changesView";
import { StopBar } from "./stops/stopBar";
import { MapStore, newestFrame, type Snapshot, showsChanges } from "./store";
import { Ticks } from "./ticks";
import { inspectorMinWidth, isInspecting, type ViewState } from "./viewState";

/** The whole view: makes the blocks, lays them out, and carries what one does over to the others. */
export class App {
	readonly node: HTMLElement;
	readonly store: MapStore;
	readonly navigator: Navigator;
	readonly #lifetime = new Lifetime();
	readonly #context: ViewContext;
	readonly #announcer: Announcer;
	readonly #header: Header;
	readonly #metrics: Metrics;
	readonly #notices: Notices;
	readonly #overview: OverviewBlock;
	readonly #kinds: KindBars;
	readonly #list: MappingList;
	readonly #table: MappingTable;
	readonly #pageView: PageView;
	readonly #pageTable: PageTable;
	readonly #inspector: Inspector;
	readonly #legend: Legend;
	readonly #kindKey: KindKey;
	readonly #stopBar: StopBar;
	readonly #changes: ChangesView;
	readonly #splitter: Splitter;
	readonly #main: HTMLElement;
	/** Whether the table was on the screen, once anything was. */
	#wasTable: boolean | undefined;
	#palette: Palette;
	#layout: LayoutMode = "wide";
	#height = 0;

	constructor(
		private readonly client: Client<MapPanelService, MapPanelEvents>,
		first: { readonly name: string; readonly pid: string },
	) {
		const lifetime = this.#lifetime;
		this.store = new MapStore(client.call, (render) => requestAnimationFrame(render));
		this.#palette = currentPalette();
		const redraw = () => this.store.redraw();
		const pages = new PageSource(client.call, redraw, (error) => this.store.fail(error));
		this.#announcer = new Announcer(pages);
		const context: ViewContext = {
			store: this.store,
			service: client.call,
			pages,
			tooltip: lifetime.own(new Tooltip()),
			ticks: lifetime.own(new Ticks()),
			palette: () => this.#palette,
			layout: () => this.#layout,
			tight: () => isTight(this.#layout, this.#height),
			announce: (text) => this.#announcer.say(text),
			perform: (call) => {
				call.catch((error: unknown) => this.store.fail(error));
			},
		};
		this.#context = context;
		this.navigator = new Navigator(context, {
			showRow: (index) => this.#list.show(index),
			focusMain: () => requestAnimationFrame(() => this.#focusMain()),
			pagesShow: (page) => this.#pageView.shows(page),
		});
		const actions = this.#actions();
		this.#header = new Header(lifetime, context, first);
		this.#metrics = new Metrics(lifetime, context);
		this.#notices = new Notices(context);
		this.#overview = new OverviewBlock(lifetime, context, actions);
		this.#kinds = new KindBars(lifetime, context);
		this.#list = new MappingList(lifetime, context, { ...actions, scrolled: () => this.#overview.draw() });
		this.#table = new MappingTable(lifetime, context, actions.openPages);
		this.#pageView = new PageView(lifetime, context, { ...actions, openMenu: actions.openPageMenu });
		this.#pageTable = new PageTable(lifetime, context);
		this.#inspector = new Inspector(lifetime, context, actions);
		this.#legend = new Legend(lifetime, context);
		this.#kindKey = new KindKey(element("footer", { class: "legend kind-legend", "aria-label": "Kinds" }), context);
		this.#stopBar = new StopBar(lifetime, context);
		this.#changes = new ChangesView(lifetime, context, actions.showInMap);
		this.#splitter = new Splitter(lifetime, {
			label: "Size of the details",
			size: this.store.state.inspectorWidth,
			limits: () => this.#splitterLimits(),
			onResize: (size) => this.store.update(this.#layout === "wide" ? { inspectorWidth: size } : { sheetHeight: size }),
		});
		const left = element(
			"div",
			{ class: "left fades" },
			this.#kinds.node,
			this.#list.node,
			this.#table.node,
			this.#pageView.node,
			this.#pageTable.node,
		);
		this.#main = element("main", { class: "main" }, left, this.#splitter.node, this.#inspector.node);
		this.node = element(
			"div",
			{ class: "app" },
			this.#header.node,
			this.#pageView.crumbs.node,
			this.#stopBar.node,
			this.#metrics.node,
			this.#notices.bar,
			this.#overview.node,
			this.#notices.instead,
			this.#changes.node,
			this.#main,
			this.#legend.node,
			this.#kindKey.node,
			this.#announcer.node,
		);
		this.store.subscribe((snapshot) => this.#update(snapshot));
		this.#connect();
	}

	/** Begins to ask for frames, with what was saved. */
	begin(state: ViewState): void {
		this.store.start(state);
		if (state.scrollRow > 0) this.#list.restore(state.scrollRow);
	}

	/** The stops of the debugger are others; of another stop there is another picture. */
	setStops(stops: StopLayer | undefined): void {
		const former = this.store.snapshot.stops?.shown;
		this.store.setStops(stops);
		this.#context.ticks.hold(stops?.shown !== undefined);
		if (JSON.stringify(former) === JSON.stringify(stops?.shown)) return;
		this.#context.pages.reset();
		// Who looks at the map goes on looking at it from step to step; a fault is more urgent.
		if (stops?.card && stops.shown?.stop !== former?.stop) this.store.update({ changes: true });
	}

	dispose(): void {
		this.#lifetime.dispose();
		this.node.remove();
	}

	/** What blocks do to each other. */
	#actions() {
		const { navigator } = this;
		const go = (page: number) => this.#context.perform(navigator.goTo(page, false));
		return {
			openPages: (page: number) => navigator.openPages(page),
			movePage: navigator.movePage.bind(navigator),
			enterStrip: () => navigator.enterStrip(),
			leaveStrip: () => navigator.leaveStrip(),
			back: () => (this.store.state.openPage === undefined ? navigator.closeInspector() : navigator.closePages()),
			close: () => navigator.closeInspector(),
			selectPage: (page: number) => this.store.update({ selectedPage: page, pageChosen: true }),
			select: go,
			showInMap: (page: number) => this.#context.perform(navigator.goTo(page, true)),
			scrollTo: (page: number) => this.#context.perform(navigator.scrollTo(page, (row) => this.#list.scrollToRow(row))),
			visibleRanges: () => this.#list.visibleRanges(),
			openMenu: navigator.openRowMenu.bind(navigator),
			openPageMenu: (page: number, at: { readonly x: number; readonly y: number }) =>
				navigator.openPageMenu(page, at, () => this.#inspector.page.bytes.read()),
			readBytes: () => this.#inspector.page.bytes.read(),
		};
	}

	#connect(): void {
		const lifetime = this.#lifetime;
		lifetime.add(this.client.on("frame", (frame) => this.store.receive(frame)));
		lifetime.add(this.client.on("settings", (settings) => this.store.setSettings(settings)));
		lifetime.add(this.client.on("stops", (stops) => this.setStops(stops ?? undefined)));
		lifetime.add(this.client.on("goTo", ({ page }) => this.#context.perform(this.navigator.goTo(page, true))));
		lifetime.add(this.client.on("focusFind", () => this.#find()));
		lifetime.add(this.client.on("showTable", () => this.store.update({ table: !this.store.state.table })));
		routeKeys(lifetime, {
			find: () => this.#find(),
			live: () => toggleLive(this.#context),
			goTo: () => this.#context.perform(this.client.call.promptForAddress()),
			toggleState: (state) => this.#legend.toggle(state, false),
			blocks: () => this.#blocks(),
		});
		lifetime.observeSize(document.documentElement, (width, height) => this.#resize(width, height));
		observeTheme(lifetime, () => {
			this.#palette = currentPalette();
			this.store.redraw();
		});
	}

	#resize(width: number, height: number): void {
		this.#layout = layoutMode(width);
		this.#height = height;
		setAttributes(this.node, { "data-layout": this.#layout });
		this.store.redraw();
	}

	#update(snapshot: Snapshot): void {
		const { state, list } = snapshot;
		const frame = newestFrame(snapshot);
		const inPages = state.openPage !== undefined;
		const instead = frame ? frame.status.kind === "denied" || frame.status.kind === "empty" : true;
		const inspecting = isInspecting(state) && !instead;
		setAttributes(this.node, {
			"data-view": inPages ? "pages" : "list",
			"data-status": frame?.status.kind ?? "loading",
			"data-sample": frame?.sample.number,
		});
		const changes = showsChanges(snapshot);
		setHidden(this.#header.node, inPages);
		setHidden(this.#metrics.node, inPages || instead || changes);
		setHidden(this.#overview.node, inPages || instead || changes);
		setHidden(this.#pageView.crumbs.node, !inPages);
		setHidden(this.#main, instead || changes);
		const byKind = inPages && state.colourByKind;
		setHidden(this.#legend.node, instead || byKind || changes);
		setHidden(this.#kindKey.node, !byKind);
		setHidden(this.#kinds.node, inPages || state.table);
		setHidden(this.#list.node, inPages || state.table);
		setHidden(this.#table.node, inPages || !state.table);
		setHidden(this.#pageView.node, !inPages || state.table);
		setHidden(this.#pageTable.node, !inPages || !state.table);
		setHidden(this.#inspector.node, !inspecting);
		setHidden(this.#splitter.node, !inspecting || this.#layout === "narrow");
		this.#sizeInspector(snapshot);
		// What had the focus is hidden now.
		if (this.#wasTable === !state.table) this.#focusMain();
		if (frame) this.#wasTable = state.table;
		if (frame) this.#context.ticks.setSample(frame.sample.number, frame.sample.changedPages);
		if (frame) this.#context.pages.setSample(frame.sample.number);
		const selected = list?.frame.selected;
		if (!inPages && state.pageChosen && selected && state.selectedPage !== undefined) {
			const page = state.selectedPage;
			this.#context.pages.want([{ startPage: page, endPage: page + 1, within: selected }]);
		}
		for (const block of this.#blocks()) block.update(snapshot);
		if (byKind) this.#kindKey.update((snapshot.pages?.frame.rows.rows ?? []).map(({ icon }) => icon));
		this.#notices.update(snapshot);
		this.#announcer.update(snapshot);
	}

	#blocks(): Block[] {
		return [
			this.#header,
			this.#stopBar,
			this.#changes,
			this.#metrics,
			this.#overview,
			this.#kinds,
			this.#list,
			this.#table,
			this.#pageView,
			this.#pageTable,
			this.#inspector,
			this.#legend,
		];
	}

	#splitterLimits(): { readonly min: number; readonly max: number } {
		if (this.#layout === "wide") return { min: inspectorMinWidth, max: Math.max(inspectorMinWidth, innerWidth * 0.6) };
		return { min: 120, max: Math.max(120, this.#height * 0.7) };
	}

	#sizeInspector({ state }: Snapshot): void {
		const { min, max } = this.#splitterLimits();
		const wide = this.#layout === "wide";
		const wanted = wide ? state.inspectorWidth : (state.sheetHeight ?? this.#height * 0.4);
		const size = Math.round(Math.max(min, Math.min(max, wanted)));
		this.#main.style.setProperty("--inspector-size", `${size}px`);
		this.#splitter.update(size, !wide);
		this.#inspector.node.classList.toggle("open", state.sheetOpen);
	}

	#find(): void {
		if (this.store.state.openPage !== undefined) this.navigator.closePages();
		requestAnimationFrame(() => this.#header.focus());
	}

	/** Puts the focus to the list or the pages, whichever is on the screen, as a map or as a table. */
	#focusMain(): void {
		const { openPage, table } = this.store.state;
		if (openPage === undefined) (table ? this.#table : this.#list).focus();
		else (table ? this.#pageTable : this.#pageView).focus();
	}
}

function currentPalette(): Palette {
	return readPalette(getComputedStyle(document.documentElement), themeKindOf(document.body.classList));
}
