/** A colour of sRGB: channels 0…255, alpha 0…1. */
export interface Colour {
	readonly r: number;
	readonly g: number;
	readonly b: number;
	readonly a: number;
}

const hexForm = /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/;
const functionForm = /^rgba?\(\s*([^()]+?)\s*\)$/;
const numberForm = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(%?)$/;

/**
 * Reads a colour as `getComputedStyle` gives VS Code's theme variables: `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, `rgb()`
 * and `rgba()` with commas or spaces, `transparent`. Anything else, also the empty text of a variable that the theme
 * does not define, gives undefined.
 */
export function parseColour(text: string): Colour | undefined {
	const source = text.trim().toLowerCase();
	if (source === "transparent") return { r: 0, g: 0, b: 0, a: 0 };
	if (hexForm.test(source)) return parseHex(source);
	const channels = functionForm
		.exec(source)?.[1]
		?.split(/[\s,/]+/)
		.map(parseChannel);
	if (channels === undefined || channels.length < 3 || channels.length > 4) return undefined;
	const [r, g, b, a] = channels;
	if (r === undefined || g === undefined || b === undefined) return undefined;
	if (channels.length === 4 && a === undefined) return undefined;
	return {
		r: clamp(r.percent ? (r.value * 255) / 100 : r.value, 255),
		g: clamp(g.percent ? (g.value * 255) / 100 : g.value, 255),
		b: clamp(b.percent ? (b.value * 255) / 100 : b.value, 255),
		a: a === undefined ? 1 : clamp(a.percent ? a.value / 100 : a.value, 1),
	};
}

/** The colour as CSS: `#rrggbb`, or `rgba()` when it lets something through. */
export function formatColour({ r, g, b, a }: Colour): string {
	if (a < 1) return `rgba(${Math.round(r)}, ${Math.round(g)}, ${Math.round(b)}, ${Number(a.toFixed(3))})`;
	return `#${[r, g, b].map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;
}

/** What is seen when `over` lies on the opaque `under`; always opaque. */
export function composite(over: Colour, under: Colour): Colour {
	return {
		r: over.r * over.a + under.r * (1 - over.a),
		g: over.g * over.a + under.g * (1 - over.a),
		b: over.b * over.a + under.b * (1 - over.a),
		a: 1,
	};
}

/** `share` (0…1) of `other` mixed into `colour`, channel by channel. */
export function mix(colour: Colour, other: Colour, share: number): Colour {
	return {
		r: colour.r + (other.r - colour.r) * share,
		g: colour.g + (other.g - colour.g) * share,
		b: colour.b + (other.b - colour.b) * share,
		a: colour.a + (other.a - colour.a) * share,
	};
}

/** Relative luminance of an opaque colour, 0 (black) … 1 (white), as WCAG 2 defines it. */
export function luminance({ r, g, b }: Colour): number {
	return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** Contrast ratio of two opaque colours, 1…21, as WCAG 2 defines it. */
export function contrast(one: Colour, other: Colour): number {
	const lighter = luminance(one);
	const darker = luminance(other);
	return (Math.max(lighter, darker) + 0.05) / (Math.min(lighter, darker) + 0.05);
}

function linear(channel: number): number {
	const share = channel / 255;
	return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function parseHex(source: string): Colour {
	const digits = source.slice(1);
	const short = digits.length < 6;
	const channel = (index: number): number =>
		short
			? Number.parseInt(digits.charAt(index).repeat(2), 16)
			: Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16);
	const hasAlpha = digits.length === 4 || digits.length === 8;
	return { r: channel(0), g: channel(1), b: channel(2), a: hasAlpha ? channel(3) / 255 : 1 };
}

function parseChannel(text: string): { readonly value: number; readonly percent: boolean } | undefined {
	const match = numberForm.exec(text);
	return match === null ? undefined : { value: Number.parseFloat(text), percent: match[1] === "%" };
}

function clamp(value: number, highest: number): number {
	return Math.min(highest, Math.max(0, value));
}
