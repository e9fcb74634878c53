import { equal } from "node:assert/strict";
import {
	changeLetter,
	changesInFull,
	changesInShort,
	patchedSentence,
	unknownSentence,
	writtenSentence,
} from "../../../../src/extension/views/debug/words/changeWords";
import { debuggeeNotice } from "../../../../src/extension/views/debug/words/debuggeeWords";
import { stopDetail, stopPlace, stopTitle } from "../../../../src/extension/views/debug/words/stopWords";
import type { DebuggeeStatus } from "../../../../src/shared/debug/stops";
import { debuggee, noTotals, stop, totals } from "./samples";

describe("words about changes", () => {
	it("mark a mapping by what is most telling", () => {
		equal(changeLetter([], 0), undefined);
		equal(changeLetter([], 1), "W");
		equal(changeLetter(["grown"], 1), "G");
		equal(changeLetter(["grown", "reprotected"], 0), "R");
		equal(changeLetter(["new"], 128), "N");
		equal(changeLetter(["shrunk"], 0), "G");
		equal(changeLetter(["gone"], 0), "D");
	});

	it("count", () => {
		const some = totals({ written: 38, writtenMappings: 2 }, { new: 2, reprotected: 1 });
		equal(changesInShort(some), "2 new, 1 reprotected, 38 pages written");
		equal(changesInFull(some), "2 new mappings, 1 reprotected, 38 pages written in 2 mappings");
		equal(changesInShort(noTotals), undefined);
		equal(changesInFull(noTotals), "nothing changed");
		equal(changesInFull(totals({}, { gone: 1 })), "1 gone mapping");
	});

	it("say what a step wrote", () => {
		const byKind = [
			{ kind: "heap", written: 3, unknown: 0 },
			{ kind: "stack", written: 1, unknown: 0 },
			{ kind: "bss", written: 0, unknown: 4 },
		] as const;
		equal(
			writtenSentence(totals({ written: 4, byKind }), { step: true }),
			"This step wrote 3 pages of the heap, 1 of stacks.",
		);
		equal(writtenSentence(noTotals, { step: true }), "This step wrote no page.");
		equal(writtenSentence(noTotals, { step: false, from: 2 }), "Since stop 2 the program wrote no page.");
		equal(writtenSentence(totals({ unknown: 7 }), { step: true }), "");
	});

	it("call unknown what is unknown, with the reason", () => {
		equal(unknownSentence(noTotals, 50), undefined);
		equal(
			unknownSentence(totals({ unknown: 1200, unknownWhy: "budget" }), 50),
			"Whether 1,200 pages were written is not known: the 50 ms for comparing were over.",
		);
		equal(
			unknownSentence(totals({ unknown: 1, unknownWhy: "swapped" }), 50),
			"Whether 1 page was written is not known: it is swapped out, and reading would bring it back.",
		);
		equal(
			unknownSentence(totals({ unknown: 2, unknownWhy: "notSeenBefore" }), 50),
			"Whether 2 pages were written is not known: nothing of them is known from the earlier stop.",
		);
	});

	it("tell breakpoints from what the program wrote", () => {
		equal(patchedSentence(noTotals), undefined);
		equal(patchedSentence(totals({ patched: 2 })), "The debugger changed 2 pages of code: its breakpoints.");
	});
});

describe("words about stops", () => {
	it("name a stop by its place", () => {
		const place = { path: "vscode-remote://host/src/chain.c", line: 22, function: "depth" };
		equal(stopTitle(stop(3, { place })), "Stop 3 chain.c:22");
		equal(stopPlace(stop(3, { place: { line: 0, function: "__libc_start" } })), "__libc_start");
		equal(stopTitle(stop(1)), "Stop 1");
	});

	it("tell what changed, or what there is", () => {
		equal(stopDetail(stop(1)), "24 mappings");
		equal(stopDetail(stop(2, { totals: totals({ written: 1, writtenMappings: 1 }) })), "1 page written");
		equal(stopDetail(stop(2, { totals: noTotals })), "nothing changed");
		equal(stopDetail(stop(2, { totals: totals({ unknown: 3 }) })), "no change known");
		equal(stopDetail(stop(2, { formerName: "sh" })), "was sh, 24 mappings");
	});
});

describe("words about a debuggee", () => {
	const sentence = (status: DebuggeeStatus, running = false) => debuggeeNotice(debuggee({ status, running }))?.sentence;

	it("have a sentence for every state", () => {
		equal(sentence({ kind: "waiting" }), "Waiting for the debugger to say which process it starts.");
		equal(sentence({ kind: "elsewhere", why: "remote" }), "The program runs on another machine. Connect VS Code to that machine to see its memory."); // biome-ignore format: one
		equal(sentence({ kind: "elsewhere", why: "remote", name: "board:2331\n" }), "The program runs on another machine (board:2331\\n). Connect VS Code to that machine to see its memory."); // biome-ignore format: one
		equal(sentence({ kind: "elsewhere", why: "noSuchProcess", pid: 7 }), "No process here has the PID 7: it runs in another container, in an emulator or on another machine."); // biome-ignore format: one
		equal(sentence({ kind: "elsewhere", why: "otherProgram", pid: 7, name: "a\u202e" }), "PID 7 is a\\u{202e} here: the program runs in another container, in an emulator or on another machine."); // biome-ignore format: one
		equal(sentence({ kind: "elsewhere", why: "emulated" }), "The program runs in an emulator, whose addresses are not those of the program."); // biome-ignore format: one
		equal(sentence({ kind: "elsewhere", why: "noProcess" }), "What is debugged is no process of its own, but a page of a browser."); // biome-ignore format: one
		equal(sentence({ kind: "failed", error: { code: "permissionDenied", path: "/proc/7/maps" } }), "Mapscope may not read process 7. Run VS Code as root to read it. The next stop tries again."); // biome-ignore format: one
		equal(debuggeeNotice(debuggee({ status: { kind: "failed", error: { code: "permissionDenied", path: "/proc/7/maps" } }, stops: [stop(2)] }))?.sentence, "Mapscope may not read process 7. Run VS Code as root to read it. What is shown is stop 2. The next stop tries again."); // biome-ignore format: one
		const time = new Date(2026, 0, 2, 14, 2, 11).getTime();
		equal(sentence({ kind: "ended", time }), "Ended at 14:02:11. It never stopped.");
		equal(debuggeeNotice(debuggee({ status: { kind: "detached", time }, stops: [stop(1)] }))?.sentence, "The debugger let go of it at 14:02:11. This is its last stop."); // biome-ignore format: one
	});

	it("need none when there is something to see", () => {
		equal(debuggeeNotice(debuggee({ stops: [stop(1)] })), undefined);
	});
});
