import { type StripSegment, stripChanged, stripFileCached, stripStride } from "../../../shared/mapFrame";
import { stateCode, stateCount } from "../../../shared/pageStates";
import { type ColumnHeights, ColumnPainter, changedShare, fileCachedShare } from "./columns";
import { snap, snapLength } from "./geometry";
import type { PaintOptions } from "./options";
import { paintOutline } from "./outline";
import type { Palette } from "./palette";
import { layoutStrip, type StripPart, stripPlace } from "./stripLayout";

/** Heights of a row's strip, CSS pixels; the ticks stand in the 4 px above it. */
export const stripHeights = { body: 9, gap: 1, lane: 3, tick: 2, tickGap: 2, total: 13 } as const;

/** Dashes and the spaces between them in the strip of a reservation, CSS pixels. */
const dash = 4;
const dashGap = 3;

/**
 * Paints a row's strip with its top left corner at (x, y): 13 px high, ticks in the 4 px above it. `columns` is the
 * frame's `rows.columns`. The ground must already be `palette.background`.
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
	const { dpr } = options;
	const left = snap(x, dpr);
	const top = snap(y, dpr);
	for (const part of layoutStrip(segments, width, dpr).parts) {
		if (part.segment.kind === "reserved") paintDashes(context, left + part.x, top, part.width, palette, dpr);
		else paintPart(context, left, top, part, columns, palette, options);
	}
}

/** Outlines where a page is drawn in a strip of the same segments and width: the keyboard's place in it. */
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
	const { dpr } = options;
	const place = stripPlace(layoutStrip(segments, width, dpr), page);
	if (place === undefined) return;
	paintOutline(
		context,
		{ x: snap(x, dpr) + place.x, y, width: place.width, height: stripHeights.total },
		{ colour: palette.focus, line: palette.highContrast ? 2 : 1, space: 1, dpr },
	);
}

function paintPart(
	context: CanvasRenderingContext2D,
	x: number,
	y: number,
	part: StripPart,
	columns: Uint8Array,
	palette: Palette,
	options: PaintOptions,
): void {
	const { segment } = part;
	const hiddenCache = segment.cache === "hidden";
	const painter = new ColumnPainter(palette, stripHeights satisfies ColumnHeights, {
		...options,
		lanes: !hiddenCache,
		foot: !hiddenCache,
	});
	painter.begin(y);
	const from = x + part.x;
	let left = snap(from, options.dpr);
	for (let column = 0; column < part.columns; column++) {
		const next = snap(from + (column + 1) * part.pitch, options.dpr);
		const first = segment.firstColumn + Math.floor((column * segment.columnCount) / part.columns);
		const last = segment.firstColumn + Math.floor(((column + 1) * segment.columnCount) / part.columns);
		readShares(columns, first, Math.max(last, first + 1), painter.shares);
		painter.column(left, part.gap > 0 ? next - part.gap : next);
		left = next;
	}
	painter.end();
	if (hiddenCache) painter.unknownLane(from, from + part.width);
	painter.flush(context);
}

/**
 * Reads the average of columns [first, end) as shares 0…1. Shares are
 * rounded on the wire, by half of 1/255 at most: what is missing is "not present" only where that cannot explain it.
 */
export function readShares(columns: Uint8Array, first: number, end: number, shares: Float64Array): void {
	shares.fill(0);
	const count = end - first;
	let occurring = 0;
	let sum = 0;
	for (let column = first; column < end; column++) {
		const at = column * stripStride;
		for (let state: number = stateCode.cached; state < stateCount; state++) {
			const share = columns[at + state - 1] ?? 0;
			if (share === 0) continue;
			occurring++;
			sum += share;
			shares[state] = (shares[state] ?? 0) + share / 255 / count;
		}
		shares[fileCachedShare] = (shares[fileCachedShare] ?? 0) + (columns[at + stripFileCached] ?? 0) / 255 / count;
		shares[changedShare] = (shares[changedShare] ?? 0) + (columns[at + stripChanged] ?? 0) / 255 / count;
	}
	const missing = 255 * count - sum;
	if (missing > occurring / 2) shares[stateCode.notPresent] = missing / 255 / count;
}

function paintDashes(
	context: CanvasRenderingContext2D,
	x: number,
	y: number,
	width: number,
	palette: Palette,
	dpr: number,
): void {
	const line = snapLength(1, dpr);
	const middle = y + snap((stripHeights.total - 1) / 2, dpr);
	context.fillStyle = palette.lines;
	for (let at = 0; at < width; at += dash + dashGap) {
		const left = snap(x + at, dpr);
		context.fillRect(left, middle, Math.min(snap(x + at + dash, dpr), x + width) - left, line);
	}
}
