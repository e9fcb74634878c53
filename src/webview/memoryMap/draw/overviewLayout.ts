import type { Overview, OverviewSegment } from "../../../shared/mapFrame";
import { columnPages, type PageRange } from "./geometry";

/** Height of the overview's canvas and where its parts lie, CSS pixels from its top. */
export const overviewRows = {
	body: 14,
	bodyHeight: 30,
	gap: 1,
	lane: 4,
	foot: 49,
	rule: 52,
	ruleHeight: 2,
	addresses: 57,
	total: 72,
} as const;

/** Width of an overview column, CSS pixels. */
export const overviewColumn = 2;

/** What lies under the pointer in the overview. */
export interface OverviewHit extends PageRange {
	readonly segment: OverviewSegment;
	readonly index: number;
	/** Column in the segment; undefined for gaps and reservations. */
	readonly column: number | undefined;
	/** `rule`: the viewport rule and below, which is dragged to scroll. */
	readonly zone: "map" | "rule";
}

/**
 * The segment at a point of the canvas, and the pages of the column there. `offset` is the left edge of what is visible
 * in the overview's own pixels.
 */
export function overviewHit(overview: Overview, x: number, y: number, offset = 0): OverviewHit | undefined {
	if (y < 0 || y >= overviewRows.total) return undefined;
	const at = x + offset;
	const index = segmentAt(overview.segments, at);
	const segment = index === undefined ? undefined : overview.segments[index];
	if (index === undefined || segment === undefined || at >= segment.x + segment.width) return undefined;
	const zone = y < overviewRows.rule - 1 ? "map" : "rule";
	const { columnCount, startPage, endPage } = segment;
	if (columnCount === 0) return { segment, index, column: undefined, zone, startPage, endPage };
	const column = Math.min(columnCount - 1, Math.floor((at - segment.x) / columnPitch(segment)));
	return { segment, index, column, zone, ...columnPages(segment, columnCount, column) };
}

/** From the left edge of one column of a segment to the next: 2 px, or what its width leaves. */
export function columnPitch({ columnCount, width }: OverviewSegment): number {
	if (columnCount === 0) return width;
	const room = columnCount * overviewColumn;
	return room >= width && room < width + overviewColumn ? overviewColumn : width / columnCount;
}

/** Where a page lies, in the overview's own pixels; undefined when it is in no segment. */
export function overviewPlace(overview: Overview, page: number): number | undefined {
	const segment = overview.segments.find(({ startPage, endPage }) => page >= startPage && page < endPage);
	if (segment === undefined) return undefined;
	return segment.x + ((page - segment.startPage) / (segment.endPage - segment.startPage)) * segment.width;
}

/** The page at `x` of the overview's own pixels; in gaps and beyond the ends that of the nearest mapping. */
export function overviewPage(overview: Overview, x: number): number | undefined {
	let nearest: OverviewSegment | undefined;
	let distance = Number.POSITIVE_INFINITY;
	for (const segment of overview.segments) {
		if (segment.kind === "gap") continue;
		const away = Math.max(segment.x - x, x - (segment.x + segment.width), 0);
		if (away < distance) {
			nearest = segment;
			distance = away;
		}
	}
	if (nearest === undefined) return undefined;
	const share = Math.min(1, Math.max(0, (x - nearest.x) / nearest.width));
	const pages = nearest.endPage - nearest.startPage;
	return nearest.startPage + Math.min(pages - 1, Math.floor(share * pages));
}

/** Left and right edge of the drawn part of a page range, in the overview's own pixels. */
export function overviewExtent(overview: Overview, range: PageRange): { from: number; to: number } | undefined {
	let from = Number.POSITIVE_INFINITY;
	let to = Number.NEGATIVE_INFINITY;
	for (const { startPage, endPage, x, width } of overview.segments) {
		if (endPage <= range.startPage || startPage >= range.endPage) continue;
		const scale = width / (endPage - startPage);
		from = Math.min(from, x + Math.max(0, range.startPage - startPage) * scale);
		to = Math.max(to, x + (Math.min(endPage, range.endPage) - startPage) * scale);
	}
	return to >= from ? { from, to } : undefined;
}

/** The last segment that begins at or before `x`. */
function segmentAt(segments: readonly OverviewSegment[], x: number): number | undefined {
	let low = 0;
	let high = segments.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((segments[middle]?.x ?? 0) <= x) low = middle + 1;
		else high = middle;
	}
	return low === 0 ? undefined : low - 1;
}
