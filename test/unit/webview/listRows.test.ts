import assert from "node:assert/strict";
import fc from "fast-check";
import { placeRows, revealRow, rowHeights, rowUnder } from "../../../src/webview/memoryMap/list/listGeometry";
import {
	heldText,
	holdBack,
	listOf,
	parentIndex,
	rowAt,
	rowWindow,
	sameStructure,
	selectableFrom,
	selectedIndex,
} from "../../../src/webview/memoryMap/listRows";
import { frameOf, row, rowWindowOf } from "./samples";

const group = row({ type: "group", key: "g:libc", name: "libc.so.6", startPage: 0x100, count: 2, unfolded: true });
const first = row({ startPage: 0x100, depth: 1 });
const second = row({ startPage: 0x10a, depth: 1 });
const gap = row({ type: "gap", key: "gap:114", startPage: 0x114, endPage: 0x9000 });
const other = row({ startPage: 0x9000, key: "m:9000" });
const list = listOf(rowWindowOf([group, first, second, gap, other], 10, 40));

describe("rows of the list", () => {
	it("are found by their place and by what is selected", () => {
		assert.equal(rowAt(list, 10)?.row, group);
		assert.equal(rowAt(list, 9), undefined);
		assert.equal(selectedIndex(list, { group: "g:libc", page: undefined }), 10);
		assert.equal(selectedIndex(list, { group: undefined, page: 0x10b }), 12);
		assert.equal(selectedIndex(list, { group: undefined, page: 0x8000 }), undefined);
		assert.equal(selectedIndex(list, { group: undefined, page: undefined }), undefined);
	});

	it("leave gaps out when one goes from row to row", () => {
		assert.equal(selectableFrom(list, 13, 1), 14);
		assert.equal(selectableFrom(list, 13, -1), 12);
		assert.equal(selectableFrom(list, 15, 1), undefined);
		assert.equal(parentIndex(list, 12), 10);
		assert.equal(parentIndex(list, 10), undefined);
	});

	it("are the same structure when only values differ", () => {
		const changed = rowWindowOf([{ ...group, value: 1 }, first, second, gap, other], 10, 40);
		assert.ok(sameStructure(list, changed));
		assert.ok(sameStructure(list, rowWindowOf([first, second], 11, 40)));
		assert.ok(!sameStructure(list, rowWindowOf([first, second], 11, 41)));
		assert.ok(!sameStructure(list, rowWindowOf([second, first], 11, 40)));
		assert.ok(!sameStructure(list, rowWindowOf([{ ...group, unfolded: false }], 10, 40)));
	});

	it("stay in their places while they are held, with new values", () => {
		const arrived = row({ startPage: 0x50 });
		const next = rowWindowOf([arrived, { ...group, value: 99 }, { ...first, value: 7 }, other], 10, 41);
		const held = holdBack(
			list,
			frameOf(next, { totals: { virtual: 0, accessible: 0, mappings: 41, mostMappings: [] } }),
			40,
		);
		assert.deepEqual(
			held.rows.map(({ row: { key, value } }) => [key, value]),
			[
				["g:libc", 99],
				["m:100", 7],
				["m:10a", 4096],
				["gap:114", 4096],
				["m:9000", 4096],
			],
		);
		assert.equal(held.total, 40);
		assert.deepEqual(held.held, { added: 1 });
		assert.equal(heldText({ added: 3 }), "3 new mappings");
		assert.equal(heldText({ added: -1 }), "1 fewer mapping");
		assert.equal(heldText({ added: 0 }), "The order has changed");
	});

	it("are asked for in windows that cover the screen and move in steps", () => {
		fc.assert(
			fc.property(fc.nat(100_000), fc.double({ min: 1, max: 80, noNaN: true }), (top, visible) => {
				const { first: from, count } = rowWindow(top, visible);
				assert.ok(Number.isInteger(from) && Number.isInteger(count));
				assert.ok(from >= 0 && from <= top && from + count >= top + visible);
				assert.equal(from % 16, 0);
				assert.ok(count <= 4 * visible + 64);
			}),
		);
	});
});

describe("places of rows", () => {
	const heights = rowHeights("wide");

	it("follow each other, gaps lower than rows", () => {
		const placed = placeRows(list, 10 * heights.row, 90, heights);
		assert.deepEqual(
			placed.map(({ index, top, height }) => [index, top, height]),
			[
				[10, 0, 22],
				[11, 22, 22],
				[12, 44, 22],
				[13, 66, 14],
				[14, 80, 22],
			],
		);
		assert.equal(rowUnder(placed, 79)?.index, 13);
		assert.equal(rowUnder(placed, 200), undefined);
	});

	it("begin with a part of the row under the top edge", () => {
		const [top] = placeRows(list, 10.5 * heights.row, 60, heights);
		assert.deepEqual([top?.index, top?.top], [10, -11]);
		const [inGap] = placeRows(list, 13.5 * heights.row, 60, heights);
		assert.deepEqual([inGap?.index, inGap?.top], [13, -7]);
	});

	it("leave out what is not loaded, and keep its place", () => {
		const placed = placeRows(list, 9 * heights.row, 60, heights);
		assert.deepEqual([placed[0]?.index, placed[0]?.top], [10, 22]);
	});

	it("are scrolled to by as little as can be", () => {
		const placed = placeRows(list, 10 * heights.row, 66, heights);
		assert.equal(revealRow(11, 220, 66, placed, 22), undefined);
		assert.equal(revealRow(3, 220, 66, placed, 22), 66);
		assert.equal(revealRow(20, 220, 66, placed, 22), 21 * 22 - 66);
	});
});
