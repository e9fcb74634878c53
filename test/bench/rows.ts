import { formatDuration } from "../../src/shared/units";
import type { Comparison } from "./measure";

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

/** Gets each row as it comes. */
export type AddRow = (row: BenchRow) => void;

/** The row of a comparison of two times. */
export function comparisonRow(
	work: string,
	against: string,
	{ ours, peer, ratio }: Comparison,
	limit: number,
): BenchRow {
	return { work, against, ours: formatDuration(ours), peer: formatDuration(peer), ratio, limit, unit: "×" };
}

/** One line for the terminal. */
export function rowText({ work, against, ours, peer, ratio, limit, unit }: BenchRow): string {
	const verdict = ratio <= limit ? "ok  " : "OVER";
	return `${verdict} ${work}: ${ours}; ${against}: ${peer}; ${amount(ratio, unit)} (at most ${amount(limit, unit)})`;
}

/** A ratio or a limit with its unit. */
export function amount(value: number, unit: BenchRow["unit"]): string {
	return `${value.toFixed(2)} ${unit}`;
}
