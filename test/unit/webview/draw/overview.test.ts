import assert from "node:assert/strict";
import fc from "fast-check";
import { type Overview, type OverviewSegment, stripStride } from "../../../../src/shared/mapFrame";
import { stateCode } from "../../../../src/shared/pageStates";
import { columnPages } from "../../../../src/webview/memoryMap/draw/geometry";
import {
	overviewHit,
	overviewPage,
	overviewPlace,
	paintOverview,
} from "../../../../src/webview/memoryMap/draw/overview";
import { overviewExtent, overviewRows } from "../../../../src/webview/memoryMap/draw/overviewLayout";
import { placeAddresses, placeLabels, shortSize } from "../../../../src/webview/memoryMap/draw/overviewText";
import { namedPalette, Recording } from "./recordingContext";

const palette = namedPalette();
const measure = (text: string): number => text.length * 6;

interface Piece {
	readonly kind: OverviewSegment["kind"];
	readonly pages: number;
	readonly width: number;
	readonly label?: string;
	readonly resident?: number;
	readonly dimmed?: boolean;
	readonly state?: number;
}

function overviewOf(pieces: readonly Piece[]): Overview {
	const segments: OverviewSegment[] = [];
	const columns: number[] = [];
	const firstPages: number[] = [];
	let x = 0;
	let page = 0x1000;
	for (const { kind, pages, width, label = "", resident = 0, dimmed = false, state = stateCode.anonymous } of pieces) {
		const range = { startPage: page, endPage: page + pages };
		const columnCount = kind === "mapping" ? Math.max(1, Math.floor(width / 2)) : 0;
		segments.push({
			kind,
			x,
			width,
			...range,
			firstColumn: firstPages.length,
			columnCount,
			label,
			residentBytes: resident,
			dimmed,
		});
		for (let column = 0; column < columnCount; column++) {
			const shares = new Array<number>(stripStride).fill(0);
			shares[state - 1] = 255;
			columns.push(...shares);
			firstPages.push(columnPages(range, columnCount, column).startPage);
		}
		x += width;
		page += pages;
	}
	return { segments, columns: Uint8Array.from(columns), columnPages: Float64Array.from(firstPages) };
}

const pieces = fc.array(
	fc.record({
		kind: fc.constantFrom("mapping" as const, "mapping" as const, "gap" as const, "reservation" as const),
		pages: fc.integer({ min: 1, max: 5000 }),
		width: fc.double({ min: 1, max: 60, noNaN: true }),
		label: fc.constantFrom("libc.so.6", "heap", "chromium", "a\u202eb"),
		resident: fc.integer({ min: 0, max: 2 ** 30 }),
	}),
	{ minLength: 1, maxLength: 40 },
);
const options = { dpr: 1, width: 600, pageSize: 4096, fontFamily: "sans-serif", monospaceFamily: "monospace" };

