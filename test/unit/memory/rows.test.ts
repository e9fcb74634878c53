import { strict as assert } from "node:assert";
import fc from "fast-check";
import { locatePage } from "../../../src/extension/memory/frame";
import { drawRows, drawStrips, listRows, OrderMemory } from "../../../src/extension/memory/rows";
import type { Snapshot } from "../../../src/extension/memory/snapshot";
import { type MapQuery, type Row, stripStride } from "../../../src/shared/mapFrame";
import { type MappingKind, mappingKinds } from "../../../src/shared/mappingKinds";
import { recordedPrograms } from "../../support/fixtures";
import { anySnapshot, plainQuery, recordedSnapshot } from "../../support/snapshots";

const orders: readonly MapQuery["order"][] = ["address", "resident", "size"];
const queryChanges = fc.record({
	order: fc.constantFrom(...orders),
	grouped: fc.boolean(),
	kinds: fc.oneof(fc.constant<MappingKind[]>([]), fc.subarray([...mappingKinds])),
});

/** The query with every group unfolded. */
const unfoldAll = (snapshot: Snapshot, query: MapQuery): MapQuery => ({
	...query,
	unfolded: snapshot.groups.map(({ key }) => key),
});

function rowsOf(snapshot: Snapshot, query: MapQuery, ranks = new OrderMemory()) {
	return drawRows(snapshot, query, listRows(snapshot, query, undefined, ranks));
}

const mappingRows = (rows: readonly Row[]): Row[] => rows.filter(({ type }) => type === "mapping");

/** Every mapping row's first page, sorted. */
const startPages = (rows: readonly Row[]): number[] =>
	mappingRows(rows)
		.map(({ startPage }) => startPage)
		.sort((a, b) => a - b);

const samples = fc.oneof(
	anySnapshot,
	fc.constantFrom(...recordedPrograms).map((program) => recordedSnapshot(program)),
);

