import assert from "node:assert/strict";
import { type MappingKind, mappingKinds } from "../../../src/shared/mappingKinds";
import { flagBit, pageStates } from "../../../src/shared/pageStates";
import { describeGroup, groupFacts, mappingFacts, usageFacts } from "../../../src/webview/memoryMap/words/facts";
import { describeMapping, explainCache } from "../../../src/webview/memoryMap/words/mapping";
import {
	announcePage,
	contextOf,
	contextOfRow,
	describePage,
	describeShare,
	fileOffset,
	isReadable,
	pageFacts,
	pageTitle,
	summarizeStates,
} from "../../../src/webview/memoryMap/words/page";
import { describePages } from "../../../src/webview/memoryMap/words/pageCounts";
import { kindNames, legendOrder, permissionsInWords, processStateWord } from "../../../src/webview/words/names";
import { baseName, listed, percent, plainText } from "../../../src/webview/words/phrases";
import { describeColumn, rowLabel, rowShares, sharesInWords } from "../../../src/webview/words/row";
import { summarizeVmFlags } from "../../../src/webview/words/vmFlags";
import { row, selectedMapping, statePages, stripColumn } from "./samples";

const pageSize = 4096;

describe("the sentence about a mapping", () => {
	const say = (changes: Parameters<typeof selectedMapping>[0]) => plainText(describeMapping(selectedMapping(changes)));

	it("says what it is, what may be done with it and where its pages are", () => {
		assert.equal(
			say({}),
			"Machine code of gallery, mapped privately from its file. It may be read and executed, not written. " +
				"30 of 100 pages are mapped here; 60 more wait in the page cache and need no disk read.",
		);
	});

	it("has something to say about every kind", () => {
		for (const kind of mappingKinds) {
			const text = say({ kind, name: "", statePages: statePages({ notPresent: 100 }) });
			assert.match(text, /^[A-Z].*\.$/, kind);
			assert.ok(!text.includes("undefined"), text);
		}
	});

	it("tells a thread's stack from the main one", () => {
		assert.match(say({ kind: "stack", threadId: 77, threadName: "worker" }), /^The stack of thread 77 \(worker\)\./);
		assert.match(say({ kind: "stack" }), /^The stack of the main thread\./);
	});

	it("tells code that was made at run time from a file's, and malloc's arenas from the heap", () => {
		const { module: _, ...compiled } = selectedMapping({ name: "[anon:v8]" });
		const text = plainText(describeMapping(compiled));
		assert.match(text, /^Machine code without a file, named v8, made while running\./);
		assert.match(say({ kind: "heap", name: "[heap]" }), /^The heap: what brk/);
		assert.match(say({ kind: "heap", name: "" }), /^Memory that malloc manages beside the heap/);
		assert.match(
			say({ kind: "stack", name: "[anon: glibc: pthread stack: 7]" }),
			/^The stack of a thread, named glibc/,
		);
	});

	it("names what the process has named", () => {
		assert.match(say({ kind: "anonymous", name: "[anon:arena]", permissions: "rw-p" }), /named arena\./);
		assert.match(say({ kind: "sharedMemory", name: "/memfd:frames", permissions: "rw-s" }), /named memfd:frames:/);
	});

	it("warns of what is writable and executable", () => {
		assert.match(say({ permissions: "rwxp" }), /can be changed while it runs/);
	});

	it("says that a file is deleted and why its page cache is not known", () => {
		const text = say({ deleted: true, cache: { known: false, why: "notOwner" } });
		assert.match(text, /The file was deleted/);
		assert.match(text, /only to those who own it or may write it\.$/);
	});

	it("makes hostile names visible", () => {
		const text = say({ module: "evil\u202e\n<b>" });
		assert.ok(text.includes("evil\\u{202e}\\n<b>"), text);
	});

	it("explains every reason for an unknown page cache but that there is no file", () => {
		const reasons = ["notOwner", "notReachable", "replaced", "unsupported", "notAsked"] as const;
		for (const why of reasons) assert.match(explainCache({ known: false, why }) ?? "", /\.$/);
		assert.equal(explainCache({ known: false, why: "notAFile" }), undefined);
		assert.equal(explainCache({ known: true }), undefined);
	});
});

