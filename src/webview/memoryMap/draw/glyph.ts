import type { PaintOptions } from "./options";
import type { Palette } from "./palette";

/** Measures of a page glyph, CSS pixels: a body over a gap over a lane. */
export interface GlyphSize {
	readonly width: number;
	readonly body: number;
	readonly gap: number;
	readonly lane: number;
}

/** The glyph in the legend, in the page view and in the inspector's grid. */
export const glyphSizes = {
	legend: { width: 16, body: 10, gap: 1, lane: 3 },
	page: { width: 23, body: 20, gap: 1, lane: 4 },
	cell: { width: 4, body: 10, gap: 1, lane: 3 },
} as const satisfies Record<string, GlyphSize>;

/** One page: its state's code and its flag bits. */
export interface GlyphPage {
	readonly state: number;
	readonly flags: number;
	/** `exclusive` was asked of the page table, so its absence means something. */
	readonly detailed: boolean;
}

export interface GlyphOptions extends PaintOptions {
	/** CSS font of the letter; without it no letter is drawn. Letters need a body of at least 16 px height. */
	readonly letterFont?: string;
	/** The page cache is not known here: no lane. */
	readonly cacheHidden?: boolean;
	/** "Colour by: kind": bodies of present pages take this colour and lanes vanish. */
	readonly bodyColour?: string;
}

/** Paints one page glyph with its top left corner at (x, y). */
export function paintGlyph(
	context: CanvasRenderingContext2D,
	x: number,
	y: number,
	size: GlyphSize,
	page: GlyphPage,
	palette: Palette,
	options: GlyphOptions,
): void {
	void options;
	context.fillStyle = palette.states[page.state] ?? palette.foreground;
	context.fillRect(x, y, size.width, size.body);
}
