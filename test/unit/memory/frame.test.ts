import { strict as assert } from "node:assert";
import fc from "fast-check";
import { makeFrame } from "../../../src/extension/memory/frame";
import { counterCount, noRuns } from "../../../src/extension/memory/pageRuns";
import { OrderMemory } from "../../../src/extension/memory/rows";
import { mappingCounts, type Snapshot } from "../../../src/extension/memory/snapshot";
import { parseMaps } from "../../../src/extension/proc/maps";
import { cellStride, type MapQuery, measures } from "../../../src/shared/mapFrame";
import { mappingKinds } from "../../../src/shared/mappingKinds";
import { stateCode, stateCount } from "../../../src/shared/pageStates";
import { recordedPageSize as pageSize, recorded, recordedPrograms } from "../../support/fixtures";
import { anySnapshot, plainQuery, recordedSnapshot, snapshotOf } from "../../support/snapshots";

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
const frameOf = (snapshot: Snapshot, changes: Partial<MapQuery> = {}) =>
	makeFrame(snapshot, { ...plainQuery, ...changes }, new OrderMemory());

describe("frames", () => {
	it("account for every page: states, kinds and mappings add up to the virtual size", () => {
		fc.assert(
			fc.property(anySnapshot, (snapshot) => {
				const frame = frameOf(snapshot, { measure: "virtual" });
				assert.equal(sum(frame.statePages) * pageSize, frame.totals.virtual);
				assert.equal(sum(frame.kinds.map(({ bytes }) => bytes ?? Number.NaN)), frame.totals.virtual);
				assert.equal(sum(frame.kinds.map(({ mappings }) => mappings)), frame.totals.mappings);
				for (const { bytes, byState } of frame.kinds) assert.equal(sum(byState ?? []), bytes);
				assert.ok(frame.totals.accessible <= frame.totals.virtual);
			}),
		);
	});

	it("of each measure: what the kinds have together is what the states have", () => {
		const states = {
			resident: [stateCode.file, stateCode.shmem, stateCode.anonymous],
			cached: [stateCode.cached],
			swap: [stateCode.swapped],
		} as const;
		fc.assert(
			fc.property(anySnapshot, fc.constantFrom("resident", "cached", "swap"), (snapshot, measure) => {
				const { kinds, statePages } = frameOf(snapshot, { measure });
				const expected = sum(states[measure].map((state) => statePages[state] ?? 0)) * pageSize;
				assert.equal(sum(kinds.map(({ bytes }) => bytes ?? Number.NaN)), expected);
				assert.equal(sum(kinds.flatMap(({ byState }) => [...(byState ?? [])])), expected);
			}),
		);
	});

	it("name what most of the mappings are of", () => {
		const { totals } = frameOf(recordedSnapshot("target"));
		const text = recorded("target", "maps").toString("latin1");
		const anonymous = text.split("\n").filter((line) => / rw-p 00000000 00:00 0 $/.test(line)).length;
		const [libc, loader] = [/\/libc\.so\.6$/gm, /\/ld-linux-x86-64\.so\.2$/gm].map((name) => text.match(name)?.length);
		for (const [name, mappings] of [
			["libc.so.6", libc],
			["ld-linux-x86-64.so.2", loader],
		] as const) {
			assert.equal(totals.mostMappings.find((one) => one.name === name)?.mappings ?? 0, mappings, name);
		}
		assert.ok(anonymous > 0 && totals.mostMappings.length === 3);
		const counts = totals.mostMappings.map(({ mappings }) => mappings);
		assert.deepEqual(
			counts,
			[...counts].sort((a, b) => b - a),
		);
		assert.deepEqual(frameOf(snapshotOf(parseMaps(Buffer.alloc(0), pageSize), noRuns)).totals.mostMappings, []);
	});

	it("of what smaps tells: kinds have what smaps has", () => {
		for (const program of recordedPrograms) {
			const snapshot = recordedSnapshot(program);
			for (const [measure, field] of [
				["pss", "Pss"],
				["privateDirty", "Private_Dirty"],
			] as const) {
				const { kinds } = frameOf(snapshot, { measure });
				assert.equal(sum(kinds.map(({ bytes }) => bytes ?? Number.NaN)), sum(snapshot.smaps?.fields.get(field) ?? []));
				assert.ok(kinds.every(({ byState }) => byState === undefined));
			}
			const { smaps: _, ...without } = snapshot;
			const { kinds } = frameOf(without, { measure: "pss" });
			assert.ok(kinds.every(({ bytes }) => bytes === undefined));
		}
	});

	it("show of any mapping that is selected what is known of it", () => {
		fc.assert(
			fc.property(anySnapshot, fc.nat(), fc.nat(600), (snapshot, which, inspectorCells) => {
				const { maps } = snapshot;
				const index = which % maps.count;
				const [startPage = 0, endPage = 0] = [maps.startPages[index], maps.endPages[index]];
				const selectedPage = startPage + Math.floor((endPage - startPage) / 2);
				const { selected } = frameOf(snapshot, { selectedPage, inspectorCells });
				assert.ok(selected);
				assert.deepEqual([selected.startPage, selected.endPage], [startPage, endPage]);
				assert.equal(sum(selected.statePages), endPage - startPage);
				const expected = [...mappingCounts(snapshot).subarray(index * counterCount, (index + 1) * counterCount)];
				assert.deepEqual([...selected.statePages, selected.fileCachedPages], expected.slice(0, stateCount + 1));
				const { cells } = selected;
				if (inspectorCells === 0) return assert.equal(cells.counts.length, 0);
				assert.ok(cells.counts.length / cellStride <= inspectorCells);
				for (let counter = 0; counter < cellStride; counter++) {
					const total = sum(cells.counts.filter((_, at) => at % cellStride === counter));
					assert.equal(total, expected[counter]);
				}
			}),
		);
	});

	it("quote the line that the kernel wrote", () => {
		const snapshot = recordedSnapshot("target");
		const lines = recorded("target", "maps").toString("latin1").split("\n");
		for (let index = 0; index < snapshot.maps.count; index++) {
			const { selected } = frameOf(snapshot, { selectedPage: snapshot.maps.startPages[index] ?? 0 });
			const line = lines[index] ?? "";
			// Only what is no ASCII is decoded.
			assert.equal(selected?.line.slice(0, 73), line.slice(0, 73));
			assert.equal(`${selected?.device} ${selected?.inode}`, line.split(" ").slice(3, 5).join(" "));
			assert.equal(selected?.fileOffset.padStart(8, "0"), line.split(" ")[2]);
			assert.equal(selected?.permissions, line.split(" ")[1]);
			assert.ok((selected?.vmFlags?.length ?? 0) > 0);
			assert.equal(selected?.usage["Size"], ((selected?.endPage ?? 0) - (selected?.startPage ?? 0)) * pageSize);
		}
	});

	it("have nothing selected where no mapping is", () => {
		assert.equal(frameOf(recordedSnapshot("target"), { selectedPage: 1 }).selected, undefined);
	});

	it("of a process without an address space are empty, for every measure and order", () => {
		const maps = parseMaps(Buffer.alloc(0), pageSize);
		const snapshot = snapshotOf(maps, noRuns, { status: { kind: "empty", why: "zombie" } });
		for (const measure of measures) {
			for (const order of ["address", "size", "resident"] as const) {
				const frame = frameOf(snapshot, { measure, order, overviewWidth: 500, filter: "rss>0 x r-x 0x1" });
				assert.equal(frame.rows.total, 0);
				assert.equal(frame.totals.mappings, 0);
				assert.deepEqual(frame.kinds, []);
				assert.deepEqual(frame.overview.segments, []);
			}
		}
	});

	it("do not tell what is not known: pages that may not be read", () => {
		const { maps, smaps } = recordedSnapshot("shell");
		const error = { code: "permissionDenied" } as const;
		for (const status of [
			{ kind: "partlyDenied", error },
			{ kind: "ended", time: 0 },
		] as const) {
			const snapshot = snapshotOf(maps, noRuns, { status, pagesHidden: true });
			for (const measure of ["resident", "swap", "cached"] as const) {
				const frame = frameOf(snapshot, { measure });
				assert.equal(frame.totals.cached, undefined);
				assert.equal(frame.totals.resident, undefined);
				assert.ok(frame.kinds.every(({ bytes, byState }) => bytes === undefined && byState === undefined));
				assert.ok(frame.rows.rows.every((row) => row.type === "gap" || row.value === undefined));
			}
			// What smaps tells is told.
			assert.ok(smaps);
			const { kinds } = frameOf({ ...snapshot, smaps }, { measure: "resident" });
			assert.equal(sum(kinds.map(({ bytes }) => bytes ?? Number.NaN)), sum(smaps.fields.get("Rss") ?? []));
			const cached = frameOf({ ...snapshot, smaps }, { measure: "cached" });
			assert.ok(cached.kinds.every(({ bytes }) => bytes === undefined));
		}
	});

	it("filter rows and dim the overview alike", () => {
		fc.assert(
			fc.property(anySnapshot, fc.subarray([...mappingKinds]), (snapshot, kinds) => {
				const frame = frameOf(snapshot, { kinds, grouped: false, overviewWidth: 800 });
				const rows = frame.rows.rows.filter(({ type }) => type === "mapping");
				for (const { startPage, endPage, dimmed, kind } of frame.overview.segments) {
					if (kind === "gap") continue;
					const shown = rows.some((row) => row.startPage >= startPage && row.endPage <= endPage);
					assert.equal(dimmed, !shown);
				}
			}),
		);
	});

	it("ship no more bytes than they show", () => {
		fc.assert(
			fc.property(anySnapshot, (snapshot) => {
				const { maps } = snapshot;
				const frame = frameOf(snapshot, {
					selectedPage: maps.startPages[0] ?? 0,
					inspectorCells: 100,
					overviewWidth: 300,
					rows: { first: 0, count: 20, stripColumns: 50, stripCells: 40 },
				});
				const arrays: ArrayBufferView[] = [];
				const collect = (value: unknown): void => {
					if (ArrayBuffer.isView(value)) arrays.push(value);
					else if (typeof value === "object" && value !== null) Object.values(value).forEach(collect);
				};
				collect(frame);
				assert.ok(arrays.length >= 6);
				for (const { byteLength, buffer } of arrays) assert.equal(buffer.byteLength, byteLength);
				assert.ok(arrays.reduce((total, { byteLength }) => total + byteLength, 0) < 65_536);
			}),
			{ numRuns: 50 },
		);
	});
});
