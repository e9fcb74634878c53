import type { MapFrame, Row } from "../../../shared/mapFrame";
import { visibleText } from "../../../shared/text";
import { formatCount, hexPage } from "../../../shared/units";
import { element, setAttributes, setHidden } from "../../ui/element";
import { Lifetime } from "../../ui/lifetime";
import type { TipLine } from "../../ui/tooltip";
import { VirtualScroller } from "../../ui/virtualScroller";
import { flagsInWords, stateNames } from "../../words/names";
import type { Block, ViewContext } from "../context";
import { pageGrid } from "../draw/cells";
import { type CellGrid, gridHit } from "../draw/geometry";
import { type PageViewCommand, pageViewCommand } from "../keyboard";
import {
	layoutSections,
	pagesOfRows,
	type Section,
	sectionHeights,
	sectionOf,
	sectionsHeight,
	stepRows,
	visibleGridRows,
	visibleSections,
} from "../pageSections";
import type { ReceivedFrame, Snapshot } from "../store";
import { selectPage } from "../viewState";
import { fileOffset } from "../words/page";
import { Crumbs } from "./crumbs";
import { PageAnchor } from "./pageAnchor";
import { PageCanvas, type PageScreen } from "./pageCanvas";

export interface PageViewActions {
	/** Moves the chosen page within its mapping. */
	movePage(by: "page" | "change" | "end", step: 1 | -1): void;
	back(): void;
	readBytes(): void;
	openMenu(page: number, at: { readonly x: number; readonly y: number }): void;
}

/** Width of the column of addresses by layout, CSS pixels. */
const addressWidth = { wide: 116, medium: 116, narrow: 92 } as const;
const sidePadding = 16;