describe("overview layout", () => {
	it("finds the segment and the pages under the pointer, and where a page lies", () => {
		fc.assert(
			fc.property(pieces, fc.double({ min: 0, max: 200, noNaN: true }), (list, offset) => {
				const overview = overviewOf(list);
				for (const segment of overview.segments) {
					for (const page of [segment.startPage, segment.endPage - 1]) {
						const x = overviewPlace(overview, page);
						assert.ok(x !== undefined && x >= segment.x - 1e-9 && x < segment.x + segment.width);
						const hit = overviewHit(overview, x + 1e-6 - offset, 20, offset);
						assert.equal(hit?.segment, segment);
						assert.ok(hit !== undefined && hit.startPage <= page && (page < hit.endPage || segment.columnCount > 0));
						if (segment.kind !== "gap") assert.ok((overviewPage(overview, x + 1e-6) ?? 0) <= page);
					}
					const whole = overviewExtent(overview, segment);
					assert.ok(whole && Math.abs(whole.from - segment.x) < 1e-6);
					assert.ok(Math.abs(whole.to - (segment.x + segment.width)) < 1e-6);
				}
				assert.equal(overviewHit(overview, -offset - 1, 20, offset), undefined);
			}),
		);
	});

	it("shows each page of a segment in the column that the pointer finds", () => {
		const overview = overviewOf([{ kind: "mapping", pages: 1000, width: 60 }]);
		for (let page = 0x1000; page < 0x1000 + 1000; page++) {
			const x = overviewPlace(overview, page) ?? assert.fail();
			const hit = overviewHit(overview, x + 0.5, 20) ?? assert.fail();
			assert.ok(hit.startPage <= page && page < hit.endPage, `page ${page}`);
		}
	});

	it("tells the viewport rule from the map", () => {
		const overview = overviewOf([{ kind: "mapping", pages: 10, width: 60 }]);
		assert.equal(overviewHit(overview, 5, overviewRows.body + 3)?.zone, "map");
		assert.equal(overviewHit(overview, 5, overviewRows.rule)?.zone, "rule");
		assert.equal(overviewHit(overview, 5, overviewRows.total), undefined);
	});

	it("leads from a gap to the nearest mapping", () => {
		const overview = overviewOf([
			{ kind: "mapping", pages: 10, width: 40 },
			{ kind: "gap", pages: 1000, width: 31 },
			{ kind: "mapping", pages: 10, width: 40 },
		]);
		assert.equal(overviewPage(overview, 41), 0x1000 + 9);
		assert.equal(overviewPage(overview, 70), 0x1000 + 1010);
		assert.equal(overviewPage(overview, 9999), 0x1000 + 1019);
	});
});

describe("overview texts", () => {
	it("never overlap and never leave the width", () => {
		fc.assert(
			fc.property(pieces, fc.double({ min: 0, max: 300, noNaN: true }), (list, offset) => {
				const { segments } = overviewOf(list);
				for (const texts of [
					placeLabels(segments, 600, offset, measure),
					placeAddresses(segments, 600, offset, 4096, measure),
				]) {
					let end = Number.NEGATIVE_INFINITY;
					for (const { x, width, text } of texts) {
						assert.ok(x >= end && x >= 0 && x + width <= 600 + 1e-9, text);
						assert.ok(!text.includes("\u202e"));
						end = x + width;
					}
				}
			}),
		);
	});

	it("name the largest first, and runs too narrow for their names together", () => {
		const { segments } = overviewOf([
			{ kind: "mapping", pages: 10, width: 200, label: "chromium", resident: 2 ** 20 },
			{ kind: "gap", pages: 1000, width: 31 },
			{ kind: "mapping", pages: 10, width: 9, label: "libm.so.6", resident: 1024 },
			{ kind: "mapping", pages: 10, width: 9, label: "libc.so.6", resident: 4096 },
			{ kind: "mapping", pages: 10, width: 9, label: "ld.so", resident: 1024 },
		]);
		const texts = placeLabels(segments, 600, 0, measure).map(({ text, x }) => [text, x]);
		assert.deepEqual(texts, [
			["chromium 1 MiB", 0],
			["libc.so.6 and 2 more, 6 KiB", 231],
		]);
		const wide = segments.map((segment) => ({ ...segment, x: segment.x * 20, width: segment.width * 20 }));
		assert.deepEqual(
			placeLabels(wide, 9000, 0, measure).map(({ text }) => text),
			["chromium 1 MiB", "libm.so.6 1 KiB", "libc.so.6 4 KiB", "ld.so 1 KiB"],
		);
	});

	it("write addresses at least 104 px apart", () => {
		const list = Array.from({ length: 60 }, (_, index) => ({
			kind: "mapping" as const,
			pages: 16,
			width: 12,
			label: `m${index}`,
		}));
		const places = placeAddresses(overviewOf(list).segments, 600, 0, 4096, measure);
		assert.ok(places.length >= 4);
		assert.equal(places[0]?.text, "0x01000000");
		for (const [index, { x }] of places.entries()) {
			if (index > 0) assert.ok(x - (places[index - 1]?.x ?? 0) >= 104);
		}
	});

	it("shorten sizes to what fits into a gap", () => {
		assert.deepEqual(shortSize(2.64 * 2 ** 40), ["2.6", "TiB"]);
		assert.deepEqual(shortSize(635 * 2 ** 30), ["635", "GiB"]);
		assert.deepEqual(shortSize(2 ** 32), ["4", "GiB"]);
		assert.deepEqual(shortSize(9.97 * 2 ** 30), ["10", "GiB"]);
	});
});

