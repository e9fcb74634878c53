import { strict as assert } from "node:assert";
import fc from "fast-check";
import { layoutOverview } from "../../../src/extension/memory/overview";
import { counterCount, residentPages } from "../../../src/extension/memory/pageRuns";
import { mappingCounts, type Snapshot } from "../../../src/extension/memory/snapshot";
import { stripStride } from "../../../src/shared/mapFrame";
import { recordedPrograms } from "../../support/fixtures";
import { anySnapshot, recordedSnapshot } from "../../support/snapshots";

const samples = fc.oneof(
	anySnapshot,
	fc.constantFrom(...recordedPrograms).map((program) => recordedSnapshot(program)),
);
const widths = fc.integer({ min: 50, max: 2000 });

const check = (property: (snapshot: Snapshot, width: number) => void, numRuns = 200): void =>
	fc.assert(fc.property(samples, widths, property), { numRuns });

describe("overview", () => {
	it("fills its width, left to right, without holes", () => {
		check((snapshot, width) => {
			const { segments } = layoutOverview(snapshot, width, undefined);
			let x = 0;
			for (const segment of segments) {
				assert.ok(Math.abs(segment.x - x) < 1e-6 && segment.width > 0);
				x += segment.width;
			}
			assert.ok(Math.abs(x - width) <= 1, `${x} of ${width}`);
		});
	});

	it("ascends, and has every mapping in a segment that is none of a gap", () => {
		check((snapshot, width) => {
			const { segments } = layoutOverview(snapshot, width, undefined);
			const { maps } = snapshot;
			for (const [at, { startPage, endPage }] of segments.entries()) {
				assert.ok(startPage < endPage);
				assert.ok(at === 0 || (segments[at - 1]?.endPage ?? 0) <= startPage);
			}
			for (let index = 0; index < maps.count; index++) {
				const [start = 0, end = 0] = [maps.startPages[index], maps.endPages[index]];
				const inside = segments.filter((segment) => segment.startPage < end && segment.endPage > start);
				assert.equal(inside.length, 1);
				assert.ok(inside[0] && inside[0].kind !== "gap");
				assert.ok(inside[0].startPage <= start && end <= inside[0].endPage);
			}
		});
	});

	it("has its columns in order, each with a mapped page of its segment", () => {
		check((snapshot, width) => {
			const { segments, columns, columnPages } = layoutOverview(snapshot, width, undefined);
			assert.equal(columns.length, columnPages.length * stripStride);
			const { maps } = snapshot;
			let column = 0;
			for (const { kind, firstColumn, columnCount, startPage, endPage, width: pixels } of segments) {
				if (kind !== "mapping") {
					assert.equal(columnCount, 0);
					continue;
				}
				assert.equal(firstColumn, column);
				assert.ok(columnCount >= 1 && columnCount <= Math.max(1, pixels / 2));
				for (let at = 0; at < columnCount; at++, column++) {
					const page = columnPages[column] ?? -1;
					assert.ok(page >= startPage && page < endPage);
					const index = [...maps.endPages].findIndex((end) => end > page);
					assert.ok((maps.startPages[index] ?? 0) <= page, `column ${column} is at page ${page}, in no mapping`);
					if (at > 0) assert.ok((columnPages[column - 1] ?? 0) <= page);
				}
			}
			assert.equal(column, columnPages.length);
		}, 100);
	});

	it("counts each resident page once", () => {
		check((snapshot, width) => {
			const { segments } = layoutOverview(snapshot, width, undefined);
			const counts = mappingCounts(snapshot);
			let expected = 0;
			for (let index = 0; index < snapshot.maps.count; index++) expected += residentPages(counts, index * counterCount);
			const shown = segments.reduce((sum, { residentBytes }) => sum + residentBytes, 0);
			assert.equal(shown, expected * snapshot.pageSize);
		});
	});

	it("never hides what a single-page mapping holds", () => {
		check((snapshot, width) => {
			const { segments, columns } = layoutOverview(snapshot, width, undefined);
			for (const { firstColumn, columnCount, residentBytes } of segments) {
				const bytes = columns.subarray(firstColumn * stripStride, (firstColumn + columnCount) * stripStride);
				// Bytes 1…3 of a column are the states file, shmem and anonymous.
				const drawn = [...bytes].some((byte, at) => byte > 0 && at % stripStride >= 1 && at % stripStride <= 3);
				assert.equal(drawn, residentBytes > 0);
			}
		});
	});

	it("dims what is not wanted", () => {
		const snapshot = recordedSnapshot("chromium");
		assert.ok(layoutOverview(snapshot, 800, undefined).segments.every(({ dimmed }) => !dimmed));
		const none = layoutOverview(snapshot, 800, () => false).segments;
		assert.ok(none.every(({ dimmed }) => dimmed));
		const one = layoutOverview(snapshot, 800, (index) => index === 500).segments.filter(({ dimmed }) => !dimmed);
		assert.equal(one.length, 1);
		const start = snapshot.maps.startPages[500] ?? 0;
		assert.ok(one[0] && one[0].startPage <= start && start < one[0].endPage);
	});

	it("is empty without room or mappings", () => {
		const empty = { segments: [], columns: new Uint8Array(0), columnPages: new Float64Array(0) };
		assert.deepEqual(layoutOverview(recordedSnapshot("shell"), 0, undefined), empty);
	});

	it("marks the gaps of a recorded process with their sizes", () => {
		const snapshot = recordedSnapshot("shell");
		const { segments } = layoutOverview(snapshot, 1000, undefined);
		const gaps = segments.filter(({ kind }) => kind === "gap");
		const { maps, pageSize } = snapshot;
		const expected = [...maps.startPages]
			.map((start, index) => [index === 0 ? start : (maps.endPages[index - 1] ?? 0), start] as const)
			.filter(([from, to]) => (to - from) * pageSize >= 2 ** 30);
		assert.deepEqual(
			gaps.map(({ startPage, endPage }) => [startPage, endPage]),
			expected,
		);
	});
});
