import assert from "node:assert/strict";
import fc from "fast-check";
import { pageGrid } from "../../../../src/webview/memoryMap/draw/cells";
import {
	cellPitch,
	cellsIn,
	columnPages,
	gridCell,
	gridHit,
	gridSize,
	gridStep,
	pageColumn,
	snap,
	snapLength,
} from "../../../../src/webview/memoryMap/draw/geometry";

const ratios = fc.constantFrom(0.8, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3);

function isWhole(value: number): boolean {
	return Math.abs(value - Math.round(value)) < 1e-6;
}

describe("geometry", () => {
	it("puts edges and lengths on device pixels", () => {
		fc.assert(
			fc.property(fc.double({ min: 0, max: 3000, noNaN: true }), ratios, (value, dpr) => {
				assert.ok(isWhole(snap(value, dpr) * dpr));
				assert.ok(snapLength(value, dpr) * dpr >= 1 - 1e-9);
				assert.ok(Math.abs(snap(value, dpr) - value) <= 0.5 / dpr + 1e-9);
			}),
		);
	});

	it("makes cells and gaps whole device pixels, never wider than asked", () => {
		fc.assert(
			fc.property(ratios, fc.constantFrom([4, 1], [23, 2], [25, 4], [14, 3]), (dpr, [cell = 0, gap = 0]) => {
				const pitch = cellPitch(cell, gap, dpr);
				assert.ok(isWhole(pitch.cell * dpr) && isWhole(pitch.gap * dpr));
				assert.ok(pitch.gap * dpr >= 1 - 1e-9 && pitch.cell * dpr >= 1 - 1e-9);
				assert.ok(pitch.pitch <= cell + gap + 1e-6);
				assert.ok(Math.abs(pitch.cell + pitch.gap - pitch.pitch) < 1e-9);
			}),
		);
	});

	it("is exact at one and two device pixels", () => {
		assert.deepEqual(cellPitch(4, 1, 1), { cell: 4, gap: 1, pitch: 5 });
		assert.deepEqual(cellPitch(23, 2, 2), { cell: 23, gap: 2, pitch: 25 });
		assert.equal(cellsIn(404, cellPitch(4, 1, 1)), 81);
		assert.equal(cellsIn(403, cellPitch(4, 1, 1)), 80);
	});

	it("divides a range among columns without gap or overlap", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 0, max: 2 ** 45 }),
				fc.integer({ min: 1, max: 200_000 }),
				fc.integer({ min: 1, max: 500 }),
				(startPage, pages, columns) => {
					const count = Math.min(columns, pages);
					const range = { startPage, endPage: startPage + pages };
					let next = startPage;
					for (let column = 0; column < count; column++) {
						const share = columnPages(range, count, column);
						assert.equal(share.startPage, next);
						assert.equal(pageColumn(range, count, share.startPage), column);
						assert.equal(pageColumn(range, count, share.endPage - 1), column);
						next = share.endPage;
					}
					assert.equal(next, range.endPage);
					assert.equal(pageColumn(range, count, range.endPage), undefined);
				},
			),
		);
	});

	it("finds the cell that it placed", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 100, max: 3000 }),
				fc.integer({ min: 1, max: 3000 }),
				fc.integer({ min: 0, max: 100_000 }),
				ratios,
				fc.boolean(),
				fc.double({ min: 0, max: 0.999, noNaN: true }),
				(width, count, startPage, dpr, align, within) => {
					const grid = pageGrid(width, startPage, count, dpr, align);
					const size = gridSize(grid);
					for (const index of [0, count - 1, Math.floor(count * within)]) {
						const cell = gridCell(grid, index);
						assert.equal(gridHit(grid, cell.x + cell.width * within, cell.y + cell.height * within), index);
						assert.ok(cell.x + cell.width <= size.width + 1e-6);
						assert.ok(cell.y + cell.height <= size.height + 1e-6);
						if (align) assert.equal((startPage + index - (index + grid.lead)) % grid.perRow, 0);
					}
					assert.equal(gridHit(grid, -1, 0), undefined);
					assert.equal(gridHit(grid, 0, size.height + grid.pitchY), undefined);
				},
			),
		);
	});

	it("steps through a grid and stays in it", () => {
		const grid = pageGrid(820, 0, 70, 1);
		assert.equal(grid.perRow, 32);
		assert.equal(gridStep(grid, 0, -1, 0), 0);
		assert.equal(gridStep(grid, 31, 1, 0), 32);
		assert.equal(gridStep(grid, 10, 0, 1), 42);
		assert.equal(gridStep(grid, 42, 0, 1), 42);
		assert.equal(gridStep(grid, 5, 0, -1), 5);
		assert.equal(gridStep(grid, 69, 1, 0), 69);
	});
});
