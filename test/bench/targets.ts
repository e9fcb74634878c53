import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { compile } from "../support/target";

/** A process with an address space to measure; see `test/programs/benchTarget.c`. */
export class BenchTarget {
	/** Byte range in hexadecimal, where the mode prints one. */
	range: readonly [string, string] = ["0", "0"];
	/** Rounds of work per tenth of a second, as they come. */
	readonly rounds: number[] = [];

	private constructor(private readonly child: ChildProcess) {}

	/** Starts `benchTarget` with `words`, and waits until everything is mapped. */
	static async start(...words: (string | number)[]): Promise<BenchTarget> {
		// A process group of its own: the mode `children` ends its whole group.
		const child = spawn(await compile("benchTarget"), words.map(String), {
			stdio: ["pipe", "pipe", "inherit"],
			detached: true,
		});
		const target = new BenchTarget(child);
		const lines = createInterface({ input: child.stdout });
		await new Promise<void>((resolve, reject) => {
			lines.on("line", (line) => {
				const [word, start = "0", end = "0"] = line.split(" ");
				if (word === "range") target.range = [start, end];
				else if (word === "ready") resolve();
				else target.rounds.push(Number(line));
			});
			child.once("exit", (code) => reject(new Error(`benchTarget ${words.join(" ")} ended with ${code}`)));
		});
		return target;
	}

	get pid(): number {
		if (this.child.pid === undefined) throw new Error("not started");
		return this.child.pid;
	}

	/** Ends it and its children. */
	async stop(): Promise<void> {
		const ended = once(this.child, "exit");
		process.kill(-this.pid, "SIGKILL");
		await ended;
	}
}

/** Runs `use` with a target, and ends the target whatever happens. */
export async function withTarget<T>(words: (string | number)[], use: (target: BenchTarget) => Promise<T>): Promise<T> {
	const target = await BenchTarget.start(...words);
	try {
		return await use(target);
	} finally {
		await target.stop();
	}
}
