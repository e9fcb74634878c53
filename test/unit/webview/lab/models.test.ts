import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { sameSide } from "../../../../src/shared/labFiles";
import type { RegionResult, RegionSide } from "../../../../src/shared/labResult";
import { cellChanged, cellStride } from "../../../../src/shared/mapFrame";
import { flagBit, stateCode } from "../../../../src/shared/pageStates";
import {
	countStates,
	markChanges,
	occurringStates,
	pageCells,
	runAt,
	shareCells,
	stripOf,
} from "../../../../src/webview/lab/model/cellModel";
import { filePieces } from "../../../../src/webview/lab/model/fileModel";
import { flagMarks, isQuiet, markedPieces, regionGroups } from "../../../../src/webview/lab/model/regionModel";
import { stripSentence } from "../../../../src/webview/lab/result/pagesView";

const { notPresent, anonymous, shmem } = stateCode;

/** A side of eight pages from page 100 on, of which these are of a state. */
function side(present: readonly number[], state: number = anonymous, flags = 0): RegionSide {
	return {
		permissions: [{ permissions: "rw-p", pages: 8 }],
		mappings: 1,
		vmFlags: ["rd", "wr"],
		smaps: {},
		pages: Array.from({ length: 8 }, (_, page) => ({
			start: 100 + page,
			end: 101 + page,
			state: present.includes(page) ? state : notPresent,
			flags: present.includes(page) ? flags : 0,
		})),
		present: present.length,
		exclusive: 0,
	};
}

function region(change: Partial<RegionResult> = {}): RegionResult {
	return {
		process: "main",
		pid: 1,
		name: "p",
		startPage: 100,
		endPage: 108,
		isNew: false,
		diff: [{ kind: "same", text: "64000-6c000 rw-p", inside: true, changed: [] }],
		before: side([]),
		after: side([]),
		fields: [],
		...change,
	};
}

describe("cells of a step's pages", () => {
	it("are the pages of the region, whatever the runs cover besides", () => {
		const runs = [
			{ start: 90, end: 103, state: shmem, flags: 0 },
			{ start: 105, end: 200, state: anonymous, flags: flagBit.exclusive },
		];
		const cells = pageCells(stripOf({ pages: runs }, 100, 108));
		deepEqual([...cells.states], [shmem, shmem, shmem, notPresent, notPresent, anonymous, anonymous, anonymous]);
		equal(cells.flags[5], flagBit.exclusive);
	});

	it("are marked where a step has changed them, also when a page is no longer exclusive", () => {
		const before = stripOf(side([0, 1, 2], anonymous, flagBit.exclusive), 100, 108);
		const { strip, changed } = markChanges(before, stripOf(side([1, 2, 3], anonymous, 0), 100, 108));
		equal(changed, 4);
		const marks = [...pageCells(strip).flags].map((flags) => (flags & flagBit.changed) !== 0);
		deepEqual(marks, [true, true, true, true, false, false, false, false]);
		const softDirty = stripOf(side([0, 1, 2], anonymous, flagBit.exclusive | flagBit.softDirty), 100, 108);
		equal(markChanges(before, softDirty).changed, 0);
	});

	it("add up to the same pages in shares of any size", () => {
		fc.assert(
			fc.property(
				fc.array(fc.record({ state: fc.integer({ min: 0, max: 8 }), changed: fc.boolean() }), { maxLength: 200 }),
				fc.integer({ min: 1, max: 50 }),
				(pages, perCell) => {
					const runs = pages.map(({ state, changed }, i) => {
						return { start: 7 + i, end: 8 + i, state, flags: changed ? flagBit.changed : 0 };
					});
					const strip = { startPage: 7, endPage: 7 + pages.length, runs };
					const { counts } = shareCells(strip, perCell);
					equal(counts.length / cellStride, Math.ceil(pages.length / perCell));
					for (let state = 0; state <= 8; state++) {
						let sum = 0;
						for (let at = state; at < counts.length; at += cellStride) sum += counts[at] ?? 0;
						equal(sum, pages.filter((page) => page.state === state).length);
					}
					let changed = 0;
					for (let at = cellChanged; at < counts.length; at += cellStride) changed += counts[at] ?? 0;
					equal(changed, pages.filter((page) => page.changed).length);
				},
			),
		);
	});

	it("name the states that occur", () => {
		const strip = stripOf(side([3], shmem), 100, 108);
		deepEqual(occurringStates([anonymous, shmem, notPresent], strip), [shmem, notPresent]);
		equal(runAt(strip, 103)?.state, shmem);
		equal(stripSentence(strip), "1 shared memory, 7 not present (page 3)");
	});

	it("cost as much as their runs, also for 512 GiB that are only reserved", () => {
		const end = 2 ** 27;
		const runs = [0, end / 2, end - 1].map((page) => ({ start: page, end: page + 1, state: anonymous, flags: 0 }));
		const { strip, changed } = markChanges(stripOf({ pages: [] }, 0, end), stripOf({ pages: runs }, 0, end));
		equal(changed, 3);
		deepEqual(
			[...countStates(strip, end / 2, end)],
			[
				[anonymous, 2],
				[notPresent, end / 2 - 2],
			],
		);
		const { counts } = shareCells(strip, end / 1024);
		equal(counts.length, 1024 * cellStride);
		equal(counts[anonymous], 1);
		equal(counts[notPresent], end / 1024 - 1);
	});
});

