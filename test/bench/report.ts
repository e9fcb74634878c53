import { mkdir, writeFile } from "node:fs/promises";
import { cpus, getPriority, loadavg, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { formatBytes, formatCount } from "../../src/shared/units";
import { checkout } from "../support/checkout";
import type { Series } from "./growth";
import { plot } from "./plot";
import { amount, type BenchRow } from "./rows";

/** Lines of the table of growth: what each size costs, in all and a piece. */
export function growthText(series: readonly Series[]): string[] {
	if (series.length === 0) return [];
	return [
		"| work | size | ms | µs each |",
		"|---|---:|---:|---:|",
		...series.flatMap(({ name, of, points }) =>
			points.map(
				([size, ms]) =>
					`| ${name} | ${formatCount(size)} ${of} | ${ms.toFixed(ms < 10 ? 2 : 1)} | ${((ms * 1000) / size).toFixed(2)} |`,
			),
		),
	];
}

/** Writes BENCHMARKS.md and its picture. */
export async function writeReport(rows: readonly BenchRow[], series: readonly Series[]): Promise<void> {
	const picture = "media/benchmarks/growth.svg";
	await mkdir(join(checkout, dirname(picture)), { recursive: true });
	await writeFile(join(checkout, picture), plot(series));
	const model = cpus()[0]?.model ?? "unknown processor";
	const niceness = getPriority();
	const load = loadavg()[2] ?? 0;
	const lines = [
		"# Benchmarks",
		"",
		"Made by `npm run bench`. Ours and the peer are measured in turns in the same run: times are medians, a ratio is the",
		"median of the ratios of all turns. Both are warm where a call is measured; a command counts from start to end, and is",
		"started by another process, since who forks is slowed down by it.",
		"",
		`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${model.trim()}, ${formatBytes(totalmem())}, Linux ${release()}, Node ${process.version}, load ${load.toFixed(1)} over the last 15 minutes of the run${niceness === 0 ? "" : `, ours and peers at niceness ${niceness}`}`,
		"",
		"| work, complete and parsed | against | ours | peer | ratio | at most | |",
		"|---|---|---:|---:|---:|---:|---|",
		...rows.map(
			({ work, against, ours, peer, ratio, limit, unit }) =>
				`| ${work} | ${against} | ${ours} | ${peer} | ${amount(ratio, unit)} | ${amount(limit, unit)} | ${ratio <= limit ? "✓" : "over"} |`,
		),
		"",
		"## How cost grows",
		"",
		"On logarithmic axes; a line at 45° is linear. The last column is what a mapping, page or process costs: it falls or",
		"stays where cost grows linearly or better. Times are lower quartiles.",
		"",
		`![Cost over size](${picture})`,
		"",
		...growthText(series),
		"",
	];
	await writeFile(join(checkout, "BENCHMARKS.md"), lines.join("\n"));
}
