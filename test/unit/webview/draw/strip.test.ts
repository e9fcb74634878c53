import assert from "node:assert/strict";
import fc from "fast-check";
import { type StripSegment, stripChanged, stripFileCached, stripStride } from "../../../../src/shared/mapFrame";
import { stateCode, stateCount } from "../../../../src/shared/pageStates";
import { stateMask } from "../../../../src/webview/memoryMap/draw/options";
import { paintStrip, paintStripMarker, stripHeights } from "../../../../src/webview/memoryMap/draw/strip";
import { layoutStrip, stripCapacity, stripHit, stripPlace } from "../../../../src/webview/memoryMap/draw/stripLayout";
import { namedPalette, Recording } from "./recordingContext";

const palette = namedPalette();
const top = 10;

/** Shares of one column by state name, 0…255. */
type Column = Partial<Record<keyof typeof stateCode | "fileCached" | "changed", number>>;

function columnsOf(...columns: Column[]): Uint8Array {
	const bytes = new Uint8Array(columns.length * stripStride);
	for (const [index, column] of columns.entries()) {
		for (const [name, share] of Object.entries(column)) {
			const at = { ...stateCode, fileCached: stripFileCached + 1, changed: stripChanged + 1 }[name] ?? 0;
			bytes[index * stripStride + at - 1] = share;
		}
	}
	return bytes;
}

function segment(columnCount: number, rest: Partial<StripSegment> = {}): StripSegment {
	return {
		kind: "columns",
		startPage: 0,
		endPage: columnCount * 100,
		firstColumn: 0,
		columnCount,
		cache: "known",
		...rest,
	};
}

function paint(
	segments: readonly StripSegment[],
	columns: Uint8Array,
	width = 400,
	hidden?: number,
	dpr = 1,
): Recording {
	const recording = new Recording();
	const options = { dpr, ...(hidden === undefined ? {} : { hidden }) };
	paintStrip(recording.context, 0, top, width, segments, columns, palette, options);
	return recording;
}

/** Columns whose pages are partly present, of few states each, as real ones are. */
const randomColumns = fc.array(
	fc
		.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 200 })), { maxLength: 3 })
		.map((parts) => {
			const shares = new Uint8Array(stripStride);
			let left = 255;
			for (const [state, share] of parts) {
				const given = Math.min(share, left);
				if (given > 0) shares[state - 1] = Math.min(255, (shares[state - 1] ?? 0) + given);
				left -= given;
			}
			return shares;
		}),
	{ minLength: 1, maxLength: 60 },
);

