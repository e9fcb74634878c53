import { strict as assert } from "node:assert";
import fc from "fast-check";
import { visibleText } from "../../../src/shared/text";

describe("visibleText", () => {
	for (const [text, shown] of [
		["plain", "plain"],
		["", ""],
		["new\nline", "new\\nline"],
		["tab\treturn\r", "tab\\treturn\\r"],
		["nul\0esc\x1b[31m", "nul\\u{0}esc\\u{1b}[31m"],
		["del\x7f c1\x9b", "del\\u{7f} c1\\u{9b}"],
		["\u202egnp.exe", "\\u{202e}gnp.exe"],
		["\u2066isolate\u2069", "\\u{2066}isolate\\u{2069}"],
		["\u200e\u200f\u061c", "\\u{200e}\\u{200f}\\u{61c}"],
		["zero\u200bwidth\u200d\u2060\ufeff", "zero\\u{200b}width\\u{200d}\\u{2060}\\u{feff}"],
		["soft\u00adhyphen", "soft\\u{ad}hyphen"],
		["line\u2028paragraph\u2029", "line\\u{2028}paragraph\\u{2029}"],
		["filler\u115f\u3164\uffa0", "filler\\u{115f}\\u{3164}\\u{ffa0}"],
		["joiner\u034fselector\ufe0f", "joiner\\u{34f}selector\\u{fe0f}"],
		["tag\u{e0041}\u{e007f}", "tag\\u{e0041}\\u{e007f}"],
		["lone \ud800 and \udfff", "lone \\u{d800} and \\u{dfff}"],
		["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
		["שלום", "שלום"],
		["naïve café 日本語 🦀", "naïve café 日本語 🦀"],
	] as const) {
		it(JSON.stringify(text), () => assert.equal(visibleText(text), shown));
	}

	it("of any text holds nothing that cannot be seen, and leaves the rest alone", () => {
		const unseen = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				const shown = visibleText(text);
				assert.doesNotMatch(shown, unseen);
				if (!unseen.test(text) && !/[\ufff9-\ufffb]/.test(text)) assert.equal(shown, text);
				assert.equal(visibleText(shown), shown);
			}),
			{ numRuns: 1000 },
		);
	});

	it("of any 16-bit units, well-formed or not, is well-formed", () => {
		const units = fc.array(fc.nat(0xffff), { maxLength: 50 });
		// encodeURIComponent throws at a surrogate without its partner.
		fc.assert(fc.property(units, (codes) => void encodeURIComponent(visibleText(String.fromCharCode(...codes)))));
	});
});
