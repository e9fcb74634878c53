import assert from "node:assert/strict";
import { cellChanged, cellStride, type ShareCells } from "../../../../src/shared/mapFrame";
import { flagBit, stateCode } from "../../../../src/shared/pageStates";
import {
	pageGrid,
	paintPageCells,
	paintShareCells,
	shareCellCapacity,
	shareGrid,
} from "../../../../src/webview/memoryMap/draw/cells";
import { gridCell } from "../../../../src/webview/memoryMap/draw/geometry";
import { namedPalette, Recording } from "./recordingContext";

const palette = namedPalette();

function shareCells(...cells: Partial<Record<keyof typeof stateCode | "changed", number>>[]): ShareCells {
	const counts = new Uint32Array(cells.length * cellStride);
	for (const [index, cell] of cells.entries()) {
		for (const [name, pages] of Object.entries(cell)) {
			counts[index * cellStride + ({ ...stateCode, changed: cellChanged }[name] ?? 0)] = pages;
		}
	}
	return { startPage: 0, endPage: cells.length * 47, pagesPerCell: 47, counts };
}

describe("share cells", () => {
	it("fill the inspector's width on a 5×17 pitch", () => {
		assert.equal(shareCellCapacity(340, 240, 1), 68 * 14);
		const grid = shareGrid(340, shareCells(...new Array(100).fill({})), 1);
		assert.deepEqual([grid.perRow, grid.rows, grid.count], [68, 2, 100]);
		assert.deepEqual(gridCell(grid, 69), { x: 5, y: 17, width: 4, height: 14 });
	});

	it("show each state's share as height and the cached share as lane", () => {
		const cells = shareCells({ notPresent: 20, file: 20, cached: 7 }, { notPresent: 47 });
		const recording = new Recording();
		const grid = shareGrid(340, cells, 1);
		paintShareCells(recording.context, 10, 10, grid, cells, palette, { dpr: 1 });
		const raster = recording.raster(30, 30);
		const column = (x: number): (string | undefined)[] => raster.slice(10, 24).map((row) => row[x]);
		assert.deepEqual(column(10), [
			...new Array(6).fill(""),
			...new Array(4).fill("state 2"),
			"",
			"",
			"state 1",
			"state 1",
		]);
		assert.deepEqual(column(15), [...new Array(13).fill(""), "lines"]);
		assert.deepEqual(column(14), new Array(14).fill(""));
	});

	it("tick cells in which something changed", () => {
		const cells = shareCells({ anonymous: 47 }, { anonymous: 47, changed: 1 });
		const recording = new Recording();
		paintShareCells(recording.context, 0, 10, shareGrid(340, cells, 1), cells, palette, { dpr: 1 });
		assert.deepEqual(recording.of("foreground"), [
			{ x: 5, y: 8, width: 4, height: 1, colour: "foreground", opacity: 1 },
		]);
	});

	it("outline the selected cell around it, and within the canvas at its edge", () => {
		const cells = shareCells({ anonymous: 47 }, { anonymous: 47 });
		const recording = new Recording(340, 100);
		const options = { dpr: 1, selected: 0, hover: 1, focused: true };
		paintShareCells(recording.context, 0, 3, shareGrid(340, cells, 1), cells, palette, options);
		const outline = recording.of("focus");
		assert.equal(Math.min(...outline.map(({ x }) => x)), 0);
		assert.equal(Math.min(...outline.map(({ y }) => y)), 1);
		assert.equal(Math.max(...outline.map(({ x, width }) => x + width)), 6);
		assert.ok(recording.of("secondary").length > 0);
	});
});

describe("page cells", () => {
	const page = (count: number, state: keyof typeof stateCode, flags = 0) => ({
		startPage: 512,
		states: new Uint8Array(count).fill(stateCode[state]),
		flags: new Uint8Array(count).fill(flags),
		detailed: true,
	});
	const options = { dpr: 1, letterFont: "11px monospace" };

	it("have 8, 16, 32, 64 or 128 in a row, so that rows start at round addresses", () => {
		const perRow = [200, 399, 798, 1600, 3200].map((width) => pageGrid(width, 0, 1, 1).perRow);
		assert.deepEqual(perRow, [8, 16, 32, 64, 128]);
		assert.equal(pageGrid(797, 0, 1, 1).perRow, 16);
		assert.deepEqual([pageGrid(798, 517, 40, 1, true).lead, pageGrid(798, 517, 40, 1, true).rows], [5, 2]);
	});

	it("draw only the rows and the pages asked for", () => {
		const grid = pageGrid(798, 512, 96, 1);
		const painted = (rows: { first: number; count: number } | undefined, firstCell: number, count: number): number => {
			const recording = new Recording();
			const cells = page(count, "anonymous", flagBit.exclusive);
			paintPageCells(
				recording.context,
				0,
				0,
				grid,
				cells,
				palette,
				{ ...options, ...(rows ? { rows } : {}) },
				firstCell,
			);
			return recording.of("state 4").length;
		};
		assert.equal(painted(undefined, 0, 96), 96);
		assert.equal(painted({ first: 1, count: 1 }, 0, 96), 32);
		assert.equal(painted({ first: 1, count: 1 }, 40, 10), 10);
		assert.equal(painted({ first: 2, count: 9 }, 0, 96), 32);
	});

	it("put one frame around the cells of a huge page", () => {
		const grid = pageGrid(798, 512, 1024, 1);
		const recording = new Recording();
		paintPageCells(
			recording.context,
			10,
			10,
			grid,
			page(1024, "anonymous", flagBit.huge | flagBit.exclusive),
			palette,
			options,
		);
		const raster = recording.raster(900, 1000);
		const coloured = (x: number, y: number): boolean => raster[y]?.[x] === "secondary";
		// 16 rows of 32 cells: the first frame ends after 16 rows, the second begins there.
		for (let x = 9; x < 10 + 31 * 25 + 24; x++) {
			assert.ok(coloured(x, 9), `top at ${x}`);
			assert.ok(coloured(x, 10 + 15 * 29 + 25), `foot at ${x}`);
			assert.ok(coloured(x, 10 + 16 * 29 - 1), `top of the second at ${x}`);
		}
		for (let y = 9; y < 10 + 15 * 29 + 26; y++)
			assert.ok(coloured(9, y) && coloured(10 + 31 * 25 + 23, y), `sides at ${y}`);
		assert.equal(coloured(10 + 25 - 1, 20), false);
	});

	it("outline the selected page by 2 px, a pixel away from it", () => {
		const recording = new Recording();
		paintPageCells(recording.context, 10, 10, pageGrid(798, 0, 9, 1), page(9, "file"), palette, {
			...options,
			selected: 1,
		});
		const outline = recording.of("selection");
		assert.equal(Math.min(...outline.map(({ x }) => x)), 10 + 25 - 3);
		assert.equal(Math.max(...outline.map(({ x, width }) => x + width)), 10 + 25 + 23 + 3);
	});
});
