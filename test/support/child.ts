import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";

/** A child process that says in its first line that it is ready, and perhaps more. */
export class Child {
	private constructor(
		readonly process: ChildProcess,
		/** The words of its first line. */
		readonly words: readonly string[],
	) {}

	/** Starts a program and waits for its first line. It gets a pipe as standard input, whose end should end it. */
	static async start(command: string, parameters: readonly string[], options: SpawnOptions = {}): Promise<Child> {
		const child = spawn(command, parameters, { ...options, stdio: ["pipe", "pipe", "inherit"] });
		const lines = createInterface({ input: child.stdout });
		const first = await Promise.race([
			once(lines, "line").then(([line]) => String(line)),
			once(child, "exit").then(([code, signal]) => {
				throw new Error(`${command} ended before it was ready: ${code ?? signal}`);
			}),
		]);
		return new Child(child, first.split(" "));
	}

	/** Runs Python source, which prints a line when it is ready. */
	static async python(source: string, ...parameters: string[]): Promise<Child> {
		return await Child.start("python3", ["-c", source, ...parameters]);
	}

	get pid(): number {
		const { pid } = this.process;
		if (pid === undefined) throw new Error("the child was not started");
		return pid;
	}

	/** Kills it and waits until it has been reaped. */
	async stop(): Promise<void> {
		if (this.process.exitCode !== null || this.process.signalCode !== null) return;
		const ended = once(this.process, "exit");
		this.process.kill("SIGKILL");
		await ended;
	}
}

/** Whether a process has ended; one that nobody reaps counts. */
export async function hasEnded(pid: number): Promise<boolean> {
	const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") Z");
	return /\) [ZX]/.test(stat);
}

/** Calls `attempt` until it returns something, giving others a turn in between; the test's own time limit ends it. */
export async function until<T>(attempt: () => Promise<T | undefined> | T | undefined): Promise<T> {
	for (;;) {
		const result = await attempt();
		if (result !== undefined) return result;
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}
