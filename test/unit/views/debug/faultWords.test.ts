import { deepEqual, equal, ok } from "node:assert/strict";
import { faultCard, faultSentence } from "../../../../src/extension/views/debug/words/faultWords";
import type { FaultCause, FaultExplanation } from "../../../../src/shared/debug/faults";
import { brief } from "./samples";

const heap = brief(0x600, 33, { kind: "heap", label: "Heap", name: "[heap]" });
const stack = brief(0x7f000, 128, { kind: "stack", label: "walk · stack of thread 42" });
const guard = brief(0x7efff, 1, { kind: "guard", label: "Guard", permissions: "---p" });
const constants = brief(0x70, 4, {
	kind: "readOnlyData",
	label: "libfoo.so · Read-only data",
	module: "libfoo.so",
	permissions: "r--p",
	name: "/lib/libfoo.so",
});
const data = brief(0x900, 4, { kind: "file", label: "data.bin", name: "/tmp/data.bin" });

function fault(cause: FaultCause, fields: Partial<FaultExplanation> = {}): FaultExplanation {
	return { signal: "SIGSEGV", address: "7ef08", access: "write", cause, ...fields };
}

describe("words about faults", () => {
	const sentences: readonly (readonly [cause: FaultCause, sentence: string])[] = [
		[{ kind: "nullPointer", offset: 0 }, "0x7ef08 is a null pointer."],
		[{ kind: "nullPointer", offset: 24 }, "0x7ef08 is 24 bytes past a null pointer."],
		[
			{ kind: "threadStackOverflow", tid: 3, name: "", guard, stack, distance: 248 },
			"0x7ef08 is in the guard below the stack of thread 3: stack overflow.",
		],
		[
			{ kind: "mainStackOverflow", stack, size: 8 << 20, limit: 8 << 20, distance: 16 },
			"0x7ef08 is below the main thread’s stack, which may not grow further: stack overflow.",
		],
		[
			{ kind: "readOnly", mapping: constants, place: { module: "libfoo.so", section: ".rodata", symbol: "table" } },
			"0x7ef08 is in table in .rodata of libfoo.so, which may not be written to.",
		],
		[
			{ kind: "readOnly", mapping: constants },
			"0x7ef08 is in read-only data of libfoo.so, which may not be written to.",
		],
		[{ kind: "noAccess", mapping: guard }, "0x7ef08 is in guard, which may not be accessed at all."],
		[{ kind: "noRead", mapping: heap }, "0x7ef08 is in heap, which may not be read."],
		[{ kind: "notExecutable", mapping: heap }, "0x7ef08 is in heap, which is no code."],
		[{ kind: "guardPage", mapping: heap }, "0x7ef08 is a guard page of heap."],
		[
			{ kind: "unmapped", below: { mapping: heap, distance: 16 }, above: { mapping: stack, distance: 5000 } },
			"0x7ef08 is not mapped, 16 bytes past the end of heap.",
		],
		[
			{ kind: "unmapped", above: { mapping: stack, distance: 4096 } },
			"0x7ef08 is not mapped, 4 KiB before the start of walk · stack of thread 42.",
		],
		[{ kind: "unmapped" }, "0x7ef08 is not mapped."],
		[{ kind: "nonCanonical" }, "0x7ef08 is no address that the processor knows."],
		[
			{ kind: "beyondEndOfFile", mapping: data, fileSize: 100, offset: 8192, truncated: false },
			"0x7ef08 is beyond the end of data.bin.",
		],
		[{ kind: "noHugePage", mapping: heap }, "0x7ef08 is in heap, for which no huge page was free."],
		[{ kind: "unknown", mapping: heap }, "0x7ef08 is in heap."],
		[{ kind: "unknown" }, "0x7ef08 is not known."],
	];
	for (const [cause, sentence] of sentences) {
		it(`say of ${cause.kind}: ${sentence}`, () => {
			equal(faultSentence(fault(cause)), sentence);
			const card = faultCard(fault(cause), {}, 4096);
			const text = card.text.map(({ text: piece }) => piece).join("");
			ok(card.title.length > 0 && /^The write to 0x7ef08.*[.]$/.test(text), text);
		});
	}

	it("fill a card: what, where, in whose memory, how far off, and where to go", () => {
		const cause = { kind: "threadStackOverflow", tid: 3, name: "worker", guard, stack, distance: 248 } as const;
		const card = faultCard(
			fault(cause, { thread: { tid: 3, name: "worker" } }),
			{ place: "chain.c:22", recursion: "depth\u202e" },
			4096,
		);
		equal(card.title, "Stack overflow in thread 3 (worker)");
		equal(
			card.text.map(({ text }) => text).join(""),
			"The write to 0x7ef08 (SIGSEGV) hit the guard below this thread’s stack, 248 bytes below its lowest byte. The stack is full, and a thread’s stack does not grow. depth\\u{202e} calls itself.",
		);
		deepEqual(
			card.links.map(({ label }) => label),
			["Show in Memory Map", "Go to chain.c:22", "Go to where the recursion began", "What is a guard page?"],
		);
		deepEqual(card.drawing?.parts, [{ kind: "guard" }, { kind: "mapping", startPage: 0x7f000, endPage: 0x7f080 }]);
		equal(card.drawing?.marker.text, "0x7ef08, 248 bytes below the stack");
	});

	it("draw the gap beside its nearer neighbour, and the page where there is a mapping", () => {
		const unmapped = { kind: "unmapped", below: { mapping: heap, distance: 16 }, above: { mapping: stack, distance: 4080 } } as const; // biome-ignore format: one
		const drawing = faultCard(fault(unmapped), {}, 4096).drawing;
		deepEqual(
			drawing?.parts.map(({ kind }) => kind),
			["mapping", "gap", "mapping"],
		);
		ok(drawing && drawing.marker.part === 1 && drawing.marker.at < 0.5);
		deepEqual(drawing?.parts[1], { kind: "gap", text: "4 KiB" });
		equal(faultCard(fault({ kind: "readOnly", mapping: constants }, { address: "71008" }), {}, 4096).drawing?.marker.page, 0x71); // biome-ignore format: one
	});

	it("say that a file was cut off, and that no address is told", () => {
		const cause = { kind: "beyondEndOfFile", mapping: data, fileSize: 1, offset: 8192, truncated: true } as const;
		const card = faultCard({ signal: "SIGBUS", access: "unknown", cause }, {}, 4096);
		equal(card.title, "The file was cut off");
		equal(
			card.text.map(({ text }) => text).join(""),
			"An access whose address nobody tells (SIGBUS) needed byte 8,192 of data.bin, which has 1 byte: a page that the file does not reach cannot be read or written. It was there at an earlier stop: somebody has cut the file off since.",
		);
		deepEqual(card.links.map(({ link }) => link), ["explain"]); // biome-ignore format: one
	});

	it("make control characters of names visible", () => {
		const evil = brief(0x600, 1, { label: "a\u202eb", name: "/x", module: "a\u202eb" });
		ok(faultSentence(fault({ kind: "noRead", mapping: { ...evil, name: "" } })).includes("a\\u{202e}b"));
	});
});