describe("the sentence about a mapping's pages", () => {
	const say = (changes: Parameters<typeof selectedMapping>[0]) => describePages(selectedMapping(changes));

	it("counts in words", () => {
		assert.equal(say({ statePages: statePages({ file: 100 }) }), "All 100 pages are mapped here.");
		assert.equal(say({ statePages: statePages({ notPresent: 100 }) }), "None of its 100 pages is mapped.");
		const one = { startPage: 5, endPage: 6 };
		assert.equal(say({ ...one, statePages: statePages({ file: 1 }) }), "Its page is mapped here.");
		assert.equal(
			say({ ...one, statePages: statePages({ cached: 1 }) }),
			"Its page is not mapped; 1 waits in the page cache and needs no disk read.",
		);
		assert.equal(
			say({ kind: "anonymous", name: "", statePages: statePages({ anonymous: 1, zero: 2, swapped: 1, guard: 3 }) }),
			"3 of 100 pages are mapped here; 2 show the zero page and cost nothing; 1 is swapped out; 3 are guard pages.",
		);
		assert.equal(say({ statePages: statePages({ unknown: 100 }) }), "The kernel does not say where its 100 pages are.");
		const lent = { kind: "device", name: "/dev/dri/card0" } as const;
		assert.equal(say({ ...lent, statePages: statePages({ unknown: 100 }) }), "The kernel does not show its 100 pages.");
		assert.equal(say({ ...one, statePages: statePages({ unknown: 1 }) }), "The kernel does not say where its page is.");
		assert.equal(
			say({ ...one, ...lent, statePages: statePages({ unknown: 1 }) }),
			"The kernel does not show its page.",
		);
		assert.equal(
			say({ ...lent, statePages: statePages({ shmem: 60, unknown: 40 }) }),
			"60 of 100 pages are mapped here; of 40 the kernel does not say.",
		);
	});

	it("tells private copies of a file's pages", () => {
		assert.equal(
			say({ statePages: statePages({ anonymous: 7, notPresent: 93 }), fileCachedPages: 7 }),
			"7 of 100 pages are mapped here, all private copies of pages still cached.",
		);
		assert.equal(
			say({ statePages: statePages({ anonymous: 7, file: 3 }), fileCachedPages: 2 }),
			"10 of 100 pages are mapped here, 7 as private copies, 2 of them of pages still cached.",
		);
	});
});

describe("a file that has lost its name", () => {
	it("is deleted, or replaced by another", () => {
		const say = (changes: Parameters<typeof selectedMapping>[0]) =>
			plainText(describeMapping(selectedMapping(changes)));
		assert.match(say({ deleted: true }), / The file was deleted; /);
		assert.match(say({ deleted: true, replaced: true }), / Another file has taken its name; /);
		assert.doesNotMatch(say({}), /deleted|taken its name/);
	});
});

describe("memory that was closed to access", () => {
	it("is not said to cost nothing while it holds pages", () => {
		const say = (kind: MappingKind, counts: Parameters<typeof statePages>[0]): string =>
			plainText(describeMapping(selectedMapping({ kind, permissions: "---p", statePages: statePages(counts) })));
		assert.match(say("reserved", { notPresent: 100 }), /costs no memory/);
		for (const kind of ["reserved", "guard"] as const) {
			assert.match(say(kind, { anonymous: 1, notPresent: 99 }), /^Memory that may not be accessed any more/);
			assert.match(say(kind, { swapped: 100 }), /^Memory that may not be accessed any more/);
		}
		assert.match(say("guard", { notPresent: 100 }), /^A guard: any access ends in SIGSEGV/);
	});
});

