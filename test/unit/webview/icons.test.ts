import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codePoints } from "../../../src/webview/ui/icons";
import { checkout } from "../../support/checkout";

describe("icons", () => {
	it("have the code points of the font that is shipped", () => {
		const table = readFileSync(join(checkout, "node_modules/@vscode/codicons/dist/codicon.csv"), "utf8");
		const known = new Map(
			table
				.split("\n")
				.slice(1)
				.map((line) => line.split(","))
				.map(([name, , code]) => [name, Number.parseInt(code ?? "", 16)]),
		);
		for (const [name, code] of Object.entries(codePoints)) assert.equal(code, known.get(name), name);
	});
});
