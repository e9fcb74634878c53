import type { Overview, OverviewSegment } from "../../shared/mapFrame";
import type { MappingKind } from "../../shared/mappingKinds";
import { isInaccessible, kindOf, moduleOf, shortLabel } from "./classify";
import type { Predicate } from "./filter";
import { addCounts, counterCount, residentPages } from "./pageRuns";
import { hugetlb, mappingCounts, type Snapshot } from "./snapshot";
import { ColumnWriter } from "./tiles";

/**
 * The overview's layout: the whole used address space, low to high, in `width` pixels. A mapping is as wide as the square
 * root of its pages, so that a 4 KiB mapping and a 1 GiB heap fit one picture; gaps and large reservations have a fixed
 * width with their size written inside, so that nothing is compressed silently.
 */

const gapBytes = 2 ** 30;
/** The unused rest of a malloc arena is just below 64 MiB. */
const reservationBytes = 2 ** 25;
/** Width of a gap or reservation with its size in it, and without when there are too many. */
const markWidth = 31;
const smallMarkWidth = 7;
/** Gaps and reservations together take at most this share of the width before they shrink. */
const largestMarkShare = 0.25;
const columnWidth = 2;
/** Runs of neighbours narrower than this are drawn as one. */
const mergeBelow = 4;

interface Piece {
	kind: OverviewSegment["kind"];
	/** Mappings first…last, inclusive; a gap has first > last. */
	first: number;
	last: number;
	startPage: number;
	endPage: number;
	weight: number;
}

/** Lays out the overview of `snapshot`; mappings that `shown` rejects are dimmed. */
export function layoutOverview(snapshot: Snapshot, width: number, shown: Predicate | undefined): Overview {
	if (width <= 0 || snapshot.maps.count === 0)
		return { segments: [], columns: new Uint8Array(0), columnPages: new Float64Array(0) };
	let marks = 0;
	let weight = 0;
	eachPart(snapshot, (kind, _index, start, end) => {
		if (kind === "mapping") weight += Math.sqrt(end - start);
		else marks++;
	});
	const fits = marks * markWidth <= width * largestMarkShare;
	const markPixels = fits ? markWidth : Math.min(smallMarkWidth, (width * largestMarkShare) / Math.max(1, marks));
	const scale = (width - marks * markPixels) / Math.max(1, weight);
	const writer = new ColumnWriter();
	const columnPages: number[] = [];
	const segments: OverviewSegment[] = [];
	let x = 0;
	for (const piece of cutIntoPieces(snapshot, scale)) {
		const pixels = piece.kind === "mapping" ? piece.weight * scale : markPixels;
		const columns = piece.kind === "mapping" ? Math.max(1, Math.floor(pixels / columnWidth)) : 0;
		const firstColumn = writer.columns;
		if (columns > 0) writePieceColumns(writer, columnPages, snapshot, piece, columns);
		segments.push({
			kind: piece.kind,
			x,
			width: pixels,
			startPage: piece.startPage,
			endPage: piece.endPage,
			firstColumn,
			columnCount: columns,
			label: piece.kind === "mapping" ? pieceLabel(snapshot, piece) : "",
			...(piece.kind === "gap" ? {} : { mappingKind: largestKind(snapshot, piece) }),
			residentBytes: piece.kind === "mapping" ? pieceResident(snapshot, piece) : 0,
			dimmed: shown !== undefined && !anyShown(piece, shown),
		});
		x += pixels;
	}
	return { segments, columns: writer.finish(), columnPages: Float64Array.from(columnPages) };
}

/** Visits mappings and gaps in address order. Makes no object for each: there may be 65,000. */
function eachPart(snapshot: Snapshot, visit: (kind: Piece["kind"], index: number, start: number, end: number) => void) {
	const { maps, pageSize } = snapshot;
	const counts = mappingCounts(snapshot);
	let end = maps.startPages[0] ?? 0;
	for (let index = 0; index < maps.count; index++) {
		const startPage = maps.startPages[index] ?? 0;
		const endPage = maps.endPages[index] ?? 0;
		if ((startPage - end) * pageSize >= gapBytes) visit("gap", index, end, startPage);
		const large = (endPage - startPage) * pageSize >= reservationBytes;
		const empty = large && isInaccessible(maps, index) && residentPages(counts, index * counterCount) === 0;
		visit(empty ? "reservation" : "mapping", index, startPage, endPage);
		end = endPage;
	}
}

