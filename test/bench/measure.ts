import { compile } from "../support/target";
import { runElsewhere } from "./runner";

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** What a quarter of some numbers is below: where there is no peer to compare with, it wavers less than the median. */
export function lowerQuartile(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 4)] ?? Number.NaN;
}

/** Mean of some numbers. */
export function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A comparison: medians in ms of ours and of the peer, and the median of their ratios, round by round. */
export interface Comparison {
	readonly ours: number;
	readonly peer: number;
	readonly ratio: number;
}

/**
 * Runs both in turns, `rounds` times after a warm-up of ours (its code is compiled on the way). What disturbs the
 * machine for a while disturbs both halves of a round, so that their ratio holds.
 */
export async function inTurns(
	ours: () => number | Promise<number>,
	peer: () => number | Promise<number>,
	rounds = 11,
	warmUp = 5,
): Promise<Comparison> {
	for (let i = 0; i < warmUp; i++) await ours();
	const [mine, theirs]: [number[], number[]] = [[], []];
	for (let i = 0; i < rounds; i++) {
		mine.push(await ours());
		theirs.push(await peer());
	}
	const ratios = mine.map((time, round) => time / (theirs[round] ?? Number.NaN));
	return { ours: median(mine), peer: median(theirs), ratio: median(ratios) };
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
	const start = performance.now();
	await work();
	return performance.now() - start;
}

/** Milliseconds that `work` takes the second time in a row, with memory at hand and caches warm, as `benchPeer` measures its own. */
export async function timedWarm(work: () => unknown): Promise<number> {
	await work();
	return await timed(work);
}

/** Measures a command from start to end, in ms, its output thrown away. */
export function command(...words: string[]): () => Promise<number> {
	return async () => printedBy(await compile("benchPeer"), "run", ...words);
}

/** First word that a command prints, as a number: for peers that time themselves. */
export async function printedBy(program: string, ...words: string[]): Promise<number> {
	const printed = await runElsewhere(program, words);
	return Number(printed.trim().split(" ")[0]);
}
