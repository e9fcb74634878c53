// Records a session of gdb's own debug adapter (gdb 14 and later), for the tests of debug sessions to play back:
// `node scripts/recordGdb.mjs GDB`. GDB may be that of another Debian in a folder of its own (`debootstrap`), and is run
// with that one's libraries then. The messages are those that VS Code and the extension exchange with it; whenever the
// program stands still, the kernel files of the very process are recorded beside them. Everything happens in a folder
// whose name tells nothing of the machine, and without its environment.
import { execFile, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readSync, realpathSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { release } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { checkout } from "./support/commands.mjs";
import { makeEmpty } from "./support/folders.mjs";

/** @typedef {Record<string, unknown>} Fields */
/** @typedef {{ id: number, name: string }} Frame */
/** @typedef {{ name: string, value: string, variablesReference: number, memoryReference?: string }} Variable */

const [gdb] = process.argv.slice(2);
if (gdb === undefined) {
	console.error("usage: node scripts/recordGdb.mjs GDB    (path of a gdb 14 or later)");
	process.exit(2);
}
const run = promisify(execFile);
const destination = join(checkout, "test/fixtures/dap/gdb");
const folder = "/tmp/debuggee";
const program = join(folder, "steps");
const environment = { PATH: "/usr/bin:/bin", HOME: "/", LC_ALL: "C.UTF-8" };
const pageSize = 4096n;
// Of an entry of pagemap; see the kernel's Documentation/admin-guide/mm/pagemap.rst.
const frameBits = 2n ** 55n - 1n;
const fileBit = 2n ** 61n;
const presentBit = 2n ** 63n;
/** KPF_ZERO_PAGE of linux/kernel-page-flags.h. */
const zeroPageFlag = 2n ** 24n;

/** @type {{ to?: "adapter" | "client", asked?: boolean, message?: Fields, stop?: number }[]} */
const lines = [];
/** Events that have come and that nobody has waited for yet. @type {Fields[]} */
const events = [];
/** @type {(() => void)[]} */
const waiting = [];
/** @type {Map<number, (message: Fields) => void>} */
const answers = new Map();
/** What pages held at the stop before. @type {Map<bigint, Buffer>} */
const recorded = new Map();
let received = Buffer.alloc(0);
let sequence = 0;
let stops = 0;
let pid = 0;

try {
	await mkdir(folder, { mode: 0o700 }); // made by us, or not used at all
} catch (error) {
	if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
	console.error(`${folder} exists already, and the recording needs this path. Remove it, and try again.`);
	process.exit(1);
}
const [command, parameters, own] = commandOf(gdb);
const adapter = spawn(command, [...parameters, "--nx", "--interpreter=dap"], {
	cwd: folder,
	env: { ...environment, ...own },
	stdio: ["pipe", "pipe", "inherit"],
});
try {
	await run("gcc", ["-O0", "-g", "-o", program, join(checkout, "test/programs/debuggees/steps.c")], { cwd: folder });
	adapter.stdout.on("data", receive);
	await makeEmpty(destination);
	await converse();
	const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
	await writeFile(join(destination, "conversation.jsonl"), text.replaceAll(checkout, "/home/user/project"));
	await writeFile(join(destination, "facts"), await readFile(join(folder, "facts")));
	await writeReadme();
} finally {
	adapter.kill("SIGKILL");
	await rm(folder, { recursive: true, force: true });
}

/**
 * How gdb is run: command, parameters and what it needs of the environment.
 * @param {string} path
 * @returns {[command: string, parameters: string[], environment: Record<string, string>]}
 */
function commandOf(path) {
	const root = resolve(path, "../../..");
	const loader = join(root, "lib64/ld-linux-x86-64.so.2");
	if (root === "/" || !existsSync(loader)) return [path, [], {}];
	const libraries = join(root, "usr/lib/x86_64-linux-gnu");
	return [
		realpathSync(loader),
		["--library-path", libraries, path, `--data-directory=${join(root, "usr/share/gdb")}`],
		{ PYTHONHOME: join(root, "usr") },
	];
}

/** What VS Code and the extension say, from the beginning to the program's death. */
async function converse() {
	await request("initialize", {
		clientID: "vscode",
		clientName: "Visual Studio Code",
		adapterID: "gdb",
		pathFormat: "path",
		linesStartAt1: true,
		columnsStartAt1: true,
		supportsVariableType: true,
		supportsVariablePaging: true,
		supportsRunInTerminalRequest: true,
		locale: "en",
		supportsProgressReporting: true,
		supportsInvalidatedEvent: true,
		supportsMemoryReferences: true,
		supportsArgsCanBeInterpretedByShell: true,
		supportsMemoryEvent: true,
		supportsStartDebuggingRequest: true,
		supportsANSIStyling: true,
	});
	const launched = request("launch", {
		type: "gdb",
		request: "launch",
		name: "steps",
		program,
		args: [join(folder, "facts"), join(folder, "data"), "fault"],
		cwd: folder,
		env: environment,
	});
	await event("initialized");
	await request("setBreakpoints", {
		source: { path: join(checkout, "test/programs/debuggees/steps.c"), name: "steps.c" },
		breakpoints: [],
	});
	await request("setFunctionBreakpoints", { breakpoints: [{ name: "checkpoint" }] });
	await request("setExceptionBreakpoints", { filters: [] });
	await request("configurationDone");
	await launched;
	const { systemProcessId } = await event("process");
	pid = Number(systemProcessId);

	await stopped(); // breakpoint, checkpoint 1
	await resume("stepOut"); // to the end of the function and back in main
	await stopped();
	await resume("next");
	await stopped();
	await resume("continue");
	await stopped(); // checkpoint 2
	await changeMemory();
	await resume("continue");
	await stopped(); // checkpoint 3
	await resume("continue");
	await stopped(); // checkpoint 4
	await resume("continue");
	await stopped(); // SIGSEGV
	await resume("continue");
	await event("exited");
	await event("terminated");
	await request("disconnect", { restart: false, terminateDebuggee: true });
}

/** A stop: what VS Code asks for at each, what the extension asks for when a person wants to know more, and the process. */
async function stopped() {
	const { threadId, reason } = await event("stopped");
	await request("threads");
	const [top] = await stack(threadId, 0, 1, false);
	const callers = await stack(threadId, 1, 19, false);
	const main = [top, ...callers].find((frame) => frame?.name === "main") ?? top;
	if (top === undefined || main === undefined) throw new Error("no frames");
	/** @type {Variable[]} */
	const variables = [];
	const { scopes } = await request("scopes", { frameId: main.id });
	for (const { name, variablesReference } of /** @type {{ name: string, variablesReference: number }[]} */ (scopes)) {
		// Of the registers, which are a hundred, once is enough.
		if (name === "Registers" && reason !== "signal") continue;
		const { variables: found } = await request("variables", { variablesReference });
		if (name !== "Registers") variables.push(.../** @type {Variable[]} */ (found));
	}
	await readMemoryOf(variables);
	const depth = main === top ? 0 : 1 + callers.indexOf(main);
	await recordProcess();
	await askAsExtension(threadId, depth, variables, reason === "signal");
}

/**
 * The hexadecimal view of VS Code, on the pointers among the variables and on where they lie.
 * @param {Variable[]} variables
 */
async function readMemoryOf(variables) {
	for (const { memoryReference } of variables) {
		if (memoryReference) await request("readMemory", { memoryReference, offset: 0, count: 8 });
	}
}

/**
 * Questions of the extension itself, which reach the adapter between those of VS Code.
 * @param {unknown} threadId
 * @param {number} depth of the frame of `main`
 * @param {Variable[]} variables
 * @param {boolean} signalled
 */
async function askAsExtension(threadId, depth, variables, signalled) {
	for (const level of new Set([0, depth])) {
		const [frame] = await stack(threadId, level, 1, true);
		for (const expression of ["$sp", "$pc"]) {
			await request("evaluate", { expression, context: "watch", frameId: frame?.id }, true);
		}
	}
	const [frame] = await stack(threadId, depth, 1, true);
	for (const { name } of variables) {
		await request("evaluate", { expression: name, context: "hover", frameId: frame?.id }, true);
	}
	for (const { memoryReference } of variables) {
		if (memoryReference) await request("readMemory", { memoryReference, offset: 0, count: 256 }, true);
	}
	if (!signalled) return;
	const [top] = await stack(threadId, 0, 1, true);
	for (const field of ["si_signo", "_sifields._sigfault.si_addr", "si_code"]) {
		await request("evaluate", { expression: `$_siginfo.${field}`, context: "watch", frameId: top?.id }, true);
	}
}

/** A person changes memory at a stop, in the debug console and in the Variables view. */
async function changeMemory() {
	const [, main] = await stack(1, 0, 20, false);
	await request("evaluate", { expression: "set var private[0] = 'x'", context: "repl", frameId: main?.id });
	await recordProcess();
	await request("setExpression", { expression: "copied[0]", value: "'y'", frameId: main?.id });
	await recordProcess();
}

/** The kernel files of the program, which stands still, and the contents of the pages that it may have written. */
async function recordProcess() {
	const stop = join(destination, `stop-${++stops}`);
	lines.push({ stop: stops });
	await mkdir(stop);
	for (const file of ["maps", "stat", "status", "cmdline"]) {
		await writeFile(join(stop, file), await readFile(`/proc/${pid}/${file}`));
	}
	const threads = (await readdir(`/proc/${pid}/task`)).map(
		async (tid) => `${tid} ${await readFile(`/proc/${pid}/task/${tid}/syscall`, "latin1")}`,
	);
	await writeFile(join(stop, "syscall"), (await Promise.all(threads)).join(""));
	const { entries, contents } = readPages(await readFile(`/proc/${pid}/maps`, "latin1"));
	await writeFile(join(stop, "pagemap.gz"), gzipSync(entries, { level: 9 }));
	await writeFile(join(stop, "contents.gz"), gzipSync(contents, { level: 9 }));
}

/**
 * Each page that the page table holds: its number and its entry, 16 bytes, with the kind of the frame. And of those
 * that are anonymous or of shared memory that may be written: number and bytes, if they differ from the stop before.
 * @param {string} maps
 */
function readPages(maps) {
	const pagemap = openSync(`/proc/${pid}/pagemap`, "r");
	const memory = openSync(`/proc/${pid}/mem`, "r");
	const entries = [];
	const contents = [];
	try {
		for (const [, start, end, permissions] of maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) (\S+)/gm)) {
			// The kernel's own page at the end of all addresses is in no page table of a process.
			if (start?.startsWith("ffffffff")) continue;
			for (let page = BigInt(`0x${start}`) / pageSize; page < BigInt(`0x${end}`) / pageSize; page++) {
				const record = Buffer.alloc(16);
				record.writeBigUInt64LE(page);
				readSync(pagemap, record, 8, 8, page * 8n);
				const entry = record.readBigUInt64LE(8);
				if (entry === 0n) continue;
				if (entry & presentBit) record.writeBigUInt64LE((entry & ~frameBits) | kindOfFrame(entry & frameBits), 8);
				entries.push(record);
				const anonymous = (entry & fileBit) === 0n;
				if ((entry & presentBit) === 0n || !(anonymous || permissions === "rw-s")) continue;
				const bytes = Buffer.alloc(Number(pageSize));
				readSync(memory, bytes, 0, bytes.length, page * pageSize);
				if (recorded.get(page)?.equals(bytes)) continue;
				recorded.set(page, bytes);
				contents.push(record.subarray(0, 8), bytes);
			}
		}
	} finally {
		closeSync(pagemap);
		closeSync(memory);
	}
	return { entries: Buffer.concat(entries), contents: Buffer.concat(contents) };
}

