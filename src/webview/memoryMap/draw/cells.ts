import type { PageCells, ShareCells } from "../../../shared/mapFrame";
import { type CellGrid, cellPitch, cellsIn } from "./geometry";
import type { PaintOptions } from "./options";
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

export interface PageGridOptions extends GridOptions {
	/** CSS font of the letters, 11 or 12 px of the editor's font. */
	readonly letterFont: string;
	/** "Colour by: kind": bodies of present pages take this colour and lanes vanish. */
	readonly bodyColour?: string;
}

/** How many 4×14 cells fit: what the frame's query asks for as `inspectorCells`. */
export function shareCellCapacity(width: number, height: number, dpr: number): number {
	return cellsIn(width, cellPitch(4, 1, dpr)) * cellsIn(height, cellPitch(14, 3, dpr));
}

/** The grid of a mapping's share cells, 4×14 on a 5×17 pitch, as many per row as fit. */
export function shareGrid(width: number, cells: ShareCells, dpr: number): CellGrid {
	void [width, cells, dpr];
	return { count: 0, perRow: 1, lead: 0, rows: 0, cellWidth: 4, cellHeight: 14, pitchX: 5, pitchY: 17, dpr };
}

/**
 * The page view's grid, 23×25 on 25×29: 128, 64, 32, 16 or 8 per row by width. With `align` the first row is indented so
 * that every row starts at a multiple of the cells per row.
 */
export function pageGrid(width: number, startPage: number, pageCount: number, dpr: number, align = false): CellGrid {
	void [width, startPage, align];
	return {
		count: pageCount,
		perRow: 32,
		lead: 0,
		rows: Math.ceil(pageCount / 32),
		cellWidth: 23,
		cellHeight: 25,
		pitchX: 25,
		pitchY: 29,
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
	void [context, x, y, grid, cells, palette, options];
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
	void [context, x, y, grid, cells, palette, options, firstCell];
}
