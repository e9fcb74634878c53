import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import type { DebugConfiguration } from "vscode";
import { checkout } from "../support/checkout";
import { changedMappings, isOwn, ownPages, toldMappings, toldPages } from "../support/debuggeeFacts";
import { breakAtStop, compileDebuggee, lineOf, makeStage, pageSize, readFacts, startDebugging } from "./debugging";

const programs = join(checkout, "test/programs/debuggees");

/** Real sessions of three debuggers, whose programs tell what they did to their memory between four stops. */
describe("each step of a program", function () {
	const stage = makeStage(this);

	it("under lldb: all that it mapped, unmapped, protected and wrote, and nothing else", async () => {
		const program = await compileDebuggee("steps");
		const facts = join(stage.folder, "lldb");
		const args = [facts, join(stage.folder, "file")];
		await startDebugging({ type: "test-lldb", request: "launch", name: "steps", program, args }, ["checkpoint"]);
		const id = await passStops("checkpoint", true);
		const told = await readFacts(facts);
		for (const from of [1, 2, 3]) {
			const changes = await stage.room.sessions.debuggee(id).compare(from, from + 1);
			equal(changes.totals.unknown, 0);
			deepEqual(changedMappings(changes, pageSize), toldMappings(told[from]));
			deepEqual(ownPages(changes, told[from], pageSize), toldPages(told[from]));
			// What is beyond are its stack, the C library's data, and breakpoints, which are counted by themselves.
			const others = changes.pages.filter(({ mapping }) => !isOwn(mapping.startPage, told[from], pageSize));
			deepEqual(others.filter(({ mapping, written }) => written > 0 && !["stack", "heap", "data", "bss", "anonymous"].includes(mapping.kind)), []); // biome-ignore format: short
		}
		const info = stage.room.debuggee();
		equal(info?.pidSource, "processEvent");
		equal(info?.process?.name, "debuggee-steps");
		// Stops that are no neighbours: the memory of stop 2 and 3 has come and gone.
		const all = await stage.room.sessions.debuggee(id).compare(4, 1);
		deepEqual(
			changedMappings(all, pageSize),
			[...(told[2]?.lines ?? []), ...(told[3]?.lines ?? [])].filter((line) => /^(grown|shrunk)/.test(line)).sort(),
		);
	});

	it("under debugpy", async () => {
		const program = join(programs, "steps.py");
		const facts = join(stage.folder, "debugpy");
		await breakAtStop(program);
		const python = "/usr/bin/python3";
		const options = { program, args: [facts], console: "internalConsole", python, justMyCode: false };
		await check({ type: "test-debugpy", request: "launch", name: "steps", ...options }, facts, "processEvent");
	});

	it("under VS Code's own debugger for JavaScript", async () => {
		const program = join(programs, "steps.js");
		const facts = join(stage.folder, "js-debug");
		await breakAtStop(program);
		const args = [facts, join(checkout, "node_modules/koffi")];
		const options = { program, args, console: "internalConsole", runtimeExecutable: process.execPath };
		await check({ type: "node", request: "launch", name: "steps", ...options }, facts, "evaluate");
	});

	/** An interpreter does much besides: what happens in the program's own memory is as it told. */
	async function check(configuration: DebugConfiguration, facts: string, source: string): Promise<void> {
		await startDebugging(configuration);
		const id = await passStops("checkpoint", false);
		equal(stage.room.debuggee()?.pidSource, source);
		const told = await readFacts(facts);
		for (const from of [1, 2, 3]) {
			const changes = await stage.room.sessions.debuggee(id).compare(from, from + 1);
			deepEqual(changedMappings(changes, pageSize, told[from]), toldMappings(told[from]));
			deepEqual(ownPages(changes, told[from], pageSize), toldPages(told[from]));
		}
	}

	/** Goes through four stops, and gives the debuggee's id. */
	async function passStops(name: string, still: boolean): Promise<number> {
		for (let number = 1; number <= 4; number++) {
			const stop = await stage.room.stop(number);
			equal(stop.reason, "breakpoint");
			ok(stop.place?.function.includes(name), JSON.stringify(stop));
			equal(stop.place?.line, await lineOf(stop.place?.path));
			equal(stop.still, still);
			if (number < 4) await stage.room.resume();
		}
		const info = stage.room.debuggee();
		ok(info);
		return info.id;
	}
});
