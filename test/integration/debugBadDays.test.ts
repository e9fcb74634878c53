import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { commands, debug } from "vscode";
import { fieldsOf, listOf } from "../../src/extension/debug/messages";
import type { DebuggeeStatus } from "../../src/shared/debug/stops";
import { checkout } from "../support/checkout";
import { Target } from "../support/target";
import {
	breakAtStop,
	compileDebuggee,
	DebugRoom,
	lineOf,
	pageSize,
	patience,
	startDebugging,
	stopDebugging,
} from "./debugging";
import { until } from "./until";

describe("programs under lldb on a bad day", function () {
	this.timeout(2 * patience);
	let room: DebugRoom;
	let program: string;
	/** Every status that a debuggee has had. */
	let statuses: DebuggeeStatus["kind"][];
	before(async () => {
		room = new DebugRoom();
		program = await compileDebuggee("replaced");
		room.sessions.onDidChange(() => statuses.push(...room.sessions.list().map(({ status }) => status.kind)));
	});
	beforeEach(() => {
		statuses = [];
	});
	afterEach(() => stopDebugging(room));
	after(() => room.dispose());

	const start = async () =>
		await startDebugging({ type: "test-lldb", request: "launch", name: "replaced", program }, ["checkpoint"]);

	it("become another program, and nothing of the former one counts as changed", async () => {
		await start();
		const first = await room.stop(1);
		equal(first.totals, undefined);
		await room.resume();
		// lldb stops at the exec itself, too, before the new program has run a line.
		const last = await until(
			"a stop in the new program",
			async () => {
				const stop = room.debuggee()?.stops.find(({ number, place }) => number > 1 && place?.function === "checkpoint");
				const info = room.debuggee();
				if (stop === undefined && info && !info.running && !info.reading && info.stops.at(-1)?.place)
					await room.resume();
				return stop;
			},
			patience,
		);
		ok(last);
		const stops = room.debuggee()?.stops ?? [];
		const replaced = stops.find(({ formerName }) => formerName !== undefined);
		equal(replaced?.formerName, "debuggee-replac");
		equal(replaced.totals, undefined);
		equal(stops.filter(({ formerName }) => formerName !== undefined).length, 1);
	});

	it("are started again: another process, with stops of its own", async () => {
		await start();
		await room.stop(1);
		const { pid } = room.debuggee()?.process ?? {};
		ok(pid);
		await commands.executeCommand("workbench.action.debug.restart");
		await until("the new process", () => room.debuggee()?.process && room.debuggee()?.process?.pid !== pid, patience);
		const stop = await room.stop(1);
		equal(stop.totals, undefined);
		notEqual(room.debuggee()?.process?.pid, pid);
		equal(room.debuggee()?.stops.length, 1);
	});

	it("fork, and the debugger goes on with the child without a word", async () => {
		await startDebugging(
			{
				type: "test-lldb",
				request: "launch",
				name: "forks",
				program: await compileDebuggee("forks"),
				initCommands: ["settings set target.process.follow-fork-mode child"],
			},
			["checkpoint"],
		);
		await room.stop(1);
		const parent = room.debuggee()?.process?.pid;
		ok(parent);
		await room.resume();
		const child = await until(
			"the child",
			() => {
				const info = room.debuggee();
				return info?.pidSource === "followed" && info.process?.pid !== parent ? info.process : undefined;
			},
			patience,
		);
		match(await readFile(`/proc/${child.pid}/status`, "utf8"), new RegExp(`^PPid:\\s+${parent}$`, "m"));
		const stop = await room.stop(1);
		equal(stop.totals, undefined);
		await room.resume();
		const second = await room.stop(2);
		equal(second.totals?.byKind.find(({ kind }) => kind === "data")?.written, 1);
	});

	it("are killed while they stand still", async () => {
		await start();
		await room.stop(1);
		const info = room.debuggee();
		ok(info?.process);
		process.kill(info.process.pid, "SIGKILL");
		await until(
			"the end of the process",
			() => {
				if (statuses.includes("ended")) return true;
				const debuggee = room.sessions.ofSession(info.session.id);
				debuggee?.refresh();
				return debuggee === undefined;
			},
			patience,
		);
	});

	it("are stepped through fifty times as fast as the debugger can: the last state is right", async () => {
		const source = join(checkout, "test/programs/debuggees/loop.c");
		await breakAtStop(source);
		await startDebugging({
			type: "test-lldb",
			request: "launch",
			name: "loop",
			program: await compileDebuggee("loop"),
		});
		const { threadId } = await room.stop(1);
		debug.removeBreakpoints(debug.breakpoints);
		for (let step = 1; step <= 50; step++) {
			await room.request("next", { threadId });
			await until("the end of a step", () => room.debuggee()?.running === false, patience);
		}
		const info = await until(
			"the last stop",
			() => {
				const found = room.debuggee();
				return found && !found.reading && found.stops.at(-1)?.place && found;
			},
			patience,
		);
		const last = info.stops.at(-1);
		ok(last);
		// What the program itself says.
		const stack = await room.request("stackTrace", { threadId, startFrame: 0, levels: 1 });
		const { id: frameId, line } = fieldsOf(listOf(stack["stackFrames"])[0]);
		const value = async (expression: string) =>
			String((await room.request("evaluate", { expression, frameId, context: "watch" }))["result"]);
		const turn = Number(await value("turn"));
		const heap = BigInt(/0x[0-9a-f]+/.exec(await value("(void *)heap"))?.[0] ?? 0);
		const turns = line === (await lineOf(source)) ? turn : turn + 1;
		ok(turns >= 10, `${turns}`);
		equal(last.place?.line, line);
		equal(last.mappings, (await readFile(`/proc/${info.process?.pid}/maps`, "latin1")).split("\n").length - 1);
		const { pages } = await room.sessions.debuggee(info.id).compare(1, last.number);
		const page = (turn: number) => Number((heap + BigInt(turn) * 4096n) / BigInt(pageSize));
		const written = pages
			.flatMap(({ ranges }) => ranges)
			.flatMap(({ startPage, endPage }) => Array.from({ length: endPage - startPage }, (_, at) => startPage + at))
			.filter((each) => each >= page(0) && each < page(4096));
		deepEqual(written, [...new Set(Array.from({ length: turns }, (_, turn) => page(turn)))]);
	});

	it("are attached to, paused, and let go of", async () => {
		const target = await Target.start();
		try {
			await startDebugging({
				type: "test-lldb",
				request: "attach",
				name: "target",
				pid: target.pid,
				stopOnEntry: true,
			});
			const first = await room.stop(1, () => true);
			equal(first.still, true);
			const info = room.debuggee();
			ok(info);
			equal(info.process?.pid, target.pid);
			await room.resume();
			await until("it to run", () => room.debuggee()?.running, patience);
			await room.request("pause", { threadId: first.threadId });
			const second = await room.stop(2, () => true);
			equal(second.totals?.mappings.new, 0);
			await room.request("disconnect", { terminateDebuggee: false });
			await until("the debugger to let go", () => statuses.includes("detached"), patience);
			await target.command("touch"); // it lives on
		} finally {
			await target.stop();
		}
	});
});
