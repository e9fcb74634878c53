import { strict as assert } from "node:assert";
import fc from "fast-check";
import { PageRunList, pageCategory } from "../../../src/extension/base/pageCategories";
import { classify, mappingAt } from "../../../src/extension/memory/classify";
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

		it(`${program}: has had a processor`, () => {
			const text = recorded(program, "schedstat").toString("latin1");
			assert.equal(parseCpuNanoseconds(text), Number(text.split(" ")[0]));
			assert.ok((parseCpuNanoseconds(text) ?? 0) > 1e5);
		});
	}
});

describe("small texts of the kernel", () => {
	const cut = (text: Buffer, parse: (part: Buffer) => unknown): void => {
		for (let length = 0; length < text.length; length++) assert.equal(parse(text.subarray(0, length)), undefined);
	};

	it("that are cut off are no numbers", () => {
		cut(recorded("node", "schedstat"), (part) => parseCpuNanoseconds(part.toString("latin1")));
		const line = recorded("shell", "syscall").toString("latin1");
		cut(Buffer.from(line.slice(line.indexOf(" ") + 1)), (part) => parseThreadPointers(part.toString("latin1")));
	});

	it("never throw, and give numbers or nothing", () => {
		const texts = recordedPrograms.flatMap((program) => [recorded(program, "schedstat"), recorded(program, "syscall")]);
		fc.assert(
			fc.property(hostileBytes(...texts), (bytes) => {
				const text = bytes.toString("latin1");
				const nanoseconds = parseCpuNanoseconds(text);
				assert.ok(nanoseconds === undefined || nanoseconds >= 0);
				const pointer = parseThreadPointers(text)?.stack;
				assert.ok(pointer === undefined || (pointer >= 0n && pointer < 2n ** 64n));
				for (const [uid, name] of parseUserNames(text)) assert.ok(Number.isInteger(uid) && name !== "");
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
