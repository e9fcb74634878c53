import assert from "node:assert/strict";
import type { MappingKind } from "../../../src/shared/mappingKinds";
import { kindsByColour } from "../../../src/webview/memoryMap/blocks/kindKey";

describe("the key of kinds", () => {
	it("puts kinds that look alike under one colour, each once, in their order", () => {
		const colours: Partial<Record<MappingKind, string>> = {
			code: "purple",
			data: "blue",
			stack: "purple",
			file: "grey",
		};
		const palette = { kinds: colours as Record<MappingKind, string> };
		assert.deepEqual(
			[...kindsByColour(["code", "data", "stack", "file"], palette)],
			[
				["purple", ["code", "stack"]],
				["blue", ["data"]],
				["grey", ["file"]],
			],
		);
		assert.equal(kindsByColour([], palette).size, 0);
	});
});
