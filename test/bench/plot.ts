import type { Series } from "./growth";

const width = 720;
const margin = { left: 64, right: 96, top: 24, bottom: 48 };

/**
 * An SVG with logarithmic axes whose decades are as wide as high. `currentColor` and dash patterns: it reads on light and
 * dark pages alike.
 */
export function plot(series: readonly Series[]): string {
	const points = series.flatMap(({ points: all }) => all);
	const sizes = decadesOf(points.map(([size]) => size));
	const times = decadesOf(points.map(([, ms]) => ms));
	const right = width - margin.right;
	const decade = (right - margin.left) / (sizes.length - 1);
	const bottom = margin.top + decade * (times.length - 1);
	const x = (size: number): number => margin.left + decade * Math.log10(size / (sizes[0] ?? 1));
	const y = (ms: number): number => bottom - decade * Math.log10(ms / (times[0] ?? 1));
	const dashes = ["", "6 3", "2 3", "10 3 2 3", "14 4"];
	const curves = series.flatMap(({ name, points: own }, index) => {
		const places = own.map(([size, ms]) => `${x(size).toFixed(1)},${y(ms).toFixed(1)}`);
		const [lastSize, last] = own.at(-1) ?? [1, 1];
		return [
			`<polyline points="${places.join(" ")}" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="${dashes[index % dashes.length]}"/>`,
			`<text x="${(x(lastSize) + 6).toFixed(1)}" y="${y(last).toFixed(1)}" dominant-baseline="middle">${name}</text>`,
		];
	});
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${Math.ceil(bottom + margin.bottom)}" font-family="sans-serif" font-size="12" fill="#888" color="#888">`,
		...sizes.map((at) => grid(x(at), margin.top, x(at), bottom)),
		...sizes.map((at) => label(x(at), bottom + 16, at.toLocaleString("en-US"), "middle")),
		...times.map((at) => grid(margin.left, y(at), right, y(at))),
		...times.map((at) => label(margin.left - 6, y(at) + 4, `${at} ms`, "end")),
		label((margin.left + right) / 2, bottom + 36, "mappings, pages, or processes", "middle"),
		...curves,
		"</svg>",
		"",
	].join("\n");
}

/** The powers of ten around some numbers. */
function decadesOf(values: readonly number[]): number[] {
	const low = Math.floor(Math.log10(Math.min(...values)));
	const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
	return Array.from({ length: high - low + 1 }, (_, index) => Number(`1e${low + index}`));
}

function grid(x1: number, y1: number, x2: number, y2: number): string {
	return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="currentColor" stroke-opacity="0.3"/>`;
}

function label(x: number, y: number, text: string, anchor: "middle" | "end"): string {
	return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${text}</text>`;
}