describe("facts", () => {
	it("come from smaps where it was read, from the pages else", () => {
		const find = (facts: ReturnType<typeof mappingFacts>, name: string) =>
			facts.find((fact) => fact.name === name)?.value;
		const counted = mappingFacts(selectedMapping(), pageSize);
		assert.equal(find(counted, "Resident"), "120 KiB of 400 KiB, 30 %");
		assert.equal(find(counted, "PSS"), undefined);
		const usage = { Rss: 8192, Pss: 4096, Private_Dirty: 0, Shared_Dirty: 4096, Swap: 0, Locked: 4096 };
		const read = mappingFacts(selectedMapping({ usage }), pageSize);
		assert.equal(find(read, "Resident"), "8 KiB of 400 KiB, 2 %");
		assert.equal(find(read, "PSS"), "4 KiB");
		assert.equal(find(read, "Dirty"), "4 KiB");
		assert.equal(find(read, "Locked"), "4 KiB");
		assert.equal(find(read, "Swap"), undefined);
		assert.equal(find(read, "File offset"), "0x1000");
		assert.deepEqual(usageFacts(selectedMapping({ usage: { Rss: 0, THPeligible: 1 } })), [
			{ name: "Rss", value: "0" },
			{ name: "THPeligible", value: "1" },
		]);
	});

	it("have no unit where the kernel gives none, and show what is no number as it is", () => {
		const usage = { Rss: 0, New_Count: 12_345, New_Amount: 12_288 };
		const usageTexts = ["Policy: bind\u202e 3"];
		assert.deepEqual(usageFacts(selectedMapping({ usage, unitless: ["New_Count"], usageTexts })), [
			{ name: "Rss", value: "0" },
			{ name: "New_Count", value: "12,345" },
			{ name: "New_Amount", value: "12 KiB" },
			{ name: "Policy", value: "bind\\u{202e} 3", code: true },
		]);
	});

	it("tell of what few mappings have, and of memory nodes where there are several", () => {
		const named = (changes: Parameters<typeof selectedMapping>[0]) =>
			mappingFacts(selectedMapping(changes), pageSize)
				.map(({ name, value, note }) => `${name}: ${value}${note === undefined ? "" : ` (${note})`}`)
				.filter((text) => /^(Merged|Freed|Huge|Memory nodes)/.test(text));
		assert.deepEqual(named({ usage: { KSM: 0, LazyFree: 0, AnonHugePages: 0 } }), []);
		const usage = { KSM: 8192, LazyFree: 4096, AnonHugePages: 2 ** 21, FilePmdMapped: 2 ** 21 };
		assert.deepEqual(named({ usage }), [
			"Huge pages: 4 MiB",
			"Merged: 8 KiB (with equal pages (KSM))",
			"Freed lazily: 4 KiB (the kernel may take it back without asking)",
		]);
		const nodes = [
			{ node: 0, bytes: 4096 },
			{ node: 1, bytes: 8192 },
		];
		assert.deepEqual(named({ numa: { policy: "bind:0-1", nodes, several: true } }), [
			"Memory nodes: 4 KiB on node 0 and 8 KiB on node 1 (policy bind:0-1)",
		]);
		const alone = { policy: "default", nodes: nodes.slice(0, 1), several: false };
		assert.deepEqual(named({ numa: alone }), []);
		assert.deepEqual(usageFacts(selectedMapping({ usage: { Rss: 0 }, numa: alone })).at(-1), {
			name: "Memory nodes",
			value: "4 KiB on node 0",
			note: "policy default",
		});
	});

	it("mark what is writable and executable", () => {
		const facts = mappingFacts(selectedMapping({ permissions: "rwxp" }), pageSize);
		assert.ok(facts.some(({ name, warn }) => name === "Permissions" && warn === true));
	});

	it("describe groups", () => {
		const group = row({ type: "group", icon: "region", count: 26, size: 2 ** 35, value: 5_526_000 });
		assert.equal(
			describeGroup(group, "Resident"),
			"A region of memory without a file: 26 mappings side by side, 32 GiB reserved, 5.27 MiB resident.",
		);
		assert.equal(groupFacts(group, pageSize, "Resident").length, 5);
	});

	it("summarize VmFlags: what is allowed, what could be, what is special", () => {
		assert.equal(summarizeVmFlags(["rd", "ex", "mr", "mw", "me"]), "read, execute; may be changed to write");
		assert.equal(summarizeVmFlags([]), "no access");
		assert.match(
			summarizeVmFlags(["rd", "wr", "mr", "mw", "me", "lo", "lf", "dc"]),
			/locked page by page.*not copied on fork/,
		);
	});
});

