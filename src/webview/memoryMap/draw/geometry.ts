/** A rectangle in CSS pixels. */
export interface Rect {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** Page numbers, half open. */
export interface PageRange {
	readonly startPage: number;
	readonly endPage: number;
}

/** The nearest edge between device pixels, in CSS pixels. */
export function snap(value: number, dpr: number): number {
	return Math.round(value * dpr) / dpr;
}

/** A length as whole device pixels, at least one, in CSS pixels. */
export function snapLength(value: number, dpr: number): number {
	return Math.max(1, Math.round(value * dpr)) / dpr;
}

/** Equal cells in a row, in CSS pixels: every cell and every gap is a whole number of device pixels. */
export interface Pitch {
	readonly cell: number;
	readonly gap: number;
	readonly pitch: number;
}

/**
 * Cells of about `cell` CSS pixels, `gap` apart. Both become whole device pixels, so that all gaps look the same at
 * fractional scales; the pitch is never more than asked (where that leaves room for a pixel of each).
 */
export function cellPitch(cell: number, gap: number, dpr: number): Pitch {
	const pitch = Math.max(2, Math.floor((cell + gap) * dpr + 1e-6));
	const space = Math.min(pitch - 1, Math.max(1, Math.floor(gap * dpr + 1e-6)));
	return { cell: (pitch - space) / dpr, gap: space / dpr, pitch: pitch / dpr };
}

/** How many cells fit into `width`: the last one needs no gap after it. */
export function cellsIn(width: number, { gap, pitch }: Pitch): number {
	return Math.max(0, Math.floor((width + gap) / pitch + 1e-6));
}

/**
 * Pages of column `column` when a range is divided into `columns` equal shares: share i begins at
 * start + ⌊i × pages ÷ columns⌋.
 */
export function columnPages(range: PageRange, columns: number, column: number): PageRange {
	const pages = range.endPage - range.startPage;
	const startPage = range.startPage + Math.floor((column * pages) / columns);
	const endPage = range.startPage + Math.floor(((column + 1) * pages) / columns);
	return { startPage, endPage: Math.max(endPage, startPage + 1) };
}

/** The column of {@link columnPages} that holds a page; undefined outside the range. */
export function pageColumn(range: PageRange, columns: number, page: number): number | undefined {
	const pages = range.endPage - range.startPage;
	if (page < range.startPage || page >= range.endPage || columns < 1) return undefined;
	let column = Math.min(columns - 1, Math.floor(((page - range.startPage) * columns) / pages));
	while (column + 1 < columns && range.startPage + Math.floor(((column + 1) * pages) / columns) <= page) column++;
	return column;
}

/** Cells in rows: what a grid painter draws and a pointer hits. Lengths in CSS pixels. */
export interface CellGrid {
	readonly count: number;
	readonly perRow: number;
	/** Empty places before the first cell, so that rows start at round addresses. */
	readonly lead: number;
	readonly rows: number;
	readonly cellWidth: number;
	readonly cellHeight: number;
	readonly pitchX: number;
	readonly pitchY: number;
	readonly dpr: number;
}

/** Size of the whole grid in CSS pixels. */
export function gridSize(grid: CellGrid): { readonly width: number; readonly height: number } {
	return {
		width: grid.perRow * grid.pitchX - (grid.pitchX - grid.cellWidth),
		height: grid.rows === 0 ? 0 : grid.rows * grid.pitchY - (grid.pitchY - grid.cellHeight),
	};
}

/** Where cell `index` lies in its grid. */
export function gridCell(grid: CellGrid, index: number): Rect {
	const place = index + grid.lead;
	return {
		x: (place % grid.perRow) * grid.pitchX,
		y: Math.floor(place / grid.perRow) * grid.pitchY,
		width: grid.cellWidth,
		height: grid.cellHeight,
	};
}

/** The cell at a point of the grid; the gap after a cell counts to it. Undefined where there is none. */
export function gridHit(grid: CellGrid, x: number, y: number): number | undefined {
	if (x < 0 || y < 0) return undefined;
	const column = Math.floor(x / grid.pitchX + 1e-6);
	if (column >= grid.perRow) return undefined;
	const index = Math.floor(y / grid.pitchY + 1e-6) * grid.perRow + column - grid.lead;
	return index >= 0 && index < grid.count ? index : undefined;
}

/** The cell reached from `index` by so many columns and rows: stops at the first and the last cell. */
export function gridStep(grid: CellGrid, index: number, columns: number, rows: number): number {
	const next = index + columns + rows * grid.perRow;
	if (rows !== 0 && (next < 0 || next >= grid.count)) return index;
	return Math.min(grid.count - 1, Math.max(0, next));
}

/**
 * Gives a canvas the device pixels for a size in CSS pixels, clears it and returns its context, in which one unit is
 * one CSS pixel; undefined where the browser has no 2D context.
 */
export function prepareCanvas(
	canvas: HTMLCanvasElement,
	width: number,
	height: number,
	dpr: number,
): CanvasRenderingContext2D | undefined {
	const deviceWidth = Math.max(1, Math.round(width * dpr));
	const deviceHeight = Math.max(1, Math.round(height * dpr));
	// Setting the size drops the backing store even when nothing changes, so it is set only when it does.
	if (canvas.width !== deviceWidth) canvas.width = deviceWidth;
	if (canvas.height !== deviceHeight) canvas.height = deviceHeight;
	canvas.style.width = `${deviceWidth / dpr}px`;
	canvas.style.height = `${deviceHeight / dpr}px`;
	const context = canvas.getContext("2d");
	if (context === null) return undefined;
	context.setTransform(dpr, 0, 0, dpr, 0, 0);
	context.clearRect(0, 0, width + 1, height + 1);
	return context;
}

/**
 * Moves a canvas by less than a device pixel, so that its pixels lie on those of the screen: at fractional scales the
 * layout may put it between two, and everything in it would blur. Call it after layout, not in every frame.
 */
export function alignCanvas(canvas: HTMLCanvasElement, dpr: number): void {
	canvas.style.transform = "";
	const { left, top } = canvas.getBoundingClientRect();
	const x = snap(left, dpr) - left;
	const y = snap(top, dpr) - top;
	if (Math.abs(x) + Math.abs(y) > 1e-3) canvas.style.transform = `translate(${x}px, ${y}px)`;
}
