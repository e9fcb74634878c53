import type { StripSegment } from "../../../shared/mapFrame";
import { cellPitch, cellsIn, columnPages, type PageRange, pageColumn, snap } from "./geometry";

/** Room between the segments of a folded group, CSS pixels. */
const segmentGap = 2;
/** Width of a column, CSS pixels. */
export const columnWidth = 2;

/** What a strip of some width has room for: what the frame's query asks for. */
export interface StripCapacity {
	readonly stripColumns: number;
	readonly stripCells: number;
}

/** How many columns, or else one-page cells, fit into a strip of `width` CSS pixels. */
export function stripCapacity(width: number, dpr: number): StripCapacity {
	return {
		stripColumns: Math.max(0, Math.floor(width / columnWidth)),
		stripCells: cellsIn(width, cellPitch(4, 1, dpr)),
	};
}

/** A segment and where it is drawn, in CSS pixels from the strip's left edge. */
export interface StripPart {
	readonly segment: StripSegment;
	readonly index: number;
	readonly x: number;
	readonly width: number;
	/** Columns or cells drawn: fewer than the segment has where there is not room for all. */
	readonly columns: number;
	/** From the left edge of one column to that of the next. */
	readonly pitch: number;
	/** Space after each cell; 0 for columns. */
	readonly gap: number;
}

export interface StripLayout {
	readonly width: number;
	readonly dpr: number;
	readonly parts: readonly StripPart[];
}

/** What lies under the pointer. */
export interface StripHit extends PageRange {
	readonly segment: StripSegment;
	/** Index of the segment. */
	readonly index: number;
	/** Column of the part as drawn; its pages are `startPage` … `endPage`. */
	readonly column: number;
}

/**
 * Places a row's segments side by side. Columns are 2 px, cells 4 px + 1; where that is wider than the strip (the frame
 * was made for a wider one) everything shrinks in proportion and several columns share one place.
 */
export function layoutStrip(segments: readonly StripSegment[], available: number, dpr = 1): StripLayout {
	const width = Math.floor(available * dpr + 1e-6) / dpr;
	const { cell, gap, pitch } = cellPitch(4, 1, dpr);
	const natural = segments.map(({ kind, columnCount }) => {
		if (kind === "cells") return columnCount * pitch - gap;
		if (kind === "reserved" && segments.length === 1) return width;
		return Math.max(1, columnCount) * columnWidth;
	});
	const total = natural.reduce((sum, length) => sum + length, 0);
	const between = Math.max(1, segments.length - 1);
	// Where it does not fit, the space between segments gives first, down to a device pixel.
	const space = Math.min(segmentGap, Math.max(1 / dpr, Math.floor(((width - total) / between) * dpr) / dpr));
	const whole = total + space * (segments.length - 1);
	const scale = whole <= width + 1e-6 ? 1 : width / whole;
	const parts: StripPart[] = [];
	const pixels = Math.round(width * dpr);
	let x = 0;
	// In device pixels; every segment gets one, as long as there are that many.
	let end = 0;
	for (const [index, segment] of segments.entries()) {
		const length = (natural[index] ?? 0) * scale;
		const least = Math.max(end, Math.round(x * dpr));
		const most = pixels - (segments.length - 1 - index);
		const from = Math.max(end, Math.min(least, most - 1));
		const to = Math.max(from + 1, Math.min(most, Math.round((x + length) * dpr)));
		x += length + space * scale;
		if (to > pixels) break;
		end = to;
		const left = from / dpr;
		const right = to / dpr;
		if (segment.kind === "cells" && scale === 1) {
			parts.push({
				segment,
				index,
				x: left,
				width: right - left,
				columns: segment.columnCount,
				pitch,
				gap: pitch - cell,
			});
			continue;
		}
		// A column needs two device pixels: one of them may have to stay empty between different states.
		const room = Math.max(1, Math.floor((to - from) / 2));
		const columns = Math.min(Math.max(1, segment.columnCount), room);
		parts.push({ segment, index, x: left, width: right - left, columns, pitch: (right - left) / columns, gap: 0 });
	}
	return { width, dpr, parts };
}

/** The column at `x` CSS pixels from the strip's left edge; between two parts the nearer one is not guessed. */
export function stripHit(layout: StripLayout, x: number): StripHit | undefined {
	const part = layout.parts.find((candidate) => x >= candidate.x && x < candidate.x + candidate.width + candidate.gap);
	if (part === undefined) return undefined;
	const column = Math.min(part.columns - 1, Math.floor((x - part.x) / part.pitch + 1e-6));
	return { segment: part.segment, index: part.index, column, ...columnPages(part.segment, part.columns, column) };
}

/** Where a page is drawn, in CSS pixels from the strip's left edge; undefined when it is in no segment. */
export function stripPlace(
	layout: StripLayout,
	page: number,
): { readonly x: number; readonly width: number } | undefined {
	for (const part of layout.parts) {
		const column = pageColumn(part.segment, part.columns, page);
		if (column === undefined) continue;
		const left = snap(part.x + column * part.pitch, layout.dpr);
		return { x: left, width: snap(part.x + (column + 1) * part.pitch - part.gap, layout.dpr) - left };
	}
	return undefined;
}