describe("overview painter", () => {
	it("draws mappings, gaps, reservations and their sizes", () => {
		const recording = new Recording();
		const overview = overviewOf([
			{ kind: "mapping", pages: 10, width: 40, label: "heap", resident: 40960 },
			{ kind: "gap", pages: 2 ** 28, width: 31 },
			{ kind: "reservation", pages: 2 ** 22, width: 31 },
			{ kind: "gap", pages: 2 ** 28, width: 7 },
		]);
		paintOverview(recording.context, overview, palette, options);
		const [body] = recording.of("state 4");
		assert.deepEqual(body, { x: 0, y: 14, width: 40, height: 30, colour: "state 4", opacity: 1 });
		const written = recording.texts.map(({ text }) => text);
		assert.deepEqual(written.sort(), ["0x01000000", "1", "16", "GiB", "TiB", "heap 40 KiB"].sort());
		assert.ok(recording.lines.some(({ x }) => x > 40 && x < 71));
		assert.ok(recording.lines.some(({ x }) => x > 102));
		assert.ok(recording.of("lines").every(({ x, y }) => x >= 71 && x < 102 && y >= 14 && y < 49));
	});

	it("dims what is filtered out to a quarter", () => {
		const recording = new Recording();
		const overview = overviewOf([
			{ kind: "mapping", pages: 10, width: 40, dimmed: true },
			{ kind: "mapping", pages: 10, width: 40, state: stateCode.shmem },
		]);
		paintOverview(recording.context, overview, palette, options);
		assert.ok(recording.of("state 4").every(({ opacity }) => opacity === 0.25));
		assert.ok(recording.of("state 3").every(({ opacity }) => opacity === 1));
		assert.equal(recording.context.globalAlpha, 1);
	});

	it("underlines what the list shows and outlines the selection", () => {
		const recording = new Recording();
		const overview = overviewOf([
			{ kind: "mapping", pages: 100, width: 100 },
			{ kind: "mapping", pages: 100, width: 100 },
		]);
		paintOverview(recording.context, overview, palette, {
			...options,
			viewport: [{ startPage: 0x1000, endPage: 0x1000 + 50 }],
			selection: { startPage: 0x1000 + 100, endPage: 0x1000 + 200 },
		});
		assert.deepEqual(recording.of("lines"), [{ x: 0, y: 52, width: 50, height: 2, colour: "lines", opacity: 1 }]);
		const outline = recording.of("selection");
		assert.equal(Math.min(...outline.map(({ x }) => x)), 98);
		assert.equal(Math.max(...outline.map(({ x, width }) => x + width)), 202);
	});

	it("draws only what is seen when zoomed", () => {
		const recording = new Recording();
		const many = Array.from({ length: 100 }, () => ({ kind: "mapping" as const, pages: 5, width: 40 }));
		paintOverview(recording.context, overviewOf(many), palette, { ...options, offset: 1000, width: 400 });
		for (const { x, width } of recording.of("state 4")) assert.ok(x + width > 0 && x < 400);
	});

	it("colours bodies by kind, without lanes", () => {
		const recording = new Recording();
		const overview = overviewOf([{ kind: "mapping", pages: 10, width: 40, state: stateCode.file }]);
		paintOverview(recording.context, overview, palette, { ...options, colourOf: () => "kind code" });
		assert.deepEqual(
			recording.rectangles.map(({ colour }) => colour),
			["kind code"],
		);
	});
});
