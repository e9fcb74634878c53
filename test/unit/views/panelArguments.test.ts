import { deepEqual, equal, throws } from "node:assert/strict";
import * as check from "../../../src/extension/views/memoryMap/panelArguments";
import { MapscopeError } from "../../../src/shared/errors";
import type { MapQuery } from "../../../src/shared/mapFrame";

const query: MapQuery = {
	measure: "resident",
	order: "address",
	grouped: true,
	filter: "libc",
	kinds: ["code"],
	unfolded: ["g:1"],
	rows: { first: 0, count: 40, stripColumns: 200, stripCells: 80 },
	overviewWidth: 1200,
	selectedPage: 0xfffffffffff,
	inspectorCells: 500,
};

function refused(run: () => unknown): void {
	throws(run, (error) => error instanceof MapscopeError && error.code === "bug");
}

describe("arguments from the webview", () => {
	it("lets a proper query through, without what it does not know", () => {
		deepEqual(check.mapQuery({ ...query, extra: 1 }), query);
		const { selectedPage: _, ...unselected } = query;
		deepEqual(check.mapQuery(unselected), unselected);
	});

	for (const [what, broken] of [
		["nothing", undefined],
		["a string", "query"],
		["an unknown measure", { ...query, measure: "toString" }],
		["a huge filter", { ...query, filter: "x".repeat(1001) }],
		["a kind that is none", { ...query, kinds: ["code", "constructor"] }],
		["kinds that are no list", { ...query, kinds: "code" }],
		["a million rows", { ...query, rows: { ...query.rows, count: 1e6 } }],
		["a fraction of a row", { ...query, rows: { ...query.rows, first: 0.5 } }],
		["no rows", { ...query, rows: null }],
		["a page beyond memory", { ...query, selectedPage: 2 ** 53 }],
		["NaN", { ...query, overviewWidth: Number.NaN }],
	] as const) {
		it(`refuses a query with ${what}`, () => refused(() => check.mapQuery(broken)));
	}

	it("bounds ranges of pages", () => {
		deepEqual(check.pageRange(5, 16_389), [5, 16_389]);
		refused(() => check.pageRange(5, 16_390));
		refused(() => check.pageRange(5, 4));
		refused(() => check.pageRange("5", 6));
		refused(() => check.pageRange(-1, 6));
	});

	it("checks stops, lists, links and the strips that are asked for", () => {
		equal(check.stopNumber(3), 3);
		refused(() => check.stopNumber(0));
		refused(() => check.stopNumber("3"));
		equal(check.listIndex(1), 1);
		refused(() => check.listIndex(2));
		deepEqual(check.stripPages([1, 2]), [1, 2]);
		refused(() => check.stripPages([1.5]));
		refused(() => check.stripPages(Array.from({ length: 513 }, () => 1)));
		deepEqual(check.stripRoom({ stripColumns: 3, stripCells: 4, more: 5 }), { stripColumns: 3, stripCells: 4 });
		refused(() => check.stripRoom({ stripColumns: -1, stripCells: 4 }));
		equal(check.cardLink("map"), "map");
		equal(check.cardLink("recursion"), "recursion");
		refused(() => check.cardLink("explain"));
	});

	it("checks flags, periods, files and text", () => {
		equal(check.flag(true), true);
		refused(() => check.flag(1));
		equal(check.periodArgument(500), 500);
		refused(() => check.periodArgument(1));
		refused(() => check.periodArgument(Number.POSITIVE_INFINITY));
		equal(check.rawFile("smaps"), "smaps");
		refused(() => check.rawFile("mem"));
		refused(() => check.rawFile("../../etc/passwd"));
		deepEqual(check.copiedLines(["ab", ""]), ["ab", ""]);
		refused(() => check.copiedLines("ab"));
		refused(() => check.copiedLines([{ toString: () => "ab" }]));
		refused(() => check.copiedLines(["a".repeat(600_000), "b".repeat(600_000)]));
	});

	it("keeps the known parts of a saved view", () => {
		const saved = { measure: "pss", scrollRow: 7.5, hiddenStates: ["zero"], table: true, colourByKind: true } as const;
		deepEqual(check.savedView({ ...saved, unknown: 1 }), saved);
		refused(() => check.savedView({ measure: "speed" }));
		refused(() => check.savedView([1]) && check.savedView(7));
	});

	it("recognises what a reloaded window kept", () => {
		deepEqual(check.panelState({ pid: 7, startTime: "99", name: "x", more: 1 }), {
			pid: 7,
			startTime: "99",
			name: "x",
		});
		for (const broken of [
			undefined,
			null,
			7,
			{},
			{ pid: -1, startTime: "9", name: "" },
			{ pid: 1, startTime: 9, name: "" },
		]) {
			equal(check.panelState(broken), undefined);
		}
	});
});
