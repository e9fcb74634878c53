import assert from "node:assert/strict";
import {
	globalCommand,
	type KeyInput,
	type ListContext,
	listCommand,
	nextIndex,
	pageViewCommand,
} from "../../../src/webview/memoryMap/keyboard";
import { legendOrder } from "../../../src/webview/words/names";

function key(name: string, modifiers: Partial<KeyInput> = {}): KeyInput {
	return { key: name, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...modifiers };
}

const onGroup: ListContext = { inStrip: false, row: { type: "group", unfolded: false, depth: 0 } };
const onOpenGroup: ListContext = { inStrip: false, row: { type: "group", unfolded: true, depth: 0 } };
const onMapping: ListContext = { inStrip: false, row: { type: "mapping", unfolded: false, depth: 1 } };
const inStrip: ListContext = { ...onMapping, inStrip: true };

describe("keys", () => {
	it("work everywhere, but letters not while one types", () => {
		assert.deepEqual(globalCommand(key("/"), false), { kind: "find" });
		assert.deepEqual(globalCommand(key("f", { ctrlKey: true }), true), { kind: "find" });
		assert.deepEqual(globalCommand(key("L"), false), { kind: "live" });
		assert.deepEqual(globalCommand(key("g"), false), { kind: "goTo" });
		assert.deepEqual(globalCommand(key("F6"), true), { kind: "block", step: 1 });
		assert.deepEqual(globalCommand(key("F6", { shiftKey: true }), false), { kind: "block", step: -1 });
		for (const name of ["/", "l", "g", "1"]) assert.equal(globalCommand(key(name), true), undefined);
		assert.equal(globalCommand(key("l", { ctrlKey: true }), false), undefined);
	});

	it("toggle the states in the order of the legend", () => {
		for (const [index, state] of legendOrder.entries()) {
			assert.deepEqual(globalCommand(key(String(index + 1)), false), { kind: "state", state });
		}
		assert.equal(globalCommand(key("0"), false), undefined);
	});

	it("go through the list", () => {
		assert.deepEqual(listCommand(key("ArrowDown"), onGroup), { kind: "row", by: "row", step: 1 });
		assert.deepEqual(listCommand(key("PageUp"), onGroup), { kind: "row", by: "screen", step: -1 });
		assert.deepEqual(listCommand(key("End"), onGroup), { kind: "row", by: "end", step: 1 });
		assert.deepEqual(listCommand(key("ContextMenu"), onGroup), { kind: "menu" });
		assert.deepEqual(listCommand(key("F10", { shiftKey: true }), onGroup), { kind: "menu" });
		assert.equal(listCommand(key("F10"), onGroup), undefined);
	});

	it("fold and unfold groups", () => {
		assert.deepEqual(listCommand(key("ArrowRight"), onGroup), { kind: "fold", unfolded: true });
		assert.deepEqual(listCommand(key("ArrowRight"), onOpenGroup), { kind: "firstChild" });
		assert.deepEqual(listCommand(key("ArrowLeft"), onOpenGroup), { kind: "fold", unfolded: false });
		assert.equal(listCommand(key("ArrowLeft"), onGroup), undefined);
		assert.deepEqual(listCommand(key(" "), onOpenGroup), { kind: "fold", unfolded: false });
		assert.deepEqual(listCommand(key("Enter"), onGroup), { kind: "fold", unfolded: true });
		assert.deepEqual(listCommand(key("ArrowLeft"), onMapping), { kind: "parent" });
	});

	it("go into a mapping's strip, along its pages, and out again", () => {
		assert.deepEqual(listCommand(key("ArrowRight"), onMapping), { kind: "enterStrip" });
		assert.deepEqual(listCommand(key("ArrowRight"), inStrip), { kind: "page", by: "page", step: 1 });
		const change = listCommand(key("ArrowLeft", { ctrlKey: true }), inStrip);
		assert.deepEqual(change, { kind: "page", by: "change", step: -1 });
		assert.deepEqual(listCommand(key("Home"), inStrip), { kind: "page", by: "end", step: -1 });
		assert.deepEqual(listCommand(key("Enter"), inStrip), { kind: "openPages" });
		assert.deepEqual(listCommand(key("Escape"), inStrip), { kind: "leaveStrip" });
		assert.deepEqual(listCommand(key("Backspace"), onMapping), { kind: "back" });
		assert.deepEqual(listCommand(key("ArrowDown"), inStrip), { kind: "row", by: "row", step: 1 });
	});

	it("do nothing of a mapping where no row is selected", () => {
		const nothing: ListContext = { inStrip: false, row: undefined };
		for (const name of ["ArrowRight", "ArrowLeft", "Enter", " "]) {
			assert.equal(listCommand(key(name), nothing), undefined);
		}
	});

	it("go through pages", () => {
		assert.deepEqual(pageViewCommand(key("ArrowRight")), { kind: "page", by: "page", step: 1 });
		assert.deepEqual(pageViewCommand(key("ArrowUp")), { kind: "page", by: "row", step: -1 });
		const change = pageViewCommand(key("ArrowRight", { ctrlKey: true }));
		assert.deepEqual(change, { kind: "page", by: "change", step: 1 });
		assert.deepEqual(pageViewCommand(key("End")), { kind: "page", by: "end", step: 1 });
		assert.deepEqual(pageViewCommand(key("Enter")), { kind: "bytes" });
		assert.deepEqual(pageViewCommand(key("Escape")), { kind: "back" });
		assert.equal(pageViewCommand(key("x")), undefined);
	});

	it("go round among a few choices", () => {
		assert.equal(nextIndex("ArrowRight", 2, 3), 0);
		assert.equal(nextIndex("ArrowUp", 0, 3), 2);
		assert.equal(nextIndex("End", 0, 3), 2);
		assert.equal(nextIndex("x", 0, 3), undefined);
		assert.equal(nextIndex("Home", 0, 0), undefined);
	});
});