describe("strip painter", () => {
	it("stacks bodies on their foot over a lane as high as the share that is cached", () => {
		const raster = paint([segment(1)], columnsOf({ file: 128, anonymous: 64, cached: 63 })).raster(4, 40);
		const column = raster.map((row) => row[0]);
		assert.deepEqual(column.slice(top, top + 13), [
			"",
			"",
			"state 4",
			"state 4",
			"",
			"state 2",
			"state 2",
			"state 2",
			"state 2",
			"",
			"",
			"state 1",
			"state 1",
		]);
	});

	it("fills body and lane when every page is a mapped file page", () => {
		const raster = paint([segment(1)], columnsOf({ file: 255 })).raster(4, 40);
		const column = raster.map((row) => row[0]);
		assert.deepEqual(column.slice(top, top + 9), new Array(9).fill("state 2"));
		assert.deepEqual(column.slice(top + 9, top + 14), ["", "state 1", "state 1", "state 1", ""]);
	});

	it("draws a private copy over the lane of its cached original", () => {
		const raster = paint([segment(1)], columnsOf({ anonymous: 255, fileCached: 255 })).raster(4, 40);
		assert.equal(raster[top]?.[0], "state 4");
		assert.equal(raster[top + 12]?.[0], "state 1");
	});

	it("marks pages that are not present by a line at the lane's foot", () => {
		const raster = paint([segment(2)], columnsOf({}, { anonymous: 100 })).raster(4, 40);
		assert.equal(raster[top + 12]?.[0], "lines");
		assert.equal(raster[top + 11]?.[0], "");
		assert.equal(raster[top + 12]?.[3], "lines");
	});

	it("gives each state that occurs a pixel in its columns, and never lets two states touch", () => {
		fc.assert(
			fc.property(randomColumns, fc.constantFrom(1, 2), (columns, dpr) => {
				const bytes = new Uint8Array(columns.length * stripStride);
				for (const [index, shares] of columns.entries()) bytes.set(shares, index * stripStride);
				const width = columns.length * 2;
				const raster = paint([segment(columns.length)], bytes, width, undefined, dpr).raster(width, 40, dpr);
				const body = raster.slice(top * dpr, (top + 9) * dpr);
				for (const [index, shares] of columns.entries()) {
					for (let state: number = stateCode.file; state < stateCount; state++) {
						if (shares[state - 1] === 0) continue;
						const seen = body.some((row) =>
							row.slice(index * 2 * dpr, (index + 1) * 2 * dpr).includes(`state ${state}`),
						);
						// Outlines and dots of a run of equal columns may leave the middle of one column empty.
						const open = state === stateCode.zero || state >= stateCode.swapped;
						assert.ok(seen || open, `state ${state} in column ${index}`);
					}
				}
				for (const [y, row] of body.entries()) {
					for (const [x, colour] of row.entries()) {
						if (colour === "") continue;
						for (const neighbour of [row[x + 1], body[y + 1]?.[x]]) {
							assert.ok(neighbour === undefined || neighbour === "" || neighbour === colour, `${colour}|${neighbour}`);
						}
					}
				}
			}),
		);
	});

	it("draws equal neighbours as one shape", () => {
		const many = Array.from({ length: 100 }, () => ({ file: 255 }));
		assert.equal(paint([segment(100)], columnsOf(...many)).of("state 2").length, 1);
	});

	it("draws hidden states, and the lane that is theirs, as not present", () => {
		const columns = columnsOf({ file: 255 }, { anonymous: 255, fileCached: 255 });
		const recording = paint([segment(2)], columns, 400, stateMask(["file", "anonymous"]));
		assert.deepEqual(
			recording.rectangles.map(({ colour }) => colour),
			["lines"],
		);
	});

	it("draws no lane but a dotted line where the page cache is hidden from us", () => {
		const recording = paint([segment(50, { cache: "hidden" })], columnsOf({ file: 255 }));
		assert.equal(recording.of("state 1").length, 0);
		assert.ok(recording.of("secondary").length > 10);
		assert.ok(recording.of("secondary").every(({ y, height }) => y === top + 12 && height === 1));
	});

	it("puts ticks over changed columns at the opacity asked for", () => {
		const recording = new Recording();
		const columns = columnsOf({ anonymous: 255 }, { anonymous: 255, changed: 1 });
		paintStrip(recording.context, 0, top, 100, [segment(2)], columns, palette, { dpr: 1, tickOpacity: 0.5 });
		assert.deepEqual(recording.of("foreground"), [
			{ x: 2, y: top - 4, width: 2, height: 2, colour: "foreground", opacity: 0.5 },
		]);
		assert.equal(recording.context.globalAlpha, 1);
	});

	it("draws one page per cell with a pixel between", () => {
		const cells = segment(3, { kind: "cells", endPage: 3 });
		const raster = paint([cells], columnsOf({ anonymous: 255 }, {}, { file: 255 })).raster(16, 40);
		const row = (from: number, to: number): (string | undefined)[] => raster[top]?.slice(from, to) ?? [];
		assert.deepEqual(row(0, 4), new Array(4).fill("state 4"));
		assert.deepEqual(row(4, 10), new Array(6).fill(""));
		assert.deepEqual(row(10, 14), new Array(4).fill("state 2"));
		assert.deepEqual(row(14, 16), ["", ""]);
		assert.deepEqual(raster[top + 12]?.slice(5, 9), new Array(4).fill("lines"));
	});

	it("draws reservations as dashes at half height", () => {
		const recording = paint([segment(0, { kind: "reserved", endPage: 99 })], new Uint8Array(0), 50);
		assert.ok(recording.rectangles.length > 5);
		for (const { y, height, colour, x, width } of recording.rectangles) {
			assert.deepEqual([y, height, colour], [top + 6, 1, "lines"]);
			assert.ok(x + width <= 50);
		}
	});

	it("outlines the page that has the keyboard", () => {
		const recording = new Recording();
		paintStripMarker(recording.context, 0, top, 100, [segment(10)], 450, palette, { dpr: 1 });
		const drawn = recording.of("focus");
		assert.equal(Math.min(...drawn.map(({ x }) => x)), 8 - 2);
		assert.equal(Math.max(...drawn.map(({ y, height }) => y + height)), top + stripHeights.total + 2);
	});
});

describe("strip layout", () => {
	const segments = fc.array(
		fc.tuple(fc.constantFrom("cells", "columns", "reserved" as const), fc.integer({ min: 1, max: 60 })),
		{ minLength: 1, maxLength: 12 },
	);

	it("finds under the pointer what it placed, inside the width, whether it fits or not", () => {
		fc.assert(
			fc.property(
				segments,
				fc.integer({ min: 60, max: 900 }),
				fc.constantFrom(1, 1.25, 1.5, 2),
				(parts, width, dpr) => {
					let page = 1000;
					const list = parts.map(([kind, count]): StripSegment => {
						const startPage = page;
						const endPage = startPage + (kind === "cells" ? count : count * 37);
						page = endPage + 5;
						return {
							kind,
							startPage,
							endPage,
							firstColumn: 0,
							columnCount: kind === "reserved" ? 0 : count,
							cache: "known",
						};
					});
					const layout = layoutStrip(list, width, dpr);
					let right = 0;
					for (const part of layout.parts) {
						assert.ok(part.x >= right - 1e-9 && part.x + part.width <= width + 1e-9);
						right = part.x + part.width;
						for (const at of [part.segment.startPage, part.segment.endPage - 1]) {
							const place = stripPlace(layout, at);
							assert.ok(place);
							const hit = stripHit(layout, place.x + place.width / 2);
							assert.equal(hit?.index, part.index);
							assert.ok(hit !== undefined && hit.startPage <= at && at < hit.endPage);
						}
					}
					assert.equal(stripHit(layout, -1), undefined);
				},
			),
		);
	});

	it("gives a strip's columns two pixels and its cells five when there is room", () => {
		const { parts } = layoutStrip([segment(10), segment(3, { kind: "cells", startPage: 1000, endPage: 1003 })], 400);
		assert.deepEqual(
			parts.map(({ x, width, pitch }) => [x, width, pitch]),
			[
				[0, 20, 2],
				[22, 14, 5],
			],
		);
	});

	it("tells what fits, so that a frame brings just that", () => {
		assert.deepEqual(stripCapacity(416, 1), { stripColumns: 208, stripCells: 83 });
		const { stripCells } = stripCapacity(300, 1.5);
		const [part] = layoutStrip([segment(stripCells, { kind: "cells", endPage: stripCells })], 300, 1.5).parts;
		assert.ok(part !== undefined && part.gap > 0 && part.width <= 300);
	});
});
