import type { RegionResult } from "../../../shared/labResult";
import { pageStates, stateCode } from "../../../shared/pageStates";
import { formatCount, hexPage } from "../../../shared/units";
import {
	type GridOptions,
	pageGrid,
	paintPageCells,
	paintShareCells,
	shareCellCapacity,
	shareGrid,
	smallGrid,
} from "../../memoryMap/draw/cells";
import { type CellGrid, gridHit, gridSize, prepareCanvas } from "../../memoryMap/draw/geometry";
import { glyphSizes, paintGlyph } from "../../memoryMap/draw/glyph";
import { element, setAttributes } from "../../ui/element";
import type { Lifetime } from "../../ui/lifetime";
import type { TipLine } from "../../ui/tooltip";
import { flagsInWords, legendOrder, stateMeanings, stateNames, stateWords } from "../../words/names";
import { pageCount } from "../../words/phrases";
import type { LabContext } from "../context";
import {
	countStates,
	markChanges,
	occurringStates,
	pageCells,
	runAt,
	type Strip,
	shareCells,
	stripOf,
} from "../model/cellModel";
import { section } from "../section";
import { permissionsWords, presentWords } from "../words/region";

/** Up to so many pages each has a cell with its letter. */
const letteredPages = 32;
/** Rows of small cells before several pages share one. */
const mostRows = 16;
/** Height for cells that stand for several pages, CSS pixels. */
const shareHeight = 136;
/** Above the first row there is room for ticks. */
const tickRoom = 4;

/** A region's pages before and after a step, in the cells of the Memory Map. */
export function pagesView(
	lifetime: Lifetime,
	context: LabContext,
	region: RegionResult,
	pageSize: number,
): HTMLElement {
	const { startPage, endPage, name, isNew } = region;
	const pages = endPage - startPage;
	const before = stripOf(region.before, startPage, endPage);
	const plain = stripOf(region.after, startPage, endPage);
	const { strip: after, changed } = isNew ? { strip: plain, changed: 0 } : markChanges(before, plain);
	const aside = isNew
		? `${presentWords(region.after, pages)} now`
		: `${formatCount(region.before.present)} present before, ${formatCount(region.after.present)} now`;
	const title = `Pages of ${name}`;
	const same = !isNew && changed === 0;
	if (same && region.after.present === 0 && after.runs.every(({ state }) => state === stateCode.notPresent)) {
		const line = `${pageCount(pages)}, none present, nothing changed`;
		return section(title, line, { class: "pages" });
	}
	const sides = same || isNew ? element("div", { class: "sides one" }) : element("div", { class: "sides" });
	const scale = element("span", {});
	const grid = (side: "before" | "after", strip: Strip) => {
		const head = same ? "Before and after" : side === "before" ? "Before" : isNew ? "Now" : "After";
		const permissions = permissionsWords(region[side].permissions);
		const view = new CellsView(lifetime, context, strip, pageSize, `${title}, ${head.toLowerCase()}`, (perCell) => {
			const note = perCell === 1 ? "1 cell = 1 page" : `1 cell = ${pageCount(perCell)}`;
			if (scale.textContent !== note) scale.textContent = note;
		});
		sides.append(
			element(
				"div",
				{ class: "side" },
				element("div", { class: "side-head" }, head, " ", element("span", { class: "code" }, permissions)),
				view.node,
			),
		);
	};
	if (!isNew && !same) grid("before", before);
	grid("after", after);
	const note = same ? `${pageCount(pages)}, no page changed` : pageCount(pages);
	const made = section(title, note, { class: "pages", aside }, sides, keyOf(context, before, after, isNew, scale));
	return made;
}

/** The states that occur, as the legend of the Memory Map has them. */
function keyOf(context: LabContext, before: Strip, after: Strip, isNew: boolean, scale: HTMLElement): HTMLElement {
	const order = legendOrder.map((state) => stateCode[state]);
	const codes = occurringStates(order, ...(isNew ? [after] : [before, after]));
	const entries = codes.map((code) => {
		const state = pageStates[code] ?? "unknown";
		const canvas = element("canvas", { class: "legend-glyph", "aria-hidden": "true" });
		const dpr = devicePixelRatio;
		const size = glyphSizes.legend;
		const drawing = prepareCanvas(canvas, size.width, size.body + size.gap + size.lane, dpr);
		const page = { state: code, flags: 0, detailed: false };
		if (drawing) paintGlyph(drawing, 0, 0, size, page, context.palette(), { dpr, absent: "cell" });
		return element("span", { class: "key-entry", "data-tip": stateMeanings[state] }, canvas, stateNames[state]);
	});
	return element("div", { class: "key" }, ...entries, scale);
}

/** One grid of cells: pages one by one while there is room, else equal shares of them. */
class CellsView {
	readonly node: HTMLElement;
	readonly #canvas: HTMLCanvasElement;
	#grid: CellGrid | undefined;
	#perCell = 1;
	#width = 0;
	#hover: number | undefined;

