import assert from "node:assert/strict";
import type { Row } from "../../../src/shared/mapFrame";
import type { CellGrid } from "../../../src/webview/memoryMap/draw/geometry";
import {
	layoutSections,
	pagesOfRows,
	sectionHeights,
	sectionOf,
	sectionsHeight,
	stepRows,
	visibleGridRows,
	visibleSections,
} from "../../../src/webview/memoryMap/pageSections";
import { row } from "./samples";

function gridOf({ startPage, endPage }: Row): CellGrid {
	const count = endPage - startPage;
	const perRow = 32;
	const lead = count > perRow ? startPage % perRow : 0;
	const rows = Math.ceil((count + lead) / perRow);
	return { count, perRow, lead, rows, cellWidth: 23, cellHeight: 25, pitchX: 25, pitchY: 29, dpr: 1 };
}

const rows = [
	row({ startPage: 0x105, endPage: 0x105 + 100 }),
	row({ startPage: 0x169, endPage: 0x16b }),
	row({ startPage: 0x400, endPage: 0x500 }),
];
const sections = layoutSections(rows, gridOf);
const [first, second, gap, third] = sections;

describe("sections of the page view", () => {
	it("follow each other, with a rule where nothing is mapped between them", () => {
		assert.deepEqual(
			sections.map(({ kind }) => kind),
			["mapping", "mapping", "gap", "mapping"],
		);
		assert.equal(gap?.kind === "gap" && gap.pages, 0x400 - 0x16b);
		let top = 0;
		for (const section of sections) {
			assert.equal(section.top, top);
			top += section.height;
		}
		assert.equal(sectionsHeight(sections), top);
		assert.equal(sectionsHeight([]), 0);
	});

	it("are found by what is visible and by page", () => {
		assert.deepEqual(visibleSections(sections, 0, 1), [first]);
		assert.deepEqual(visibleSections(sections, second?.top ?? 0, (gap?.top ?? 0) + 1), [second, gap]);
		assert.equal(sectionOf(sections, 0x16a), second);
		assert.equal(sectionOf(sections, 0x300), undefined);
	});

	it("know the pages of their visible rows", () => {
		assert.ok(first?.kind === "mapping");
		const top = sectionHeights.head + 29;
		assert.deepEqual(visibleGridRows(first, top, top + 30), { first: 1, count: 2 });
		assert.deepEqual(pagesOfRows(first, 0, 1), { startPage: 0x105, endPage: 0x120 });
		assert.deepEqual(pagesOfRows(first, 1, 2), { startPage: 0x120, endPage: 0x160 });
		assert.deepEqual(pagesOfRows(first, 3, 9), { startPage: 0x160, endPage: 0x169 });
	});

	it("are gone through row by row, from one to the next in the same column", () => {
		assert.equal(stepRows(sections, 0x106, 1), 0x126);
		assert.equal(stepRows(sections, 0x126, -1), 0x106);
		// 0x166 is in column 6 of the last row: the next mapping has two pages only.
		assert.equal(stepRows(sections, 0x166, 1), 0x16a);
		assert.equal(stepRows(sections, 0x16a, 1), 0x401);
		assert.equal(stepRows(sections, 0x401, -1), 0x16a);
		assert.equal(stepRows(sections, 0x169, -1), 0x160);
		assert.equal(stepRows(sections, 0x4ff, 1), 0x4ff);
		assert.equal(stepRows(sections, 0x105, -1), 0x105);
		assert.equal(third?.kind, "mapping");
	});
});
