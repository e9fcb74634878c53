import { deepEqual, equal } from "node:assert/strict";
import { alignMappings } from "../../../src/extension/memory/alignMappings";
import { Fingerprints, FingerprintsBuilder, noFingerprints } from "../../../src/extension/memory/fingerprints";
import { mappingChanges } from "../../../src/extension/memory/mappingChanges";
import { markPages, type StopPages, withWritten } from "../../../src/extension/memory/pageMarks";
import { PageRunsBuilder } from "../../../src/extension/memory/pageRuns";
import { summarizeChanges } from "../../../src/extension/memory/stopChanges";
import { parseMaps } from "../../../src/extension/proc/maps";
import type { PageCacheKnowledge } from "../../../src/shared/mapFrame";
import { flagBit, type PageState, stateCode } from "../../../src/shared/pageStates";
import { recordedPageSize as pageSize } from "../../support/fixtures";
import { snapshotOf } from "../../support/snapshots";

const zeroSum = 99;

/** A page of a stop: its state, the sum of its contents where they were read, flags. */
type Page = readonly [state: PageState, sum?: number | undefined, flags?: number];

interface Stop {
	readonly line: string;
	readonly pages: readonly Page[];
	readonly cacheKnown?: boolean;
}

const base = 256;

/** A stop with one mapping from page {@link base} on. */
function stopOf({ line, pages, cacheKnown = false }: Stop): StopPages {
	const [start, end] = [base, base + pages.length].map((page) => (page * pageSize).toString(16).padStart(8, "0"));
	const maps = parseMaps(Buffer.from(`${start}-${end} ${line}\n`), pageSize);
	equal(maps.count, 1, line);
	const runs = new PageRunsBuilder();
	const sums = new FingerprintsBuilder();
	for (const [index, [state, sum, flags = 0]] of pages.entries()) {
		if (state !== "notPresent") runs.push(base + index, base + index + 1, stateCode[state], flags);
		if (sum !== undefined) sums.add(base + index, Uint32Array.of(sum));
	}
	const cache: PageCacheKnowledge[] = [cacheKnown ? { known: true } : { known: false, why: "notAFile" }];
	const built = runs.finish();
	return { snapshot: snapshotOf(maps, built, { cache }), runs: built, fingerprints: sums.finish() };
}

const nothing: StopPages = {
	snapshot: snapshotOf(parseMaps(Buffer.from(""), pageSize), new PageRunsBuilder().finish()),
	runs: new PageRunsBuilder().finish(),
	fingerprints: noFingerprints,
};

/** What is told between two stops: a letter a page (written, patched, unknown, or `.`), and why most are unknown. */
function judge(before: StopPages, after: StopPages, noted = false): { letters: string; why?: string } {
	const pieces = alignMappings(before.snapshot.maps, after.snapshot.maps);
	const marks = markPages(before, after, pieces, { zeroSum, noted });
	const pages = (after.snapshot.maps.endPages[0] ?? 0) - (after.snapshot.maps.startPages[0] ?? 0);
	const letters = new Array<string>(pages).fill(".");
	for (let run = 0; run < marks.starts.length; run++) {
		for (let page = marks.starts[run] ?? 0; page < (marks.ends[run] ?? 0); page++) {
			letters[page - base] = [".", "w", "p"][marks.marks[run] ?? 0] ?? "?";
		}
	}
	const changes = mappingChanges(pieces, before.snapshot, after.snapshot);
	const stops = { from: 1, to: 2, source: "contents" } as const;
	const { totals } = summarizeChanges(stops, before.snapshot, after.snapshot, changes, marks);
	const count = (letter: string) => letters.filter((each) => each === letter).length;
	deepEqual(
		{ written: totals.written, patched: totals.patched, unknown: totals.unknown },
		{ written: count("w"), patched: count("p"), unknown: count("?") },
	);
	return { letters: letters.join(""), ...(totals.unknownWhy ? { why: totals.unknownWhy } : {}) };
}