describe("rows", () => {
	it("show every mapping of the wanted kinds once when all is unfolded", () => {
		fc.assert(
			fc.property(samples, queryChanges, (snapshot, changes) => {
				const query = unfoldAll(snapshot, { ...plainQuery, ...changes });
				const { rows, total, matching } = rowsOf(snapshot, query);
				const { maps, classification } = snapshot;
				const kinds = new Set(changes.kinds.map((kind) => mappingKinds.indexOf(kind)));
				const wanted = [...maps.startPages].filter(
					(_, index) => kinds.size === 0 || kinds.has(classification.kinds[index] ?? -1),
				);
				assert.deepEqual(startPages(rows), wanted);
				assert.equal(matching, wanted.length);
				assert.equal(total, rows.length);
			}),
			{ numRuns: 150 },
		);
	});

	it("hold in their groups, folded, what the groups hold", () => {
		fc.assert(
			fc.property(samples, queryChanges, (snapshot, changes) => {
				const { rows, matching } = rowsOf(snapshot, { ...plainQuery, ...changes, grouped: true });
				const counted = rows.reduce(
					(sum, row) => sum + (row.type === "group" ? (row.count ?? 0) : row.type === "mapping" ? 1 : 0),
					0,
				);
				assert.equal(counted, matching);
				for (const row of rows) assert.equal(row.depth, 0);
			}),
			{ numRuns: 100 },
		);
	});

	it("have keys of their own", () => {
		fc.assert(
			fc.property(samples, queryChanges, (snapshot, changes) => {
				const { rows } = rowsOf(snapshot, unfoldAll(snapshot, { ...plainQuery, ...changes }));
				assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length);
			}),
			{ numRuns: 100 },
		);
	});

	it("of a window are a slice of the whole", () => {
		fc.assert(
			fc.property(samples, queryChanges, fc.nat(80), fc.nat(30), (snapshot, changes, first, count) => {
				const query = unfoldAll(snapshot, { ...plainQuery, ...changes });
				const whole = rowsOf(snapshot, query);
				const part = rowsOf(snapshot, { ...query, rows: { ...query.rows, first, count } });
				const start = Math.min(first, whole.total);
				assert.deepEqual([part.first, part.total, part.matching], [start, whole.total, whole.matching]);
				// The columns are numbered within the window; what they hold must be the same.
				assert.deepEqual(
					part.rows.map((row) => comparable(row, part.columns)),
					whole.rows.slice(start, start + count).map((row) => comparable(row, whole.columns)),
				);
			}),
			{ numRuns: 100 },
		);
	});

	it("have the same strips as those that are asked for by the first pages of their mappings", () => {
		fc.assert(
			fc.property(samples, (snapshot) => {
				const { rows, columns } = rowsOf(snapshot, { ...plainQuery, grouped: false });
				const mappings = mappingRows(rows);
				const pages = mappings.map(({ startPage }) => startPage);
				const drawn = drawStrips(snapshot, pages, plainQuery.rows);
				assert.deepEqual(
					drawn.strips,
					mappings.map(({ strip }) => strip),
				);
				assert.deepEqual(drawn.columns, columns);
				const within = mappings.find(({ startPage, endPage }) => endPage - startPage > 1)?.startPage ?? 2 ** 51;
				assert.deepEqual(drawStrips(snapshot, [2 ** 51, within + 1], plainQuery.rows).strips, [[], []]);
			}),
			{ numRuns: 50 },
		);
	});

	it("have strips whose columns are there, in order, and cover the mapping", () => {
		fc.assert(
			fc.property(samples, fc.nat(200), fc.nat(200), (snapshot, stripColumns, stripCells) => {
				const rows = { ...plainQuery.rows, stripColumns: stripColumns + 1, stripCells };
				const drawn = rowsOf(snapshot, unfoldAll(snapshot, { ...plainQuery, rows }));
				let column = 0;
				for (const row of drawn.rows) {
					for (const segment of row.strip) {
						if (segment.kind === "reserved") {
							assert.equal(segment.columnCount, 0);
							continue;
						}
						assert.equal(segment.firstColumn, column);
						column += segment.columnCount;
						assert.ok(segment.columnCount > 0);
						const pages = segment.endPage - segment.startPage;
						if (segment.kind === "cells") assert.equal(segment.columnCount, pages);
						else if (row.type === "mapping") assert.ok(segment.columnCount <= Math.min(pages, stripColumns + 1));
						assert.ok(segment.startPage >= row.startPage && segment.endPage <= row.endPage);
					}
					const columns = row.strip.reduce((sum, { columnCount }) => sum + columnCount, 0);
					assert.ok(columns <= Math.max(stripColumns + 1, stripCells), `${columns} columns`);
				}
				assert.equal(drawn.columns.length, column * stripStride);
			}),
			{ numRuns: 100 },
		);
	});

	it("in address order ascend, and name gaps that hold nothing", () => {
		fc.assert(
			fc.property(samples, fc.boolean(), (snapshot, grouped) => {
				const { rows } = rowsOf(snapshot, { ...plainQuery, grouped });
				const { maps } = snapshot;
				let before = -1;
				for (const row of rows) {
					assert.ok(row.startPage >= before, row.key);
					before = row.startPage;
					if (row.type !== "gap") continue;
					const inside = [...maps.startPages].findIndex(
						(start, index) => start < row.endPage && (maps.endPages[index] ?? 0) > row.startPage,
					);
					assert.equal(inside, -1, `mapping ${inside} lies in the gap ${row.key}`);
					assert.equal(row.size, (row.endPage - row.startPage) * snapshot.pageSize);
				}
			}),
			{ numRuns: 200 },
		);
	});

	it("say where every page is", () => {
		fc.assert(
			fc.property(samples, queryChanges, (snapshot, changes) => {
				const query = { ...plainQuery, ...changes, kinds: [] };
				const { maps } = snapshot;
				const step = Math.ceil(maps.count / 40);
				for (let index = 0; index < maps.count; index += step) {
					const ranks = new OrderMemory();
					const startPage = maps.startPages[index] ?? 0;
					const found = locatePage(snapshot, query, startPage, ranks);
					assert.ok(found.kind === "mapping");
					const unfolded = found.unfold === undefined ? [] : [found.unfold];
					const { rows } = rowsOf(snapshot, { ...query, unfolded }, ranks);
					const row = rows[found.row];
					assert.equal(row?.type, "mapping");
					assert.equal(row?.startPage, startPage);
				}
			}),
			{ numRuns: 20 },
		);
	});

	it("say between which mappings a page without one lies", () => {
		const snapshot = recordedSnapshot("target");
		const ranks = new OrderMemory();
		const { maps } = snapshot;
		assert.deepEqual(locatePage(snapshot, plainQuery, 0, ranks), { kind: "gap", above: maps.startPages[0] });
		assert.deepEqual(locatePage(snapshot, plainQuery, 2 ** 52 - 1, ranks), {
			kind: "gap",
			below: maps.endPages[maps.count - 1],
		});
		const index = [...maps.startPages].findIndex((start, at) => at > 0 && start > (maps.endPages[at - 1] ?? 0));
		assert.deepEqual(locatePage(snapshot, plainQuery, maps.endPages[index - 1] ?? 0, ranks), {
			kind: "gap",
			below: maps.endPages[index - 1],
			above: maps.startPages[index],
		});
	});

	it("sizes of groups are those of their mappings together", () => {
		const snapshot = recordedSnapshot("chromium");
		const { rows } = rowsOf(snapshot, plainQuery);
		const sum = rows.reduce((total, row) => total + (row.type === "gap" ? 0 : row.size), 0);
		const { maps, pageSize } = snapshot;
		let expected = 0;
		for (let index = 0; index < maps.count; index++) {
			expected += ((maps.endPages[index] ?? 0) - (maps.startPages[index] ?? 0)) * pageSize;
		}
		assert.equal(sum, expected);
	});

	it("by size go from large to small", () => {
		for (const grouped of [true, false]) {
			const { rows } = rowsOf(recordedSnapshot("chromium"), { ...plainQuery, grouped, order: "size" });
			for (const [at, { size }] of rows.entries()) assert.ok(at === 0 || size <= (rows[at - 1]?.size ?? 0));
		}
	});
});

