import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ErrorData } from "../../src/shared/errors";
import { checkout } from "./checkout";
import { labProgram } from "./labSessions";

export interface LabHostOptions {
	readonly demo: string;
	/** How many of its steps to run. */
	readonly steps: number;
	readonly env?: NodeJS.ProcessEnv;
	/** A command that runs the host's, which is appended to it. */
	readonly through?: readonly string[];
	/** Called before the demo is opened. */
	readonly prepare?: (pid: number) => Promise<unknown>;
}

/** Starts a host of the lab in a process of its own (`labHost.ts`), and waits until it has run its steps. */
export async function startLabHost({ demo, steps, env, through = [], prepare }: LabHostOptions) {
	const program = join(checkout, "out/test/support/labHost.js");
	// Few threads, and so few arenas: it needs much less address space than the lab process that it starts.
	const host = [process.execPath, "--single-threaded", program, labProgram, demo, String(steps)];
	const [command = "", ...parameters] = [...through, ...host];
	const child = spawn(command, parameters, {
		stdio: ["pipe", "pipe", "inherit"],
		env: { ...process.env, UV_THREADPOOL_SIZE: "1", MALLOC_ARENA_MAX: "1", ...env },
	});
	const lines = createInterface({ input: child.stdout });
	const ended = once(child, "exit").then(([code, signal]) => {
		throw new Error(`the host of the lab ended early: ${code ?? signal}`);
	});
	ended.catch(() => undefined); // it ends some time in any case
	await Promise.race([once(lines, "line"), ended]);
	await prepare?.(child.pid ?? 0);
	const answered = once(lines, "line");
	child.stdin.write("go\n");
	const [text] = await Promise.race([answered, ended]);
	return { child, answer: JSON.parse(String(text)) as { pids?: number[]; error?: ErrorData } };
}