describe("regions of a step", () => {
	it("are quiet only when nothing of them changed", () => {
		equal(isQuiet(region()), true);
		const changes: Partial<RegionResult>[] = [
			{ isNew: true },
			{ after: side([1]) },
			{ after: { ...side([]), vmFlags: ["rd"] } },
			{ after: { ...side([]), permissions: [{ permissions: "r--p", pages: 8 }] } },
			{ fields: [{ name: "Rss", before: 0, after: 4096 }] },
			{ diff: [{ kind: "added", text: "64000-6c000 rw-p", inside: true, changed: [] }] },
		];
		for (const change of changes) equal(isQuiet(region(change)), false, JSON.stringify(change));
		const unmapped = { ...side([]), mappings: 0 };
		equal(isQuiet(region({ isNew: true, before: unmapped, after: unmapped })), true, "came and went");
		const line = { kind: "removed", text: "64000-6c000 rw-p", inside: true, changed: [] } as const;
		equal(isQuiet(region({ after: unmapped, diff: [line] })), false, "went");
	});

	it("stand side by side by name, those that changed first", () => {
		const child = { process: "child", pid: 2 };
		const groups = regionGroups({
			regions: [region(), region({ name: "q", after: side([0]) }), region(child), region({ ...child, name: "q" })],
		});
		deepEqual(
			groups.map(({ name, quiet, regions }) => [name, quiet, regions.map(({ process }) => process)]),
			[
				["q", false, ["main", "child"]],
				["p", true, ["main", "child"]],
			],
		);
	});

	it("tell flags that came and went", () => {
		const marks = flagMarks({ ...side([]), vmFlags: ["rd", "wr", "mr"] }, { ...side([]), vmFlags: ["rd", "mr", "lo"] });
		deepEqual(
			marks.map(({ code, mark }) => `${code} ${mark}`),
			["rd same", "mr same", "lo added", "wr removed"],
		);
	});

	it("cut lines where they changed, and lose nothing of them", () => {
		deepEqual(markedPieces("7f00-7f10 ---s", [[10, 12]]), [
			{ text: "7f00-7f10 ", marked: false },
			{ text: "--", marked: true },
			{ text: "-s", marked: false },
		]);
		const ranges = fc.array(fc.tuple(fc.nat(40), fc.nat(40))).map((pairs) =>
			pairs
				.flat()
				.sort((a, b) => a - b)
				.reduce<[number, number][]>((all, at, index, flat) => {
					if (index % 2 === 0) all.push([at, flat[index + 1] ?? at]);
					return all;
				}, []),
		);
		fc.assert(
			fc.property(fc.string({ maxLength: 30 }), ranges, (text, changed) => {
				equal(
					markedPieces(text, changed)
						.map((piece) => piece.text)
						.join(""),
					text,
				);
			}),
		);
	});
});

describe("a file on disk", () => {
	const bytes = (text: string) => new TextEncoder().encode(text);

	it("is shown as text, with what differs marked", () => {
		deepEqual(filePieces(bytes("hello\n"), bytes("jelly\n")), [
			{ text: "h", changed: true },
			{ text: "ell", changed: false },
			{ text: "o", changed: true },
			{ text: "\n", changed: false },
		]);
		deepEqual(filePieces(Uint8Array.of(0x41, 0, 0xff, 0x1b), undefined), [{ text: "A\\0\\xff\\x1b", changed: false }]);
	});

	it("counts the zeros at its end", () => {
		deepEqual(filePieces(Uint8Array.of(0x41, 0, 0, 0), undefined), [{ text: "A (3 zero bytes)", changed: false }]);
		const cleared = filePieces(Uint8Array.of(0x41, 0), Uint8Array.of(0x41, 0x42));
		deepEqual(cleared, [
			{ text: "A", changed: false },
			{ text: " (1 zero byte)", changed: true },
		]);
		deepEqual(filePieces(new Uint8Array(0), undefined), []);
	});

	it("is the same only with the same size and bytes, or the same error", () => {
		const file = { size: 5, head: bytes("hello") };
		const gone = { error: { code: "io", errno: "ENOENT" } } as const;
		equal(sameSide(file, { size: 5, head: bytes("hello") }), true);
		equal(sameSide(file, { size: 6, head: bytes("hello") }), false);
		equal(sameSide(file, { size: 5, head: bytes("jelly") }), false);
		equal(sameSide(file, gone), false);
		equal(sameSide(gone, gone), true);
	});
});
