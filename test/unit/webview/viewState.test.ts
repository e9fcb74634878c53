import assert from "node:assert/strict";
import { pageStates } from "../../../src/shared/pageStates";
import {
	buildQuery,
	clickedKinds,
	clickedStates,
	fromSaved,
	initialState,
	initialViewport,
	isInspecting,
	selectGroup,
	selectMapping,
	selectPage,
	toSaved,
} from "../../../src/webview/memoryMap/viewState";

describe("the view's state", () => {
	it("asks for what was chosen and for what there is room for", () => {
		const state = { ...initialState, filter: "  libc ", kinds: ["code" as const], ...selectMapping(7) };
		const viewport = { ...initialViewport, overviewWidth: 800, inspectorCells: 600 };
		const query = buildQuery(state, viewport);
		assert.equal(query.filter, "libc");
		assert.deepEqual(query.kinds, ["code"]);
		assert.equal(query.order, "resident");
		assert.equal(query.selectedPage, 7);
		assert.equal(query.overviewWidth, 800);
		assert.equal(query.inspectorCells, 600);
		assert.deepEqual(query.rows, viewport.rows);
	});

	it("asks for no cells while nothing is inspected", () => {
		const viewport = { ...initialViewport, inspectorCells: 600 };
		assert.equal(buildQuery(initialState, viewport).inspectorCells, 0);
		const closed = { ...initialState, ...selectMapping(7), inspectorOpen: false };
		assert.equal(buildQuery(closed, viewport).inspectorCells, 0);
		assert.ok(!isInspecting(closed));
		assert.ok(!("selectedPage" in buildQuery({ ...initialState, ...selectGroup("g:x") }, viewport)));
	});

	it("asks for all mappings by address while pages are open, whatever the list shows", () => {
		const state = { ...initialState, filter: "libc", kinds: ["code" as const], openPage: 9, ...selectPage(9) };
		const query = buildQuery(state, { ...initialViewport, pageRows: { first: 3, count: 24 } });
		assert.deepEqual([query.filter, query.kinds, query.grouped, query.order], ["", [], false, "address"]);
		assert.deepEqual([query.rows.first, query.rows.count, query.overviewWidth], [3, 24, 0]);
	});

	it("asks for the rows of the table while it stands in for the list", () => {
		assert.equal(buildQuery({ ...initialState, table: true }, initialViewport).rows, initialViewport.tableRows);
	});

	it("comes back from what was saved", () => {
		const state = {
			...initialState,
			measure: "pss" as const,
			order: "address" as const,
			grouped: false,
			filter: "r?x",
			kinds: ["heap" as const],
			unfolded: ["g:1"],
			hiddenStates: ["cached" as const],
			inspectorWidth: 400,
			scrollRow: 12,
			table: true,
			colourByKind: true,
			...selectMapping(77),
		};
		const restored = fromSaved(toSaved(state));
		assert.deepEqual(restored, state);
	});

	it("takes nothing from a saved view that it does not know", () => {
		const saved = {
			measure: "mood",
			kinds: ["code", "poetry"],
			hiddenStates: ["zero", 7],
			selectedPage: "x",
			inspectorWidth: 3,
			scrollRow: -4,
			colourByKind: "kind",
		};
		const restored = fromSaved(saved as never);
		assert.equal(restored.measure, "resident");
		assert.deepEqual(restored.kinds, ["code"]);
		assert.deepEqual(restored.hiddenStates, ["zero"]);
		assert.equal(restored.selectedPage, undefined);
		assert.equal(restored.inspectorWidth, 280);
		assert.equal(restored.scrollRow, 0);
		assert.equal(restored.colourByKind, false);
	});

	it("filters for a kind by a click, adds with Ctrl, clears by the second", () => {
		assert.deepEqual(clickedKinds([], "code", false), ["code"]);
		assert.deepEqual(clickedKinds(["code"], "code", false), []);
		assert.deepEqual(clickedKinds(["code", "heap"], "code", false), ["code"]);
		assert.deepEqual(clickedKinds(["code"], "heap", true), ["code", "heap"]);
		assert.deepEqual(clickedKinds(["code", "heap"], "heap", true), ["code"]);
	});

	it("hides a state by a click, shows only it with Alt, all again by the second", () => {
		assert.deepEqual(clickedStates([], "zero", false), ["zero"]);
		assert.deepEqual(clickedStates(["zero"], "zero", false), []);
		const solo = clickedStates([], "zero", true);
		assert.deepEqual(
			solo,
			pageStates.filter((state) => state !== "zero"),
		);
		assert.deepEqual(clickedStates(solo, "zero", true), []);
	});
});
