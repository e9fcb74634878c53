// Records the kernel files of real processes for the tests of the parsers: `node scripts/captureFixtures.mjs [PROGRAM…]`.
// Each process is stopped while it is read, so that its files agree. Paths that tell of the machine are rewritten.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, open, readdir, readFile, writeFile } from "node:fs/promises";
import { homedir, hostname, release, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { checkout, run } from "./support/commands.mjs";
import { makeEmpty } from "./support/folders.mjs";
import { removeForeign } from "./support/removeForeign.mjs";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

/**
 * @typedef {object} Program
 * @property {string} description
 * @property {(folder: string) => Promise<{ child: ChildProcess, ranges?: string }>} start Resolves when it is at rest.
 * @property {(child: ChildProcess) => Promise<number>} [choose] Pid to read when it is not the child itself.
 */

const files = [
	"maps",
	"smaps",
	"smaps_rollup",
	"numa_maps",
	"stat",
	"status",
	"cmdline",
	"mountinfo",
	"schedstat",
	"limits",
];
const fixtures = join(checkout, "test/fixtures");
const largestPlain = 8 * 1024;
const pageSize = 4096;

/** Mount points that every Linux machine has; others tell of this one. */
const commonMounts = new Set(["/", "/dev", "/dev/pts", "/dev/shm", "/proc", "/run", "/sys", "/tmp"]);

/** @type {Record<string, Program>} */
const programs = {
	shell: {
		description: "`sh`, waiting for input",
		start: async () => ({ child: await startAndWait("sh", ["-c", "echo ready; read line"]) }),
	},
	python: {
		description: "Python with three threads asleep",
		start: async () => ({ child: await startAndWait("/usr/bin/python3", ["-c", pythonSource]) }),
	},
	node: {
		description: "Node, idle",
		start: async () => ({
			child: await startAndWait(process.execPath, ["-e", "console.log('ready'); setInterval(() => {}, 1e6)"]),
		}),
	},
	java: {
		description: "a Java virtual machine with a heap of 64 MiB, asleep",
		start: async (folder) => {
			await writeFile(join(folder, "Idle.java"), javaSource);
			if ((await run("javac", ["-d", folder, join(folder, "Idle.java")])) !== 0) throw new Error("javac failed");
			return { child: await startAndWait("java", ["-Xmx64m", "-XX:-UsePerfData", "-cp", folder, "Idle"]) };
		},
	},
	rust: {
		description: "a Rust program with two threads asleep, compiled with `rustc`",
		start: async (folder) => {
			const source = join(folder, "idle.rs");
			await writeFile(source, rustSource);
			if ((await run("rustc", ["-O", "-o", join(folder, "idle"), source])) !== 0) throw new Error("rustc failed");
			return { child: await startAndWait(join(folder, "idle"), []) };
		},
	},
	postgres: {
		description: "the process of PostgreSQL that serves a session, asleep in `pg_sleep`",
		start: async (folder) => ({ child: await startPostgres(folder) }),
		choose: async (child) => await findDescendant(child, /^postgres: .* SELECT/),
	},
	chromium: {
		description: "a renderer of headless Chromium that shows a page of text",
		start: async (folder) => ({ child: startChromium(folder) }),
		choose: async (child) =>
			await findDescendant(child, /--type=renderer (?!.*--(top-chrome-webui|extension-process))/),
	},
	target: {
		description: "`test/programs/target.c`, compiled with gcc; `ranges` holds what it printed about itself",
		start: async (folder) => {
			const binary = join(folder, "target");
			const source = join(checkout, "test/programs/target.c");
			if ((await run("gcc", ["-O1", "-o", binary, source])) !== 0) throw new Error("gcc failed");
			await mkdir(join(folder, "files"));
			let ranges = "";
			const child = await startAndWait(binary, [join(folder, "files")], (text) => {
				ranges += text;
			});
			return { child, ranges };
		},
	},
};

const pythonSource = `
import threading, time
for _ in range(3): threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()
print("ready", flush=True)
time.sleep(1e6)
`;

const rustSource = `
use std::{io::{stdin, Read, Write}, thread, time::Duration};
fn main() {
    for number in 0..2 {
        let name = format!("worker {number}");
        thread::Builder::new().name(name).spawn(|| thread::sleep(Duration::from_secs(1_000_000))).unwrap();
    }
    println!("ready");
    std::io::stdout().flush().unwrap();
    stdin().read(&mut [0]).unwrap();
}
`;

const javaSource = `
public class Idle {
	public static void main(String[] arguments) throws Exception {
		System.out.println("ready");
		Thread.sleep(1_000_000_000L);
	}
}
`;

const chosen = process.argv.slice(2);
for (const [name, program] of Object.entries(programs)) {
	if (chosen.length === 0 || chosen.includes(name)) await capture(name, program);
}
await writeReadme();

/**
 * @param {string} name
 * @param {Program} program
 */
async function capture(name, program) {
	const folder = await mkdtemp(join(tmpdir(), "capture-"));
	await chmod(folder, 0o755);
	const destination = join(fixtures, name);
	/** @type {ChildProcess | undefined} */
	let child;
	try {
		const started = await program.start(folder);
		child = started.child;
		const pid = (await program.choose?.(child)) ?? child.pid ?? 0;
		await stop(pid);
		const texts = new Map(
			await Promise.all(
				files.map(async (file) => /** @type {const} */ ([file, await readFile(`/proc/${pid}/${file}`, "latin1")])),
			),
		);
		if (started.ranges) texts.set("ranges", started.ranges);
		texts.set("syscall", await readThreads(pid));
		texts.set("pagemap", await readPagemap(pid, texts.get("smaps") ?? ""));
		await makeEmpty(destination);
		for (const [file, text] of texts) {
			const bytes = Buffer.from(anonymous(file, text, folder), "latin1");
			if (bytes.length > largestPlain) await writeFile(join(destination, `${file}.gz`), gzipSync(bytes, { level: 9 }));
			else await writeFile(join(destination, file), bytes);
		}
		console.log(`${name}: ${texts.get("maps")?.split("\n").length} lines of maps`);
	} finally {
		if (child) await end(child);
		await removeForeign(folder);
	}
}

/**
 * @param {string} command
 * @param {string[]} parameters
 * @param {(text: string) => void} [listen]
 * @returns {Promise<ChildProcess>} once it has printed `ready`
 */
async function startAndWait(command, parameters, listen) {
	const child = spawn(command, parameters, { stdio: ["pipe", "pipe", "inherit"], cwd: "/" });
	let printed = "";
	for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
		printed += chunk;
		if (printed.includes("ready")) break;
	}
	listen?.(printed);
	return child;
}

