import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What `memory_maps` of psutil 5.9 has, by its names. */
export const psutilAmounts = [
	"rss",
	"pss",
	"shared_clean",
	"shared_dirty",
	"private_clean",
	"private_dirty",
	"referenced",
	"anonymous",
	"swap",
] as const;

interface PsutilInfo {
	readonly parent: number;
	readonly uid: number;
	readonly user: string;
	readonly name: string;
	readonly commandLine: readonly string[];
	readonly maps: readonly (Readonly<Record<"address" | "perms" | "path", string>> &
		Readonly<Partial<Record<(typeof psutilAmounts)[number] | "size", number>>>)[];
}

/** What psutil says of a process. By Debian's Python, since another one that comes first in the path has not its packages. */
export async function askPsutil(pid: number, user: object = {}): Promise<PsutilInfo> {
	const source = `
import json, psutil, sys
process = psutil.Process(int(sys.argv[1]))
fields = ["size", ${psutilAmounts.map((field) => `"${field}"`).join(", ")}]
maps = [{"address": m.addr, "perms": m.perms, "path": m.path, **{f: getattr(m, f) for f in fields}} for m in process.memory_maps(grouped=False)]
print(json.dumps({"parent": process.ppid(), "uid": process.uids().effective, "user": process.username(), "name": process.name(), "commandLine": process.cmdline(), "maps": maps}))
`;
	const options = { ...user, maxBuffer: 2 ** 26, cwd: "/" };
	const { stdout } = await run("/usr/bin/python3", ["-c", source, String(pid)], options);
	return JSON.parse(stdout) as PsutilInfo;
}

/** Whether there is such a command. */
export async function exists(command: string): Promise<boolean> {
	return await run("sh", ["-c", `command -v ${command}`]).then(
		() => true,
		() => false,
	);
}

interface PmapTable {
	readonly rows: readonly { readonly fields: Readonly<Record<string, string>>; readonly flags: readonly string[] }[];
}

/** `pmap -XX` as a table. Its columns are right-aligned below their names; the flags are several words in one. */
export async function readPmap(pid: number, user: object = {}): Promise<PmapTable> {
	const { stdout } = await run("pmap", ["-XX", String(pid)], { ...user, maxBuffer: 2 ** 26, encoding: "latin1" });
	const lines = stdout.split("\n");
	const head = lines.findIndex((line) => /^ +Address Perm /.test(line));
	const names = (lines[head] ?? "").trim().split(/ +/);
	const numbers = names.slice(0, names.indexOf("VmFlags"));
	const flagsEnd = (lines[head] ?? "").indexOf("VmFlags") + "VmFlags".length;
	const rows = lines.slice(head + 1).flatMap((line) => {
		const words = line.trim().split(/ +/);
		if (!/^[0-9a-f]{8,}$/.test(words[0] ?? "")) return [];
		const fields = Object.fromEntries(numbers.map((name, at) => [name, words[at] ?? ""]));
		const rest = line.slice(0, flagsEnd).trim().split(/ +/).slice(numbers.length);
		return [{ fields, flags: rest }];
	});
	return { rows };
}

/** Fields of `smaps_rollup`, bytes. */
export async function readRollup(pid: number): Promise<[string, number][]> {
	const text = await readFile(`/proc/${pid}/smaps_rollup`, "latin1");
	return [...text.matchAll(/^(\w+): +(\d+) kB$/gm)].map(([, name = "", kib]) => [name, Number(kib) * 1024]);
}

interface NumaLine {
	readonly start: bigint;
	/** Pages on all nodes. */
	readonly nodes: number;
	readonly anon: number;
	readonly dirty: number;
	/** Bytes. */
	readonly pageSize: number;
}

/** The lines of `numa_maps`. */
export async function readNumaMaps(pid: number): Promise<NumaLine[]> {
	const text = await readFile(`/proc/${pid}/numa_maps`, "latin1");
	return text
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => {
			const value = (name: string): number => Number(new RegExp(` ${name}=(\\d+)`).exec(line)?.[1] ?? 0);
			const start = BigInt(`0x${line.slice(0, line.indexOf(" "))}`);
			const nodes = [...line.matchAll(/ N\d+=(\d+)/g)].reduce((sum, [, pages]) => sum + Number(pages), 0);
			const pageSize = value("kernelpagesize_kB") * 1024;
			return { start, nodes, anon: value("anon"), dirty: value("dirty"), pageSize };
		});
}

/** How many pages of a file are in the page cache as `fincore` says, and its size, bytes. */
export async function askFincore(path: string): Promise<{ pages: number; size: number }> {
	const { stdout } = await run("fincore", ["--json", "--bytes", "--output", "PAGES,SIZE,FILE", path]);
	const [one] = (JSON.parse(stdout) as { fincore: { pages: number | string; size: number | string }[] }).fincore;
	return { pages: Number(one?.pages), size: Number(one?.size) };
}
