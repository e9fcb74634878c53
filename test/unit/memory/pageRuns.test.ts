import { strict as assert } from "node:assert";
import fc from "fast-check";
import { addCounts, countCells, counterCount, countRanges, noRuns } from "../../../src/extension/memory/pageRuns";
import { ColumnWriter, pageBytes, shareCounts, writeColumns } from "../../../src/extension/memory/tiles";
import { stripStride } from "../../../src/shared/mapFrame";
import { stateCount } from "../../../src/shared/pageStates";
import { buildRuns, countSlowly, type PageModel, pieces } from "../../support/snapshots";

/** Runs, the same page by page, and some ranges over them and beyond. */
const cases = fc
	.record({
		list: fc.oneof(pieces(12), pieces(400, 4)),
		start: fc.constantFrom(0, 1, 100, 2 ** 40),
		cuts: fc.array(fc.double({ min: -0.1, max: 1.1, noNaN: true }), { minLength: 2, maxLength: 12 }),
	})
	.map(({ list, start, cuts }) => {
		const built = buildRuns(list, start);
		const length = built.end - start;
		const places = cuts.map((cut) => Math.max(0, start + Math.floor(cut * length))).sort((a, b) => a - b);
		return { ...built, start, places };
	});

const check = (property: (one: typeof cases extends fc.Arbitrary<infer C> ? C : never) => void, numRuns = 200): void =>
	fc.assert(fc.property(cases, property), { numRuns });

describe("page runs", () => {
	it("find the first run that ends after a page", () => {
		check(({ runs, places }) => {
			for (const page of places) {
				const naive = [...runs.ends].findIndex((end) => end > page);
				assert.equal(runs.firstRunEndingAfter(page), naive < 0 ? runs.count : naive);
			}
		});
	});

	it("join what touches and agrees, and keep every page", () => {
		check(({ runs, model, start, end }) => {
			const { states, flags } = pageBytes(runs, start, end);
			for (let page = start; page < end; page++) {
				assert.equal(states[page - start], model.states[page] ?? 0);
				assert.equal(flags[page - start], model.flags[page] ?? 0);
			}
			for (let run = 1; run < runs.count; run++) {
				assert.ok((runs.ends[run - 1] ?? 0) <= (runs.starts[run] ?? 0));
				const touching = runs.ends[run - 1] === runs.starts[run];
				assert.ok(!touching || runs.states[run - 1] !== runs.states[run] || runs.flags[run - 1] !== runs.flags[run]);
			}
		});
	});

	it("count any range as page by page counting does", () => {
		check(({ runs, model, places }) => {
			for (const from of places) {
				for (const to of places) {
					const counters = new Float64Array(counterCount);
					addCounts(runs, from, Math.max(from, to), counters);
					assert.deepEqual([...counters], countSlowly(model, from, to));
				}
			}
		});
	});

	it("add to what is counted already, wherever it stands", () => {
		check(({ runs, model, places: [from = 0, to = 0] }) => {
			const counters = new Float64Array(counterCount * 3).fill(7);
			addCounts(runs, from, to, counters, counterCount);
			const expected = countSlowly(model, from, to).map((count) => count + 7);
			const others = new Array<number>(counterCount).fill(7);
			assert.deepEqual([...counters], [...others, ...expected, ...others]);
		});
	});

	it("leave pages without a run to the caller", () => {
		check(({ runs, model, places }) => {
			const [from = 0, to = 0] = [places[0], places.at(-1)];
			const counters = new Float64Array(counterCount);
			runs.add(from, to, counters);
			let held = 0;
			for (let page = from; page < to; page++) if (model.states[page] === 0) held++;
			const [, ...others] = countSlowly(model, from, to);
			assert.deepEqual([...counters], [held, ...others]);
		});
	});

	it("count cells one after the other, few or many, as each by itself", () => {
		check(({ runs, model, places }) => {
			const [from = 0, ...ends] = places;
			const cells: { counts: number[]; pages: number }[] = [];
			countCells(
				runs,
				from,
				ends.length,
				(cell) => ends[cell] ?? 0,
				(counters, pages) => cells.push({ counts: [...counters], pages }),
			);
			assert.deepEqual(cells, cellsOf(model, places));
		}, 400);
	});

	it("count ranges with holes between them", () => {
		check(({ runs, model, places }) => {
			const disjoint = places.slice(0, places.length & ~1);
			const starts = Float64Array.from(disjoint.filter((_, at) => at % 2 === 0));
			const ends = Float64Array.from(disjoint.filter((_, at) => at % 2 === 1));
			const expected = [...starts].flatMap((start, at) => countSlowly(model, start, ends[at] ?? 0));
			assert.deepEqual([...countRanges(runs, starts, ends)], expected);
		}, 400);
	});

	it("give exact counts of equal cells, the last taking what is left", () => {
		check(({ runs, model, places }) => {
			const [from = 0, to = 0] = [places[0], places.at(-1)];
			for (const pagesPerCell of [1, 3, 7, 1000]) {
				const counts = shareCounts(runs, from, to, pagesPerCell);
				const expected: number[] = [];
				for (let page = from; page < to; page += pagesPerCell) {
					expected.push(...countSlowly(model, page, Math.min(to, page + pagesPerCell)));
				}
				assert.deepEqual([...counts], expected);
			}
		});
	});

	it("count to the end, whatever the number of runs", () => {
		for (const count of [1, 63, 64, 65, 127, 128, 129, 640]) {
			const list = Array.from({ length: count }, (_, run) => ({ gap: 1, pages: 2, state: 1 + (run % 8), flags: 0 }));
			const { runs, model, end } = buildRuns(list);
			assert.equal(runs.count, count);
			for (const to of [end - 1, end, end + 10]) {
				const counters = new Float64Array(counterCount);
				addCounts(runs, 0, to, counters);
				assert.deepEqual([...counters], countSlowly(model, 0, to));
			}
		}
	});

	it("count a run that spans several ranges in each of them", () => {
		const { runs, model } = buildRuns([{ gap: 5, pages: 100, state: 4, flags: 0 }]);
		const starts = Float64Array.of(0, 10, 20, 40, 104);
		const ends = Float64Array.of(8, 20, 30, 41, 110);
		const expected = [...starts].flatMap((start, at) => countSlowly(model, start, ends[at] ?? 0));
		assert.deepEqual([...countRanges(runs, starts, ends)], expected);
	});

	it("hold nothing when there are none", () => {
		const counters = new Float64Array(counterCount);
		addCounts(noRuns, 5, 25, counters);
		assert.deepEqual([...counters], [20, ...new Array<number>(counterCount - 1).fill(0)]);
		assert.equal(noRuns.firstRunEndingAfter(0), 0);
		assert.deepEqual([...countRanges(noRuns, Float64Array.of(1), Float64Array.of(3))].slice(0, 2), [2, 0]);
	});
});