/**
 * The kind of a frame in place of its number: 1 for the shared zero page, 2 for all others. Frames are shown to root only.
 * @param {bigint} frame
 */
function kindOfFrame(frame) {
	if (frame === 0n) throw new Error("frames are hidden: record as root");
	const flags = Buffer.alloc(8);
	const file = openSync("/proc/kpageflags", "r");
	readSync(file, flags, 0, 8, frame * 8n);
	closeSync(file);
	return flags.readBigUInt64LE() & zeroPageFlag ? 1n : 2n;
}

async function writeReadme() {
	const { stdout } = await run(command, [...parameters, "--version"], { env: { ...environment, ...own } });
	const version = stdout.split("\n")[0]?.replace(/^GNU gdb /, "");
	const system = /^PRETTY_NAME="(.*)"$/m.exec(await readFile("/etc/os-release", "utf8"))?.[1];
	await writeFile(
		join(destination, "README.md"),
		`# A session of gdb's own debug adapter

Recorded with \`node scripts/recordGdb.mjs GDB\` from gdb ${version} on ${system} with Linux ${release().replace(/^(\d+\.\d+).*/, "$1")} (${process.arch}),
which debugged \`test/programs/debuggees/steps.c\` until that died of a SIGSEGV. Nothing in it is written by hand; the checkout's
folder is rewritten to \`/home/user/project\`.

- \`conversation.jsonl\`: every message in the order in which it passed, as \`{"to", "message"}\`. Requests with \`asked\` are those
  of the extension, and answer what the played back session asks; the others are those of VS Code. \`{"stop"}\` is where the
  program stood still and its files were read.
- \`facts\`: what the program wrote about itself.
- \`stop-N/\`: kernel files of the program at that moment. \`syscall\` is that of every thread, each after its id. \`pagemap\` holds a
  page's number and its entry (8 bytes each, little-endian; 1 is the frame of the shared zero page, 2 all others) for every
  page that the page table holds; \`contents\` number and bytes of those that the program may have written, where the bytes differ from the stop before.
`,
	);
}

