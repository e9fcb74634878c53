import assert from "node:assert/strict";
import { mappingKinds } from "../../../../src/shared/mappingKinds";
import { pageStates, stateCode } from "../../../../src/shared/pageStates";
import { type Colour, contrast, parseColour } from "../../../../src/webview/memoryMap/draw/colour";
import { ink, type Palette, readPalette, type ThemeKind } from "../../../../src/webview/memoryMap/draw/palette";
import builtInThemes from "./builtInThemes.json";
import { colourDifference, simulations } from "./colourVision";

interface Theme {
	readonly themeKind: string;
	readonly variables: Readonly<Record<string, string | undefined>>;
}
/** The variables as VS Code 1.139 sets them in its workbench, theme by theme. */
const themes: Readonly<Record<string, Theme>> = builtInThemes;

function paletteOf(theme: Theme, asked: string[] = []): Palette {
	const style = {
		getPropertyValue(name: string): string {
			asked.push(name);
			return theme.variables[name.replace(/^--vscode-/, "")] ?? "";
		},
	};
	return readPalette(style, theme.themeKind as ThemeKind);
}

function parsed(text: string | undefined): Colour {
	const colour = parseColour(text ?? "");
	assert.ok(colour, `not a colour: ${text}`);
	return colour;
}

function ratio(one: string | undefined, other: string | undefined): number {
	return contrast(parsed(one), parsed(other));
}

describe("palette", () => {
	for (const [name, theme] of Object.entries(themes)) {
		describe(name, () => {
			const palette = paletteOf(theme);

			it("shows every state at 3:1 or more against the ground that lies between any two", () => {
				for (const state of pageStates) {
					const value = ratio(palette.states[stateCode[state]], palette.background);
					assert.ok(value >= 3, `${state} ${value.toFixed(2)}`);
				}
				for (const colour of [palette.lane, palette.lines, palette.secondary, palette.focus, palette.selection]) {
					assert.ok(ratio(colour, palette.background) >= 3, colour);
				}
			});

			it("shows every kind at 3:1 or more", () => {
				for (const kind of mappingKinds) assert.ok(ratio(palette.kinds[kind], palette.background) >= 3, kind);
			});

			it("writes letters at 4.5:1 or more on solid bodies", () => {
				for (const state of ["anonymous", "file", "shmem"] as const) {
					const value = ratio(palette.letters[stateCode[state]], palette.states[stateCode[state]]);
					assert.ok(value >= 4.5, `${state} ${value.toFixed(2)}`);
				}
			});

			it("tells file from anonymous bodies by brightness, and whatever cones the eye lacks", () => {
				const file = palette.states[stateCode.file];
				const anonymous = palette.states[stateCode.anonymous];
				assert.ok(ratio(file, anonymous) >= 1.5, ratio(file, anonymous).toFixed(2));
				for (const [deficiency, simulate] of Object.entries(simulations)) {
					const difference = colourDifference(simulate(parsed(file)), simulate(parsed(anonymous)));
					assert.ok(difference >= 15, `${deficiency} ${difference.toFixed(1)}`);
				}
			});

			it("is made of opaque colours", () => {
				for (const colour of palette.inks) assert.equal(parsed(colour).a, 1, colour);
			});
		});
	}

	it("keeps the theme's own chart colours where they are clear enough", () => {
		const palette = paletteOf(themes["Dark Modern"] ?? assert.fail());
		assert.equal(palette.states[stateCode.anonymous], "#59a4f9");
		assert.equal(palette.states[stateCode.cached], "#89d185");
		assert.equal(palette.states[stateCode.shmem], "#b180d7");
		assert.equal(palette.lane, palette.states[stateCode.cached]);
		assert.equal(palette.inks[ink.lane], palette.lane);
		assert.equal(palette.inks[ink.lines], palette.lines);
	});

	it("never asks for charts.orange, which is translucent in some themes and missing in others", () => {
		const asked: string[] = [];
		paletteOf({ themeKind: "dark", variables: {} }, asked);
		assert.ok(asked.includes("--vscode-charts-blue"));
		assert.deepEqual(
			asked.filter((name) => name.includes("orange")),
			[],
		);
	});

	it("mixes a state that is too faint with the foreground, in tenths, until it passes", () => {
		const theme = {
			themeKind: "light",
			variables: { "editor-background": "#ffffff", foreground: "#000000", "charts-yellow": "#ffff00" },
		};
		const yellow = paletteOf(theme).states[stateCode.swapped];
		// 255 × 0.6: the first tenth at which yellow on white passes.
		assert.equal(yellow, "#999900");
		assert.ok(ratio(yellow, "#ffffff") >= 3);
		assert.ok(ratio("#b3b300", "#ffffff") < 3);
	});

	it("falls back to other variables, and then to a table, where a theme defines no chart colours", () => {
		const bare = { "editor-background": "#101010", foreground: "#eeeeee" };
		const withWarning = { ...bare, "editorWarning-foreground": "#ffcc00" };
		assert.equal(paletteOf({ themeKind: "dark", variables: bare }).states[stateCode.swapped], "#cca700");
		assert.equal(paletteOf({ themeKind: "dark", variables: withWarning }).states[stateCode.swapped], "#ffcc00");
		for (const themeKind of ["dark", "light", "highContrast", "highContrastLight"]) {
			const palette = paletteOf({ themeKind, variables: {} });
			for (const colour of palette.states) assert.ok(ratio(colour, palette.background) >= 3);
		}
	});

	it("composites translucent variables over the ground", () => {
		const variables = {
			"editor-background": "#000000",
			foreground: "#ffffff",
			"charts-lines": "rgba(255, 255, 255, 0.5)",
		};
		assert.equal(paletteOf({ themeKind: "dark", variables }).lines, "#808080");
	});

	it("outlines a selection in the focus colour in high contrast", () => {
		const dark = paletteOf(themes["Dark Modern"] ?? assert.fail());
		const contrastful = paletteOf(themes["Default High Contrast"] ?? assert.fail());
		assert.equal(dark.selection, dark.foreground);
		assert.equal(contrastful.selection, contrastful.focus);
		assert.ok(contrastful.highContrast);
	});
});
