import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { link, mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { promisify } from "node:util";
import { removeForeign } from "../../scripts/support/removeForeign.mjs";
import { checkout } from "./checkout";

const run = promisify(execFile);
const programs = join(checkout, "test/programs");

/** Compiles `test/programs/NAME.c` with gcc when its binary is older; returns the binary's path. */
export async function compile(name: string, flags: readonly string[] = []): Promise<string> {
	return await compileOnce(`${name}.c`, name + flags.join(""), ["-O1", ...flags]);
}

/** Compiles `test/programs/SOURCE` to `out/programs/NAME` when that is older or not there; returns the binary's path. */
export async function compileOnce(source: string, name: string, flags: readonly string[]): Promise<string> {
	const from = join(programs, source);
	const folder = join(checkout, "out/programs");
	const binary = join(folder, name);
	const [before, after] = await Promise.all([stat(from), stat(binary).catch(() => undefined)]);
	if (after !== undefined && after.mtimeMs > before.mtimeMs) return binary;
	await mkdir(folder, { recursive: true });
	if (after !== undefined) await rm(binary, { force: true });
	// Two test processes may compile at once: each writes its own file, and the first gets the name. That of a program
	// which runs already must stay its own.
	const own = `${binary}.${process.pid}`;
	await run("gcc", ["-g", "-Wall", "-Wextra", "-Werror", ...flags, "-o", own, from]);
	await link(own, binary).catch(async (error: unknown) => {
		if (!(await stat(binary).catch(() => undefined))) throw error;
	});
	await rm(own, { force: true });
	return binary;
}

/** A range that a target printed, in bytes. */
export interface Range {
	readonly start: bigint;
	readonly end: bigint;
}

/** A process that maps known things; see `test/programs/target.c`, or another program that talks like it. */
export class Target {
	readonly ranges = new Map<string, Range>();
	#waiting: { word: string; resolve(): void; reject(error: Error): void } | undefined;

	private constructor(
		readonly child: ChildProcess,
		readonly folder: string,
		lines: Interface,
	) {
		lines.on("line", (line) => this.#onLine(line));
		lines.on("close", () => this.#waiting?.reject(new Error("the target ended")));
	}

	/**
	 * Starts the program, as another user when one is given, and waits until it has mapped everything.
	 *
	 * @param command makes the command that runs it, out of its binary and its folder.
	 */
	static async start(
		user?: { readonly uid: number; readonly gid: number },
		program = "target",
		command = (binary: string, folder: string): readonly string[] => [binary, folder],
	): Promise<Target> {
		const binary = await compile(program);
		// Beside the checkout's own files and not in /tmp, which may be tmpfs: the page cache of a disk is the point.
		await mkdir(join(checkout, "out/targets"), { recursive: true });
		const folder = await mkdtemp(join(user ? tmpdir() : join(checkout, "out/targets"), "target-"));
		if (user) await run("chown", [`${user.uid}:${user.gid}`, folder]);
		const [file = binary, ...parameters] = command(binary, folder);
		const child = spawn(file, parameters, { stdio: ["pipe", "pipe", "inherit"], ...user });
		const target = new Target(child, folder, createInterface({ input: child.stdout }));
		await target.#until("ready");
		return target;
	}

	get pid(): number {
		const { pid } = this.child;
		if (pid === undefined) throw new Error("the target was not started");
		return pid;
	}

	/** A range it printed. */
	range(name: string): Range {
		const range = this.ranges.get(name);
		if (range === undefined) throw new Error(`the target has no ${name}`);
		return range;
	}

	/** Sends a command and waits until it is done. */
	async command(line: string): Promise<void> {
		const done = this.#until("done");
		this.child.stdin?.write(`${line}\n`);
		await done;
	}

	/** Kills it, waits for its end and removes its files. */
	async stop(): Promise<void> {
		if (this.child.exitCode === null && this.child.signalCode === null) {
			const ended = once(this.child, "exit");
			this.child.kill("SIGKILL");
			await ended;
		}
		await removeForeign(this.folder); // the program may have run as another user
	}

	#until(word: string): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#waiting = { word, resolve, reject };
		});
	}

	#onLine(line: string): void {
		const [name, start, end] = line.split(" ");
		if (name && start && end) this.ranges.set(name, { start: BigInt(`0x${start}`), end: BigInt(`0x${end}`) });
		if (line === this.#waiting?.word) this.#waiting.resolve();
	}
}

/** What the independent witness, a Python script, reads of a process. Hexadecimal text for addresses. */
export interface Witness {
	readonly mappings: readonly Record<
		"start" | "end" | "permissions" | "offset" | "device" | "inode" | "name",
		string
	>[];
	readonly smaps: readonly (Record<string, number> & { readonly start: string })[];
	/** State of each page of each range asked for. */
	readonly pages: readonly (readonly string[])[];
}

/** Asks the witness about a process, as another user when one is given. */
export async function askWitness(pid: number, ranges: readonly Range[] = [], user: object = {}): Promise<Witness> {
	const words = ranges.map(({ start, end }) => `${start.toString(16)}-${end.toString(16)}`);
	return JSON.parse(await python([String(pid), ...words], user)) as Witness;
}

/** Asks the witness which pages of a file are in the page cache. */
export async function askWitnessCached(path: string): Promise<boolean[]> {
	return JSON.parse(await python(["cached", path])) as boolean[];
}

async function python(words: readonly string[], user: object = {}): Promise<string> {
	const script = join(programs, "witness.py");
	const { stdout } = await run("/usr/bin/python3", [script, ...words], { ...user, maxBuffer: 2 ** 28 });
	return stdout;
}