/** The pieces of the picture; neighbouring mappings that would each be narrower than {@link mergeBelow} pixels are one. */
function cutIntoPieces(snapshot: Snapshot, scale: number): Piece[] {
	const pieces: Piece[] = [];
	let lastNarrow = false;
	eachPart(snapshot, (kind, index, startPage, endPage) => {
		const last = pieces.at(-1);
		const weight = kind === "mapping" ? Math.sqrt(endPage - startPage) : 0;
		const narrow = kind === "mapping" && weight * scale < mergeBelow;
		if (narrow && lastNarrow && last !== undefined) {
			last.last = index;
			last.endPage = endPage;
			last.weight += weight;
		} else {
			const first = index;
			pieces.push({ kind, first, last: kind === "gap" ? index - 1 : index, startPage, endPage, weight });
		}
		lastNarrow = narrow;
	});
	return pieces;
}

/** Columns over the mapped pages of a piece, each mapping as wide as its weight; small gaps between take no room. */
function writePieceColumns(
	writer: ColumnWriter,
	columnPages: number[],
	snapshot: Snapshot,
	piece: Piece,
	columns: number,
): void {
	const { maps, runs } = snapshot;
	const counts = mappingCounts(snapshot);
	const counters = new Float64Array(counterCount);
	let mapping = piece.first;
	let mappingFrom = 0;
	let mappingWeight = weightOf(snapshot, mapping);
	for (let column = 0; column < columns; column++) {
		const from = (piece.weight * column) / columns;
		const to = (piece.weight * (column + 1)) / columns;
		counters.fill(0);
		let pages = 0;
		for (let at = from; at < to; ) {
			while (mapping < piece.last && mappingFrom + mappingWeight <= at) {
				mappingFrom += mappingWeight;
				mapping++;
				mappingWeight = weightOf(snapshot, mapping);
			}
			const until = mapping < piece.last ? Math.min(to, mappingFrom + mappingWeight) : to;
			const startPage = maps.startPages[mapping] ?? 0;
			const size = (maps.endPages[mapping] ?? 0) - startPage;
			const low = Math.floor((size * (at - mappingFrom)) / mappingWeight);
			const high = Math.min(size, Math.max(low + 1, Math.ceil((size * (until - mappingFrom)) / mappingWeight)));
			if (pages === 0) columnPages.push(startPage + low);
			if (low === 0 && high === size) {
				// Whole mappings, of which thousands may share a column, are counted already.
				for (let i = 0; i < counterCount; i++)
					counters[i] = (counters[i] ?? 0) + (counts[mapping * counterCount + i] ?? 0);
			} else {
				addCounts(runs, startPage + low, startPage + high, counters);
			}
			pages += high - low;
			if (until <= at) break;
			at = until;
		}
		writer.add(counters, pages);
	}
}

function weightOf(snapshot: Snapshot, index: number): number {
	return Math.sqrt((snapshot.maps.endPages[index] ?? 0) - (snapshot.maps.startPages[index] ?? 0));
}

function pieceResident(snapshot: Snapshot, piece: Piece): number {
	const counts = mappingCounts(snapshot);
	let pages = 0;
	for (let index = piece.first; index <= piece.last; index++) {
		if (snapshot.classification.kinds[index] !== hugetlb) pages += residentPages(counts, index * counterCount);
	}
	return pages * snapshot.pageSize;
}

function largestKind({ maps, classification }: Snapshot, piece: Piece): MappingKind {
	let largest = piece.first;
	const pages = (index: number): number => (maps.endPages[index] ?? 0) - (maps.startPages[index] ?? 0);
	for (let index = piece.first; index <= piece.last; index++) if (pages(index) > pages(largest)) largest = index;
	return kindOf(classification, largest);
}

/** Names what is in a piece: its file, its label, or how many files and mappings it joins. */
function pieceLabel(snapshot: Snapshot, piece: Piece): string {
	const { maps, classification } = snapshot;
	const modules = new Set<string>();
	let withoutModule = 0;
	for (let index = piece.first; index <= piece.last; index++) {
		const module = moduleOf(maps, classification, index);
		if (module === undefined) withoutModule++;
		else modules.add(module);
	}
	const [first] = modules;
	if (modules.size === 0) {
		return piece.first === piece.last
			? shortLabel(maps, classification, piece.first)
			: `${piece.last - piece.first + 1} mappings`;
	}
	if (modules.size === 1 && first !== undefined) return withoutModule > 2 ? `${first} and more` : first;
	return `${modules.size} files`;
}

function anyShown(piece: Piece, shown: Predicate): boolean {
	for (let index = piece.first; index <= piece.last; index++) if (shown(index)) return true;
	return false;
}
