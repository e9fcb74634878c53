import assert from "node:assert/strict";
import type { PagePlace } from "../../../src/shared/pagePlace";
import { placeFacts } from "../../../src/webview/memoryMap/words/place";

describe("what of a program lies in a page", () => {
	const say = (place: Partial<PagePlace>): string[] =>
		placeFacts({ sections: [], starts: 0, ...place }).map(({ name, value, note }) =>
			[name, value, note].filter(Boolean).join(" | "),
		);
	const inside = { name: "malloc", offset: 0x1a0, inside: true };

	it("is its sections", () => {
		assert.deepEqual(say({ sections: [".text"] }), ["Section | .text"]);
		assert.deepEqual(say({ sections: [".got", "", ".data"] }), ["Sections | .got, unnamed, .data"]);
	});

	it("is the symbol that the page starts in, and how many more begin there", () => {
		assert.deepEqual(say({ symbol: inside }), ["Symbol | malloc + 0x1a0"]);
		assert.deepEqual(say({ symbol: inside, starts: 1200, first: { name: "free", at: 8 } }), [
			"Symbol | malloc + 0x1a0 | and 1,200 more",
		]);
		const at = { ...inside, offset: 0 };
		assert.deepEqual(say({ symbol: at, starts: 1, first: { name: "malloc", at: 0 } }), ["Symbol | malloc"]);
		assert.deepEqual(say({ symbol: at, starts: 3, first: { name: "malloc", at: 0 } }), [
			"Symbol | malloc | and 2 more",
		]);
	});

	it("is the first symbol that begins in the page when none holds its start", () => {
		const before = { name: "malloc", offset: 0x1a0, inside: false };
		const first = { name: "free", at: 0x40 };
		assert.deepEqual(say({ symbol: before, first, starts: 1 }), ["Symbol | free | at + 0x40"]);
		assert.deepEqual(say({ first, starts: 2 }), ["Symbol | free | at + 0x40, the first of 2"]);
		assert.deepEqual(say({ symbol: before }), ["Symbol | none | malloc ends before this page"]);
	});

	it("is not known for a reason, and nothing in files that are no programs", () => {
		assert.deepEqual(say({ unknown: "replaced" }), ["Section | not known | another file has its name by now"]);
		assert.deepEqual(say({ unknown: "notReachable" }), ["Section | not known | the file is gone or out of reach"]);
		assert.deepEqual(say({ unknown: "malformed" }), ["Section | not known | the headers of the file make no sense"]);
		assert.deepEqual(say({ unknown: "notElf" }), []);
		assert.deepEqual(say({ unknown: "notRead" }), []);
		assert.deepEqual(say({}), []);
	});

	it("has names that make themselves visible", () => {
		const symbol = { name: "a\u202eb", offset: 0, inside: true };
		assert.deepEqual(say({ sections: ["x\ny"], symbol }), ["Section | x\\ny", "Symbol | a\\u{202e}b"]);
	});
});
