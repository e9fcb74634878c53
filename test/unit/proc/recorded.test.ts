import { strict as assert } from "node:assert";
import fc from "fast-check";
import { PageRunList, pageCategory } from "../../../src/extension/base/pageCategories";
import { classify, mappingAt } from "../../../src/extension/memory/classify";
import { parsePageCount } from "../../../src/extension/proc/hugepages";
import { parseStackLimit } from "../../../src/extension/proc/limits";
import { type MapsColumns, parseMaps } from "../../../src/extension/proc/maps";
import { decodePagemapEntry } from "../../../src/extension/proc/pagemap";
import { parseCpuNanoseconds } from "../../../src/extension/proc/schedstat";
import { parseSmaps, type SmapsColumns } from "../../../src/extension/proc/smaps";
import { parsePageSize, parseUserNames } from "../../../src/extension/proc/system";
import { parseThreadPointers } from "../../../src/extension/proc/task";
import { judgeDoubts, settleDoubts } from "../../../src/extension/sampler/zeroPages";
import { addressToPage } from "../../../src/shared/units";
import { recordedPageSize as pageSize, type RecordedProgram, recorded, recordedPrograms } from "../../support/fixtures";
import { hostileBytes } from "../../support/kernelText";

const { present, file, swapped, zero, zeroOrShared } = pageCategory;

/** What several recorded files of one process say together. */
describe("recorded processes", () => {
	/** The page table of a recording, as somebody without privileges reads it. */
	function pageTable(program: RecordedProgram, maps: MapsColumns, smaps: SmapsColumns): PageRunList {
		const entries = recorded(program, "pagemap");
		const table = new PageRunList();
		let at = 0;
		for (let index = 0; index < maps.count; index++) {
			if (smaps.fields.get("Rss")?.[index] === 0) continue;
			for (let page = maps.startPages[index] ?? 0; page < (maps.endPages[index] ?? 0); page++, at += 8) {
				const categories = decodePagemapEntry(entries.readUInt32LE(at), entries.readUInt32LE(at + 4), 0);
				if (categories !== 0) table.push(page, page + 1, categories);
			}
		}
		assert.equal(at, entries.length);
		return table;
	}

	/** Pages of each mapping whose categories are wanted. */
	function count(table: PageRunList, maps: MapsColumns, wanted: (categories: number) => boolean): Float64Array {
		const pages = new Float64Array(maps.count);
		for (let run = 0; run < table.length; run++) {
			if (!wanted(table.categories[run] ?? 0)) continue;
			for (let page = table.startPages[run] ?? 0; page < (table.endPages[run] ?? 0); page++) {
				const index = mappingAt(maps, page);
				pages[index] = (pages[index] ?? 0) + 1;
			}
		}
		return pages;
	}

	for (const program of recordedPrograms) {
		it(`${program}: the page table has the pages that smaps counts`, () => {
			const maps = parseMaps(recorded(program, "maps"), pageSize);
			const smaps = parseSmaps(recorded(program, "smaps"), pageSize);
			const raw = pageTable(program, maps, smaps);
			const classification = classify(maps, new Set(), pageSize);
			const verdicts = judgeDoubts(raw, maps, classification, smaps, pageSize);
			const table = settleDoubts(raw, maps, verdicts);
			const [anonymous, ofFiles, inSwap, inDoubt] = [
				count(table, maps, (one) => (one & present) !== 0 && (one & (file | zero | zeroOrShared)) === 0),
				count(table, maps, (one) => (one & file) !== 0),
				count(table, maps, (one) => (one & swapped) !== 0),
				count(table, maps, (one) => (one & zeroOrShared) !== 0),
			];
			let told = 0;
			for (let index = 0; index < maps.count; index++) {
				const of = (name: string): number => (smaps.fields.get(name)?.[index] ?? Number.NaN) / pageSize;
				if (of("Rss") === 0) continue;
				const [some, doubtful] = [anonymous[index] ?? 0, inDoubt[index] ?? 0];
				assert.equal(ofFiles[index], of("Rss") - of("Anonymous"), `file pages of mapping ${index}`);
				// Where a mapping has both zero pages and pages shared since a fork, they cannot be told apart.
				assert.ok(some <= of("Anonymous") && of("Anonymous") <= some + doubtful, `anonymous pages of ${index}`);
				assert.equal(inSwap[index], of("Swap"));
				if (doubtful === 0) told++;
			}
			assert.ok(told > 5);
		});

		it(`${program}: each thread's stack pointer lies in a mapping, the main thread's in [stack]`, () => {
			const maps = parseMaps(recorded(program, "maps"), pageSize);
			const lines = recorded(program, "syscall").toString("latin1").split("\n").slice(0, -1);
			const threads = /^Threads:\t(\d+)$/m.exec(recorded(program, "status").toString("latin1"))?.[1];
			assert.equal(String(lines.length), threads);
			for (const [at, line] of lines.entries()) {
				const pointer = parseThreadPointers(`${line.slice(line.indexOf(" ") + 1)}\n`)?.stack;
				assert.ok(pointer !== undefined, line);
				const index = mappingAt(maps, addressToPage(pointer, pageSize));
				assert.ok(index >= 0, line);
				if (at === 0) assert.equal(maps.nameTable[maps.names[index] ?? 0], "[stack]");
			}
		});

		it(`${program}: has a limit for its stack, within which [stack] lies`, () => {
			const text = recorded(program, "limits").toString("latin1");
			const limit = parseStackLimit(text);
			assert.equal(String(limit ?? "unlimited"), /^Max stack size +(\S+)/m.exec(text)?.[1]);
			const maps = parseMaps(recorded(program, "maps"), pageSize);
			const stack = maps.names.findIndex((name) => maps.nameTable[name] === "[stack]");
			const size = ((maps.endPages[stack] ?? 0) - (maps.startPages[stack] ?? 0)) * pageSize;
			assert.ok(size > 0 && size <= (limit ?? Number.POSITIVE_INFINITY));
		});

		it(`${program}: has had a processor`, () => {
			const text = recorded(program, "schedstat").toString("latin1");
			assert.equal(parseCpuNanoseconds(text), Number(text.split(" ")[0]));
			assert.ok((parseCpuNanoseconds(text) ?? 0) > 1e5);
		});
	}
});

