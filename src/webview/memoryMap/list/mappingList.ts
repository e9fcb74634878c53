import type { MapQuery } from "../../../shared/mapFrame";
import { RowElement } from "../../rows/rowElement";
import { element, setAttributes } from "../../ui/element";
import type { Lifetime } from "../../ui/lifetime";
import { VirtualScroller } from "../../ui/virtualScroller";
import { measureNames } from "../../words/names";
import type { Block, ViewContext } from "../context";
import type { PageRange } from "../draw/geometry";
import { stripCapacity } from "../draw/stripLayout";
import { listCommand } from "../keyboard";
import {
	emptyList,
	holdBack,
	type ListModel,
	type ListRow,
	listOf,
	rowAt,
	rowWindow,
	sameStructure,
	selectedIndex,
} from "../listRows";
import type { ReceivedFrame, Snapshot } from "../store";
import { EmptyList } from "./emptyList";
import { type PlacedRow, placeRows, revealRow, rowHeights } from "./listGeometry";
import { ListHead } from "./listHead";
import { type ListActions, ListKeys, listContext } from "./listKeys";
import { ListPointer } from "./listPointer";
import { StripLayer } from "./stripLayer";

/** What the list does to the rest of the view. */
export interface MappingListActions extends ListActions {
	/** The visible rows are others. */
	scrolled(): void;
}

/** A row, and its place in the whole list. */
interface SelectedRow {
	readonly index: number;
	readonly row: ListRow;
}

