import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A comparison: medians in ms of ours and of the peer, measured in turns, so that both see the same machine. */
export interface Comparison {
	readonly ours: number;
	readonly peer: number;
}

/** Runs both in turns, `rounds` times after a warm-up of ours (its code is compiled on the way). */
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
	return { ours: median(mine), peer: median(theirs) };
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
	const start = performance.now();
	await work();
	return performance.now() - start;
}

/** Milliseconds that a command takes from start to end, its output thrown away. */
export function timedCommand(command: string, ...words: string[]): number {
	const start = performance.now();
	const { status, error } = spawnSync(command, words, { stdio: ["ignore", "ignore", "inherit"] });
	if (status !== 0) throw error ?? new Error(`${command} ended with ${status}`);
	return performance.now() - start;
}

/** First word that a command prints, as a number: for peers that time themselves. */
export async function printedBy(command: string, ...words: string[]): Promise<number> {
	const { stdout } = await run(command, words);
	return Number(stdout.trim().split(" ")[0]);
}
