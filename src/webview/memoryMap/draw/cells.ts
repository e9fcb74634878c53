import { cellChanged, cellFileCached, cellStride, type PageCells, type ShareCells } from "../../../shared/mapFrame";
import { flagBit, stateCount } from "../../../shared/pageStates";
import { ColumnPainter, changedShare, fileCachedShare } from "./columns";
import { type CellGrid, cellPitch, cellsIn, gridCell, snapLength } from "./geometry";
import { type GlyphOptions, GlyphPainter, type GlyphSize, glyphHeight, glyphSizes } from "./glyph";
import type { PaintOptions } from "./options";
import { paintOutline } from "./outline";
import type { Palette } from "./palette";

export interface GridOptions extends PaintOptions {
	/** Index of the selected cell: outlined. */
	readonly selected?: number;
	/** The grid has keyboard focus: the selected cell's outline takes the focus colour. */
	readonly focused?: boolean;
	/** Index of the cell under the pointer. */
	readonly hover?: number;
	/** Rows to paint; all when left out. The first painted row still lies at its own y. */
	readonly rows?: { readonly first: number; readonly count: number };
	/** The page cache is not known here: no lane. */
	readonly cacheHidden?: boolean;
}

export interface PageGridOptions extends GridOptions, GlyphOptions {
	/** CSS font of the letters, 11 or 12 px of the editor's font. */
	readonly letterFont: string;
	/** Size of the cells; the page view's when left out. */
	readonly size?: GlyphSize;
}

const shareCell = {
	width: 4,
	height: 14,
	gapX: 1,
	gapY: 3,
	heights: { body: 10, gap: 1, lane: 3, tick: 1, tickGap: 1 },
};
const pageCell = { gapX: 2, gapY: 4 };
/** Base pages under one entry of the level above, by which huge pages are framed. */
const pagesPerHugePage = 512;

/** How many 4×14 cells fit: what the frame's query asks for as `inspectorCells`. */
export function shareCellCapacity(width: number, height: number, dpr: number): number {
	return (
		cellsIn(width, cellPitch(shareCell.width, shareCell.gapX, dpr)) *
		cellsIn(height, cellPitch(shareCell.height, shareCell.gapY, dpr))
	);
}

/** The grid of a mapping's share cells, 4×14 on a 5×17 pitch, as many per row as fit. */
export function shareGrid(width: number, cells: ShareCells, dpr: number): CellGrid {
	const across = cellPitch(shareCell.width, shareCell.gapX, dpr);
	const down = cellPitch(shareCell.height, shareCell.gapY, dpr);
	const count = Math.floor(cells.counts.length / cellStride);
	const perRow = Math.max(1, cellsIn(width, across));
	return {
		count,
		perRow,
		lead: 0,
		rows: Math.ceil(count / perRow),
		cellWidth: across.cell,
		cellHeight: down.cell,
		pitchX: across.pitch,
		pitchY: down.pitch,
		dpr,
	};
}

/**
 * The page view's grid, 23×25 on 25×29: 128, 64, 32, 16 or 8 per row by width. With `align` the first row is indented so
 * that every row starts at a multiple of the cells per row.
 */
export function pageGrid(width: number, startPage: number, pageCount: number, dpr: number, align = false): CellGrid {
	const across = cellPitch(glyphSizes.page.width, pageCell.gapX, dpr);
	const down = cellPitch(glyphHeight(glyphSizes.page), pageCell.gapY, dpr);
	const room = cellsIn(width, across);
	const perRow = [128, 64, 32, 16].find((cells) => cells <= room) ?? 8;
	const lead = align ? startPage % perRow : 0;
	return {
		count: pageCount,
		perRow,
		lead,
		rows: Math.ceil((lead + pageCount) / perRow),
		cellWidth: across.cell,
		cellHeight: down.cell,
		pitchX: across.pitch,
		pitchY: down.pitch,
		dpr,
	};
}

/** A grid of small cells, 10×16 on 12×20, a power of two in a row: for some hundred pages at a glance. */
export function smallGrid(width: number, pageCount: number, dpr: number): CellGrid {
	const across = cellPitch(glyphSizes.small.width, pageCell.gapX, dpr);
	const down = cellPitch(glyphHeight(glyphSizes.small), pageCell.gapY, dpr);
	const room = Math.max(1, cellsIn(width, across));
	const perRow = 2 ** Math.floor(Math.log2(room));
	return {
		count: pageCount,
		perRow,
		lead: 0,
		rows: Math.ceil(pageCount / perRow),
		cellWidth: across.cell,
		cellHeight: down.cell,
		pitchX: across.pitch,
		pitchY: down.pitch,
		dpr,
	};
}

/** Paints share cells with the grid's top left corner at (x, y). */
export function paintShareCells(
	context: CanvasRenderingContext2D,
	x: number,
	y: number,
	grid: CellGrid,
	cells: ShareCells,
	palette: Palette,
	options: GridOptions,
): void {
	const lanes = options.cacheHidden !== true;
	const painter = new ColumnPainter(palette, shareCell.heights, { ...options, lanes, foot: true });
	const { first, end } = paintedCells(grid, options);
	let row = -1;
	for (let index = first; index < end; index++) {
		const cell = gridCell(grid, index);
		if (Math.floor((index + grid.lead) / grid.perRow) !== row) {
			if (row >= 0) painter.end();
			row = Math.floor((index + grid.lead) / grid.perRow);
			painter.begin(y + cell.y);
		}
		readCounts(cells.counts, index * cellStride, painter.shares);
		painter.column(x + cell.x, x + cell.x + cell.width);
	}
	painter.end();
	painter.flush(context);
	paintMarks(context, x, y, grid, palette, options, 1);
}

