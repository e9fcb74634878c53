import type { PaintOptions } from "./options";
import type { Palette } from "./palette";

/** Height of a bar by kind, CSS pixels. */
export const barHeight = 10;

/** What a bar shows: {@link KindTotal} is one. */
export interface BarData {
	/** Bytes; absent when not known. */
	readonly bytes?: number;
	/** Bytes by state code. */
	readonly byState?: Float64Array;
}

/**
 * Paints the bar of a kind with its top left corner at (x, y). `scale` is how many bytes the whole `width` stands for.
 * The bar is split by state where the measure has states, else it is of one neutral colour. Returns the width drawn.
 */
export function paintBar(
	context: CanvasRenderingContext2D,
	x: number,
	y: number,
	width: number,
	data: BarData,
	scale: number,
	palette: Palette,
	options: PaintOptions,
): number {
	void [context, x, y, width, data, scale, palette, options];
	return 0;
}
