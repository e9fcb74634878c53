import { deepEqual, equal } from "node:assert/strict";
import { diffLines, linesAround } from "../../../src/extension/lab/diff";
import { mapsText } from "../../../src/extension/lab/observe";
import { mapsLine, parseMaps } from "../../../src/extension/proc/maps";

const line = (text: string) => ({ text, inside: true });

describe("a diff of maps", () => {
	it("keeps equal lines, and marks the letters of permissions that differ", () => {
		const before = "100000-200000 ---s 00000000 00:01 86855   /dev/zero (deleted)";
		const after = "100000-200000 rw-s 00000000 00:01 86855   /dev/zero (deleted)";
		deepEqual(diffLines([line("x"), line(before)], [line("x"), line(after)]), [
			{ kind: "same", text: "x", inside: true, changed: [] },
			{ kind: "removed", text: before, inside: true, changed: [[14, 16]] },
			{ kind: "added", text: after, inside: true, changed: [[14, 16]] },
		]);
	});

	it("marks numbers as a whole, and of a name that grew only what is new", () => {
		const marked = (before: string, after: string) =>
			diffLines([line(before)], [line(after)]).map(({ text, changed }) =>
				changed.map(([from, to]) => text.slice(from, to)),
			);
		const file = "100000-200000 r-xp 00001000 fe:00 7    /tmp/a";
		deepEqual(marked(file, file.replace("r-xp", "-w-p").replace("1000 fe", "2000 fe")), [
			["r-x", "00001000"],
			["-w-", "00002000"],
		]);
		deepEqual(marked(file, file.replace("r-xp", "--xs")), [
			["r", "p"],
			["-", "s"],
		]);
		deepEqual(marked(file, `${file} (deleted)`), [[], [" (deleted)"]]);
		deepEqual(marked(`${file} (deleted)`, file), [[" (deleted)"], []]);
		deepEqual(marked(file, file.replace("/tmp/a", "/tmp/b")), [["/tmp/a"], ["/tmp/b"]]);
		deepEqual(marked("100000-200000 rw-p 00000000 00:00 0 ", "100000-200000 rw-p 00000000 00:00 0 [heap]"), [
			[],
			["[heap]"],
		]);
	});

	it("shows a split as one line replaced by three, and marks only the first of them", () => {
		const whole = "100000-400000 rw-p 00000000 00:00 0 ";
		const parts = ["100000-200000 rw-p", "200000-300000 r--p", "300000-400000 rw-p"].map(
			(part) => `${part} 00000000 00:00 0 `,
		);
		const lines = diffLines([line(whole)], parts.map(line));
		deepEqual(
			lines.map(({ kind }) => kind),
			["removed", "added", "added", "added"],
		);
		deepEqual(lines[0]?.changed, [[7, 13]]);
		deepEqual(lines[1]?.changed, [[7, 13]]);
		deepEqual(lines[2]?.changed, []);
	});

	it("finds the longest common part", () => {
		const kinds = (before: string, after: string) =>
			diffLines([...before].map(line), [...after].map(line)).map(({ kind, text }) => `${kind[0]}${text}`);
		deepEqual(kinds("abcd", "bxd"), ["ra", "sb", "rc", "ax", "sd"]);
		deepEqual(kinds("", "ab"), ["aa", "ab"]);
		deepEqual(kinds("ab", ""), ["ra", "rb"]);
		deepEqual(kinds("ab", "ab"), ["sa", "sb"]);
	});

	it("is about the lines that overlap a region, and near neighbours", () => {
		const text = [
			"100000-101000 r--p 00000000 00:00 0 ",
			"1ff000-200000 r--p 00000000 00:00 0 ",
			"200000-300000 rw-p 00000000 00:00 0 ",
			"300000-301000 r-xp 00000000 00:00 0 ",
			"90000000-90001000 r--p 00000000 00:00 0 ",
		];
		const lines = linesAround(parseMaps(Buffer.from(`${text.join("\n")}\n`), 4096), 0x200, 0x300);
		deepEqual(lines, [
			{ text: text[1], inside: false },
			{ text: text[2], inside: true },
			{ text: text[3], inside: false },
		]);
		equal(linesAround(parseMaps(Buffer.from(""), 4096), 0x200, 0x300).length, 0);
	});

	it("finds the lines of maps in the text of smaps", () => {
		const smaps = [
			"00400000-00401000 r-xp 00000000 fe:00 7      /tmp/caf\xe9",
			"Size:                  4 kB",
			"VmFlags: rd ex mr mw me ",
			"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0      [vsyscall]",
			"Size:                  4 kB",
			"",
		];
		const maps = parseMaps(mapsText(Buffer.from(smaps.join("\n"), "latin1")), 4096);
		equal(maps.count, 2);
		deepEqual([mapsLine(maps, 0), mapsLine(maps, 1)], [smaps[0], smaps[3]]);
	});
});
