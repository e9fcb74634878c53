import type { Locator } from "playwright-core";
import type { Rgb } from "./mapView";

/** A cell of a page view, as it is painted. */
export interface PaintedCell {
	/** A point near its upper edge, above letter and dot; CSS pixels of the canvas. */
	readonly x: number;
	readonly y: number;
	/** Its body is filled with the colour asked for. */
	readonly solid: boolean;
}

/**
 * The cells of the first row of a page view in which a cell has this colour; none where no cell has it. A cell is,
 * along a line near the upper edge of that cell, whatever is painted and wider than an outline.
 */
export async function paintedCells(canvas: Locator, colour: Rgb): Promise<PaintedCell[]> {
	return await canvas.evaluate((node: HTMLCanvasElement, wanted) => {
		const { width } = node;
		const height = Math.min(80, node.height);
		const pixels = node.getContext("2d")?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
		const isColour = (at: number) => wanted.every((part, index) => pixels[at * 4 + index] === part);
		let first = 0;
		while (first < width * height && !isColour(first)) first++;
		if (first === width * height) return [];
		const y = Math.floor(first / width) + 2;
		// Between the cells the canvas is transparent.
		const isPainted = (x: number) => x < width && pixels[(y * width + x) * 4 + 3] !== 0;
		const cells: { x: number; y: number; solid: boolean }[] = [];
		for (let x = 0; x < width; x++) {
			let end = x;
			while (isPainted(end)) end++;
			const middle = Math.floor((x + end) / 2);
			if (end - x >= 10) cells.push({ x: middle, y, solid: isColour(y * width + middle) });
			x = end;
		}
		return cells;
	}, colour);
}
