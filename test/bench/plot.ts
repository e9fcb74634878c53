import type { Series } from "./growth";

const width = 720;
const height = 420;
const margin = { left: 64, right: 200, top: 24, bottom: 48 };

/** An SVG with logarithmic axes. `currentColor` and dash patterns: it reads on light and dark pages alike. */
export function plot(series: readonly Series[]): string {
	const points = series.flatMap(({ points: all }) => all);
	const x = axis(
		points.map(([size]) => size),
		margin.left,
		width - margin.right,
	);
	const y = axis(
		points.map(([, ms]) => ms),
		height - margin.bottom,
		margin.top,
	);
	const dashes = ["", "6 3", "2 3", "10 3 2 3"];
	const curves = series.flatMap(({ name, points: own }, index) => {
		const places = own.map(([size, ms]) => `${x.place(size).toFixed(1)},${y.place(ms).toFixed(1)}`);
		const [, last] = own.at(-1) ?? [0, 1];
		return [
			`<polyline points="${places.join(" ")}" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="${dashes[index % dashes.length]}"/>`,
			`<text x="${width - margin.right + 8}" y="${y.place(last).toFixed(1)}" dominant-baseline="middle">${name}</text>`,
		];
	});
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#888" color="#888">`,
		...x.decades.map((at) => grid(x.place(at), margin.top, x.place(at), height - margin.bottom)),
		...x.decades.map((at) => label(x.place(at), height - margin.bottom + 16, at.toLocaleString("en-US"), "middle")),
		...y.decades.map((at) => grid(margin.left, y.place(at), width - margin.right, y.place(at))),
		...y.decades.map((at) => label(margin.left - 6, y.place(at) + 4, `${at} ms`, "end")),
		label((margin.left + width - margin.right) / 2, height - 12, "mappings, runs of pages, or processes", "middle"),
		...curves,
		"</svg>",
		"",
	].join("\n");
}

function axis(values: readonly number[], from: number, to: number) {
	const low = Math.floor(Math.log10(Math.min(...values)));
	const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
	return {
		decades: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
		place: (value: number): number => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
	};
}

function grid(x1: number, y1: number, x2: number, y2: number): string {
	return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="currentColor" stroke-opacity="0.3"/>`;
}

function label(x: number, y: number, text: string, anchor: "middle" | "end"): string {
	return `<text x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`;
}
