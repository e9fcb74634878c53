import { deepEqual, equal, notDeepEqual, ok } from "node:assert/strict";
import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { debug } from "vscode";
import type { Debuggee } from "../../src/extension/debug/debuggee";
import { type Fields, fieldsOf, listOf } from "../../src/extension/debug/messages";
import { ownAddress, pointerValue } from "../../src/extension/debug/pointers";
import type { AddressExplanation } from "../../src/shared/debug/addresses";
import { compileDebuggee, DebugRoom, makeFolder, pageSize, patience, startDebugging, stopDebugging } from "./debugging";

describe("addresses of a program under lldb", function () {
	this.timeout(2 * patience);
	let room: DebugRoom;
	let folder: string;
	let told: ReadonlyMap<string, bigint>;
	let debuggee: Debuggee;
	let thread: number;
	let program: string;

	before(async () => {
		room = new DebugRoom();
		folder = await makeFolder();
		program = await compileDebuggee("addresses", ["-pthread"]);
		const facts = join(folder, "facts");
		const args = [facts, join(folder, "mapped.bin")];
		await startDebugging({ type: "test-lldb", request: "launch", name: "addresses", program, args }, ["checkpoint"]);
		({ threadId: thread = 0 } = await room.stop(1));
		const info = room.debuggee();
		ok(info);
		debuggee = room.sessions.debuggee(info.id);
		// It flushes its file in the function that it has stopped at.
		const session = debug.activeDebugSession;
		await session?.customRequest("evaluate", {
			expression: "(int)fflush(facts)",
			context: "watch",
			frameId: await frameId(0),
		});
		const lines = (await readFile(facts, "utf8")).trim().split("\n");
		told = new Map(lines.map((line) => line.split(" ")).map(([name = "", hex]) => [name, BigInt(`0x${hex}`)]));
	});
	after(async () => {
		await stopDebugging(room);
		room.dispose();
		await rm(folder, { recursive: true, force: true });
	});

	const at = (name: string): bigint => {
		const address = told.get(name);
		ok(address !== undefined, name);
		return address;
	};
	const explain = async (name: string): Promise<AddressExplanation> => await debuggee.explainAddress(at(name));
	const request = async (command: string, parameters: Fields): Promise<Fields> =>
		fieldsOf(await debuggee.request(command, parameters));
	async function frameId(frame: number): Promise<unknown> {
		// As VS Code asks, which waits for as long as it takes: lldb may have symbols to read for its first answer.
		const place = { threadId: thread, startFrame: frame, levels: 1 };
		const body = fieldsOf(await debug.activeDebugSession?.customRequest("stackTrace", place));
		return fieldsOf(listOf(body["stackFrames"])[0])["id"];
	}
	/** Read with nothing of ours. */
	async function kernelBytes(address: bigint, length: number): Promise<Buffer> {
		const memory = await open(`/proc/${room.debuggee()?.process?.pid}/mem`);
		try {
			return (await memory.read(Buffer.alloc(length), 0, length, Number(address))).buffer;
		} finally {
			await memory.close();
		}
	}
	/** Variables of a scope of `main`, by name; those of groups of registers, too. */
	async function variables(scope: string): Promise<Map<unknown, Fields>> {
		const scopes = listOf((await request("scopes", { frameId: await frameId(1) }))["scopes"]).map(fieldsOf);
		const reference = scopes.find(({ name }) => name === scope)?.["variablesReference"];
		const list = async (variablesReference: unknown) =>
			listOf((await request("variables", { variablesReference }))["variables"]).map(fieldsOf);
		const found = await list(reference);
		const registers = scope === "Registers" ? await list(found[0]?.["variablesReference"]) : [];
		return new Map([...found, ...registers].map((variable) => [variable["name"], variable]));
	}

	const places: readonly (readonly [string, string, string, string | undefined, string])[] = [
		["counter", "data", ".data", "counter", "anonymous"],
		["zeros", "bss", ".bss", "zeros", "anonymous"],
		["table", "readOnlyData", ".rodata", "table", "file"],
		["checkpoint", "code", ".text", "checkpoint", "anonymous"], // a breakpoint makes a private copy of the page
	];
	for (const [name, kind, section, symbol, pageState] of places) {
		it(`of the program's ${section} name section and symbol`, async () => {
			const explanation = await explain(name);
			equal(explanation.mapping?.kind, kind);
			equal(explanation.mapping.module, "debuggee-addresses");
			equal(explanation.section, section);
			equal(explanation.symbol?.name, symbol);
			equal(explanation.pageState, pageState);
			equal(explanation.address, at(name).toString(16));
		});
	}

	it("on the heap, on stacks and in files say whose they are", async () => {
		const heap = await explain("heap");
		equal(heap.mapping?.kind, "heap");
		equal(heap.offset, Number(at("heap") - BigInt(heap.mapping.startPage) * BigInt(pageSize)));
		const { process } = debuggee.info();
		deepEqual((await explain("local")).stackOf, { tid: process?.pid, name: "debuggee-addres" });
		const worker = await explain("threadLocal");
		deepEqual(worker.stackOf, { tid: Number(at("tid")), name: "worker" });
		equal(worker.mapping?.kind, "stack");
		const mapped = await explain("mapped");
		deepEqual(mapped.file, { name: join(folder, "mapped.bin"), offset: (3 * pageSize + 1).toString(16) });
		equal(mapped.mapping?.permissions, "rw-s");
	});

	it("that nothing is mapped at name the neighbours", async () => {
		const { mapping, above, below } = await explain("nowhere");
		equal(mapping, undefined);
		equal(below, undefined);
		equal(above?.mapping.module, "debuggee-addresses");
		equal(BigInt(above.distance), BigInt(above.mapping.startPage - 3) * BigInt(pageSize));
	});

	it("are what pointers hold, not where pointers lie", async () => {
		const locals = await variables("Locals");
		const pointer = locals.get("pointer") ?? {};
		equal(pointerValue(pointer, "test-lldb"), at("heap"));
		equal(ownAddress(pointer, "test-lldb"), at("pointer"));
		equal(pointerValue(locals.get("local") ?? {}, "test-lldb"), undefined);
	});

	it("of stack frames: how much of the stack is used, of how much", async () => {
		const registers = await variables("Registers");
		const [pointer, instruction] = [
			["rsp", "sp"],
			["rip", "pc"],
		].map((names) => pointerValue(names.map((name) => registers.get(name)).find(Boolean) ?? {}, "test-lldb"));
		ok(pointer !== undefined && instruction !== undefined);
		const { stackPointer, code, stack } = await debuggee.explainFrame(thread, 1);
		equal(stackPointer?.address, pointer.toString(16));
		equal(code?.address, instruction.toString(16));
		equal(code?.symbol?.name, "main");
		equal(code?.mapping?.kind, "code");
		equal(stack?.mapping.name, "[stack]");
		equal(stack.tid, debuggee.info().process?.pid);
		equal(BigInt(stack.used), BigInt(stack.mapping.endPage) * BigInt(pageSize) - pointer);
		ok(at("local") >= pointer);
		// 2^64 - 1 is RLIM_INFINITY.
		equal(stack.limit, at("stackLimit") === 2n ** 64n - 1n ? undefined : Number(at("stackLimit")));
		const innermost = await debuggee.explainFrame(thread, 0);
		equal(innermost.code?.symbol?.name, "checkpoint");
		ok((innermost.stack?.used ?? 0) > stack.used);
		const worker = await debuggee.explainFrame(Number(at("tid")), 0);
		equal(worker.stack?.tid, Number(at("tid")));
		equal(worker.stack?.limit, (worker.stack.mapping.endPage - worker.stack.mapping.startPage) * pageSize);
	});

	it("have bytes, the adapter's and the kernel's alike", async () => {
		const bytes = Buffer.from(await debuggee.readMemory(at("heap"), 16));
		equal(bytes.toString("latin1"), "text on the heap");
		deepEqual(await kernelBytes(at("heap"), 16), bytes);
	});

	it("have the program's own code, where the kernel shows the debugger's breakpoint", async () => {
		const code = at("checkpoint");
		const own = Buffer.from(await debuggee.readMemory(code, 16));
		const kernels = await kernelBytes(code, 16);
		notDeepEqual(own, kernels);
		const onDisk = await readFile(program);
		ok(onDisk.includes(own));
		equal(onDisk.includes(kernels), false);
	});
});
