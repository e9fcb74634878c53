import { execFile, spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** More often than an ending process will ever write another file into a folder that is being removed. */
const maxAttempts = 50;

/**
 * Removes a temporary folder to which another user may write, and all that is in it. `rm` goes from folder to folder by
 * descriptor, so that this user cannot lead it elsewhere by a link; Node's own `rm` goes by path.
 * @param {string} path
 */
export async function removeForeign(path) {
	for (let attempt = 1; ; attempt++) {
		try {
			await promisify(execFile)("rm", ["-rf", "--", path]);
			return;
		} catch (error) {
			if (attempt === maxAttempts) throw error;
			await sleep(100);
		}
	}
}

/**
 * As {@link removeForeign}, for the end of a process: at once, and tried only once.
 * @param {string} path
 */
export function removeForeignNow(path) {
	spawnSync("rm", ["-rf", "--", path], { stdio: "ignore" });
}
