import { strict as assert } from "node:assert";
import type { Relations } from "../../../src/shared/relations";
import { mappingFacts } from "../../../src/webview/memoryMap/words/facts";
import { frameFacts, frameFlagFacts } from "../../../src/webview/memoryMap/words/frame";
import { type Fact, plainFacts, sizeAndResident } from "../../../src/webview/memoryMap/words/page";
import { relationFacts } from "../../../src/webview/memoryMap/words/relations";
import { selectedMapping, statePages } from "./samples";

const lines = (facts: readonly Fact[]): string[] =>
	facts.map(({ name, value, note }) => [name, value, note].filter(Boolean).join(" | "));

describe("the words about relations", () => {
	const none: Relations = { shareable: true, own: [], sharers: [], sharerCount: 0, unreadable: 0 };
	const sharer = (pid: number) => ({
		pid,
		name: "post\u202egres",
		user: "www-data",
		ranges: [{ startPage: 1, endPage: 2, permissions: "rw-s" }],
	});

	it("name those who map the same, and make hostile names visible", () => {
		assert.deepEqual(lines(relationFacts({ ...none, sharers: [sharer(7), sharer(9)], sharerCount: 2 })), [
			"Shared with | post\\u{202e}gres | PID 7 · 1 mapping rw-s",
			"post\\u{202e}gres | PID 9 · 1 mapping rw-s",
		]);
	});

	it("count those who are too many, and those who could not be asked", () => {
		const sharers = Array.from({ length: 40 }, (_, index) => sharer(index + 2));
		const facts = lines(relationFacts({ ...none, sharers, sharerCount: 1040, unreadable: 1 }));
		assert.equal(facts.length, 10);
		assert.deepEqual(facts.slice(-2), ["1,032 more", "Not known | 1 process | whose mappings you may not read"]);
	});

	it("say that nobody else does, or can", () => {
		assert.deepEqual(lines(relationFacts(none)), ["Shared with | nobody"]);
		assert.equal(lines(relationFacts({ ...none, unreadable: 2 }))[0], "Shared with | nobody | of those known");
		assert.deepEqual(lines(relationFacts({ ...none, shareable: false })), [
			"Shared with | nobody | no file stands behind it",
		]);
	});

	it("leave permissions out where ranges differ, and tell of a process's other ranges", () => {
		const range = { startPage: 1, endPage: 2, permissions: "r--p" };
		const ranges = [range, { ...range, permissions: "r-xp" }];
		const facts = lines(relationFacts({ ...none, own: ranges, sharers: [{ ...sharer(7), ranges }], sharerCount: 1 }));
		assert.match(facts[0] ?? "", /· 2 mappings$/);
		assert.equal(facts[1], "In this process | 2 mappings | of the same");
	});

	it("tell what is shared since a fork, with whom, and how much of it is known to be the same", () => {
		const forked = {
			present: 12,
			shared: 4,
			relatives: [
				{ pid: 5, name: "mother", isParent: true, pages: 4 },
				{ pid: 8, name: "child", isParent: false },
				{ pid: 9, name: "stranger", isParent: false, pages: 0 },
			],
		};
		assert.deepEqual(lines(relationFacts({ ...none, shareable: false, forked })).slice(1), [
			"Since a fork | 4 of 12 pages | shared, until somebody writes to them",
			"Parent | mother | PID 5 · 4 of them",
			"Child | child | PID 8",
		]);
		const nothing = { present: 1, shared: 0, relatives: [] };
		assert.deepEqual(lines(relationFacts({ ...none, shareable: false, forked: nothing })).slice(1), [
			"Since a fork | nothing | is shared",
		]);
	});

	it("are one sentence for those who hear them", () => {
		assert.equal(plainFacts(relationFacts(none)), "Shared with nobody");
	});
});

describe("the words about page frames", () => {
	it("say which it is, and how often it is mapped", () => {
		const frame = (mapCount: number) => lines(frameFacts({ frame: 0x1234, flags: [], mapCount }));
		assert.deepEqual(frame(0), ["Frame | 0x1234 | not counted as mapped"]);
		assert.deepEqual(frame(1), ["Frame | 0x1234 | mapped once"]);
		assert.deepEqual(frame(1033), ["Frame | 0x1234 | mapped 1,033 times"]);
	});

	it("say why it is not shown, but nothing where there is none", () => {
		assert.deepEqual(lines(frameFacts({ flags: [], reason: "notPermitted" })), [
			"Frame | not shown | only root may see it",
		]);
		assert.deepEqual(frameFacts({ flags: [], reason: "notPresent" }), []);
	});

	it("explain each flag", () => {
		assert.deepEqual(lines(frameFlagFacts({ flags: ["MMAP", "BIT_40"] })), [
			"MMAP | mapped by processes",
			"BIT_40 | the kernel's own business",
		]);
	});
});

describe("the facts about a mapping", () => {
	it("count the page cache behind it", () => {
		const facts = mappingFacts(selectedMapping({ fileCounts: { cached: 57, dirty: 3, writeback: 0 } }), 4096);
		assert.ok(lines(facts).includes("Page cache | 57 pages cached | of these 3 dirty, 0 being written"));
		assert.ok(!lines(mappingFacts(selectedMapping(), 4096)).some((line) => line.startsWith("Page cache")));
	});

	it("do not call huge pages of the pool resident", () => {
		const pool = selectedMapping({
			kind: "hugetlb",
			name: "/anon_hugepage",
			endPage: 0x555555554 + 1024,
			statePages: statePages({ anonymous: 512, notPresent: 512 }),
			usage: { Rss: 0, Private_Hugetlb: 2097152 },
		});
		assert.equal(
			lines(mappingFacts(pool, 4096))[0],
			"In use | 2 MiB of 4 MiB, 50 % | huge pages, which are in no resident size",
		);
		assert.equal(sizeAndResident(pool, 4096), "4 MiB, 2 MiB in huge pages");
	});
});
