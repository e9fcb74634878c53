import { type MappingKind, mappingKinds } from "../../../shared/mappingKinds";
import { type PageState, pageStates, stateCode } from "../../../shared/pageStates";
import { type Colour, composite, contrast, formatColour, luminance, mix, parseColour } from "./colour";

export type ThemeKind = "light" | "dark" | "highContrast" | "highContrastLight";

/** Where theme variables are read from: `getComputedStyle(document.documentElement)`. */
export interface StyleSource {
	getPropertyValue(name: string): string;
}

/** Every colour the painters use, as opaque CSS colours that pass 3:1 against {@link Palette.background}. */
export interface Palette {
	readonly themeKind: ThemeKind;
	readonly highContrast: boolean;
	/** The ground of every strip and grid. */
	readonly background: string;
	readonly foreground: string;
	/** Text of the second rank. */
	readonly secondary: string;
	/** Body colour by state code. */
	readonly states: readonly string[];
	/** The letter on a solid body of the state, by state code. */
	readonly letters: readonly string[];
	/** What lies in the page cache. */
	readonly lane: string;
	/** Foot lines, dashes, frames of gaps and reservations. */
	readonly lines: string;
	/** Faint ground of a cell whose page is not present; only hints at the cell's place. */
	readonly absent: string;
	readonly focus: string;
	readonly selection: string;
	readonly kinds: Readonly<Record<MappingKind, string>>;
	/** The same colours by {@link ink}, for batches. */
	readonly inks: readonly string[];
}

/** Indices of {@link Palette.inks}: 0…8 are the state codes. */
export const ink = {
	lines: 0,
	lane: 1,
	secondary: 9,
	foreground: 10,
	background: 11,
	absent: 12,
	custom: 13,
} as const;

/** Number of inks; the last one is the colour that an option gives. */
export const inkCount = 14;

interface Source {
	readonly variables: readonly string[];
	/** For a theme that defines none of the variables. */
	readonly dark: string;
	readonly light: string;
}

/** The only colour literals of the webview. They stand in where a theme leaves a chart colour out. */
const blue = { variables: ["charts-blue", "editorInfo-foreground"], dark: "#59a4f9", light: "#0063d3" };
const green = { variables: ["charts-green", "terminal-ansiGreen"], dark: "#89d185", light: "#388a34" };
const sources: Readonly<Record<Exclude<PageState, "notPresent" | "unknown">, Source>> = {
	cached: green,
	file: green,
	shmem: { variables: ["charts-purple", "terminal-ansiMagenta"], dark: "#b180d7", light: "#652d90" },
	anonymous: blue,
	zero: blue,
	swapped: { variables: ["charts-yellow", "editorWarning-foreground"], dark: "#cca700", light: "#bf8803" },
	guard: { variables: ["charts-red", "editorError-foreground"], dark: "#f14c4c", light: "#e51400" },
};

const kindVariables: Readonly<Record<MappingKind, string>> = {
	code: "symbolIcon-methodForeground",
	readOnlyData: "symbolIcon-constantForeground",
	data: "symbolIcon-variableForeground",
	bss: "symbolIcon-fieldForeground",
	heap: "symbolIcon-classForeground",
	stack: "symbolIcon-functionForeground",
	anonymous: "symbolIcon-arrayForeground",
	file: "symbolIcon-fileForeground",
	sharedMemory: "symbolIcon-interfaceForeground",
	hugetlb: "symbolIcon-packageForeground",
	device: "symbolIcon-eventForeground",
	kernel: "descriptionForeground",
	guard: "charts-red",
	reserved: "charts-lines",
	other: "icon-foreground",
};

/** Least contrast of anything that carries meaning (WCAG 2.2, 1.4.11). */
export const leastContrast = 3;
const leastTextContrast = 4.5;
/** Wanted between the bodies of file and anonymous pages, which stand beside each other everywhere. */
const leastNeighbourContrast = 1.6;

/** The theme's kind by the classes that VS Code gives the webview's body. */
export function themeKindOf(classes: { contains(name: string): boolean }): ThemeKind {
	if (classes.contains("vscode-high-contrast-light")) return "highContrastLight";
	if (classes.contains("vscode-high-contrast")) return "highContrast";
	return classes.contains("vscode-light") ? "light" : "dark";
}

