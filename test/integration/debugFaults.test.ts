import { deepEqual, equal, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { release } from "node:os";
import { join } from "node:path";
import { fieldsOf, listOf } from "../../src/extension/debug/messages";
import type { FaultCause, FaultExplanation } from "../../src/shared/debug/faults";
import { skip } from "../support/skip";
import { compileDebuggee, makeStage, pageSize, patience, startDebugging } from "./debugging";
import { until } from "./until";

/** What the program wrote of itself before it died. */
interface Told {
	readonly fault?: string;
	/** Pages. */
	readonly range?: { readonly start: number; readonly end: number };
	readonly thread?: number;
}

describe("faults of a program under lldb", function () {
	const stage = makeStage(this);
	let program: string;
	before(async () => {
		program = await compileDebuggee("faults", ["-pthread"]);
	});

	/** Runs the program until it dies of a fault, and gives its explanation with what the program told. */
	async function explain(kind: string, breakpoint?: string): Promise<{ fault: FaultExplanation; told: Told }> {
		const facts = join(stage.folder, "facts");
		const args = [facts, kind, join(stage.folder, "file.bin")];
		const configuration = { type: "test-lldb", request: "launch", name: kind, program, args };
		await startDebugging(configuration, breakpoint === undefined ? [] : [breakpoint]);
		if (breakpoint !== undefined) {
			await stage.room.stop(1);
			await stage.room.resume();
		}
		const stop = await until(
			`the explanation of ${kind} (${stage.room.log.join("; ")})`,
			() => stage.room.debuggee()?.stops.find(({ fault }) => fault !== undefined),
			patience,
		);
		ok(stop.fault);
		equal(stop.reason, "exception");
		return { fault: stop.fault, told: parseTold(await readFile(facts, "utf8")) };
	}

	/** The cause, which must be of that kind. */
	function causeOf<K extends FaultCause["kind"]>(fault: FaultExplanation, kind: K): Extract<FaultCause, { kind: K }> {
		equal(fault.cause.kind, kind, JSON.stringify(fault));
		return fault.cause as Extract<FaultCause, { kind: K }>;
	}

	it("in the guard below a thread's stack are stack overflows of that thread", async () => {
		const { fault, told } = await explain("threadStackOverflow");
		const cause = causeOf(fault, "threadStackOverflow");
		equal(fault.signal, "SIGSEGV");
		equal(cause.tid, told.thread);
		equal(cause.name, "deep-thread");
		deepEqual(fault.thread, { tid: told.thread, name: "deep-thread" });
		equal(cause.guard.permissions, "---p");
		equal(cause.stack?.startPage, cause.guard.endPage);
		equal(cause.stack?.threadId, told.thread);
		const info = await until(
			"the function that calls itself",
			() => stage.room.debuggee()?.stops.some(({ recursion }) => recursion === "deep") && stage.room.debuggee(),
			patience,
		);
		const start = await stage.room.sessions.debuggee(info.id).recursionStart(told.thread ?? 0);
		const startFrame = start?.frame ?? 0;
		const stack = await stage.room.request("stackTrace", { threadId: told.thread, startFrame, levels: 2 });
		deepEqual(
			listOf(stack["stackFrames"]).map((frame) => fieldsOf(frame)["name"]),
			["deep", "thread"],
		);
		const address = BigInt(`0x${fault.address}`);
		equal(BigInt(cause.guard.endPage) * BigInt(pageSize) - address, BigInt(cause.distance));
		ok(cause.distance > 0 && cause.distance <= pageSize);
	});

	it("below the main stack, which may not grow, are its overflow", async () => {
		const { fault } = await explain("mainStackOverflow");
		const cause = causeOf(fault, "mainStackOverflow");
		equal(cause.limit, 2 ** 20);
		equal(cause.stack.name, "[stack]");
		ok(cause.size <= 2 ** 20 && cause.size > 2 ** 19, `${cause.size}`);
	});

	it("through null pointers tell the member's offset", async () => {
		const { fault, told } = await explain("nullPointer");
		equal(fault.address, told.fault);
		equal(causeOf(fault, "nullPointer").offset, 24);
	});

	it("on read-only data name module, section and symbol", async () => {
		const { fault, told } = await explain("readOnly");
		equal(fault.address, told.fault);
		equal(fault.access, "write");
		const cause = causeOf(fault, "readOnly");
		equal(cause.mapping.permissions, "r--p");
		deepEqual(cause.place, { module: "debuggee-faults", section: ".rodata", symbol: "constant" });
	});

	it("on memory without access say so", async () => {
		const { fault, told } = await explain("noAccess");
		equal(fault.address, told.fault);
		const { mapping } = causeOf(fault, "noAccess");
		deepEqual({ start: mapping.startPage, end: mapping.endPage }, told.range);
	});

	it("on a guard page that is no stack's", async function () {
		const [major = 0, minor = 0] = release().split(".").map(Number);
		if (major * 1000 + minor < 6013) skip(this, "madvise(MADV_GUARD_INSTALL) needs Linux 6.13");
		const { fault, told } = await explain("guardPage");
		equal(fault.address, told.fault);
		deepEqual(rangeOf(causeOf(fault, "guardPage").mapping), told.range);
	});

	it("of a jump into data are executions", async () => {
		const { fault, told } = await explain("notExecutable");
		equal(fault.address, told.fault);
		equal(fault.access, "execute");
		deepEqual(rangeOf(causeOf(fault, "notExecutable").mapping), told.range);
	});

	it("where nothing is mapped name the neighbour and how far it is", async () => {
		const { fault, told } = await explain("unmapped");
		equal(fault.address, told.fault);
		const { below } = causeOf(fault, "unmapped");
		equal(below?.mapping.kind, "heap");
		equal(below.distance, 16);
	});

	it("of addresses that no page table reaches have no address", async () => {
		const { fault } = await explain("nonCanonical");
		causeOf(fault, "nonCanonical");
		equal(fault.address, undefined);
	});

	it("beyond the end of a file tell its size", async () => {
		const { fault, told } = await explain("beyondEndOfFile");
		equal(fault.signal, "SIGBUS");
		equal(fault.address, told.fault);
		const cause = causeOf(fault, "beyondEndOfFile");
		deepEqual(rangeOf(cause.mapping), told.range);
		equal(cause.fileSize, 5);
		equal(cause.offset, pageSize + 3);
		equal(cause.truncated, false);
	});

	it("in a file that was cut off under the mapping say that it was", async () => {
		const { fault, told } = await explain("truncated", "checkpoint");
		equal(fault.address, told.fault);
		const cause = causeOf(fault, "beyondEndOfFile");
		equal(cause.fileSize, pageSize + 10);
		equal(cause.truncated, true);
	});

	it("on huge pages without a pool tell how many are free", async function () {
		const pool = "/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages";
		const free = await readFile(pool, "utf8").catch(() => undefined);
		if (free?.trim() !== "0") skip(this, "the pool of huge pages is not empty, or there is none");
		const { fault, told } = await explain("noHugePage");
		equal(fault.address, told.fault);
		const cause = causeOf(fault, "noHugePage");
		equal(cause.hugePageSize, 2 ** 21);
		equal(cause.free, Number(free));
	});
});

function rangeOf({ startPage, endPage }: { readonly startPage: number; readonly endPage: number }) {
	return { start: startPage, end: endPage };
}

function parseTold(text: string): Told {
	const fault = /^fault ([0-9a-f]+)$/m.exec(text)?.[1];
	const [, start, end] = /^range ([0-9a-f]+) ([0-9a-f]+)$/m.exec(text) ?? [];
	const thread = /^thread (\d+)$/m.exec(text)?.[1];
	const page = (address: string) => Number(BigInt(`0x${address}`) / BigInt(pageSize));
	return {
		...(fault === undefined ? {} : { fault }),
		...(start && end ? { range: { start: page(start), end: page(end) } } : {}),
		...(thread === undefined ? {} : { thread: Number(thread) }),
	};
}