/** The pages of a mapping one by one, and of the mappings after it, as on a page of text. */
export class PageView implements Block {
	readonly node: HTMLElement;
	readonly crumbs: Crumbs;
	readonly #scroller: VirtualScroller;
	readonly #canvas: PageCanvas;
	readonly #waiting = element("p", { class: "waiting", hidden: true }, "Reading pages…");
	readonly #anchor: PageAnchor;
	#snapshot: Snapshot | undefined;
	#received: ReceivedFrame | undefined;
	#sections: readonly Section[] = [];
	#laidOutFor = "";
	#hover: number | undefined;
	#shownPage: number | undefined;

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
		private readonly actions: PageViewActions,
	) {
		this.crumbs = new Crumbs(lifetime, context.store, () => actions.back());
		this.#anchor = new PageAnchor(context);
		this.#scroller = new VirtualScroller(lifetime.own(new Lifetime()), () => this.#onScroll());
		this.#canvas = new PageCanvas(context, this.#scroller.view);
		this.#scroller.view.append(this.#waiting);
		const view = this.#scroller.node;
		setAttributes(view, { tabindex: 0, role: "application", "aria-roledescription": "pages" });
		this.node = element("section", { class: "page-view", "aria-label": "Pages" }, view);
		lifetime.listen(view, "click", (event) => this.#onClick(event));
		lifetime.listen(view, "dblclick", () => actions.readBytes());
		lifetime.listen(view, "pointermove", (event) => this.#setHover(this.#pageAt(...this.#point(event))));
		lifetime.listen(view, "pointerleave", () => this.#setHover(undefined));
		lifetime.listen(view, "contextmenu", (event) => this.#onContextMenu(event));
		lifetime.listen(view, "keydown", (event) => this.#onKey(event));
		lifetime.listen(view, "focus", () => this.#draw());
		lifetime.listen(view, "blur", () => this.#draw());
		context.tooltip.attach(view, (x, y) => this.#tip(x, y), lifetime.signal);
		context.ticks.onChange(() => this.#draw());
	}

	update(snapshot: Snapshot): void {
		this.#snapshot = snapshot;
		const { openPage, selectedPage } = snapshot.state;
		this.#anchor.update(snapshot);
		if (openPage === undefined) {
			this.#sections = [];
			this.#laidOutFor = "";
			this.#shownPage = undefined;
			return;
		}
		const { frame } = snapshot.pages ?? {};
		const ready = frame !== undefined && this.#anchor.ready;
		setHidden(this.#waiting, ready);
		if (!ready || !frame) return;
		this.#received = snapshot.pages;
		this.crumbs.update(frame, snapshot.state);
		this.#layOut(frame);
		if (selectedPage !== undefined && selectedPage !== this.#shownPage && sectionOf(this.#sections, selectedPage)) {
			this.#shownPage = selectedPage;
			this.#reveal(selectedPage);
		}
		this.#onScroll();
	}

	focus(): boolean {
		this.#scroller.node.focus();
		return true;
	}

	/** Whether a page is in the part of the address space that is laid out here. */
	shows(page: number): boolean {
		return sectionOf(this.#sections, page) !== undefined;
	}

	#layOut(frame: MapFrame): void {
		const width = this.#gridWidth();
		const rows = frame.rows.rows.filter(({ type }) => type === "mapping");
		const key = `${width} ${rows.map(({ startPage, endPage, value }) => `${startPage}-${endPage}:${value}`).join()}`;
		if (key !== this.#laidOutFor) {
			this.#laidOutFor = key;
			this.#sections = layoutSections(rows, (row) => gridOf(row, width));
		}
		this.#scroller.setContentHeight(sectionsHeight(this.#sections));
	}

	#gridLeft(): number {
		return sidePadding + addressWidth[this.context.layout()];
	}

	#gridWidth(): number {
		return Math.max(60, Math.floor(this.#scroller.viewWidth) - this.#gridLeft() - sidePadding);
	}

	#onScroll(): void {
		const { frame } = this.#received ?? {};
		if (!frame || this.#snapshot?.state.openPage === undefined) return;
		const { top, viewHeight } = this.#scroller;
		if (top + 2 * viewHeight > sectionsHeight(this.#sections)) this.#anchor.more();
		const wishes = visibleSections(this.#sections, top - viewHeight, top + 2 * viewHeight).flatMap((section) => {
			if (section.kind === "gap") return [];
			const { first, count } = visibleGridRows(section, top - viewHeight, top + 2 * viewHeight);
			return [{ ...pagesOfRows(section, first, count), within: section.row }];
		});
		const selected = this.#snapshot.state.selectedPage;
		const within = selected === undefined ? undefined : sectionOf(this.#sections, selected)?.row;
		// The inspector shows the selected page, wherever one has scrolled.
		if (selected !== undefined && within) wishes.push({ startPage: selected, endPage: selected + 1, within });
		this.context.pages.want(wishes);
		this.#draw();
	}

	#draw(): void {
		const { frame } = this.#received ?? {};
		const state = this.#snapshot?.state;
		if (!frame || state?.openPage === undefined) return;
		const { top, viewHeight, viewWidth } = this.#scroller;
		const screen: PageScreen = {
			sections: visibleSections(this.#sections, top, top + viewHeight),
			top,
			width: viewWidth,
			height: viewHeight,
			left: this.#gridLeft(),
			pageSize: frame.pageSize,
			focused: document.activeElement === this.#scroller.node,
			hover: this.#hover,
		};
		this.#canvas.draw(screen, state);
		const label = frame.selected ? `Pages of ${visibleText(frame.selected.label)}` : "Pages";
		setAttributes(this.#scroller.node, { "aria-label": label });
	}

	#reveal(page: number): void {
		const section = sectionOf(this.#sections, page);
		if (!section) return;
		const line = Math.floor((page - section.row.startPage + section.grid.lead) / section.grid.perRow);
		const y = section.top + sectionHeights.head + line * section.grid.pitchY;
		this.#scroller.reveal(line === 0 ? section.top : y - 4, y + section.grid.pitchY + 4);
	}

	#point(event: MouseEvent): [x: number, y: number] {
		const box = this.#scroller.view.getBoundingClientRect();
		return [event.clientX - box.left, event.clientY - box.top];
	}

	#pageAt(x: number, y: number): number | undefined {
		const at = y + this.#scroller.top;
		for (const section of visibleSections(this.#sections, at, at + 1)) {
			if (section.kind === "gap") continue;
			const index = gridHit(section.grid, x - this.#gridLeft(), at - section.top - sectionHeights.head);
			if (index !== undefined) return section.row.startPage + index;
		}
		return undefined;
	}

	#setHover(page: number | undefined): void {
		if (page === this.#hover) return;
		this.#hover = page;
		this.#draw();
	}

	#select(page: number): void {
		this.context.store.update({ ...selectPage(page), inspectorOpen: true });
	}

	#onClick(event: MouseEvent): void {
		const page = this.#pageAt(...this.#point(event));
		if (page !== undefined) this.#select(page);
	}

	#onContextMenu(event: MouseEvent): void {
		event.preventDefault();
		const page = this.#pageAt(...this.#point(event));
		if (page === undefined) return;
		this.#select(page);
		this.actions.openMenu(page, { x: event.clientX, y: event.clientY });
	}

	#onKey(event: KeyboardEvent): void {
		const command = pageViewCommand(event);
		const page = this.#snapshot?.state.selectedPage;
		if (!command) return;
		event.preventDefault();
		if (command.kind === "back") {
			this.actions.back();
			return;
		}
		if (page === undefined) return;
		if (command.kind === "page") this.#move(page, command);
		else if (command.kind === "bytes") this.actions.readBytes();
		else {
			const box = this.#scroller.view.getBoundingClientRect();
			this.actions.openMenu(page, { x: box.left + this.#gridLeft(), y: box.top + 40 });
		}
	}

	#move(page: number, { by, step }: PageViewCommand & { readonly kind: "page" }): void {
		if (by === "row" || by === "screen") {
			const pitch = sectionOf(this.#sections, page)?.grid.pitchY ?? 1;
			const rows = by === "row" ? 1 : Math.max(1, Math.floor(this.#scroller.viewHeight / pitch) - 1);
			this.#select(stepRows(this.#sections, page, step * rows));
		} else this.actions.movePage(by, step);
	}

	#tip(x: number, y: number): TipLine[] | undefined {
		const frame = this.#received?.frame;
		const page = this.#pageAt(x, y);
		const section = page === undefined ? undefined : sectionOf(this.#sections, page);
		if (!frame || page === undefined || !section) return undefined;
		const facts = this.context.pages.get(page);
		const { row } = section;
		const remarks = [`page ${formatCount(page - row.startPage + 1)} of ${formatCount(row.endPage - row.startPage)}`];
		const { selected } = frame;
		if (selected?.startPage === row.startPage && selected.name.startsWith("/")) {
			remarks.push(`file offset ${fileOffset(page, selected, frame.pageSize)}`);
		}
		const state = facts ? [stateNames[facts.state], ...flagsInWords(facts.flags)].join(", ") : "Not read yet";
		return [
			{ text: hexPage(page, frame.pageSize), style: "code" },
			{ text: state },
			{ text: remarks.join(" · "), style: "note" },
		];
	}
}

/** The grid of a mapping: rows at round addresses, unless there is only one row. */
function gridOf(row: Row, width: number): CellGrid {
	const pages = row.endPage - row.startPage;
	const dpr = devicePixelRatio;
	const plain = pageGrid(width, row.startPage, pages, dpr);
	return plain.rows > 1 ? pageGrid(width, row.startPage, pages, dpr, true) : plain;
}
