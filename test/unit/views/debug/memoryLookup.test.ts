import { deepEqual, equal, ok } from "node:assert/strict";
import { addressesIn } from "../../../../src/extension/views/debug/addressText";
import { frameById, hintPlaces, localPointers } from "../../../../src/extension/views/debug/framePlaces";
import { menuTarget } from "../../../../src/extension/views/debug/menuTarget";
import { isPointer, valueAddress } from "../../../../src/extension/views/debug/valueAddress";
import { addressFacts, addressInShort, frameFacts } from "../../../../src/extension/views/debug/words/addressWords";
import { hoverText } from "../../../../src/extension/views/debug/words/hoverText";
import type { AddressExplanation } from "../../../../src/shared/debug/addresses";
import { brief } from "./samples";

const heap = brief(0x600, 33, { kind: "heap", label: "Heap", name: "[heap]" });
const code = brief(0x70, 4, { kind: "code", label: "libc.so.6 · Code", module: "libc.so.6", permissions: "r-xp" });
const stack = brief(0x7f000, 128, { kind: "stack", label: "walk · stack of thread 42", threadId: 42 });

function at(address: string, fields: Partial<AddressExplanation> = {}): AddressExplanation {
	return { address, page: Number.parseInt(address, 16) >> 12, ...fields };
}

describe("what a menu of the debugger is about", () => {
	it("is a variable, with its session where the view tells it", () => {
		const variable = { name: "p", value: "0x1" };
		deepEqual(menuTarget([{ sessionId: "s", container: {}, variable }]), { kind: "variable", session: "s", variable });
		deepEqual(menuTarget([variable]), { kind: "variable", variable });
	});

	it("is a frame, a thread's innermost frame, or a session", () => {
		const session = "8f-1:2";
		const frame = {
			sessionId: session,
			threadId: `thread:${session}:77`,
			frameId: `stackframe:thread:${session}:77:3:chain.c`,
		};
		deepEqual(menuTarget(["file:///chain.c", frame]), { kind: "frame", session, thread: 77, frame: 3 });
		const { frameId: _, ...thread } = frame;
		deepEqual(menuTarget([77, thread]), { kind: "frame", session, thread: 77, frame: 0 });
		deepEqual(menuTarget(["x", { sessionId: session }]), { kind: "session", session });
	});

	it("is nothing that can be told", () => {
		for (const parameters of [[], [undefined], ["text"], [{}], [{ variable: 5 }]])
			equal(menuTarget(parameters), undefined);
	});
});

describe("the address of a variable", () => {
	const mapped = async () => at("600010", { mapping: heap });
	const unmapped = async () => at("600010");
	const pointer = { name: "p", type: "char *", value: '0x00600010 "text"', memoryReference: "0x7f008" };

	it("is what a pointer holds, and not where it lies itself", async () => {
		deepEqual(await valueAddress(pointer, "lldb", unmapped), { address: 0x600010n, own: false });
		const { memoryReference: _, type: __, ...register } = pointer;
		deepEqual(await valueAddress(register, "lldb", unmapped), { address: 0x600010n, own: false });
	});

	it("is where a variable lies that holds none", async () => {
		const number = { name: "n", type: "int", value: "5", memoryReference: "0x7F008" };
		deepEqual(await valueAddress(number, "lldb", unmapped), { address: 0x7f008n, own: true });
		equal(await valueAddress({ value: "5" }, "lldb", unmapped), undefined);
	});

	it("is a number that looks like one if something is mapped there", async () => {
		const handle = { ...pointer, type: "unsigned long" };
		deepEqual(await valueAddress(handle, "lldb", mapped), { address: 0x600010n, own: false });
		deepEqual(await valueAddress(handle, "lldb", unmapped), { address: 0x7f008n, own: true });
		deepEqual(await valueAddress(handle, "lldb", () => Promise.reject(new Error("gone"))), {
			address: 0x7f008n,
			own: true,
		});
	});

	it("is never js-debug's handle of an object", async () => {
		equal(await valueAddress({ value: "Buffer(4)", memoryReference: "0x2" }, "pwa-node", mapped), undefined);
	});

	it("is told by the names of pointer types", () => {
		for (const type of ["char *", "int &", "*mut u8", "int (*)(void)", "uintptr_t"]) ok(isPointer(type), type);
		for (const type of ["int", "size_t", "struct node", undefined]) ok(!isPointer(type), String(type));
	});
});

