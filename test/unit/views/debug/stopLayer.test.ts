import { deepEqual, equal } from "node:assert/strict";
import { changeList } from "../../../../src/extension/views/debug/words/changeRows";
import { stopLayer } from "../../../../src/extension/views/debug/words/stopLayerWords";
import type { MappingChange, StopChanges } from "../../../../src/shared/debug/changes";
import type { MappingBrief } from "../../../../src/shared/debug/mappingBrief";
import { brief, debuggee, noTotals, stop, totals } from "./samples";

const heap = brief(0x600, 33, { kind: "heap", label: "Heap" });
const arena = brief(0x800, 16, { permissions: "r--p" });
const fresh = brief(0xf00, 2);

function change(kind: MappingChange["kind"], mapping: MappingBrief, formerPermissions?: string): MappingChange {
	const { startPage, endPage } = mapping;
	return { kind, mapping, startPage, endPage, ...(formerPermissions === undefined ? {} : { formerPermissions }) };
}

const changes: StopChanges = {
	from: 1,
	to: 2,
	source: "contents",
	totals: totals({ written: 5, writtenMappings: 2, unknown: 3, unknownWhy: "budget", byKind: [{ kind: "heap", written: 5, unknown: 3 }] }, { new: 1, reprotected: 1, gone: 1 }), // biome-ignore format: one
	mappings: [change("gone", brief(0xf00, 4)), change("reprotected", arena, "rw-p"), change("new", fresh)],
	pages: [
		{ mapping: heap, written: 1, ranges: [{ startPage: 0x600, endPage: 0x601 }], unknown: 3, unknownWhy: "budget" },
		{ mapping: arena, written: 4, ranges: [{ startPage: 0x800, endPage: 0x804 }], unknown: 0 },
		{ mapping: brief(0xe00, 1), written: 0, ranges: [], unknown: 1, unknownWhy: "swapped" },
	],
	cut: false,
};

describe("the list of changes", () => {
	it("has a row for each mapping, the most telling first, and what is gone apart from what is there now", () => {
		const list = changeList("Since stop 1", changes, 4096);
		deepEqual(
			list.rows.map(({ letter, address, permissions, size, pages }) =>
				[letter, address, permissions, size, pages].join(" "),
			),
			[
				"N 00f00000 rw-p 8 KiB –",
				"D 00f00000 rw-p 16 KiB –",
				"R 00800000 rw-p → r--p 64 KiB 4 pages",
				"W 00600000 rw-p 132 KiB 1 page, 3 ?",
				"? 00e00000 rw-p 4 KiB 1 ?",
			],
		);
		equal(list.note, "1 new mapping, 1 gone, 1 reprotected, 5 pages written in 2 mappings");
		equal(list.rows[2]?.spoken, "Anonymous, reprotected, address 00800000, permissions rw-p → r--p, size 64 KiB, 4 pages written"); // biome-ignore format: one
		equal(list.rows[4]?.spoken, "Anonymous, not known whether written, address 00e00000, permissions rw-p, size 4 KiB, 1 page unknown"); // biome-ignore format: one
	});

	it("leaves out what nobody reads", () => {
		const many = Array.from({ length: 250 }, (_, index) => change("new", brief(0x1000 + 2 * index, 1)));
		const list = changeList("Since stop 1", { ...changes, mappings: many, pages: [] }, 4096);
		deepEqual([list.rows.length, list.more], [200, 50]);
	});
});

describe("the stops in the Memory Map", () => {
	const place = { path: "/src/chain.c", line: 49, function: "main" };
	const stops = [stop(1), stop(2, { place, totals: changes.totals })];
	const read = { shown: { stop: 2, against: 1 }, pageSize: 4096, changes };

	it("are chips with place and changes", () => {
		const layer = stopLayer(debuggee({ stops }), read, 50);
		deepEqual(
			layer.chips.map(({ title, place: where, detail, icon }) => [title, where, detail, icon]),
			[
				["Stop 1", undefined, "24 mappings", "circle-filled"],
				["Stop 2", "chain.c:49", "1 new, 1 gone, 1 reprotected, 5 pages written", "circle-filled"],
			],
		);
		equal(layer.state, "paused");
		equal(layer.cost?.short, "read in 6 ms");
		equal(layer.cost?.full, "Known 6.1 ms after the stop: mappings and page table 4 ms, contents of 4 KiB 2 ms.");
	});

	const said = (fields: Parameters<typeof debuggee>[0], changed: StopChanges | undefined = changes) =>
		stopLayer(debuggee({ stops, ...fields }), { ...read, ...(changed ? { changes: changed } : {}) }, 50).sentences.map(
			({ icon, text }) => `${icon}: ${text}`,
		);

	it("say what was written, and of what it is not known", () => {
		deepEqual(said({}), [
			"info: Since stop 1 the program wrote 5 pages of the heap.",
			"warning: Whether 3 pages were written is not known: the 50 ms for comparing were over.",
		]);
		deepEqual(said({ stops: [stop(1), stop(2, { reason: "step" })] }, { ...changes, totals: noTotals }), [
			"info: This step wrote no page.",
		]);
	});

	it("say that the program runs or has ended, and that the last stop is shown", () => {
		equal(said({ running: true })[0], "info: The program runs. What is shown is stop 2.");
		equal(said({ running: true, status: { kind: "ended", time: 0 } })[0], "info: The program has ended. What is shown is stop 2."); // biome-ignore format: one
	});

	it("say why nothing is known", () => {
		const denied = { what: "contents", error: { code: "permissionDenied" } } as const;
		const { changes: _, ...first } = read;
		const layer = stopLayer(debuggee({ stops: [stop(2, { denied, still: false })] }), first, 50);
		deepEqual(
			layer.sentences.map(({ text }) => text),
			[
				"What pages hold may not be read (ptrace): nothing is known of written pages.",
				"It went on while it was read: what is shown may be of several moments.",
				"This is the first stop that is known: the next one shows what has changed.",
			],
		);
		deepEqual(layer.lists, []);
	});

	it("name a list by the stops that are compared", () => {
		const far = { ...changes, from: 1, to: 4 };
		const layer = stopLayer(
			debuggee({ stops: [...stops, stop(4)] }),
			{ shown: { stop: 4, against: 1 }, pageSize: 4096, changes: far },
			50,
		);
		equal(layer.lists[0]?.title, "Between stops 1 and 4");
		const earlier = stopLayer(debuggee({ stops: [...stops, stop(3)] }), { shown: { stop: 3, against: 2 }, pageSize: 4096, changes: { ...changes, from: 2, to: 3 }, earlier: changes }, 50); // biome-ignore format: one
		deepEqual(
			earlier.lists.map(({ title }) => title),
			["Since stop 2", "Between stops 1 and 2"],
		);
	});

	it("are only chips while the process itself is shown", () => {
		const layer = stopLayer(debuggee({ stops }), undefined, 50);
		deepEqual([layer.shown, layer.sentences, layer.lists, layer.chips.length], [undefined, [], [], 2]);
	});
});
