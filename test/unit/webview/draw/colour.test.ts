import assert from "node:assert/strict";
import fc from "fast-check";
import {
	composite,
	contrast,
	formatColour,
	luminance,
	mix,
	parseColour,
} from "../../../../src/webview/memoryMap/draw/colour";

const channel = fc.integer({ min: 0, max: 255 });

describe("colours of theme variables", () => {
	it("reads every form that VS Code writes", () => {
		assert.deepEqual(parseColour("#59a4f9"), { r: 0x59, g: 0xa4, b: 0xf9, a: 1 });
		assert.deepEqual(parseColour(" #59A4F9 "), { r: 0x59, g: 0xa4, b: 0xf9, a: 1 });
		assert.deepEqual(parseColour("#fff"), { r: 255, g: 255, b: 255, a: 1 });
		assert.deepEqual(parseColour("#f008"), { r: 255, g: 0, b: 0, a: 0x88 / 255 });
		assert.deepEqual(parseColour("#ffffff80"), { r: 255, g: 255, b: 255, a: 0x80 / 255 });
		assert.deepEqual(parseColour("rgb(1, 2, 3)"), { r: 1, g: 2, b: 3, a: 1 });
		assert.deepEqual(parseColour("rgba(204, 204, 204, 0.5)"), { r: 204, g: 204, b: 204, a: 0.5 });
		assert.deepEqual(parseColour("rgb(10 20 30 / 25%)"), { r: 10, g: 20, b: 30, a: 0.25 });
		assert.deepEqual(parseColour("rgb(100% 0% 0%)"), { r: 255, g: 0, b: 0, a: 1 });
		assert.deepEqual(parseColour("transparent"), { r: 0, g: 0, b: 0, a: 0 });
	});

	it("gives undefined for what is no colour", () => {
		for (const text of ["", "inherit", "#12", "#12345", "#ggg", "rgb(1,2)", "rgb(a,b,c)", "url(x)", "rgb(1,2,3,x)"]) {
			assert.equal(parseColour(text), undefined, text);
		}
	});

	it("survives being written and read again", () => {
		fc.assert(
			fc.property(channel, channel, channel, fc.constantFrom(0, 0.25, 0.5, 1), (r, g, b, a) => {
				assert.deepEqual(parseColour(formatColour({ r, g, b, a })), { r, g, b, a });
			}),
		);
	});

	it("computes luminance and contrast as WCAG 2 does", () => {
		const white = { r: 255, g: 255, b: 255, a: 1 };
		const black = { r: 0, g: 0, b: 0, a: 1 };
		assert.equal(luminance(white), 1);
		assert.equal(luminance(black), 0);
		assert.equal(contrast(white, black), 21);
		assert.equal(contrast(black, white), 21);
		assert.equal(contrast({ r: 0x77, g: 0x77, b: 0x77, a: 1 }, white).toFixed(2), "4.48");
	});

	it("composites over an opaque ground and mixes by share", () => {
		const red = { r: 255, g: 0, b: 0, a: 0.5 };
		const ground = { r: 1, g: 100, b: 200, a: 1 };
		assert.deepEqual(composite(red, ground), { r: 128, g: 50, b: 100, a: 1 });
		assert.deepEqual(composite({ ...red, a: 1 }, ground), { r: 255, g: 0, b: 0, a: 1 });
		assert.deepEqual(mix(ground, red, 0), ground);
		assert.deepEqual(mix(ground, red, 1), red);
	});
});
