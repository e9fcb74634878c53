import type { Overview, OverviewSegment } from "../../../shared/mapFrame";
import type { PageRange } from "./geometry";
import type { PaintOptions } from "./options";
import type { Palette } from "./palette";

/** Height of the overview's canvas and where its parts lie, CSS pixels. */
export const overviewRows = {
	labels: 14,
	body: 30,
	gap: 1,
	lane: 4,
	ruleTop: 52,
	rule: 2,
	addresses: 56,
	total: 72,
} as const;

export interface OverviewOptions extends PaintOptions {
	/** Visible width, CSS pixels. */
	readonly width: number;
	/** Left edge of what is visible, in the overview's own pixels: larger than 0 when zoomed and scrolled. */
	readonly offset?: number;
	readonly pageSize: number;
	/** `--vscode-font-family`. */
	readonly fontFamily: string;
	/** `--vscode-editor-font-family`. */
	readonly monospaceFamily: string;
	readonly selection?: PageRange;
	/** Keyboard focus is in the overview: the selection's outline takes the focus colour. */
	readonly focused?: boolean;
	/** What the list shows: one range when it is in address order, several otherwise. */
	readonly viewport?: readonly PageRange[];
	/** Index of the segment under the pointer. */
	readonly hover?: number;
	/** "Colour by: kind": the colour of a mapping segment's bodies; lanes vanish. */
	readonly colourOf?: (segment: OverviewSegment) => string | undefined;
}

/** What lies under the pointer in the overview. */
export interface OverviewHit extends PageRange {
	readonly segment: OverviewSegment;
	readonly index: number;
	/** Column in the segment; undefined for gaps and reservations. */
	readonly column: number | undefined;
	/** `rule`: the viewport rule and below, which is dragged to scroll. */
	readonly zone: "map" | "rule";
}

/** Paints the overview into a context of `options.width` × 72 CSS pixels. */
export function paintOverview(
	context: CanvasRenderingContext2D,
	overview: Overview,
	palette: Palette,
	options: OverviewOptions,
): void {
	void [context, overview, palette, options];
}

/** The segment at a point of the canvas; `offset` as in {@link OverviewOptions}. */
export function overviewHit(overview: Overview, x: number, y: number, offset = 0): OverviewHit | undefined {
	void [overview, x, y, offset];
	return undefined;
}

/** Where a page lies, in the overview's own pixels; undefined when it is in no segment. */
export function overviewPlace(overview: Overview, page: number): number | undefined {
	void [overview, page];
	return undefined;
}

/** The page at `x` of the overview's own pixels, in gaps the nearest mapping's: for dragging. */
export function overviewPage(overview: Overview, x: number): number | undefined {
	void [overview, x];
	return undefined;
}