describe("strip columns", () => {
	it("show one page among ten thousand, and one that is missing", () => {
		for (const [pages, share] of [
			[1, 1],
			[9999, 254],
			[10_000, 255],
			[0, 0],
			[5000, 128],
		] as const) {
			const counters = new Float64Array(counterCount);
			counters[4] = pages;
			const writer = new ColumnWriter();
			writer.add(counters, 10_000);
			assert.equal(writer.finish()[3], share);
		}
	});

	it("are shares that let no page vanish and take almost all for all of none", () => {
		check(({ runs, model, places }) => {
			const [from = 0, to = 0] = [places[0], places.at(-1)];
			if (to <= from) return;
			const columns = Math.min(10, to - from);
			const writer = new ColumnWriter();
			writer.add(new Float64Array(counterCount), 1);
			assert.equal(writeColumns(writer, runs, from, to, columns), 1);
			assert.equal(writer.columns, columns + 1);
			const bytes = writer.finish();
			assert.equal(bytes.length, (columns + 1) * stripStride);
			assert.equal(bytes.buffer.byteLength, bytes.length, "a view would ship its whole buffer");
			let page = from;
			for (let column = 0; column < columns; column++) {
				const next = from + Math.floor(((to - from) * (column + 1)) / columns);
				const counts = countSlowly(model, page, next).slice(1);
				const shown = [...bytes.subarray((column + 1) * stripStride, (column + 2) * stripStride)];
				for (const [at, count] of counts.entries()) {
					const share = shown[at] ?? -1;
					assert.equal(share === 0, count === 0);
					assert.equal(share === 255, count === next - page);
					assert.ok(Math.abs(share - (count * 255) / (next - page)) <= 1);
				}
				assert.equal(counts.length, stateCount - 1 + 2);
				page = next;
			}
			assert.equal(page, to);
		});
	});
});

function cellsOf(model: PageModel, places: readonly number[]): { counts: number[]; pages: number }[] {
	return places.slice(1).map((to, at) => {
		const from = places[at] ?? 0;
		return { counts: countSlowly(model, from, to), pages: to - from };
	});
}
