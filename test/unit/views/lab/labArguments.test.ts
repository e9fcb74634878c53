import { deepEqual, equal, throws } from "node:assert/strict";
import * as check from "../../../../src/extension/views/lab/labArguments";
import type { Demo } from "../../../../src/shared/labDemo";

const demo: Demo = {
	id: "x",
	number: 1,
	title: "X",
	teaches: "",
	parameters: [
		{ kind: "file", name: "path", title: "File", scratch: { text: "a" } },
		{ kind: "text", name: "text", title: "Text", initial: "hello" },
		{ kind: "number", name: "count", title: "Count", initial: 3, least: 1, most: 9 },
	],
	steps: [],
};
const refused = { code: "bug" };

describe("arguments of the Lab's webview", () => {
	it("are steps that there are", () => {
		equal(check.stepIndex(2, 3), 2);
		equal(check.stepIndex(-1, 3, true), -1);
		for (const value of [3, -1, 1.5, "1", null, undefined, Number.NaN]) {
			throws(() => check.stepIndex(value, 3), refused, String(value));
		}
	});

	it("are names of C", () => {
		equal(check.variableName("child_2"), "child_2");
		for (const value of ["", "2p", "a b", "p;", "p".repeat(65), 7, "../x"]) {
			throws(() => check.variableName(value), refused, String(value));
		}
	});

	it("are code of some length, without zeros", () => {
		equal(check.codeArgument("p[0] = 1;"), "p[0] = 1;");
		for (const value of [1, "a\0b", "x".repeat(20_001)]) throws(() => check.codeArgument(value), refused);
	});

	it("are texts and numbers of the demo; a path never comes from a webview", () => {
		deepEqual(check.typedParameters({ path: "/etc/passwd", text: "new", count: 5, other: 1 }, demo), {
			text: "new",
			count: 5,
		});
		deepEqual(check.typedParameters({ count: 1 }, demo), { count: 1 });
		deepEqual(check.typedParameters({ count: 9 }, demo), { count: 9 });
		for (const value of [
			null,
			{ text: 1 },
			{ count: 1.5 },
			{ count: "1" },
			{ count: 0 },
			{ count: 10 },
			{ text: "a\0" },
		]) {
			throws(() => check.typedParameters(value, demo), refused, JSON.stringify(value));
		}
		equal(check.fileParameter("path", demo).title, "File");
		for (const value of ["text", "nothing", 1]) throws(() => check.fileParameter(value, demo), refused);
	});

	it("are places of which a strip is asked", () => {
		deepEqual(check.placeArgument(5, { stripColumns: 100, stripCells: 40, other: 1 }), {
			page: 5,
			room: { stripColumns: 100, stripCells: 40 },
		});
		for (const [page, room] of [
			[-1, { stripColumns: 1, stripCells: 1 }],
			[2 ** 53, { stripColumns: 1, stripCells: 1 }],
			[1, { stripColumns: 1e9, stripCells: 1 }],
			[1, null],
		]) {
			throws(() => check.placeArgument(page, room), refused);
		}
	});

	it("are manual pages, and lead to no other place", () => {
		equal(check.manualAddress("mprotect(2)"), "https://man7.org/linux/man-pages/man2/mprotect.2.html");
		for (const value of ["mprotect", "a/../b(2)", "https://evil(2)", "x(2)/..", 2]) {
			throws(() => check.manualAddress(value), refused, String(value));
		}
	});

	it("are widths that a screen may have", () => {
		equal(check.pixels(640), 640);
		for (const value of [-1, 1.5, 1e6, Number.NaN, "640", null]) throws(() => check.pixels(value), refused);
	});

	it("of a tab that was restored are a demo's id or nothing", () => {
		deepEqual(check.labPanelState({ demo: "four-mappings", more: 1 }), { demo: "four-mappings" });
		for (const value of [undefined, null, 1, {}, { demo: 1 }, { demo: "A b" }])
			equal(check.labPanelState(value), undefined);
	});
});
