import type { Overview, OverviewSegment } from "../../../shared/mapFrame";
import { Batch } from "./batch";
import { type ColumnHeights, ColumnPainter } from "./columns";
import { type PageRange, snap, snapLength } from "./geometry";
import type { PaintOptions } from "./options";
import { paintOutline } from "./outline";
import { columnPitch, overviewExtent, overviewRows } from "./overviewLayout";
import { placeAddresses, placeLabels, shortSize } from "./overviewText";
import { ink, inkCount, type Palette } from "./palette";
import { readShares } from "./strip";

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

const heights: ColumnHeights = {
	body: overviewRows.bodyHeight,
	gap: overviewRows.gap,
	lane: overviewRows.lane,
	tick: 1,
	tickGap: 1,
};
/** Narrower gaps and reservations are marks without text, CSS pixels. */
const leastTextWidth = 15;
const dimmedOpacity = 0.25;
const batch = new Batch(inkCount);

/** Paints the overview into a context of `options.width` × 72 CSS pixels whose ground is `palette.background`. */
export function paintOverview(
	context: CanvasRenderingContext2D,
	overview: Overview,
	palette: Palette,
	options: OverviewOptions,
): void {
	const offset = options.offset ?? 0;
	const seen = overview.segments.filter(({ x, width }) => x + width > offset && x < offset + options.width);
	for (const dimmed of [true, false]) {
		context.globalAlpha = dimmed ? dimmedOpacity : 1;
		paintMappings(
			context,
			overview,
			seen.filter((segment) => segment.kind === "mapping" && segment.dimmed === dimmed),
			palette,
			options,
		);
	}
	context.globalAlpha = 1;
	for (const segment of seen) {
		if (segment.kind === "gap") addGap(segment, options);
		else if (segment.kind === "reservation") addFrame(segment, options);
	}
	addViewport(overview, options);
	batch.flush(context, palette.inks);
	paintText(context, overview, seen, palette, options);
	paintMarks(context, overview, palette, options);
}

function paintMappings(
	context: CanvasRenderingContext2D,
	overview: Overview,
	segments: readonly OverviewSegment[],
	palette: Palette,
	options: OverviewOptions,
): void {
	const { dpr, colourOf, offset = 0 } = options;
	const painter = new ColumnPainter(palette, heights, {
		...options,
		lanes: true,
		foot: true,
		...(colourOf === undefined ? {} : { bodyInk: ink.custom }),
	});
	painter.begin(overviewRows.body);
	for (const segment of segments) {
		const pitch = columnPitch(segment);
		const end = snap(segment.x - offset + segment.width, dpr);
		let left = snap(segment.x - offset, dpr);
		for (let column = 0; column < segment.columnCount; column++) {
			const last = column === segment.columnCount - 1;
			const right = last ? end : Math.min(end, snap(segment.x - offset + (column + 1) * pitch, dpr));
			const first = segment.firstColumn + column;
			readShares(overview.columns, first, first + 1, painter.shares);
			if (right > left && right > 0 && left < options.width) painter.column(left, right);
			left = right;
		}
		const colour = colourOf?.(segment);
		if (colour === undefined) continue;
		painter.end();
		painter.flush(context, colour);
		painter.begin(overviewRows.body);
	}
	painter.end();
	painter.flush(context, palette.foreground);
}

/** Two zig-zags: the address space was cut here. */
function addGap({ x, width }: OverviewSegment, { dpr, offset = 0 }: OverviewOptions): void {
	const swing = width < leastTextWidth ? 2 : 3;
	const left = snap(x - offset, dpr) + 1;
	const right = snap(x - offset + width, dpr) - 1 - swing;
	const step = 4;
	let out = 0;
	for (let y = overviewRows.body; y < overviewRows.foot - 1; y += step) {
		const next = out === 0 ? swing : 0;
		const end = Math.min(overviewRows.foot, y + step);
		batch.line(ink.lines, left + out, y, left + next, end);
		batch.line(ink.lines, right + out, y, right + next, end);
		out = next;
	}
}