describe("a page", () => {
	const context = { fileBacked: true, permissions: "rw-p", cacheKnown: true };
	const page = (changes: Partial<Parameters<typeof describePage>[0]>) =>
		({ page: 5, state: "anonymous", flags: flagBit.exclusive, detailed: true, ...changes }) as const;

	it("is described in every state", () => {
		for (const state of pageStates) {
			for (const fileBacked of [true, false]) {
				assert.match(describePage(page({ state }), { ...context, fileBacked }, pageSize), /^[A-Z].*\.$/);
			}
		}
	});

	it("is a private copy in a file's mapping, shared after a fork, or the process's own", () => {
		const copy = describePage(page({ flags: flagBit.fileCached | flagBit.exclusive }), context, pageSize);
		assert.match(copy, /^A private copy\..*page cache still hold the original\.$/);
		const memory = { ...context, fileBacked: false };
		assert.match(describePage(page({ flags: 0 }), memory, pageSize), /shared with another process since a fork/);
		assert.match(describePage(page({ flags: 0, detailed: false }), memory, pageSize), /only for it\.$/);
	});

	it("may be shared because equal pages were merged, where that is allowed", () => {
		const memory = { ...contextOf(selectedMapping({ vmFlags: ["rd", "mg"] })), fileBacked: false };
		assert.match(describePage(page({ flags: 0 }), memory, pageSize), /since a fork, or because .* merged equal pages/);
		assert.doesNotMatch(describePage(page({}), memory, pageSize), /merged/);
		assert.equal(contextOf(selectedMapping({ usage: { KSM: 4096 } })).mergeable, true);
		assert.equal(contextOf(selectedMapping({ usage: { KSM: 0 }, vmFlags: ["rd"] })).mergeable, false);
	});

	it("is not called absent from the page cache where that is not known", () => {
		const absent = page({ state: "notPresent" });
		assert.match(describePage(absent, context, pageSize), /reads it from the disk/);
		assert.match(describePage(absent, { ...context, cacheKnown: false }, pageSize), /is not known/);
		assert.match(describePage(absent, { ...context, permissions: "---p" }, pageSize), /SIGSEGV/);
	});

	it("of memory that a device lends is not known", () => {
		const buffer = contextOf(selectedMapping({ kind: "device", name: "/dmabuf:" }));
		assert.match(describePage(page({ state: "unknown" }), buffer, pageSize), /^What is here is not known: a device/);
		assert.doesNotMatch(describePage(page({ state: "unknown" }), context, pageSize), /device/);
	});

	it("has a place in its mapping and in its file", () => {
		const mapping = selectedMapping();
		const at = mapping.startPage + 4;
		assert.equal(pageTitle(at, mapping), "Page 5 of gallery · Code");
		assert.equal(fileOffset(at, mapping, pageSize), "0x5000");
		const facts = pageFacts(page({ page: at, state: "file" }), mapping, pageSize);
		assert.equal(facts.find(({ name }) => name === "Address")?.value, "555555558000–555555559000");
		assert.equal(facts.find(({ name }) => name === "File")?.value, "gallery + 0x5000");
		assert.equal(announcePage(at, mapping, "cached"), "page 5 of 100, cached, not mapped");
		assert.equal(announcePage(at, mapping, undefined), "page 5 of 100");
	});

	it("is exact at the top of a 64-bit address space", () => {
		const top = 0xffffffffff600;
		const mapping = selectedMapping({ startPage: top, endPage: top + 1, fileOffset: "0" });
		const [address] = pageFacts(page({ page: top, state: "unknown" }), mapping, pageSize);
		assert.equal(address?.value, "ffffffffff600000–ffffffffff601000");
	});

	it("is known by its mapping, or by the row alone", () => {
		const known = { fileBacked: true, permissions: "r-xp", cacheKnown: true, mergeable: false, lent: false };
		assert.deepEqual(contextOf(selectedMapping()), known);
		assert.ok(!contextOf(selectedMapping({ kind: "sharedMemory", name: "/memfd:x" })).fileBacked);
		assert.ok(contextOf(selectedMapping({ kind: "device", name: "/dmabuf:" })).lent);
		assert.ok(contextOfRow(row({ icon: "kernel" })).lent);
		assert.ok(contextOfRow(row({ icon: "data" })).fileBacked);
		assert.ok(!contextOfRow(row({ icon: "heap" })).fileBacked);
		const segment = { kind: "cells", startPage: 0, endPage: 1, firstColumn: 0, columnCount: 1, cache: "none" } as const;
		assert.ok(contextOfRow(row({ icon: "code" })).fileBacked);
		assert.ok(!contextOfRow(row({ icon: "code", strip: [segment] })).fileBacked, "code made at run time has no file");
	});

	it("can be read only where there is memory", () => {
		assert.ok(isReadable(page({ state: "zero" })));
		for (const state of ["notPresent", "cached", "swapped", "guard", "unknown"] as const) {
			assert.ok(!isReadable(page({ state })));
		}
	});

	it("is counted with others", () => {
		const mapping = selectedMapping({ statePages: statePages({ anonymous: 7, file: 57, cached: 40 }) });
		assert.equal(summarizeStates(mapping), "7 copied, 57 mapped, 40 cached, not mapped");
		assert.equal(summarizeStates({ ...mapping, statePages: statePages({}) }), "no page present");
		assert.equal(summarizeStates({ ...mapping, statePages: statePages({ unknown: 2 }) }), "2 unknown");
		assert.equal(
			describeShare(statePages({ file: 1, cached: 20 }), 47, true),
			"47 pages: 1 mapped, 20 cached, not mapped",
		);
		assert.equal(describeShare(statePages({ anonymous: 47 }), 47, true), "47 pages: all private copies");
		assert.equal(describeShare(statePages({ file: 1 }), 1, true), "1 page: mapped");
		assert.equal(describeShare(statePages({}), 2, false), "2 pages: not present");
	});
});

