import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parseFilter } from "../../../src/extension/memory/filter";
import { PageRunsBuilder } from "../../../src/extension/memory/pageRuns";
import { parseMaps } from "../../../src/extension/proc/maps";
import { parseSmaps } from "../../../src/extension/proc/smaps";
import { flagBit, stateCode } from "../../../src/shared/pageStates";
import { recordedPageSize as pageSize } from "../../support/fixtures";
import { mapsText } from "../../support/kernelText";
import { recordedSnapshot, snapshotOf } from "../../support/snapshots";

const lines = [
	["00400000-00402000 r-xp 00000000 fe:00 7", "/usr/bin/Program"],
	["00602000-00603000 rw-p 00002000 fe:00 7", "/usr/bin/Program"],
	["00a00000-00a40000 rw-p 00000000 00:00 0", "[heap]"],
	["7f0000000000-7f0040000000 ---p 00000000 00:00 0"],
	["7f0040000000-7f0040004000 rwxp 00000000 00:00 0"],
	["7f0050000000-7f0050001000 rw-s 00000000 00:01 9", "/memfd:caf\xc3\xa9 cafe1 (deleted)"],
	["7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0", "[stack]"],
	["ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0", "[vsyscall]"],
] as const;

describe("the find box", () => {
	const maps = parseMaps(mapsText(...lines), pageSize);
	const builder = new PageRunsBuilder();
	builder.push(0x400, 0x402, stateCode.file, 0);
	builder.push(0xa00, 0xa10, stateCode.anonymous, 0);
	builder.push(0xa10, 0xa11, stateCode.swapped, flagBit.changed);
	builder.push(0x7f0050000, 0x7f0050001, stateCode.cached, 0);
	const smapsText = lines.map(([head], index) => `${head} \nPss: ${index * 4} kB\nPrivate_Dirty: ${index % 2} kB\n`);
	const smaps = parseSmaps(Buffer.from(smapsText.join("")), pageSize);
	const snapshot = snapshotOf(maps, builder.finish(), { smaps });

	/** Indices of the mappings that a text finds. */
	const find = (text: string): number[] => {
		const matches = parseFilter(text, snapshot);
		return lines.map((_, index) => index).filter((index) => matches === undefined || matches(index));
	};
	const all = lines.map((_, index) => index);

	const examples: readonly (readonly [text: string, found: readonly number[]])[] = [
		["", all],
		["   ", all],
		["program", [0, 1]],
		["PROGRAM", [0, 1]],
		["/usr/bin", [0, 1]],
		["heap", [2]],
		["[heap]", [2]],
		["memfd", [5]],
		["café", [5]],
		["nothing like it", []],
		["code", [0, 4]],
		["bin code", [0]],
		["reserved", [3]],
		// permissions
		["r-x", [0]],
		["r-xp", [0]],
		["rw-p", [1, 2, 6]],
		["rw-s", [5]],
		["rw-", [1, 2, 5, 6]],
		["rwx", [4]],
		["rwx?", [4]],
		["???s", [5]],
		["?w??", [1, 2, 4, 5, 6]],
		["---", [3]],
		["--x", [7]],
		["???", all],
		// addresses
		["0x400000", [0]],
		["0x401fff", [0]],
		["0x402000", []],
		["00400000", [0]],
		["a00000", [2]],
		["7f0040000000", [4]],
		["0xffffffffff600123", [7]],
		["ffffffffff600000", [7]],
		["cafe1", [5]], // also a word
		["a0", []],
		// amounts
		["rss>0", [0, 2]],
		["rss>=8k", [0, 2]],
		["rss>8k", [2]],
		["rss=64K", [2]],
		["rss<=8KiB", [0, 1, 3, 4, 5, 6, 7]],
		["size>=1G", [3]],
		["size=1g", [3]],
		["size>1GB", []],
		["size<8k", [1, 5, 7]],
		["SIZE=0.25M", [2]],
		["size=4096", [1, 5, 7]],
		["swap>0", [2]],
		["cached>0", [5]],
		["pss>=24k", [6, 7]],
		["dirty>0", [1, 3, 5, 7]],
		["dirty=0 pss>0", [2, 4, 6]],
		["rw-p rss>0", [2]],
		["program r-x 0x400000 size>4k", [0]],
		["rss>", []], // no amount: a name
		["size", []],
	];
	for (const [text, found] of examples) it(JSON.stringify(text), () => assert.deepEqual(find(text), found));

	it("finds nothing by an amount that is not known", () => {
		const { smaps: _, ...rest } = snapshot;
		const matches = parseFilter("pss>=0", rest);
		assert.ok(matches && all.every((index) => !matches(index)));
	});

	it("never throws, and finds a subset, whatever is typed", () => {
		const recorded = recordedSnapshot("target");
		const typed = fc.oneof(
			fc.string({ unit: "binary", maxLength: 40 }),
			fc
				.array(
					fc.constantFrom("rss", ">", "<=", "10", "M", "0x", "ff", " ", "r?x", "[", "(", "\\", "*", "?", "-", "."),
					{
						maxLength: 8,
					},
				)
				.map((parts) => parts.join("")),
		);
		fc.assert(
			fc.property(typed, (text) => {
				const matches = parseFilter(text, recorded);
				for (let index = 0; index < recorded.maps.count; index++) matches?.(index);
			}),
			{ numRuns: 500 },
		);
	});

	it("each further term finds no more", () => {
		const term = fc.constantFrom("lib", "r-x", "rss>0", "size>4k", "target", "7f51", "???p", "0x7f511d4cb000");
		const recorded = recordedSnapshot("target");
		fc.assert(
			fc.property(term, term, (one, two) => {
				const [both, first] = [parseFilter(`${one} ${two}`, recorded), parseFilter(one, recorded)];
				for (let index = 0; index < recorded.maps.count; index++) {
					if (both?.(index)) assert.ok(first?.(index));
				}
			}),
		);
	});
});