describe("words about addresses", () => {
	it("say in short what is there", () => {
		equal(addressInShort(at("600010", { mapping: heap, offset: 16 })), "Heap + 0x10");
		equal(addressInShort(at("70100", { mapping: code, symbol: { name: "malloc", offset: 26, inside: true } })), "malloc + 0x1a in libc.so.6"); // biome-ignore format: one
		equal(
			addressInShort(at("7f008", { mapping: stack, stackOf: { tid: 42, name: "walk" } })),
			"stack of thread 42 (walk)",
		);
		equal(addressInShort(at("70100", { mapping: code, section: ".text" })), ".text of libc.so.6");
		equal(addressInShort(at("5", { below: { mapping: heap, distance: 16 }, above: { mapping: stack, distance: 4096 } })), "not mapped, 16 bytes past the end of Heap"); // biome-ignore format: one
		equal(addressInShort(at("5", { above: { mapping: stack, distance: 4096 } })), "not mapped, 4 KiB before walk · stack of thread 42"); // biome-ignore format: one
		equal(addressInShort(at("5")), "not mapped");
	});

	it("tell all that is known", () => {
		const explanation = at("70100", {
			mapping: code,
			offset: 256,
			file: { name: "/lib/libc.so.6", offset: "26100" },
			section: ".text",
			symbol: { name: "malloc", offset: 26, inside: true },
			pageState: "file",
			pageFlags: ["huge"],
		});
		deepEqual(
			addressFacts(explanation, 4096).map(({ text, detail }) => [text, detail].filter(Boolean).join(" | ")),
			[
				"malloc + 0x1a in libc.so.6 | .text, 0x100 into libc.so.6 · Code",
				"libc.so.6 · Code, 16 KiB | 00070000–00074000 r-xp",
				"Readable, executable, private: writes stay in this process",
				"Byte 0x26100 of its file | /lib/libc.so.6",
				"Its page is one of the page cache | part of a huge page",
			],
		);
		deepEqual(
			addressFacts(at("5", { below: { mapping: heap, distance: 1 } }), 4096).map(({ text }) => text),
			["Nothing is mapped there", "1 byte past the end of Heap"],
		);
	});

	it("tell the stack that a frame uses, against its limit, and its code", () => {
		const stackPointer = at("7f008", { mapping: stack });
		const use = { tid: 42, mapping: stack, used: 12_288, limit: 524_288 };
		deepEqual(
			frameFacts({ stackPointer, code: at("70100", { mapping: code }), stack: use }).map(({ text }) => text),
			["Thread 42 uses 12 KiB of 512 KiB of its stack (2.3 %)", "libc.so.6 · Code"],
		);
		equal(frameFacts({ stack: { tid: 1, mapping: stack, used: 4096 } })[0]?.text, "Thread 1 uses 4 KiB of its stack, which has no limit"); // biome-ignore format: one
		deepEqual(frameFacts({ stackPointer })[0]?.text, "walk · stack of thread 42");
		deepEqual(frameFacts({}), []);
	});

	it("escape names in hovers", () => {
		const evil = { ...heap, label: "[x](command:y) **b** $(zap)\u202e" };
		const text = hoverText(at("600010", { mapping: evil }), 4096);
		ok(!/\[x\]\(|\*\*b|[^\\]\$\(zap|\u202e/.test(text), text);
	});
});

describe("addresses in text", () => {
	it("are hexadecimal numbers that can be addresses", () => {
		deepEqual(
			addressesIn("arena 0x7ffff7cd2000, flags 0x1f and x0x12345 0x123456789abcdef01").map(({ start, length, address }) => [start, length, address]), // biome-ignore format: one
			[[6, 14, 0x7ffff7cd2000n]],
		);
		deepEqual(addressesIn("it is at 0x7ffff7cd2000. 0x12345.8p0").map(({ start }) => start), [9]); // biome-ignore format: one
	});
});

/** An adapter that answers as lldb-dap does. */
async function adapter(command: string, parameters: object): Promise<unknown> {
	const fields = parameters as Record<string, unknown>;
	if (command === "stackTrace") {
		const all = [
			{ id: 10, name: "depth", line: 26, source: { path: "/chain.c" } },
			{ id: 11, name: "walk", line: 36, source: { path: "/chain.c" } },
		];
		const start = Number(fields["startFrame"]);
		return { stackFrames: all.slice(start, start + Number(fields["levels"])) };
	}
	if (command === "scopes") {
		return { scopes: [{ name: "Locals", variablesReference: 1 }, { name: "Globals", variablesReference: 2 }] }; // biome-ignore format: one
	}
	const variables: Record<number, object[]> = {
		1: [
			{ name: "node", type: "node *", value: "0x00600010" },
			{ name: "null", type: "node *", value: "0x0" },
			{ name: "count", type: "int", value: "0x1234567" },
			{ name: "a.b", type: "char *", value: "0x00600010" },
		],
		2: [{ name: "global", type: "char *", value: "0x00600020" }],
	};
	return { variables: variables[Number(fields["variablesReference"])] ?? [] };
}

describe("a frame", () => {
	it("is found by its number", async () => {
		equal((await frameById(adapter, 42, 11))?.name, "walk");
		equal(await frameById(adapter, 42, 12), undefined);
	});

	it("has local variables that are pointers", async () => {
		deepEqual(await localPointers(adapter, 10, "lldb-dap"), [{ name: "node", address: 0x600010n }]);
	});

	it("has hints after the last mention of a variable, within its function and outside of quotes", () => {
		const text = [
			"int other(char *node)",
			"{",
			"}",
			"static int depth(const struct node *node, char *name)",
			"{",
			'	puts("name"); // name',
			"	x.name = node(1) + node->next;",
			"	return name[0];",
		];
		const pointers = ["node", "name", "elsewhere"].map((name) => ({ name, address: 1n }));
		deepEqual(
			hintPlaces(pointers, (line) => text[line] ?? "", 6).map(({ name, line, character }) => [name, line, character]),
			[
				["name", 3, 52],
				["node", 6, 24],
			],
		);
	});
});