/** A dashed frame: reserved, and nothing in it. */
function addFrame({ x, width }: OverviewSegment, { dpr, offset = 0 }: OverviewOptions): void {
	const line = snapLength(1, dpr);
	const left = snap(x - offset, dpr) + line;
	const right = snap(x - offset + width, dpr) - line;
	const top = overviewRows.body;
	const foot = overviewRows.foot;
	const dash = snapLength(3, dpr);
	for (let at = left; at < right; at += 2 * dash) {
		const length = Math.min(dash, right - at);
		batch.rectangle(ink.lines, at, top, length, line);
		batch.rectangle(ink.lines, at, foot - line, length, line);
	}
	for (let at: number = top; at < foot; at += 2 * dash) {
		const length = Math.min(dash, foot - at);
		batch.rectangle(ink.lines, left, at, line, length);
		batch.rectangle(ink.lines, right - line, at, line, length);
	}
}

function addViewport(overview: Overview, { viewport, offset = 0, dpr }: OverviewOptions): void {
	for (const range of viewport ?? []) {
		const extent = overviewExtent(overview, range);
		if (extent === undefined) continue;
		const left = snap(extent.from - offset, dpr);
		const width = Math.max(2, snap(extent.to - offset, dpr) - left);
		batch.rectangle(ink.lines, left, overviewRows.rule, width, snapLength(overviewRows.ruleHeight, dpr));
	}
}

function paintText(
	context: CanvasRenderingContext2D,
	overview: Overview,
	seen: readonly OverviewSegment[],
	palette: Palette,
	options: OverviewOptions,
): void {
	const { offset = 0, width, pageSize, fontFamily, monospaceFamily } = options;
	const measure = (text: string): number => context.measureText(text).width;
	context.textAlign = "left";
	context.textBaseline = "alphabetic";
	context.font = `11px ${fontFamily}`;
	context.fillStyle = palette.foreground;
	for (const { text, x } of placeLabels(overview.segments, width, offset, measure)) {
		context.fillText(text, x, overviewRows.body - 4);
	}
	context.textAlign = "center";
	context.fillStyle = palette.secondary;
	const sized = seen.filter((segment) => segment.kind !== "mapping" && segment.width >= leastTextWidth);
	for (const line of [0, 1] as const) {
		context.font = line === 0 ? `11px ${fontFamily}` : `10px ${fontFamily}`;
		for (const segment of sized) {
			const text = shortSize((segment.endPage - segment.startPage) * pageSize)[line];
			context.fillText(text, segment.x - offset + segment.width / 2, overviewRows.body + (line === 0 ? 15 : 27));
		}
	}
	context.textAlign = "left";
	context.font = `11px ${monospaceFamily}`;
	for (const { text, x } of placeAddresses(overview.segments, width, offset, pageSize, measure)) {
		context.fillText(text, x, overviewRows.addresses + 10);
	}
}

function paintMarks(
	context: CanvasRenderingContext2D,
	overview: Overview,
	palette: Palette,
	options: OverviewOptions,
): void {
	const { hover, selection, focused, dpr, offset = 0 } = options;
	const mark = (from: number, to: number, colour: string, line: number): void => {
		const width = Math.max(1, to - from);
		const rect = { x: from - offset, y: overviewRows.body, width, height: overviewRows.foot - overviewRows.body };
		paintOutline(context, rect, { colour, line, space: 1, dpr });
	};
	const hovered = hover === undefined ? undefined : overview.segments[hover];
	if (hovered !== undefined) mark(hovered.x, hovered.x + hovered.width, palette.secondary, 1);
	const extent = selection === undefined ? undefined : overviewExtent(overview, selection);
	if (extent === undefined) return;
	const colour = focused === true ? palette.focus : palette.selection;
	mark(extent.from, extent.to, colour, palette.highContrast ? 2 : 1);
}

export { type OverviewHit, overviewHit, overviewPage, overviewPlace, overviewRows } from "./overviewLayout";
