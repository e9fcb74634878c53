import { deepEqual, equal, match, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { DebuggeeInfo } from "../../src/shared/debug/stops";
import { checkout } from "../support/checkout";
import { skip } from "../support/skip";
import { compileDebuggee, makeStage, patience, startDebugging, stopDebugging } from "./debugging";
import { until } from "./until";

/** Real sessions of lldb whose adapter says little of its process, or stands elsewhere. */
describe("a debuggee whose process the adapter does not make known", function () {
	const stage = makeStage(this);
	let program: string;
	before(async () => {
		program = await compileDebuggee("replaced");
	});

	/** A command that runs the adapter and tells its `process` event with other fields. */
	const retold = (changes: object) => [
		process.execPath,
		join(checkout, "test/debuggers/retell.mjs"),
		JSON.stringify(changes),
	];

	/** Starts a session to the first stop, which cannot be read; gives its debuggee. */
	async function start(through: readonly string[], path = program): Promise<DebuggeeInfo> {
		const configuration = { type: "test-lldb", request: "launch", name: "quiet", program: path, through };
		await startDebugging(configuration, ["checkpoint"]);
		return await until(
			`the first stop (${stage.room.rows().join("; ")})`,
			() => stage.room.sessions.list().find(({ running, status }) => !running && status.kind !== "waiting"),
			patience,
		);
	}

	/** Chooses the process that is offered first, and waits for the stop to be read. */
	async function chooseFirst({ id }: DebuggeeInfo): Promise<void> {
		const [first] = await stage.room.sessions.candidates(id);
		ok(first);
		deepEqual([first.name, first.traced, first.commandLine], ["debuggee-replac", true, [program]]);
		await stage.room.sessions.choose(id, first.pid);
		const { mappings, still } = await stage.room.stop(1);
		ok(mappings > 10);
		equal(still, true);
		equal(stage.room.debuggee()?.pidSource, "chosen");
	}

	it("is chosen by a person: what the debugger holds is offered first", async () => {
		const debuggee = await start(retold({ systemProcessId: null }));
		deepEqual(stage.room.rows(), [
			"quiet process not known",
			"The debugger does not say which process it debugs.",
			"Choose Process…",
		]);
		await chooseFirst(debuggee);
		match(stage.room.rows().join(), /^debuggee-replac \d+, stop 1, \d+ mappings$/);
	});

	it("may be counted in another PID namespace", async function () {
		const through = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];
		const [command = "", ...parameters] = [...through, "true"];
		const may = await promisify(execFile)(command, parameters).then(
			() => true,
			() => false,
		);
		if (!may) skip(this, "this user may not make a PID namespace");
		const debuggee = await start(through);
		const [title, notice, action, ...others] = stage.room.rows();
		deepEqual([title, action, others], ["quiet not here", "Choose Process…", []]);
		match(notice ?? "", /^No process here has the PID \d+: it runs in another container, in an emulator or on another machine\.$|^PID \d+ is .+ here: the program runs in another container, in an emulator or on another machine\.$/); // biome-ignore format: one
		await chooseFirst(debuggee);
	});

	it("may run on another machine", async () => {
		await start(retold({ isLocalProcess: false }));
		deepEqual(stage.room.rows(), [
			"quiet on another machine",
			"The program runs on another machine. Connect VS Code to that machine to see its memory.",
		]);
	});

	it("may be a program in an emulator, and an emulator that is debugged itself is none", async () => {
		const emulator = join(stage.folder, "qemu-aarch64");
		await copyFile(program, emulator);
		await start(retold({ name: "/srv/app" }), emulator);
		deepEqual(stage.room.rows(), [
			"quiet in an emulator",
			"The program runs in an emulator, whose addresses are not those of the program.",
		]);
		await stopDebugging(stage.room);
		await startDebugging({ type: "test-lldb", request: "launch", name: "qemu", program: emulator }, ["checkpoint"]);
		await stage.room.stop(1);
	});
});