/** The list of mappings: virtual rows of text, one canvas with the strips of those that are visible. */
export class MappingList implements Block {
	readonly node: HTMLElement;
	readonly #head: ListHead;
	readonly #scroller: VirtualScroller;
	readonly #grid: HTMLElement;
	readonly #strips: StripLayer;
	readonly #empty: EmptyList;
	readonly #rows: RowElement[] = [];
	readonly #keys: ListKeys;
	#snapshot: Snapshot | undefined;
	#received: ReceivedFrame | undefined;
	#model: ListModel = emptyList;
	/** Mappings of the process when the model's rows were taken over. */
	#mappings = 0;
	#placed: readonly PlacedRow[] = [];
	#strip = { left: 0, width: 0 };
	#pointerInside = false;
	/** A row to bring into view, or to the top, as soon as the list is long enough. */
	#wanted: { readonly index: number; readonly toTop: boolean } | undefined;
	/** Size and layout for which the strips were measured. */
	#measuredFor = "";
	/** Whether the selected row is in view. */
	#inView = false;
	/** The row that was selected when one was loaded last. */
	#last: SelectedRow | undefined;
	/** Height of a row when the list was drawn last. */
	#rowHeight = 0;

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
		private readonly actions: MappingListActions,
	) {
		this.#head = new ListHead(lifetime, context, () => this.#release());
		this.#scroller = new VirtualScroller(lifetime, () => this.#onScroll());
		this.#strips = new StripLayer(context);
		this.#grid = element("div", { class: "rows", role: "rowgroup" });
		this.#empty = new EmptyList(context);
		this.#scroller.view.append(this.#grid, this.#strips.node, this.#empty.node);
		setAttributes(this.#scroller.node, { tabindex: 0, role: "treegrid", "aria-label": "Mappings" });
		this.node = element("section", { class: "list", "aria-label": "Mappings" }, this.#head.node, this.#scroller.node);
		this.#keys = new ListKeys(context, actions, {
			model: () => this.#model,
			visibleRows: () => Math.max(1, Math.floor(this.#scroller.viewHeight / this.#heights().row) - 1),
			reveal: (index) => this.#reveal(index),
		});
		const view = this.#scroller.node;
		lifetime.listen(view, "pointerenter", () => this.#setInside(true));
		lifetime.listen(view, "pointerleave", () => this.#setInside(false));
		lifetime.listen(view, "keydown", (event) => this.#onKey(event));
		new ListPointer(lifetime, context, actions, {
			node: view,
			view: this.#scroller.view,
			placed: () => this.#placed,
			strip: () => this.#strip,
		});
		context.ticks.onChange(() => this.#drawStrips());
	}

	update(snapshot: Snapshot): void {
		this.#snapshot = snapshot;
		if (snapshot.list !== this.#received) this.#take(snapshot.list);
		this.#head.update(snapshot, this.#model);
		this.#empty.update(snapshot, this.#model);
		this.#scroller.setContentHeight(this.#model.total * this.#heights().row);
		this.#showWanted(snapshot);
		this.#keys.settle();
		this.#render();
	}

	focus(): boolean {
		this.#scroller.node.focus();
		return true;
	}

	/** Brings a row of the coming list into view. */
	show(index: number): void {
		this.#wanted = { index, toTop: false };
		this.context.store.redraw();
	}

	/** Scrolls to where it was before a reload, as soon as there are rows. */
	restore(scrollRow: number): void {
		this.#wanted = { index: scrollRow, toTop: true };
	}

	/** Rows are counted as they will be once what was selected and unfolded with them is there. */
	#showWanted({ state, list }: Snapshot): void {
		const wanted = this.#wanted;
		if (!wanted || wanted.index >= this.#model.total) return;
		const isThere = list?.query.selectedPage === state.selectedPage && list?.query.unfolded === state.unfolded;
		if (!isThere) return;
		this.#wanted = undefined;
		if (wanted.toTop) this.scrollToRow(wanted.index);
		else this.#reveal(this.#selected() ?? wanted.index);
	}

	/** Scrolls so that row `index` is the first. */
	scrollToRow(index: number): void {
		this.#scroller.scrollTo(index * this.#heights().row);
	}

	/** The pages that the visible rows stand for. */
	visibleRanges(): PageRange[] {
		return this.#placed.flatMap(({ row }) => (row.type === "mapping" || row.unfolded !== true ? [row] : []));
	}

	#heights() {
		return rowHeights(this.context.layout());
	}

	/** Takes a new frame over, or only its values when the rows under the pointer would change. */
	#take(received: ReceivedFrame | undefined): void {
		const former = this.#received;
		this.#received = received;
		if (!received) return;
		const { frame, cause, query } = received;
		if (former && listShape(former.query) !== listShape(query)) this.#scroller.scrollTo(0);
		// Rows that the person has asked for meanwhile are not held back, though a sample may have come with them.
		const sameRows = former !== undefined && rowsAsked(former.query) === rowsAsked(query);
		const hold = cause === "sample" && this.#pointerInside && sameRows;
		if (hold && !sameStructure(this.#model, frame.rows)) {
			this.#model = holdBack(this.#model, frame, this.#mappings);
			return;
		}
		this.#model = listOf(frame.rows);
		this.#mappings = frame.totals.mappings;
	}

	/** Shows what was held back. */
	#release(): void {
		if (this.#model.held && this.#received) {
			this.#model = listOf(this.#received.frame.rows);
			this.#mappings = this.#received.frame.totals.mappings;
		}
		this.context.store.redraw();
	}

	#setInside(inside: boolean): void {
		this.#pointerInside = inside;
		if (!inside && this.#model.held) this.#release();
	}

	#selected(): number | undefined {
		return this.#selectedOf(this.#model);
	}

	#selectedOf(model: ListModel): number | undefined {
		const state = this.#snapshot?.state;
		return state && selectedIndex(model, { group: state.selectedGroup, page: state.selectedPage });
	}

	/** The selected row as it was, and where, when it was last loaded. */
	#lastSelected(): SelectedRow | undefined {
		const last = this.#last;
		const isSelected = last && this.#selectedOf({ ...this.#model, first: last.index, rows: [last.row] }) !== undefined;
		return isSelected ? last : undefined;
	}

	#onScroll(): void {
		const { viewWidth, viewHeight } = this.#scroller;
		const measuredFor = `${viewWidth} ${viewHeight} ${this.context.layout()}`;
		if (measuredFor !== this.#measuredFor) {
			this.#measuredFor = measuredFor;
			this.#remeasure();
		}
		this.#askRows();
		this.#render();
		this.actions.scrolled();
	}

	/** The list has another size, perhaps other heights: what was selected and in view stays in view. */
	#remeasure(): void {
		const first = this.#placed[0]?.index;
		const inView = this.#inView;
		this.#measure();
		const { row } = this.#heights();
		if (row !== this.#rowHeight) {
			this.#rowHeight = row;
			this.#scroller.setContentHeight(this.#model.total * row);
			if (first !== undefined) this.scrollToRow(first);
		}
		const selected = this.#selected();
		if (inView && selected !== undefined && this.#scroller.viewHeight >= row) this.#reveal(selected);
	}

	/** Tells the store which rows and strips there is room for. */
	#askRows(): void {
		const { row } = this.#heights();
		const { store } = this.context;
		const firstVisible = Math.floor(this.#scroller.top / row);
		const window = rowWindow(firstVisible, this.#scroller.viewHeight / row);
		const rows = { ...window, ...stripCapacity(this.#strip.width, devicePixelRatio) };
		const { rows: former } = store.snapshot.viewport;
		if (JSON.stringify(rows) !== JSON.stringify(former)) store.setViewport({ rows });
		if (store.state.scrollRow !== firstVisible && this.#model.total > 0) store.update({ scrollRow: firstVisible });
	}

	#measure(): void {
		const narrow = this.context.layout() === "narrow";
		const width = this.#scroller.viewWidth;
		const head = this.#head.stripHead;
		this.#strip = narrow
			? { left: 31, width: Math.max(40, Math.floor(width) - 41) }
			: { left: head.offsetLeft, width: Math.max(0, Math.min(head.clientWidth, width - head.offsetLeft - 16)) };
		this.node.style.setProperty("--strip-left", `${this.#strip.left}px`);
		this.#askRows();
		this.context.store.redraw();
	}

	#reveal(index: number): void {
		const { top, viewHeight } = this.#scroller;
		const next = revealRow(index, top, viewHeight, this.#placed, this.#heights().row);
		if (next !== undefined) this.#scroller.scrollTo(next);
	}

	#render(): void {
		const { frame, query } = this.#received ?? {};
		if (!frame || !query) return;
		const heights = this.#heights();
		this.#placed = placeRows(this.#model, this.#scroller.top, this.#scroller.viewHeight, heights);
		const selected = this.#selected();
		for (const [slot, { row, index, top, height }] of this.#placed.entries()) {
			const view = this.#rows[slot] ?? this.#addRow();
			const above = this.#aboveOf(index);
			const measureName = measureNames[query.measure];
			const { pageSize } = frame;
			const { total } = this.#model;
			view.update(row, { index, total, selected: index === selected, above, pageSize, measureName, top, height });
			view.node.hidden = false;
		}
		for (const view of this.#rows.slice(this.#placed.length)) view.node.hidden = true;
		const row = selected === undefined ? undefined : rowAt(this.#model, selected);
		if (selected !== undefined && row) this.#last = { index: selected, row };
		const active = this.#placed.findIndex(({ index }) => index === selected);
		// While the page is laid out anew the list may be without height for a moment: nothing is in view then.
		if (this.#scroller.viewHeight >= heights.row) this.#inView = active >= 0;
		setAttributes(this.#scroller.node, {
			"aria-rowcount": this.#model.total,
			"aria-activedescendant": this.#rows[active]?.node.id,
		});
		this.#drawStrips();
	}

	#aboveOf(index: number): number | undefined {
		for (let at = index - 1; at >= this.#model.first; at--) {
			const row = rowAt(this.#model, at)?.row;
			if (row && row.type !== "gap") return row.startPage;
		}
		return undefined;
	}

	#drawStrips(): void {
		if (!this.#snapshot) return;
		const { state } = this.#snapshot;
		const marked = state.pageChosen ? this.#selected() : undefined;
		const tickOpacity = this.context.ticks.opacity;
		const { strip } = this.#heights();
		this.#strips.draw(this.#placed, this.#strip, this.#scroller.viewHeight, strip, state, { tickOpacity, marked });
	}

	#addRow(): RowElement {
		const row = new RowElement();
		this.#rows.push(row);
		this.#grid.append(row.node);
		return row;
	}

	#onKey(event: KeyboardEvent): void {
		const { state } = this.context.store;
		const loaded = this.#selected();
		const last = loaded === undefined ? this.#lastSelected() : undefined;
		const selected = loaded ?? last?.index;
		const row = (loaded === undefined ? last?.row : rowAt(this.#model, loaded))?.row;
		const command = listCommand(event, listContext(row, state));
		if (!command) return;
		event.preventDefault();
		if (last && command.kind !== "back") this.#reveal(last.index);
		this.#keys.run(command, selected, row, () => this.#anchorOf(selected));
	}

	/** Where a menu of the selected row opens. */
	#anchorOf(selected: number | undefined): { readonly x: number; readonly y: number } {
		const box = this.#scroller.view.getBoundingClientRect();
		const placed = this.#placed.find(({ index }) => index === selected);
		return { x: box.left + 40, y: box.top + (placed ? placed.top + placed.height : 0) };
	}
}

/** What decides which rows there are, in one process at one time. */
function rowsAsked(query: MapQuery): string {
	return JSON.stringify([listShape(query), query.unfolded]);
}

/** After a change of this, the list begins at its top. */
function listShape({ filter, kinds, order, grouped }: MapQuery): string {
	return JSON.stringify([filter, kinds, order, grouped]);
}
