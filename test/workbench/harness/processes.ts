import { readdir, readFile } from "node:fs/promises";
import { Child, until } from "../../support/child";

interface User {
	readonly uid: number;
	readonly gid: number;
}

/** A shell that keeps about so many bytes, with a word on its command line. */
export async function hog(bytes: number, word: string, user?: User): Promise<Child> {
	return await shell(`printf -v x '%*s' ${bytes} ''; echo ready; read -r _`, word, user);
}

/** A process whose child has ended and which does not ask how; {@link Child.words} is the child's pid. */
export async function parentOfZombie(): Promise<Child> {
	const parent = await Child.python(
		"import os, sys\nchild = os.fork()\nif child == 0: os._exit(0)\nprint(child, flush=True)\nsys.stdin.read()",
	);
	await until(async () => (await stat(Number(parent.words[0]))).state === "Z" || undefined);
	return parent;
}

/** A shell runs a script; it ends with its standard input, which is ours. */
async function shell(script: string, word: string, user?: User): Promise<Child> {
	return await Child.start("/bin/bash", ["-c", script, word], { cwd: "/", ...user });
}

/** Fields of `/proc/PID/stat` (proc_pid_stat(5)). */
export interface Stat {
	readonly name: string;
	readonly state: string;
	readonly parentPid: number;
	readonly flags: number;
	/** Pages. */
	readonly rss: number;
}

/** Reads `/proc/PID/stat`, with nothing of the product. */
export async function stat(pid: number): Promise<Stat> {
	const text = await readFile(`/proc/${pid}/stat`, "latin1");
	const end = text.lastIndexOf(")");
	const fields = text.slice(end + 2).split(" ");
	return {
		name: text.slice(text.indexOf("(") + 1, end),
		state: fields[0] ?? "",
		parentPid: Number(fields[1]),
		flags: Number(fields[6]),
		rss: Number(fields[21]),
	};
}

/** A process and the processes above it, but for init and its like: the topmost first. */
export async function lineage(pid: number): Promise<number[]> {
	const { parentPid } = await stat(pid);
	return parentPid > 2 ? [...(await lineage(parentPid)), pid] : [pid];
}

/** The process whose command line is exactly this; undefined while there is none. */
export async function findProcess(...commandLine: string[]): Promise<number | undefined> {
	const wanted = `${commandLine.join("\0")}\0`;
	for (const name of await readdir("/proc")) {
		if (!/^\d+$/.test(name)) continue;
		// A process may end while it is looked at.
		const text = await readFile(`/proc/${name}/cmdline`, "latin1").catch(() => "");
		if (text === wanted) return Number(name);
	}
	return undefined;
}

/** `PF_KTHREAD` of include/linux/sched.h. */
const isKernelThread = 0x20_00_00;

/** A kernel thread with whose pid no other one begins; in most containers there is none. */
export async function kernelThread(): Promise<number | undefined> {
	const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
	for (const pid of pids) {
		const found = await stat(Number(pid)).catch(() => undefined);
		if (!found || (found.flags & isKernelThread) === 0) continue;
		if (!pids.some((other) => other !== pid && other.startsWith(pid))) return Number(pid);
	}
	return undefined;
}
