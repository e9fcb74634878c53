import type { Overview, OverviewSegment } from "../../../shared/mapFrame";
import type { PageRange } from "./geometry";

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
	return { segment, index, column, zone, ...pagesOfColumn(overview, segment, column) };
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
	return segment === undefined ? undefined : leftOf(overview, segment, page);
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
	const { startPage, endPage, columnCount } = nearest;
	const inside = Math.max(0, x - nearest.x);
	if (columnCount === 0) {
		const pages = endPage - startPage;
		return startPage + Math.min(pages - 1, Math.floor((inside / nearest.width) * pages));
	}
	const column = Math.min(columnCount - 1, Math.floor(inside / columnPitch(nearest)));
	return pagesOfColumn(overview, nearest, column).startPage;
}

/** Left and right edge of the drawn part of a page range, in the overview's own pixels. */
export function overviewExtent(
	overview: Overview,
	range: PageRange,
): { readonly from: number; readonly to: number } | undefined {
	let from = Number.POSITIVE_INFINITY;
	let to = Number.NEGATIVE_INFINITY;
	for (const segment of overview.segments) {
		const { startPage, endPage, x, width } = segment;
		if (endPage <= range.startPage || startPage >= range.endPage) continue;
		from = Math.min(from, range.startPage <= startPage ? x : leftOf(overview, segment, range.startPage));
		to = Math.max(to, range.endPage >= endPage ? x + width : rightOf(overview, segment, range.endPage));
	}
	return to >= from ? { from, to } : undefined;
}

/** Pages of a column: from its first to the first of the next. Joined mappings may have gaps between them. */
function pagesOfColumn({ columnPages }: Overview, segment: OverviewSegment, column: number): PageRange {
	const startPage = columnPages[segment.firstColumn + column] ?? segment.startPage;
	const next = column + 1 < segment.columnCount ? columnPages[segment.firstColumn + column + 1] : segment.endPage;
	return { startPage, endPage: Math.max(next ?? segment.endPage, startPage + 1) };
}

/** How many columns of the segment begin below `page`. */
function columnsBelow({ columnPages }: Overview, { firstColumn, columnCount }: OverviewSegment, page: number): number {
	let low = 0;
	let high = columnCount;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((columnPages[firstColumn + middle] ?? 0) < page) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Left edge of the first column that shows the page. */
function leftOf(overview: Overview, segment: OverviewSegment, page: number): number {
	const { x, width, startPage, endPage, columnCount } = segment;
	if (columnCount === 0) return x + ((page - startPage) / (endPage - startPage)) * width;
	const below = columnsBelow(overview, segment, page);
	const begins = below < columnCount && overview.columnPages[segment.firstColumn + below] === page;
	return x + Math.max(0, begins ? below : below - 1) * columnPitch(segment);
}

/** Right edge of the last column that shows a page below `endPage`. */
function rightOf(overview: Overview, segment: OverviewSegment, end: number): number {
	const { x, width, startPage, endPage, columnCount } = segment;
	if (columnCount === 0) return x + ((end - startPage) / (endPage - startPage)) * width;
	return Math.min(x + width, x + Math.max(1, columnsBelow(overview, segment, end)) * columnPitch(segment));
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