/** @param {string} folder */
function startChromium(folder) {
	const flags =
		"--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
	return spawn("chromium", [...flags.split(" "), `--user-data-dir=${folder}/profile`, "data:text/html,<h1>ready"], {
		stdio: "ignore",
		cwd: "/",
		env: { ...process.env, LC_ALL: "C" },
	});
}

/**
 * A server in a folder of its own, with a session that waits. It runs as the user whom Debian's package made: not as root.
 * @param {string} folder
 */
async function startPostgres(folder) {
	const programs = join("/usr/lib/postgresql", (await readdir("/usr/lib/postgresql")).sort().at(-1) ?? "", "bin");
	const user = Object.fromEntries(
		(await readFile("/etc/passwd", "utf8")).split("\n").flatMap((line) => {
			const [name, , uid, gid] = line.split(":");
			return name === "postgres" ? Object.entries({ uid: Number(uid), gid: Number(gid) }) : [];
		}),
	);
	await chown(folder, user.uid ?? 0, user.gid ?? 0);
	const data = join(folder, "data");
	const initialise = spawn(join(programs, "initdb"), ["-D", data, "-A", "trust", "-U", "postgres"], {
		...user,
		stdio: "ignore",
		cwd: "/",
	});
	const [code] = await once(initialise, "exit");
	if (code !== 0) throw new Error("initdb failed");
	const settings = ["-c", "listen_addresses=", "-c", "shared_buffers=16MB"];
	const server = spawn(join(programs, "postgres"), ["-D", data, "-k", folder, ...settings], {
		...user,
		stdio: "ignore",
		cwd: "/",
	});
	for (;;) {
		const sleep = ["-h", folder, "-U", "postgres", "-c", "select pg_sleep(1e6)"];
		const client = spawn(join(programs, "psql"), sleep, { stdio: "ignore" });
		// It ends at once while the server is not ready.
		const ended = await Promise.race([once(client, "exit"), delay(1000).then(() => undefined)]);
		if (ended === undefined) return server;
		await delay(200);
	}
}

/**
 * @param {ChildProcess} ancestor
 * @param {RegExp} commandLine
 * @returns {Promise<number>} pid of a process below another, once its memory has stopped growing
 */
async function findDescendant(ancestor, commandLine) {
	for (let before = -1; ; ) {
		await delay(1000);
		for (const pid of await descendants(ancestor.pid ?? 0)) {
			if (!commandLine.test(await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => ""))) continue;
			const resident = Number((await readFile(`/proc/${pid}/statm`, "latin1")).split(" ")[1]);
			if (resident === before) return pid;
			before = resident;
			break;
		}
	}
}