/**
 * @param {unknown} threadId
 * @param {number} startFrame
 * @param {number} levels
 * @param {boolean} asked
 * @returns {Promise<Frame[]>}
 */
async function stack(threadId, startFrame, levels, asked) {
	const { stackFrames } = await request("stackTrace", { threadId, startFrame, levels }, asked);
	return /** @type {Frame[]} */ (stackFrames ?? []);
}

/** @param {string} command */
async function resume(command) {
	await request(command, { threadId: 1 });
}

/**
 * @param {string} command
 * @param {Fields} [parameters]
 * @param {boolean} [asked] by the extension, and not by VS Code
 * @returns {Promise<Fields>} the body of the answer; empty where the adapter refuses
 */
async function request(command, parameters = {}, asked = false) {
	const seq = ++sequence;
	const message = { seq, type: "request", command, arguments: parameters };
	/** @type {Promise<Fields>} */
	const answered = new Promise((resolve) => answers.set(seq, resolve));
	lines.push({ to: "adapter", ...(asked ? { asked } : {}), message });
	const text = Buffer.from(JSON.stringify(message));
	adapter.stdin.write(`Content-Length: ${text.length}\r\n\r\n`);
	adapter.stdin.write(text);
	const { success, body, message: refusal } = await answered;
	if (success !== true) console.log(`${command} is refused: ${refusal}`);
	return /** @type {Fields} */ (body ?? {});
}

