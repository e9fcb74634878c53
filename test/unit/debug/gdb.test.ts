import { deepEqual, equal, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Debuggee } from "../../../src/extension/debug/debuggee";
import { type Fields, fieldsOf, listOf, textOf } from "../../../src/extension/debug/messages";
import { localPointers } from "../../../src/extension/views/debug/framePlaces";
import { valueAddress } from "../../../src/extension/views/debug/valueAddress";
import { checkout } from "../../support/checkout";
import {
	changedMappings,
	type Facts,
	ownPages,
	parseFacts,
	toldMappings,
	toldPages,
} from "../../support/debuggeeFacts";
import { recordedPageSize } from "../../support/fixtures";
import { PlayedRoom, type PlayedSession } from "../../support/playedSession";
import { RecordedDebuggee, recordedPid } from "../../support/recordedDebuggee";

/** A line of a recorded conversation; see test/fixtures/dap/gdb/README.md. */
interface Line {
	readonly to?: "adapter" | "client";
	/** It belongs to a question of the extension, and not to one of VS Code's. */
	readonly asked?: true;
	readonly message?: Fields;
	readonly stop?: number;
}

const folder = join(checkout, "test/fixtures/dap/gdb");
const source = "/home/user/project/test/programs/debuggees/steps.c";

describe("a conversation with gdb's own adapter", () => {
	const room = new PlayedRoom(new RecordedDebuggee(folder).service);
	let lines: Line[];
	let facts: Facts[];
	let session: PlayedSession;
	let debuggee: Debuggee;
	let passed = 0;
	before(async () => {
		facts = parseFacts(await readFile(join(folder, "facts"), "utf8"));
		const text = await readFile(join(folder, "conversation.jsonl"), "utf8");
		lines = text
			.replace(/"systemProcessId":\d+/, `"systemProcessId":${recordedPid}`)
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line) as Line);
		session = room.play({
			type: "gdb",
			configuration: { request: "launch", type: "gdb", program: "/tmp/debuggee/steps" },
			answer: (command, parameters) => answer(command, parameters),
		});
		debuggee = room.sessions.debuggee(session.info().id);
	});
	after(() => room.sessions.dispose());

	/** What gdb answered to that question at the stop that was reached. */
	function answer(command: string, parameters: Fields): unknown {
		const from = lines.slice(0, passed).findLastIndex(({ stop }) => stop !== undefined);
		for (const { message } of lines.slice(from)) {
			if (message?.["command"] !== command || !isDeepStrictEqual(message["arguments"], parameters)) continue;
			const found = lines.find(
				(line) => line.message?.["type"] === "response" && line.message["request_seq"] === message["seq"],
			);
			return found?.message?.["success"] === true ? (found.message["body"] ?? {}) : undefined;
		}
		throw new Error(`gdb was not asked ${command} ${JSON.stringify(parameters)}`);
	}

	/** Plays the conversation up to the moment when a stop was recorded. */
	async function playTo(wanted: number): Promise<void> {
		while (passed < lines.length) {
			const { to, asked, message, stop } = lines[passed++] ?? {};
			if (to === "adapter" && !asked) session.tracker.onWillReceiveMessage(message);
			else if (to === "client" && !asked) session.tracker.onDidSendMessage(message);
			if (stop !== undefined) await session.untilStop(stop);
			if (stop === wanted) return;
		}
	}

	/** What gdb has last told of the variables of `main`. */
	function variables(): Map<string, Fields> {
		const told = lines
			.slice(0, passed)
			.map(({ message }) => message)
			.filter((message) => message?.["command"] === "variables" && message["type"] === "response")
			.slice(-4)
			.flatMap((message) => listOf(fieldsOf(message?.["body"])["variables"]).map(fieldsOf));
		return new Map(told.map((variable) => [textOf(variable["name"]) ?? "", variable]));
	}

	const region = (name: string) => facts.flatMap(({ regions }) => regions).find((each) => each.name === name);
	const explain = async (address: bigint) => await debuggee.explainAddress(address);

	it("names the process and each stop", async () => {
		await playTo(1);
		const { process, pidSource, stops } = session.info();
		equal(process?.pid, recordedPid);
		equal(process.name, "steps");
		equal(pidSource, "processEvent");
		deepEqual(stops[0]?.place, { function: "checkpoint", line: 37, path: source });
	});

	it("has pointers whose text may be without an address", async () => {
		const told = variables();
		const found = async (name: string) => await valueAddress(told.get(name) ?? {}, "gdb", explain);
		equal(told.get("private")?.["value"], "'\\001' <repeats 200 times>...");
		deepEqual(await found("private"), { address: region("private")?.start, own: false });
		deepEqual(await found("copied"), { address: region("file")?.start, own: false });
		equal(await found("file"), undefined);
		const { mapping, offset } = await explain((region("file")?.start ?? 0n) + 5n);
		deepEqual([mapping?.name, offset], ["/tmp/debuggee/data", 5]);
		const answered = await debuggee.request("stackTrace", { threadId: 1, startFrame: 1, levels: 1 });
		equal(fieldsOf(listOf(fieldsOf(answered)["stackFrames"])[0])["name"], "main");
		const pointers = await localPointers((command, parameters) => debuggee.request(command, parameters), 1, "gdb");
		deepEqual(pointers.map(({ name }) => name).sort(), ["argv", "copied", "private"]);
	});

	it("tells where a frame's stack and code are", async () => {
		for (const frame of [0, 1]) {
			const { stackPointer, code } = await debuggee.explainFrame(1, frame);
			equal(stackPointer?.mapping?.name, "[stack]");
			equal(code?.mapping?.name, "/tmp/debuggee/steps");
			equal(code.mapping.permissions, "r-xp");
			// The kernel knows the innermost frame.
			const [, , stack, instruction] = (await readFile(join(folder, "stop-1/syscall"), "latin1")).trim().split(" ");
			const kernels = [stack, instruction].map((text) => BigInt(text ?? "").toString(16));
			if (frame === 0) deepEqual([stackPointer.address, code.address], kernels);
		}
	});

	it("reads memory", async () => {
		const { start } = region("private") ?? { start: 0n };
		deepEqual(await debuggee.readMemory(start, 256), new Uint8Array(256).fill(1));
	});

	it("has stops between which memory changes as the program tells", async () => {
		await playTo(4);
		check(await debuggee.compare(1, 4), facts[1]);
		deepEqual(
			session.info().stops.map(({ reason }) => reason),
			["breakpoint", "step", "step", "breakpoint"],
		);
		await playTo(7);
		check(await debuggee.compare(6, 7), facts[2]);
		await playTo(8);
		check(await debuggee.compare(7, 8), facts[3]);
	});

	function check(changes: Awaited<ReturnType<Debuggee["compare"]>>, told: Facts | undefined): void {
		deepEqual(changedMappings(changes, recordedPageSize), toldMappings(told));
		deepEqual(ownPages(changes, told, recordedPageSize), toldPages(told));
		equal(changes.totals.unknown, 0);
	}

	it("shows what a person changed at a stop", async () => {
		const { stops } = session.info();
		deepEqual(
			stops.slice(4, 6).map(({ reason }) => reason),
			["evaluate", "evaluate"],
		);
		const written = async (from: number) =>
			ownPages(await debuggee.compare(from, from + 1), facts[1], recordedPageSize);
		deepEqual(await written(4), [region("private")?.start.toString(16)]);
		deepEqual(await written(5), [region("file")?.start.toString(16)]);
	});

	it("ends with a fault, which gdb does not name", async () => {
		await playTo(9);
		const { stops } = await session.until((info) => info.stops.at(-1)?.fault !== undefined);
		const { reason, description, fault } = stops[8] ?? {};
		equal(reason, "exception");
		equal(description, undefined);
		equal(fault?.signal, "SIGSEGV");
		equal(`fault ${fault.address}`, facts[4]?.lines[0]);
		equal(fault.cause.kind, "guardPage");
		await playTo(Number.POSITIVE_INFINITY);
		equal(session.info().status.kind, "ended");
		ok(passed === lines.length);
		deepEqual(room.log, []);
	});
});