const heap = "rw-p 00000000 00:00 0 [heap]";
const privateFile = "rw-p 00000000 fe:00 7 /data.bin";
const code = "r-xp 00000000 fe:00 7 /program";
const sharedFile = "rw-s 00000000 fe:00 7 /data.bin";
const sharedFileToRead = "r--s 00000000 fe:00 7 /data.bin";
const sharedAnonymous = "rw-s 00000000 00:01 9 /dev/zero (deleted)";
const memfd = "rw-s 00000000 00:01 9 /memfd:x (deleted)";

describe("pages of two stops", () => {
	const cases: readonly (readonly [string, Stop | undefined, Stop, string, string?])[] = [
		["equal contents", { line: heap, pages: [["anonymous", 1]] }, { line: heap, pages: [["anonymous", 1]] }, "."],
		["other contents", { line: heap, pages: [["anonymous", 1]] }, { line: heap, pages: [["anonymous", 2]] }, "w"],
		[
			"contents that were not read at either",
			{ line: heap, pages: [["anonymous"], ["anonymous", 1]] },
			{ line: heap, pages: [["anonymous", 1], ["anonymous"]] },
			"??",
			"budget",
		],
		[
			"pages that came into being, whatever they hold",
			{ line: heap, pages: [["notPresent"], ["zero"], ["guard"]] },
			{ line: heap, pages: [["anonymous", zeroSum], ["anonymous"], ["anonymous", 3]] },
			"www",
		],
		[
			"pages of a huge page that came with it",
			{ line: heap, pages: [["notPresent"], ["notPresent"], ["notPresent"]] },
			{
				line: heap,
				pages: [
					["anonymous", zeroSum, flagBit.huge],
					["anonymous", 5, flagBit.huge],
					["anonymous", undefined, flagBit.huge],
				],
			},
			".w?",
			"budget",
		],
		[
			"pages that went away, and pages that were only read",
			{ line: heap, pages: [["anonymous", 1], ["notPresent"], ["anonymous", 1]] },
			{ line: heap, pages: [["notPresent"], ["zero"], ["zero"]] },
			"...",
		],
		[
			"swapped pages",
			{ line: heap, pages: [["swapped"], ["anonymous", 1], ["swapped"]] },
			{ line: heap, pages: [["swapped"], ["swapped"], ["anonymous", 1]] },
			".??",
			"swapped",
		],
		[
			"copies of a file's pages",
			{ line: privateFile, pages: [["file"], ["cached"], ["file"]] },
			{ line: privateFile, pages: [["anonymous", 1], ["anonymous", 1], ["file"]] },
			"ww.",
		],
		[
			"breakpoints in code",
			{ line: code, pages: [["file"], ["anonymous", 1], ["anonymous", 1], ["file"]] },
			{ line: code, pages: [["anonymous", 1], ["anonymous", 2], ["anonymous", 1], ["file"]] },
			"pp..",
		],
		[
			"a shared file that is written",
			{ line: sharedFile, pages: [["file", 1], ["file", 1], ["cached"]] },
			{
				line: sharedFile,
				pages: [
					["file", 1],
					["file", 2],
					["file", 2],
				],
			},
			".w?",
			"notSeenBefore",
		],
		[
			"a shared file that may only be read",
			{ line: sharedFileToRead, pages: [["cached"]] },
			{ line: sharedFileToRead, pages: [["file"]] },
			".",
		],
		[
			"shared memory whose page cache was asked",
			{ line: memfd, cacheKnown: true, pages: [["notPresent"], ["notPresent"], ["cached"], ["shmem", 1]] },
			{
				line: memfd,
				pages: [
					["shmem", 1],
					["shmem", zeroSum],
					["shmem", 1],
					["shmem", 2],
				],
			},
			"w.?w",
			"notSeenBefore",
		],
		[
			"shared memory whose page cache was not",
			{ line: memfd, pages: [["notPresent"]] },
			{ line: memfd, pages: [["shmem", 1]] },
			"?",
			"notSeenBefore",
		],
		["new memory", undefined, { line: heap, pages: [["anonymous", 1], ["notPresent"], ["zero"]] }, "w.."],
		[
			"new shared memory without a name, which nobody else can have written",
			undefined,
			{ line: sharedAnonymous, pages: [["shmem", 1], ["shmem", zeroSum], ["shmem"]] },
			"w.?",
			"budget",
		],
		["new shared memory of an old object", undefined, { line: memfd, pages: [["shmem", 1]] }, "?", "notSeenBefore"],
	];
	for (const [title, before, after, letters, why] of cases) {
		it(title, () => {
			const found = judge(before ? stopOf(before) : nothing, stopOf(after));
			deepEqual(found, { letters, ...(why === undefined ? {} : { why }) });
		});
	}

	it("are not told by notes that may be of the whole mapping", () => {
		const before = stopOf({ line: heap, pages: [["anonymous"], ["anonymous"], ["notPresent"], ["anonymous", 1]] });
		const after = (last: number) => {
			const pages = ([undefined, undefined, 1, 2] as const).map(
				(sum, index): Page => ["anonymous", sum, index < 3 ? flagBit.softDirty : last],
			);
			return stopOf({ line: heap, pages });
		};
		// What is new and what contents tell is known all the same.
		deepEqual(judge(before, after(flagBit.softDirty), true), { letters: "??ww", why: "budget" });
		deepEqual(judge(before, after(0), true), { letters: "wwww" });
	});

	it("are told by the kernel's notes where contents do not tell", () => {
		const dirty = flagBit.softDirty;
		const pages = (flags: number): Page[] => [
			["anonymous", 1, flags],
			["anonymous", 2, flags],
			["anonymous", undefined, flags],
			["swapped", undefined, flags],
			["anonymous", undefined, 0],
		];
		const before = stopOf({
			line: heap,
			pages: [["anonymous", 1], ["anonymous", 1], ["anonymous", 1], ["anonymous"], ["anonymous", 1]],
		});
		// The same value, another one, one that nobody read, one that was swapped out, and one without a note.
		deepEqual(judge(before, stopOf({ line: heap, pages: pages(dirty) }), true), { letters: ".www." });
		deepEqual(judge(before, stopOf({ line: heap, pages: pages(0) }), true), { letters: ".w..." });
		const shared = stopOf({ line: sharedFile, pages: [["cached"], ["cached"]] });
		const later = stopOf({ line: sharedFile, pages: [["file", undefined, dirty], ["file"]] });
		// Notes are of what this process wrote: of shared memory they do not tell that nobody did.
		deepEqual(judge(shared, later, true), { letters: "w?", why: "notSeenBefore" });
		// A note on memory that is another now says nothing of what it was.
		deepEqual(judge(nothing, stopOf({ line: memfd, pages: [["shmem", 1]] }), true), {
			letters: "?",
			why: "notSeenBefore",
		});
	});

	it("are drawn with a flag on those that were written", () => {
		const before = stopOf({ line: heap, pages: [["anonymous", 1], ["anonymous", 1], ["zero"], ["anonymous", 1]] });
		const after = stopOf({
			line: heap,
			pages: [["anonymous", 1], ["anonymous", 2], ["zero"], ["anonymous", undefined, flagBit.changed]],
		});
		const marks = markPages(before, after, alignMappings(before.snapshot.maps, after.snapshot.maps), {
			zeroSum,
			noted: false,
		});
		const runs = withWritten(after.runs, marks);
		const changed = Array.from({ length: runs.count }, (_, run) => [runs.starts[run], runs.flags[run]]);
		deepEqual(changed, [
			[base, 0],
			[base + 1, flagBit.changed],
			[base + 2, 0],
			[base + 3, 0],
		]);
	});
});

describe("fingerprints", () => {
	it("are found by page, whatever order they came in", () => {
		const builder = new FingerprintsBuilder();
		builder.add(20, Uint32Array.of(5, 6));
		builder.add(10, Uint32Array.of(1, 2, 3));
		builder.add(15, new Uint32Array(0));
		const fingerprints = builder.finish();
		equal(fingerprints.pages, 5);
		const at = fingerprints.cursor();
		deepEqual([9, 10, 12, 13, 15, 20, 21, 22].map(at), [undefined, 1, 3, undefined, undefined, 5, 6, undefined]);
		equal(new Fingerprints(new Float64Array(0), new Float64Array(0), new Float64Array(0), new Uint32Array(0)).pages, 0);
	});
});
