import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { calledFunction, colourCode } from "../../../../src/webview/lab/model/cCode";

describe("C in colours", () => {
	const coloured = (source: string) =>
		colourCode(source)
			.filter(({ kind }) => kind !== "plain")
			.map(({ kind, text }) => `${kind} ${text}`);

	it("tells calls, constants, numbers and texts apart", () => {
		deepEqual(coloured("p = mmap(NULL, 1 << 20, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);"), [
			"function mmap",
			"constant NULL",
			"number 1",
			"number 20",
			"constant PROT_NONE",
			"constant MAP_SHARED",
			"constant MAP_ANONYMOUS",
			"number 1",
			"number 0",
		]);
		deepEqual(coloured(`strcpy(p + 0x10, "a \\"b\\" mmap(1)"); /* PROT_READ */`), [
			"function strcpy",
			"number 0x10",
			`text "a \\"b\\" mmap(1)"`,
			"comment /* PROT_READ */",
		]);
		deepEqual(coloured("for (i = 0; i < n; i += page) p[i] = 'x';"), ["keyword for", "number 0", "text 'x'"]);
		deepEqual(coloured("if (n < 9) p[0] = 1; else n = 0;").slice(0, 2), ["keyword if", "number 9"]);
	});

	it("loses no character of any text", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (source) => {
				equal(
					colourCode(source)
						.map(({ text }) => text)
						.join(""),
					source,
				);
			}),
		);
	});

	it("names the function of a statement", () => {
		equal(calledFunction("p = mremap(p, page, 2 * page, MREMAP_MAYMOVE);"), "mremap");
		equal(calledFunction("p[0] = 'h';"), undefined);
		equal(calledFunction(`puts("mmap(");`), "puts");
	});
});
