import assert from "node:assert/strict";
import { flagBit, pageStates, stateCode } from "../../../../src/shared/pageStates";
import {
	type GlyphOptions,
	type GlyphSize,
	glyphHeight,
	glyphSizes,
	paintGlyph,
} from "../../../../src/webview/memoryMap/draw/glyph";
import { paintKindGlyph } from "../../../../src/webview/memoryMap/draw/kindGlyph";
import { stateMask } from "../../../../src/webview/memoryMap/draw/options";
import { namedPalette, Recording } from "./recordingContext";

const palette = namedPalette();

function paint(
	state: keyof typeof stateCode,
	size: GlyphSize = glyphSizes.page,
	rest: Partial<GlyphOptions> & { readonly flags?: number; readonly detailed?: boolean; readonly ruled?: boolean } = {},
): Recording {
	const { flags = 0, detailed = false, ruled = false, ...options } = rest;
	const recording = new Recording();
	const page = { state: stateCode[state], flags, detailed };
	paintGlyph(recording.context, 2, 6, size, page, ruled ? namedPalette(true) : palette, { dpr: 1, ...options });
	return recording;
}

/** What is painted, without its colours. */
function shape(recording: Recording, size: GlyphSize): string {
	const rows = recording.raster(size.width + 4, glyphHeight(size) + 8);
	const lines = recording.lines.map(({ x, y }) => `${x},${y}`).join(" ");
	return rows.map((row) => row.map((colour) => (colour === "" ? "." : "#")).join("")).join("\n") + lines;
}

describe("page glyph", () => {
	for (const [name, size] of Object.entries(glyphSizes)) {
		it(`has a form of its own for each state without any colour: ${name}`, () => {
			const shapes = new Map<string, string>();
			for (const state of pageStates) {
				const drawn = shape(paint(state, size, { absent: "line" }), size);
				assert.equal(shapes.get(drawn), undefined, `${state} looks like ${shapes.get(drawn)}`);
				shapes.set(drawn, state);
			}
		});
	}

	it("is a solid body for anonymous pages, and has a lane when the file's page is cached", () => {
		assert.deepEqual(paint("anonymous").rectangles, [
			{ x: 2, y: 6, width: 23, height: 20, colour: "state 4", opacity: 1 },
		]);
		const copied = paint("anonymous", glyphSizes.page, { flags: flagBit.fileCached }).of("state 1");
		assert.deepEqual(copied, [{ x: 2, y: 27, width: 23, height: 4, colour: "state 1", opacity: 1 }]);
	});

	it("has a lane for every page of the page cache unless that is hidden from us", () => {
		for (const state of ["file", "shmem", "cached"] as const) {
			assert.equal(paint(state).of("state 1").length, 1, state);
			assert.equal(paint(state, glyphSizes.page, { cacheHidden: true }).of("state 1").length, 0, state);
		}
	});

	it("clears the right 2 px of a page that is not exclusive, only where that was asked", () => {
		const width = (flags: number, detailed: boolean): number | undefined =>
			paint("anonymous", glyphSizes.page, { flags, detailed }).rectangles[0]?.width;
		assert.equal(width(0, true), 21);
		assert.equal(width(flagBit.exclusive, true), 23);
		assert.equal(width(0, false), 23);
	});

	it("ticks what changed, and what was written only when asked to", () => {
		const ticks = (flags: number, softDirty: boolean) =>
			paint("anonymous", glyphSizes.page, { flags, softDirty }).of("foreground");
		assert.deepEqual(ticks(flagBit.changed, false), [
			{ x: 2, y: 3, width: 23, height: 2, colour: "foreground", opacity: 1 },
		]);
		assert.equal(ticks(flagBit.softDirty, false).length, 0);
		assert.equal(ticks(flagBit.softDirty, true).length, 1);
	});

	it("rules file bodies in high contrast", () => {
		assert.equal(paint("file").of("state 2").length, 1);
		const bars = paint("file", glyphSizes.legend, { ruled: true }).of("state 2");
		assert.deepEqual(
			bars.map(({ y, height }) => [y, height]),
			[
				[13, 3],
				[10, 2],
				[7, 2],
				[6, 0],
			].filter(([, height]) => height !== 0),
		);
	});

	it("writes a letter from 16 px on, and none on small glyphs", () => {
		const letterFont = "11px monospace";
		const letters = pageStates.map((state) => paint(state, glyphSizes.page, { letterFont }).texts[0]?.text ?? "");
		assert.deepEqual(letters, ["", "c", "F", "S", "A", "0", "W", "", "?"]);
		assert.equal(paint("anonymous", glyphSizes.legend, { letterFont }).texts.length, 0);
		assert.equal(paint("anonymous", glyphSizes.page, { letterFont }).texts[0]?.colour, "on state 4");
	});

	it("shows a hidden state as not present", () => {
		const hidden = stateMask(["file"]);
		const one = shape(paint("file", glyphSizes.page, { hidden }), glyphSizes.page);
		assert.equal(one, shape(paint("notPresent"), glyphSizes.page));
	});

	it("takes the kind's colour without a lane, and keeps the kind's form", () => {
		const recording = paint("file", glyphSizes.page, { bodyColour: "kind code" });
		assert.deepEqual(
			recording.rectangles.map(({ colour }) => colour),
			["kind code"],
		);
		const drawn = (kind: "stack" | "heap" | "guard" | "reserved"): string => {
			const kindRecording = new Recording();
			paintKindGlyph(kindRecording.context, 2, 6, glyphSizes.legend, kind, palette, { dpr: 1 });
			for (const { colour } of kindRecording.rectangles) assert.equal(colour, `kind ${kind}`);
			return shape(kindRecording, glyphSizes.legend);
		};
		assert.equal(new Set([drawn("stack"), drawn("heap"), drawn("guard"), drawn("reserved")]).size, 4);
	});
});
