import { mkdir, writeFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { formatBytes } from "../../src/shared/units";
import { checkout } from "../support/checkout";
import type { Series } from "./growth";
import { plot } from "./plot";

/** A line of the table. */
export interface BenchRow {
	readonly work: string;
	readonly against: string;
	readonly ours: string;
	readonly peer: string;
	/** Ours by the peer's, or a share: compared with `limit`. */
	readonly ratio: number;
	readonly limit: number;
	/** How the ratio is written: `1.2 ×` or `3.1 %`, or milliseconds. */
	readonly unit: "×" | "%" | "ms";
}

/** One line for the terminal. */
export function rowText({ work, ours, peer, ratio, limit, unit }: BenchRow): string {
	const verdict = ratio <= limit ? "ok  " : "OVER";
	return `${verdict} ${work}: ${ours} against ${peer}, ${written(ratio, unit)} (at most ${written(limit, unit)})`;
}

function written(value: number, unit: BenchRow["unit"]): string {
	return `${value.toFixed(2)} ${unit}`;
}

/** Writes BENCHMARKS.md and its picture. */
export async function writeReport(rows: readonly BenchRow[], series: readonly Series[]): Promise<void> {
	const picture = "media/benchmarks/growth.svg";
	await mkdir(join(checkout, dirname(picture)), { recursive: true });
	await writeFile(join(checkout, picture), plot(series));
	const model = cpus()[0]?.model ?? "unknown processor";
	const lines = [
		"# Benchmarks",
		"",
		"Made by `npm run bench`. Ours and the peer are measured in turns in the same run; times are medians.",
		"",
		`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${model.trim()}, ${formatBytes(totalmem())}, Linux ${release()}, Node ${process.version}`,
		"",
		"| work, complete and parsed | against | ours | peer | ratio | at most | |",
		"|---|---|---:|---:|---:|---:|---|",
		...rows.map(
			({ work, against, ours, peer, ratio, limit, unit }) =>
				`| ${work} | ${against} | ${ours} | ${peer} | ${written(ratio, unit)} | ${written(limit, unit)} | ${ratio <= limit ? "✓" : "over"} |`,
		),
		"",
		"How cost grows, on logarithmic axes; a line at 45° is linear.",
		"",
		`![Cost over size](${picture})`,
		"",
		"| series | size | ms |",
		"|---|---:|---:|",
		...series.flatMap(({ name, points }) => points.map(([size, ms]) => `| ${name} | ${size} | ${ms.toFixed(2)} |`)),
		"",
	];
	await writeFile(join(checkout, "BENCHMARKS.md"), lines.join("\n"));
}
