import type { Colour } from "../../../../src/webview/memoryMap/draw/colour";

/** Linear light, 0…1. */
type Light = readonly [number, number, number];

/**
 * Complete lack of one kind of cones, as matrices over linear sRGB: Machado, Oliveira and Fernandes, "A
 * Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.0.
 */
const matrices = {
	normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
	protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
	deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
	tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

/** Simulates normal vision and the three common deficiencies. */
export const simulations: Readonly<Record<string, (colour: Colour) => Light>> = Object.fromEntries(
	Object.entries(matrices).map(([name, m]) => [
		name,
		({ r, g, b }: Colour): Light => {
			const light = [r, g, b].map(linear);
			const row = (at: number): number =>
				Math.min(
					1,
					Math.max(
						0,
						light.reduce((sum, value, index) => sum + value * (m[at + index] ?? 0), 0),
					),
				);
			return [row(0), row(3), row(6)];
		},
	]),
);

/** How different two colours look: distance in CIE L*a*b* (1976), where 2.3 is just noticeable. */
export function colourDifference(one: Light, other: Light): number {
	const a = lab(one);
	const b = lab(other);
	return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function linear(channel: number): number {
	const share = channel / 255;
	return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function lab([r, g, b]: Light): Light {
	const x = bend((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
	const y = bend(0.2126 * r + 0.7152 * g + 0.0722 * b);
	const z = bend((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
	return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function bend(value: number): number {
	return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116;
}