/**
 * Paints page cells with the grid's top left corner at (x, y). `cells` may be a part of the grid's pages: `firstCell`
 * is the index of its first page in the grid; places without data stay empty.
 */
export function paintPageCells(
	context: CanvasRenderingContext2D,
	x: number,
	y: number,
	grid: CellGrid,
	cells: PageCells,
	palette: Palette,
	options: PageGridOptions,
	firstCell = 0,
): void {
	const painter = new GlyphPainter(options.size ?? glyphSizes.page, palette, options);
	const painted = paintedCells(grid, options);
	const first = Math.max(painted.first, firstCell);
	const end = Math.min(painted.end, firstCell + cells.states.length);
	for (let index = first; index < end; index++) {
		const cell = gridCell(grid, index);
		const at = index - firstCell;
		painter.add(x + cell.x, y + cell.y, cells.states[at] ?? 0, cells.flags[at] ?? 0, cells.detailed);
	}
	painter.flush(context);
	context.fillStyle = palette.secondary;
	for (let index = first; index < end; index++) {
		if (((cells.flags[index - firstCell] ?? 0) & flagBit.huge) !== 0) {
			paintHugeEdges(context, x, y, grid, cells, index, firstCell);
		}
	}
	paintMarks(context, x, y, grid, palette, options, 2);
}

/** Cells of the rows to paint, half open. */
function paintedCells(grid: CellGrid, options: GridOptions): { readonly first: number; readonly end: number } {
	const { rows } = options;
	if (rows === undefined) return { first: 0, end: grid.count };
	const first = Math.max(0, rows.first * grid.perRow - grid.lead);
	return { first, end: Math.min(grid.count, (rows.first + rows.count) * grid.perRow - grid.lead) };
}

function readCounts(counts: Uint32Array, at: number, shares: Float64Array): void {
	let pages = 0;
	for (let state = 0; state < stateCount; state++) pages += counts[at + state] ?? 0;
	const scale = pages === 0 ? 0 : 1 / pages;
	for (let state = 0; state < stateCount; state++) shares[state] = (counts[at + state] ?? 0) * scale;
	shares[fileCachedShare] = (counts[at + cellFileCached] ?? 0) * scale;
	shares[changedShare] = (counts[at + cellChanged] ?? 0) * scale;
}

/** The sides of a huge page's frame that run along one cell: where the neighbour belongs to another page. */
function paintHugeEdges(
	context: CanvasRenderingContext2D,
	x: number,
	y: number,
	grid: CellGrid,
	cells: PageCells,
	index: number,
	firstCell: number,
): void {
	const block = hugeBlock(cells, index - firstCell);
	const cell = gridCell(grid, index);
	const line = snapLength(1, grid.dpr);
	const left = x + cell.x - line;
	const top = y + cell.y - line;
	const width = cell.width + 2 * line;
	const place = (index + grid.lead) % grid.perRow;
	const inside = (neighbour: number): boolean => hugeBlock(cells, neighbour - firstCell) === block;
	const above = inside(index - grid.perRow);
	const below = inside(index + grid.perRow);
	const before = place > 0 && inside(index - 1);
	const after = place < grid.perRow - 1 && inside(index + 1);
	const right = after ? x + cell.x + grid.pitchX : left + width;
	const foot = below ? y + cell.y + grid.pitchY : y + cell.y + cell.height + line;
	if (!above) context.fillRect(left, top, right - left, line);
	if (!below) context.fillRect(left, y + cell.y + cell.height, right - left, line);
	if (!before) context.fillRect(left, top, line, foot - top);
	if (!after) context.fillRect(x + cell.x + cell.width, top, line, foot - top);
}

/** The huge page a cell belongs to; -1 when it is no part of one. */
function hugeBlock(cells: PageCells, at: number): number {
	if (at < 0 || at >= cells.flags.length || ((cells.flags[at] ?? 0) & flagBit.huge) === 0) return -1;
	return Math.floor((cells.startPage + at) / pagesPerHugePage);
}

function paintMarks(
	context: CanvasRenderingContext2D,
	x: number,
	y: number,
	grid: CellGrid,
	palette: Palette,
	options: GridOptions,
	line: number,
): void {
	const { selected, hover, focused, dpr } = options;
	// The space keeps the line apart from a body of nearly its colour.
	const mark = (index: number, colour: string, thickness: number): void => {
		if (index < 0 || index >= grid.count) return;
		const cell = gridCell(grid, index);
		paintOutline(context, { ...cell, x: x + cell.x, y: y + cell.y }, { colour, line: thickness, space: 1, dpr });
	};
	if (hover !== undefined && hover !== selected) mark(hover, palette.secondary, 1);
	if (selected === undefined) return;
	const colour = focused === true ? palette.focus : palette.selection;
	mark(selected, colour, palette.highContrast ? 2 : line);
}
