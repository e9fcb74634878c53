import { setTimeout as wait } from "node:timers/promises";

/** Asks again and again until the answer is truthy; rejects, saying what was wanted, when the time is up. */
export async function until<T>(
	wanted: string,
	ask: () => T | undefined | false | Promise<T | undefined | false>,
	limitMs = 45_000,
): Promise<T> {
	const end = Date.now() + limitMs;
	while (Date.now() < end) {
		const answer = await ask();
		if (answer) return answer;
		await wait(25);
	}
	throw new Error(`waited in vain for ${wanted}`);
}