/**
 * @param {string} name
 * @returns {Promise<Fields>} the body of the next such event
 */
async function event(name) {
	for (;;) {
		const at = events.findIndex((each) => each["event"] === name);
		if (at >= 0) return /** @type {Fields} */ (events.splice(at, 1)[0]?.["body"] ?? {});
		await /** @type {Promise<void>} */ (new Promise((resolve) => waiting.push(resolve)));
	}
}

/** @param {Buffer} bytes */
function receive(bytes) {
	received = Buffer.concat([received, bytes]);
	for (;;) {
		const head = received.indexOf("\r\n\r\n");
		if (head < 0) return;
		const length = Number(/Content-Length: (\d+)/i.exec(received.toString("latin1", 0, head))?.[1]);
		if (received.length < head + 4 + length) return;
		const message = /** @type {Fields} */ (JSON.parse(received.toString("utf8", head + 4, head + 4 + length)));
		received = received.subarray(head + 4 + length);
		const answered = Number(message["request_seq"]);
		const asked =
			message["type"] === "response" &&
			lines.some((line) => line.to === "adapter" && line.asked && line.message?.["seq"] === answered);
		lines.push({ to: "client", ...(asked ? { asked } : {}), message });
		if (message["type"] === "event") events.push(message);
		else answers.get(answered)?.(message);
		for (const resolve of waiting.splice(0)) resolve();
	}
}