describe("small texts of the kernel", () => {
	it("have no limit of the stack where there is none, or where they are cut", () => {
		const text = recorded("shell", "limits").toString("latin1");
		const line = /^Max stack size.*$/m.exec(text)?.[0] ?? "";
		assert.equal(parseStackLimit(text.replace(line, "Max stack size  unlimited  unlimited  bytes")), undefined);
		assert.equal(parseStackLimit(text.replace(line, "Max stack size  8192  unlimited  bytes     ")), 8192);
		const end = text.indexOf(line) + line.trimEnd().length;
		for (let length = 0; length < end; length++) assert.equal(parseStackLimit(text.slice(0, length)), undefined);
	});

	it("are counts of pages only when they are whole", () => {
		assert.deepEqual(["0\n", "512\n"].map(parsePageCount), [0, 512]);
		for (const text of ["", "\n", "512", "-1\n", "5 12\n", "1e3\n", `${"9".repeat(16)}\n`]) {
			assert.equal(parsePageCount(text), undefined, JSON.stringify(text));
		}
	});

	const cut = (text: Buffer, parse: (part: Buffer) => unknown): void => {
		for (let length = 0; length < text.length; length++) assert.equal(parse(text.subarray(0, length)), undefined);
	};

	it("that are cut off are no numbers", () => {
		cut(recorded("node", "schedstat"), (part) => parseCpuNanoseconds(part.toString("latin1")));
		const line = recorded("shell", "syscall").toString("latin1");
		cut(Buffer.from(line.slice(line.indexOf(" ") + 1)), (part) => parseThreadPointers(part.toString("latin1")));
	});

	it("never throw, and give numbers or nothing", () => {
		const files = ["schedstat", "syscall", "limits"];
		const texts = recordedPrograms.flatMap((program) => files.map((file) => recorded(program, file)));
		fc.assert(
			fc.property(hostileBytes(...texts), (bytes) => {
				const text = bytes.toString("latin1");
				const nanoseconds = parseCpuNanoseconds(text);
				assert.ok(nanoseconds === undefined || nanoseconds >= 0);
				const pointer = parseThreadPointers(text)?.stack;
				assert.ok(pointer === undefined || (pointer >= 0n && pointer < 2n ** 64n));
				for (const [uid, name] of parseUserNames(text)) assert.ok(Number.isInteger(uid) && name !== "");
				for (const amount of [parseStackLimit(text), parsePageCount(text)])
					assert.ok(amount === undefined || amount >= 0);
				const size = parsePageSize(bytes);
				assert.ok(size === undefined || Number.isInteger(Math.log2(size)));
			}),
			{ numRuns: 500 },
		);
	});

	it("have the page size after its key, and none that is no power of two", () => {
		const vector = (...words: readonly number[]): Buffer => {
			const bytes = Buffer.alloc(words.length * 8);
			for (const [at, word] of words.entries()) bytes.writeBigUInt64LE(BigInt(word), at * 8);
			return bytes;
		};
		assert.equal(parsePageSize(vector(16, 6, 6, 65_536, 0, 0)), 65_536);
		assert.equal(parsePageSize(vector(6, 16_384)), 16_384);
		assert.equal(parsePageSize(vector(6, 4097)), undefined);
		assert.equal(parsePageSize(vector(6)), undefined);
		assert.equal(parsePageSize(vector(33, 4096)), undefined);
	});

	it("name users by their number, the first name first", () => {
		const text = "root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\n::7:\nodd:x::\nodd:x:1a:\nlast:x:99:9";
		assert.deepEqual(
			[...parseUserNames(text)],
			[
				[0, "root"],
				[99, "last"],
			],
		);
	});
});