/**
 * `syscall` of every thread, each after the thread's id.
 * @param {number} pid
 */
async function readThreads(pid) {
	const threads = (await readdir(`/proc/${pid}/task`)).map(Number).sort((a, b) => a - b);
	const lines = threads.map(async (tid) => `${tid} ${await readFile(`/proc/${pid}/task/${tid}/syscall`, "latin1")}`);
	return (await Promise.all(lines)).join("");
}

/**
 * The entries of all mappings that have pages, in their order, as somebody without privileges reads them: without the
 * numbers of page frames, which tell nothing to anyone else.
 * @param {number} pid
 * @param {string} smaps
 */
async function readPagemap(pid, smaps) {
	const mappings = [...smaps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) .*\n(?:[A-Z].*\n)*?Rss: +(\d+) kB$/gm)];
	const file = await open(`/proc/${pid}/pagemap`);
	try {
		const parts = [];
		for (const [, start, end, resident] of mappings) {
			if (resident === "0") continue;
			const [from, to] = [Number(`0x${start}`) / pageSize, Number(`0x${end}`) / pageSize];
			const entries = Buffer.alloc((to - from) * 8);
			await file.read(entries, 0, entries.length, from * 8);
			for (let at = 0; at < entries.length; at += 8) {
				entries.writeUInt32LE(0, at);
				entries.writeUInt32LE((entries.readUInt32LE(at + 4) & 0xff80_0000) >>> 0, at + 4);
			}
			parts.push(entries);
		}
		return Buffer.concat(parts).toString("latin1");
	} finally {
		await file.close();
	}
}

/**
 * @param {number} pid
 * @returns {Promise<number[]>}
 */
async function descendants(pid) {
	const text = await readFile(`/proc/${pid}/task/${pid}/children`, "latin1").catch(() => "");
	const children = text.split(" ").filter(Boolean).map(Number);
	return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}

/** @param {number} pid */
async function stop(pid) {
	process.kill(pid, "SIGSTOP");
	for (const thread of await readdir(`/proc/${pid}/task`)) {
		while (!/\) T /.test(await readFile(`/proc/${pid}/task/${thread}/stat`, "latin1"))) await delay(10);
	}
}

/** @param {ChildProcess} child */
async function end(child) {
	const all = [...(await descendants(child.pid ?? 0)), child.pid ?? 0];
	const ended = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
	for (const pid of all) {
		try {
			process.kill(pid, "SIGKILL");
		} catch {
			// A child that ended with its parent.
		}
	}
	await ended;
}

/**
 * The text without what tells of the machine it was recorded on.
 * @param {string} file
 * @param {string} text
 * @param {string} folder
 */
function anonymous(file, text, folder) {
	const kept =
		file === "mountinfo"
			? `${text
					.split("\n")
					.filter((line) => commonMounts.has(line.split(" ")[4] ?? ""))
					.join("\n")
					.replaceAll(new RegExp(`\\b${hostname()}\\b`, "g"), "host")}\n`
			: text;
	return kept
		.replaceAll(folder, "/home/user/run")
		.replaceAll(checkout, "/home/user/project")
		.replaceAll(new RegExp(`${homedir()}(?=[/\\s\0]|$)`, "g"), "/home/user");
}

/** One line a recording, from the recordings themselves. */
async function writeReadme() {
	const lines = [];
	for (const name of (await readdir(fixtures)).sort()) {
		const program = programs[name];
		if (!program) continue;
		const status = await readFile(join(fixtures, name, "status"), "latin1");
		const threads = /^Threads:\s*(\d+)/m.exec(status)?.[1];
		lines.push(`- \`${name}/\`: ${program.description} (${threads} thread${threads === "1" ? "" : "s"}).`);
	}
	await writeFile(
		join(fixtures, "README.md"),
		`# Recorded kernel files

\`${files.join("`, `")}\` of real processes, taken with
\`node scripts/captureFixtures.mjs\` on Linux ${release().replace(/^(\d+\.\d+).*/, "$1")} (${process.arch}) while each process was stopped, so that its files agree.
\`syscall\` is that of every thread, each after its id; \`pagemap\` holds the entries of the mappings that have resident
pages, one mapping after the other, without the numbers of page frames.
Files above ${largestPlain / 1024} KiB are compressed. Folders that tell of the machine are rewritten to \`/home/user\`, and
\`mountinfo\` keeps the mounts that every machine has; otherwise the bytes are the kernel's.

${lines.join("\n")}
`,
	);
}