describe("a row", () => {
	it("is read out with everything it shows", () => {
		const label = rowLabel(row({ note: "relocated", startPage: 0x7f4804600 }), pageSize, "Resident");
		assert.equal(label, "Code, relocated, at 7f4804600000, read, execute, private, 40 KiB, 4 KiB resident");
		assert.equal(rowLabel(row({ type: "gap", size: 2 ** 40 }), pageSize, "Resident"), "gap of 1 TiB");
	});

	it("tells the states of a place in its strip", () => {
		assert.equal(describeColumn(stripColumn({ file: 255 }), 0, 1), "mapped");
		assert.equal(describeColumn(stripColumn({}), 0, 1), "not present");
		assert.equal(
			describeColumn(stripColumn({ file: 51, cached: 1 }), 0, 60),
			"60 pages: 20 % mapped, <1 % cached, not mapped",
		);
	});

	it("weighs the shares of its segments by their pages", () => {
		const columns = Uint8Array.from([...stripColumn({ file: 255 }), ...stripColumn({ anonymous: 255 })]);
		const segment = { kind: "columns", firstColumn: 0, columnCount: 1, cache: "known" } as const;
		const strip = [
			{ ...segment, startPage: 0, endPage: 30 },
			{ ...segment, firstColumn: 1, startPage: 30, endPage: 40 },
		];
		assert.equal(sharesInWords(rowShares(row({ strip }), columns)), "75 % mapped, 25 % anonymous");
		assert.equal(sharesInWords(rowShares(row(), columns)), "not present");
	});
});

describe("words", () => {
	it("exist for every kind, state and permission", () => {
		for (const kind of mappingKinds) assert.ok(kindNames[kind as MappingKind]);
		assert.deepEqual([...legendOrder].sort(), [...pageStates].sort());
		assert.equal(permissionsInWords("rw-s"), "read, write, shared");
		assert.equal(permissionsInWords("---p"), "no access, private");
		assert.equal(processStateWord("D"), "waiting for a device");
		assert.equal(processStateWord("Q"), "state Q");
	});

	it("are put together", () => {
		assert.equal(listed(["a", "b", "c"]), "a, b and c");
		assert.equal(percent(1, 1000), "<1 %");
		assert.equal(percent(999, 1000), "99 %");
		assert.equal(percent(0, 0), "0 %");
		assert.equal(baseName("/usr/lib/libc.so.6"), "libc.so.6");
		assert.equal(baseName("[heap]"), "[heap]");
	});
});
