import {
	cellChanged,
	cellFileCached,
	cellStride,
	type SelectedMapping,
	type ShareCells,
} from "../../../shared/mapFrame";
import { formatCount, hexPage } from "../../../shared/units";
import { element, setAttributes, setText } from "../../ui/element";
import type { Lifetime } from "../../ui/lifetime";
import type { TipLine } from "../../ui/tooltip";
import { pageCount } from "../../words/phrases";
import type { ViewContext } from "../context";
import { paintShareCells, shareCellCapacity, shareGrid } from "../draw/cells";
import { type CellGrid, gridHit, gridSize, gridStep, prepareCanvas } from "../draw/geometry";
import { stateMask } from "../draw/options";
import type { ViewState } from "../viewState";
import { describeShare, fileOffset } from "../words/page";
import { isFileBacked } from "../words/pageCounts";

/** The least height the cells get, CSS pixels. */
const leastHeight = 85;

/** The selected mapping's pages as cells, each an equal share; it always says how many pages a cell is. */
export class ShareGridView {
	readonly node: HTMLElement;
	readonly #scale = element("span", { class: "section-note" });
	readonly #area: HTMLElement;
	readonly #canvas: HTMLCanvasElement;
	readonly #open: HTMLButtonElement;
	#mapping: SelectedMapping | undefined;
	#pageSize = 1;
	#state: ViewState | undefined;
	#grid: CellGrid | undefined;
	#width = 0;
	#hover: number | undefined;

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
		private readonly actions: { openPages(page: number): void; selectPage(page: number): void; back(): void },
	) {
		this.#canvas = element("canvas", { class: "share-cells", tabindex: 0, role: "application" });
		this.#area = element("div", { class: "share-area" }, this.#canvas);
		this.#open = element("button", { class: "link" }, "Open pages", element("kbd", { "aria-hidden": "true" }, "Enter"));
		const title = element("span", { class: "section-title" }, "Pages");
		this.node = element(
			"div",
			{ class: "share-grid" },
			element("div", { class: "section-head" }, title, this.#scale, this.#open),
			this.#area,
		);
		lifetime.observeSize(this.#area, (width, height) => {
			this.#width = Math.floor(width);
			const cells = shareCellCapacity(this.#width, Math.max(leastHeight, Math.floor(height)), devicePixelRatio);
			context.store.setViewport({ inspectorCells: cells });
			this.#draw();
		});
		lifetime.listen(this.#open, "click", () => this.#openAt(this.#chosen() ?? 0));
		lifetime.listen(this.#canvas, "pointermove", (event) => this.#setHover(this.#hit(event.offsetX, event.offsetY)));
		lifetime.listen(this.#canvas, "pointerleave", () => this.#setHover(undefined));
		lifetime.listen(this.#canvas, "click", (event) => this.#choose(this.#hit(event.offsetX, event.offsetY)));
		lifetime.listen(this.#canvas, "dblclick", (event) => this.#openAt(this.#hit(event.offsetX, event.offsetY)));
		lifetime.listen(this.#canvas, "keydown", (event) => this.#onKey(event));
		lifetime.listen(this.#canvas, "focus", () => this.#draw());
		lifetime.listen(this.#canvas, "blur", () => this.#draw());
		context.tooltip.attach(this.#canvas, (x, y) => this.#tip(x, y), lifetime.signal);
		context.ticks.onChange(() => this.#draw());
	}

	update(mapping: SelectedMapping, pageSize: number, state: ViewState): void {
		this.#mapping = mapping;
		this.#pageSize = pageSize;
		this.#state = state;
		setText(this.#scale, `1 cell = ${pageCount(mapping.cells.pagesPerCell)}`);
		this.#draw();
	}

	focus(): void {
		this.#canvas.focus();
	}

	#draw(): void {
		const mapping = this.#mapping;
		if (!mapping || !this.#state || this.#width <= 0) return;
		const dpr = devicePixelRatio;
		const grid = shareGrid(this.#width, mapping.cells, dpr);
		this.#grid = grid;
		// Ticks stand above the first row's cells.
		const canvas = prepareCanvas(this.#canvas, this.#width, Math.max(1, gridSize(grid).height + 4), dpr);
		if (!canvas) return;
		const selected = this.#chosen();
		paintShareCells(canvas, 0, 3, grid, mapping.cells, this.context.palette(), {
			dpr,
			hidden: stateMask(this.#state.hiddenStates),
			tickOpacity: this.context.ticks.opacity,
			focused: document.activeElement === this.#canvas,
			cacheHidden: !mapping.cache.known && mapping.cache.why !== "notAFile",
			...(selected === undefined ? {} : { selected }),
			...(this.#hover === undefined ? {} : { hover: this.#hover }),
		});
		setAttributes(this.#canvas, { "aria-label": this.#describe(selected) });
	}

	/** The cell of the chosen page. */
	#chosen(): number | undefined {
		const page = this.#state?.selectedPage;
		if (!this.#mapping || page === undefined || this.#state?.pageChosen !== true) return undefined;
		const { startPage, endPage, pagesPerCell } = this.#mapping.cells;
		return page >= startPage && page < endPage ? Math.floor((page - startPage) / pagesPerCell) : undefined;
	}

	#hit(x: number, y: number): number | undefined {
		return this.#grid && gridHit(this.#grid, x, y - 3);
	}

	#setHover(cell: number | undefined): void {
		if (cell === this.#hover) return;
		this.#hover = cell;
		this.#draw();
	}

	#choose(cell: number | undefined): void {
		const cells = this.#mapping?.cells;
		if (cells && cell !== undefined) this.actions.selectPage(middleOf(cells, cell));
	}

	#openAt(cell: number | undefined): void {
		const cells = this.#mapping?.cells;
		if (cells && cell !== undefined) this.actions.openPages(shareOf(cells, cell).startPage);
	}

	#onKey(event: KeyboardEvent): void {
		const grid = this.#grid;
		const chosen = this.#chosen();
		if (!grid || grid.count === 0 || event.altKey || event.metaKey) return;
		const { key } = event;
		const move = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
		if (move) this.#choose(chosen === undefined ? 0 : gridStep(grid, chosen, move[0] ?? 0, move[1] ?? 0));
		else if (key === "Home") this.#choose(0);
		else if (key === "End") this.#choose(grid.count - 1);
		else if (key === "Enter") this.#openAt(chosen ?? 0);
		else if (key === "Escape" || key === "Backspace") this.actions.back();
		else return;
		event.preventDefault();
		event.stopPropagation();
	}

	#describe(cell: number | undefined): string {
		const mapping = this.#mapping;
		if (!mapping) return "Pages";
		const scale = `Pages, 1 cell is ${pageCount(mapping.cells.pagesPerCell)}`;
		if (cell === undefined) return scale;
		return `${scale}. Cell ${formatCount(cell + 1)} of ${formatCount(this.#grid?.count ?? 0)}, ${this.#words(mapping, cell)}`;
	}

	#words(mapping: SelectedMapping, cell: number): string {
		const { startPage, endPage } = shareOf(mapping.cells, cell);
		const counts = mapping.cells.counts.subarray(cell * cellStride, (cell + 1) * cellStride);
		return describeShare(counts, endPage - startPage, isFileBacked(mapping));
	}

	#tip(x: number, y: number): TipLine[] | undefined {
		const mapping = this.#mapping;
		const cell = this.#hit(x, y);
		if (!mapping || cell === undefined) return undefined;
		const share = shareOf(mapping.cells, cell);
		const at = cell * cellStride;
		const { counts } = mapping.cells;
		const remarks: string[] = [];
		if (mapping.name.startsWith("/"))
			remarks.push(`file offset ${fileOffset(share.startPage, mapping, this.#pageSize)}`);
		const kept = counts[at + cellFileCached] ?? 0;
		if (kept > 0) remarks.push(`original of ${formatCount(kept)} cached`);
		const changed = counts[at + cellChanged] ?? 0;
		if (changed > 0) remarks.push(`${formatCount(changed)} changed`);
		const range = `${hexPage(share.startPage, this.#pageSize)}–${hexPage(share.endPage, this.#pageSize)}`;
		const lines: TipLine[] = [{ text: range, style: "code" }, { text: this.#words(mapping, cell) }];
		if (remarks.length > 0) lines.push({ text: remarks.join(" · "), style: "note" });
		return lines;
	}
}

/** The pages of a cell; the last one may hold fewer. */
export function shareOf(cells: ShareCells, cell: number): { readonly startPage: number; readonly endPage: number } {
	const startPage = cells.startPage + cell * cells.pagesPerCell;
	return { startPage, endPage: Math.min(cells.endPage, startPage + cells.pagesPerCell) };
}

function middleOf(cells: ShareCells, cell: number): number {
	const { startPage, endPage } = shareOf(cells, cell);
	return Math.floor((startPage + endPage - 1) / 2);
}
