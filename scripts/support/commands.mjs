// Runs commands as steps with a headline, and leaves none of their processes behind.
import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The root folder of this checkout. */
export const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd] The checkout, unless said otherwise.
 * @property {NodeJS.ProcessEnv} [env] Added to our environment.
 * @property {boolean} [quiet] Keep the output, and print it only when the command fails.
 * @property {import("./orderedOutput.mjs").Slot} [output] Where the output goes, unless to our own.
 * @property {number} [limitMs] End the command after this time.
 */

/** @type {Map<import("node:child_process").ChildProcess, Promise<number>>} */
const running = new Map();

/**
 * Runs a command to its end and resolves with its exit code; 1 when it could not start or was ended by a signal.
 * @param {string} command
 * @param {string[]} parameters
 * @param {CommandOptions} [options]
 */
export async function run(command, parameters, { cwd = checkout, env, quiet = false, output, limitMs } = {}) {
	const isPiped = quiet || output !== undefined;
	const child = spawn(command, parameters, {
		cwd,
		env: { ...process.env, ...env },
		stdio: ["ignore", isPiped ? "pipe" : "inherit", isPiped ? "pipe" : "inherit"],
		detached: true, // a process group of its own, which can be ended as one
	});
	/** @type {Buffer[]} */
	const kept = [];
	const write = (/** @type {Buffer} */ chunk) => {
		if (output) output.write(chunk);
		else process.stderr.write(chunk);
	};
	const take = (/** @type {Buffer} */ chunk) => {
		if (quiet) kept.push(chunk);
		else write(chunk);
	};
	for (const stream of [child.stdout, child.stderr]) stream?.on("data", take);
	/** @type {Promise<number>} */
	const ended = new Promise((resolve) => {
		child.once("close", (code) => resolve(code ?? 1));
		child.once("error", (error) => {
			take(Buffer.from(`${error.message}\n`));
			resolve(1);
		});
	});
	const gone = ended.then(async (code) => {
		await emptyGroup(child); // what the command left behind
		return code;
	});
	running.set(child, gone);
	const limit = limitMs && setTimeout(endAfterLimit, limitMs);
	function endAfterLimit() {
		const text = `${command} ${parameters.join(" ")} is ended: it took longer than ${Number(limitMs) / 1000} s.`;
		write(Buffer.from(`${text}\n`));
		endGroup(child, "SIGTERM");
		setTimeout(endGroup, 5_000, child, "SIGKILL").unref();
	}
	const code = await gone;
	clearTimeout(limit);
	running.delete(child);
	if (code !== 0) write(Buffer.concat(kept));
	return code;
}

/**
 * Makes Ctrl-C and its like end all running commands, then `before`, and then this process.
 * @param {() => Promise<void>} [before]
 */
export function endOnSignals(before = async () => {}) {
	let ending = false;
	/** @param {NodeJS.Signals} signal */
	const end = async (signal) => {
		if (ending) return;
		ending = true;
		for (const child of running.keys()) endGroup(child, "SIGTERM");
		const limit = setTimeout(() => process.exit(1), 8_000);
		await Promise.all([...running.values(), before()]);
		clearTimeout(limit);
		process.exit(signal === "SIGINT" ? 130 : 143);
	};
	for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
		process.on(signal, () => void end(signal));
	}
	process.on("exit", () => {
		for (const child of running.keys()) endGroup(child, "SIGKILL");
	});
}

/**
 * Ends what is left of a command's process group, and kills what does not end.
 * @param {import("node:child_process").ChildProcess} child
 */
async function emptyGroup(child) {
	const limit = Date.now() + 5_000;
	while (endGroup(child, "SIGTERM") && Date.now() < limit) await sleep(50);
	endGroup(child, "SIGKILL");
}

/**
 * Signals a command's process group; false when nobody is left in it.
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function endGroup(child, signal) {
	try {
		return child.pid !== undefined && process.kill(-child.pid, signal);
	} catch {
		return false;
	}
}