	constructor(
		lifetime: Lifetime,
		private readonly context: LabContext,
		private readonly strip: Strip,
		private readonly pageSize: number,
		label: string,
		private readonly scaled: (pagesPerCell: number) => void,
	) {
		this.#canvas = element("canvas", { class: "cells", role: "img" });
		this.node = element("div", { class: "cells-area" }, this.#canvas);
		setAttributes(this.#canvas, { "aria-label": `${label}: ${stripSentence(strip)}` });
		lifetime.observeSize(this.node, (width) => {
			this.#width = Math.floor(width);
			this.draw();
		});
		lifetime.listen(this.#canvas, "pointermove", (event) => this.#setHover(this.#hit(event.offsetX, event.offsetY)));
		lifetime.listen(this.#canvas, "pointerleave", () => this.#setHover(undefined));
		context.tooltip.attach(this.#canvas, (x, y) => this.#tip(x, y), lifetime.signal);
	}

	draw(): void {
		if (this.#width <= 0) return;
		const dpr = devicePixelRatio;
		const pages = this.strip.endPage - this.strip.startPage;
		const lettered = pages <= letteredPages ? pageGrid(this.#width, 0, pages, dpr) : undefined;
		const small = smallGrid(this.#width, pages, dpr);
		const single = lettered ?? (small.rows <= mostRows ? small : undefined);
		const palette = this.context.palette();
		const hover = this.#hover === undefined ? {} : { hover: this.#hover };
		const options: GridOptions = { dpr, ...hover };
		if (single) {
			this.#setGrid(single, 1);
			const canvas = this.#prepare(single);
			if (!canvas) return;
			const letterFont = `11px ${getComputedStyle(document.body).getPropertyValue("--vscode-editor-font-family")}`;
			const size = lettered ? glyphSizes.page : glyphSizes.small;
			paintPageCells(canvas, 0, tickRoom, single, pageCells(this.strip), palette, {
				...options,
				letterFont,
				size,
				absent: "cell",
			});
			return;
		}
		const perCell = Math.ceil(pages / Math.max(1, shareCellCapacity(this.#width, shareHeight, dpr)));
		const shares = shareCells(this.strip, perCell);
		const grid = shareGrid(this.#width, shares, dpr);
		this.#setGrid(grid, perCell);
		const canvas = this.#prepare(grid);
		if (canvas) paintShareCells(canvas, 0, tickRoom, grid, shares, palette, options);
	}

	#setGrid(grid: CellGrid, perCell: number): void {
		this.#grid = grid;
		this.#perCell = perCell;
		this.scaled(perCell);
	}

	#prepare(grid: CellGrid): CanvasRenderingContext2D | undefined {
		const { width, height } = gridSize(grid);
		// Ticks and the outline of the cell under the pointer need room around the cells.
		return prepareCanvas(this.#canvas, Math.min(this.#width, width + 2), height + tickRoom + 2, devicePixelRatio);
	}

	#hit(x: number, y: number): number | undefined {
		return this.#grid && gridHit(this.#grid, x, y - tickRoom);
	}

	#setHover(cell: number | undefined): void {
		if (cell === this.#hover) return;
		this.#hover = cell;
		this.draw();
	}

	#tip(x: number, y: number): TipLine[] | undefined {
		const cell = this.#hit(x, y);
		if (cell === undefined) return undefined;
		const { startPage, endPage } = this.strip;
		const from = startPage + cell * this.#perCell;
		const to = Math.min(endPage, from + this.#perCell);
		const place = hexPage(from, this.pageSize);
		if (to - from > 1) {
			return [
				{ text: `${place}–${hexPage(to, this.pageSize)}`, style: "code" },
				{ text: countsWords(countStates(this.strip, from, to)) },
			];
		}
		const run = runAt(this.strip, from);
		const state = pageStates[run?.state ?? stateCode.unknown] ?? "unknown";
		const remarks = flagsInWords(run?.flags ?? 0).map((word) => word.replace("in this sample", "by this step"));
		const words = [stateNames[state].toLowerCase(), ...remarks];
		return [
			{ text: place, style: "code" },
			{ text: `Page ${formatCount(from - startPage)}: ${words.join(", ")}` },
			{ text: stateMeanings[state], style: "note" },
		];
	}
}

/** `253 not present, 3 shared memory`. */
function countsWords(counts: ReadonlyMap<number, number>): string {
	return legendOrder
		.flatMap((state) => {
			const count = counts.get(stateCode[state]);
			return count === undefined ? [] : [`${formatCount(count)} ${stateWords[state]}`];
		})
		.join(", ");
}

/** The pages of a grid in words: counts, and where they are few the pages themselves. */
export function stripSentence(strip: Strip): string {
	const { startPage, endPage, runs } = strip;
	const present = runs.filter(({ state }) => state !== stateCode.notPresent);
	const count = present.reduce((sum, { start, end }) => sum + end - start, 0);
	const words = countsWords(countStates(strip));
	if (count === 0 || count > 6 || count === endPage - startPage) return words;
	const pages = present.flatMap(({ start, end }) =>
		Array.from({ length: end - start }, (_, i) => start + i - startPage),
	);
	return `${words} (${count === 1 ? "page" : "pages"} ${pages.join(", ")})`;
}
