import type { Pixels, Rgb } from "./mapView";

/** A cell of a page view, as it is painted. */
export interface PaintedCell {
	/** A point near its upper edge, above letter and dot. */
	readonly x: number;
	readonly y: number;
	/** Its body is filled with the colour asked for. */
	readonly solid: boolean;
}

/** Narrower things between two grounds are outlines. */
const leastWidth = 10;

/**
 * The cells of the first row of a page view in which a cell has this colour: wherever, along a line near the upper edge
 * of that cell, there is something wide enough that is not the ground of the view.
 */
export function solidCells({ width, height, at }: Pixels, colour: Rgb): PaintedCell[] {
	const isColour = (x: number, y: number) => at(x, y).every((part, index) => part === colour[index]);
	const firstLine = () => {
		for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (isColour(x, y)) return y;
		return undefined;
	};
	const top = firstLine();
	if (top === undefined) return [];
	const y = top + 2;
	// The canvas is empty, hence black and transparent, between the cells.
	const isGround = (x: number) => at(x, y).every((part) => part === 0);
	const cells: PaintedCell[] = [];
	let start: number | undefined;
	for (let x = 0; x <= width; x++) {
		const ground = x === width || isGround(x);
		if (!ground) start ??= x;
		else if (start !== undefined) {
			const middle = Math.floor((start + x) / 2);
			if (x - start >= leastWidth) cells.push({ x: middle, y, solid: isColour(middle, y) });
			start = undefined;
		}
	}
	return cells;
}