/** A row with its columns in place of where they are. */
function comparable(row: Row, columns: Uint8Array): unknown {
	return {
		...row,
		strip: row.strip.map(({ firstColumn, columnCount, ...rest }) => ({
			...rest,
			bytes: [...columns.slice(firstColumn * stripStride, (firstColumn + columnCount) * stripStride)],
		})),
	};
}

describe("OrderMemory", () => {
	const blocks = fc.uniqueArray(fc.record({ key: fc.string({ minLength: 1, maxLength: 3 }), value: fc.nat(1000) }), {
		selector: ({ key }) => key,
		maxLength: 20,
	});
	const keys = (list: readonly { key: string }[]): string[] => list.map(({ key }) => key);

	it("sorts by value at first", () => {
		fc.assert(
			fc.property(blocks, (list) => {
				const sorted = [...list];
				new OrderMemory().sort("size", sorted);
				for (const [at, { value }] of sorted.entries()) assert.ok(at === 0 || value <= (sorted[at - 1]?.value ?? 0));
				assert.deepEqual(keys(sorted).sort(), keys(list).sort());
			}),
		);
	});

	it("keeps everything, and lets nobody stand above who is not within a tenth", () => {
		fc.assert(
			fc.property(fc.array(blocks, { minLength: 2, maxLength: 6 }), (samplesOfBlocks) => {
				const memory = new OrderMemory();
				for (const list of samplesOfBlocks) {
					const sorted = [...list];
					memory.sort("resident", sorted);
					assert.deepEqual(keys(sorted).sort(), keys(list).sort());
					let largestBelow = 0;
					for (const { value } of [...sorted].reverse()) {
						assert.ok(value >= largestBelow * 0.9);
						largestBelow = Math.max(largestBelow, value);
					}
				}
			}),
		);
	});

	it("leaves an order alone while the values stay", () => {
		fc.assert(
			fc.property(blocks, blocks, (first, second) => {
				const memory = new OrderMemory();
				memory.sort("size", [...first]);
				const once = [...second];
				memory.sort("size", once);
				const again = [...second];
				memory.sort("size", again);
				assert.deepEqual(keys(again), keys(once));
			}),
		);
	});

	it("lets a row pass once it is a tenth larger, not before", () => {
		const memory = new OrderMemory();
		const order = (a: number, b: number): string[] => {
			const list = [
				{ key: "a", value: a },
				{ key: "b", value: b },
			];
			memory.sort("size", list);
			return keys(list);
		};
		assert.deepEqual(order(100, 90), ["a", "b"]);
		assert.deepEqual(order(100, 110), ["a", "b"]);
		assert.deepEqual(order(100, 112), ["b", "a"]);
		assert.deepEqual(order(105, 100), ["b", "a"]);
		assert.deepEqual(order(112, 100), ["a", "b"]);
	});

	it("starts afresh for another order", () => {
		const memory = new OrderMemory();
		const list = (): { key: string; value: number }[] => [
			{ key: "a", value: 100 },
			{ key: "b", value: 105 },
		];
		const first = [
			{ key: "a", value: 2 },
			{ key: "b", value: 1 },
		];
		memory.sort("size", first);
		const other = list();
		memory.sort("resident", other);
		assert.deepEqual(keys(other), ["b", "a"]);
	});
});
