// Records the kernel files of real processes for the tests of the parsers: `node scripts/captureFixtures.mjs [PROGRAM…]`.
// Each process is stopped while it is read, so that its files agree. Paths that tell of the machine are rewritten.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, hostname, release, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { checkout, run } from "./support/commands.mjs";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

/**
 * @typedef {object} Program
 * @property {string} description
 * @property {(folder: string) => Promise<{ child: ChildProcess, ranges?: string }>} start Resolves when it is at rest.
 * @property {(child: ChildProcess) => Promise<number>} [choose] Pid to read when it is not the child itself.
 */

const files = ["maps", "smaps", "smaps_rollup", "stat", "status", "cmdline", "mountinfo"];
const fixtures = join(checkout, "test/fixtures");
const largestPlain = 8 * 1024;

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
	chromium: {
		description: "a renderer of headless Chromium that shows a page of text",
		start: async (folder) => ({ child: startChromium(folder) }),
		choose: async (child) => await findRenderer(child),
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
		await rm(destination, { recursive: true, force: true });
		await mkdir(destination, { recursive: true });
		for (const [file, text] of texts) {
			const bytes = Buffer.from(anonymous(file, text, folder), "latin1");
			if (bytes.length > largestPlain) await writeFile(join(destination, `${file}.gz`), gzipSync(bytes, { level: 9 }));
			else await writeFile(join(destination, file), bytes);
		}
		console.log(`${name}: ${texts.get("maps")?.split("\n").length} lines of maps`);
	} finally {
		if (child) await end(child);
		await rm(folder, { recursive: true, force: true });
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
 * @param {ChildProcess} browser
 * @returns {Promise<number>} pid of a renderer below the browser, once its memory has stopped growing
 */
async function findRenderer(browser) {
	for (let before = -1; ; ) {
		await delay(1000);
		for (const pid of await descendants(browser.pid ?? 0)) {
			const commandLine = await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "");
			if (!commandLine.includes("--type=renderer")) continue;
			const resident = Number((await readFile(`/proc/${pid}/statm`, "latin1")).split(" ")[1]);
			if (resident === before) return pid;
			before = resident;
			break;
		}
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
	while (!/\) T /.test(await readFile(`/proc/${pid}/stat`, "latin1"))) await delay(10);
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
Files above ${largestPlain / 1024} KiB are compressed. Folders that tell of the machine are rewritten to \`/home/user\`, and
\`mountinfo\` keeps the mounts that every machine has; otherwise the bytes are the kernel's.

${lines.join("\n")}
`,
	);
}