/** Reads the theme's colours once; call it again when the theme changes. */
export function readPalette(style: StyleSource, themeKind: ThemeKind): Palette {
	const isLight = themeKind === "light" || themeKind === "highContrastLight";
	const highContrast = themeKind === "highContrast" || themeKind === "highContrastLight";
	const read = (...names: readonly string[]): Colour | undefined => {
		for (const name of names) {
			const colour = parseColour(style.getPropertyValue(`--vscode-${name}`));
			if (colour !== undefined && colour.a > 0) return colour;
		}
		return undefined;
	};
	const white = grey(255);
	const black = grey(0);
	const background = composite(read("editor-background") ?? (isLight ? white : black), isLight ? white : black);
	const foreground = composite(read("foreground", "editor-foreground") ?? (isLight ? black : white), background);
	/** Composited over the ground and, if need be, moved towards the foreground until it stands out. */
	const visible = (colour: Colour): Colour => standOut(composite(colour, background), background, foreground);

	const linesOnLight = mix(background, foreground, 0.6);
	const lines = visible(themeKind === "light" ? linesOnLight : (read("charts-lines") ?? linesOnLight));
	const secondary = visible(read("descriptionForeground") ?? foreground);
	const chart = ({ variables, dark, light }: Source): Colour =>
		visible(read(...variables) ?? parseColour(isLight ? light : dark) ?? foreground);
	const stateColours = pageStates.map((state) => {
		if (state === "notPresent") return lines;
		if (state === "unknown") return secondary;
		if (state === "file") return setApart(chart(sources.file), chart(sources.anonymous), background);
		return chart(sources[state]);
	});
	const states = stateColours.map(formatColour);
	const letters = stateColours.map((ground) =>
		formatColour(
			[background, foreground, white, black].find((candidate) => contrast(candidate, ground) >= leastTextContrast) ??
				background,
		),
	);
	const lane = states[stateCode.cached] ?? formatColour(foreground);
	const focus = visible(read("focusBorder", "contrastActiveBorder") ?? foreground);
	const absent = mix(background, foreground, 0.06);
	const icon = read("icon-foreground") ?? foreground;
	const kind = (name: MappingKind): string =>
		name === "reserved" ? formatColour(lines) : formatColour(visible(read(kindVariables[name]) ?? icon));
	return {
		themeKind,
		highContrast,
		background: formatColour(background),
		foreground: formatColour(foreground),
		secondary: formatColour(secondary),
		states,
		letters,
		lane,
		lines: formatColour(lines),
		absent: formatColour(absent),
		focus: formatColour(focus),
		selection: formatColour(highContrast ? focus : foreground),
		kinds: Object.fromEntries(mappingKinds.map((name) => [name, kind(name)])) as Record<MappingKind, string>,
		inks: [...states, ...[secondary, foreground, background, absent, foreground].map(formatColour)],
	};
}

/** `colour`, mixed with `foreground` in steps of a tenth until it passes {@link leastContrast} against the ground. */
export function standOut(colour: Colour, background: Colour, foreground: Colour): Colour {
	for (let tenths = 0; tenths < 10; tenths++) {
		const mixed = mix(colour, foreground, tenths / 10);
		if (contrast(rounded(mixed), background) >= leastContrast) return mixed;
	}
	return foreground;
}

/**
 * `colour`, lightened (or darkened, where it is the darker one) in steps of a twentieth until its brightness differs from
 * that of `other`, as far as it still passes against the ground. In shapes of two pixels nobody sees hues well, and
 * without blue-sensitive cones blue and green are one hue: there brightness tells file pages from anonymous ones.
 */
export function setApart(colour: Colour, other: Colour, background: Colour): Colour {
	const end = grey(luminance(colour) >= luminance(other) ? 255 : 0);
	let best = colour;
	for (let twentieths = 1; twentieths <= 10 && contrast(best, other) < leastNeighbourContrast; twentieths++) {
		const mixed = mix(colour, end, twentieths / 20);
		if (contrast(rounded(mixed), background) < leastContrast) break;
		best = mixed;
	}
	return best;
}

/** As it is painted: channels are whole numbers. */
function rounded({ r, g, b, a }: Colour): Colour {
	return { r: Math.round(r), g: Math.round(g), b: Math.round(b), a };
}

function grey(level: number): Colour {
	return { r: level, g: level, b: level, a: 1 };
}
