import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { parseMaps } from "../../../src/extension/proc/maps";
import { parseNumaLine, parseNumaMaps, readNumaMapping } from "../../../src/extension/proc/numaMaps";
import { parseSmaps } from "../../../src/extension/proc/smaps";
import { readPageSize } from "../../../src/extension/proc/system";
import { recordedPageSize as pageSize, recorded, recordedPrograms } from "../../support/fixtures";
import { countLines, hostileBytes } from "../../support/kernelText";
import { skip } from "../../support/skip";

describe("numa_maps", () => {
	for (const program of recordedPrograms) {
		const text = recorded(program, "numa_maps");

		it(`of ${program}: a line for each mapping but [vsyscall], with the names that maps has`, () => {
			const { mappings, malformed, truncated } = parseNumaMaps(text, pageSize);
			assert.deepEqual([malformed, truncated], [0, false]);
			const maps = parseMaps(recorded(program, "maps"), pageSize);
			const isUser = (index: number): boolean => maps.nameTable[maps.names[index] ?? 0] !== "[vsyscall]";
			const expected = Array.from({ length: maps.count }, (_, index) => index).filter(isUser);
			assert.deepEqual(
				mappings.map(({ startPage }) => startPage),
				expected.map((index) => maps.startPages[index]),
			);
			for (const [at, index] of expected.entries()) {
				const name = (maps.nameTable[maps.names[index] ?? 0] ?? "").replaceAll("\\012", "\n");
				const { file, words } = mappings[at] ?? {};
				if (name.startsWith("/")) assert.equal(file, name);
				else assert.equal(file, undefined);
				assert.deepEqual(words?.includes("stack"), name === "[stack]");
			}
		});

		it(`of ${program}: what is resident, anonymous and dirty as smaps has it`, () => {
			const { mappings } = parseNumaMaps(text, pageSize);
			const { maps, fields } = parseSmaps(recorded(program, "smaps"), pageSize);
			const field = (name: string, index: number): number => fields.get(name)?.[index] ?? Number.NaN;
			for (const { startPage, nodes, counts, pageSize: size = pageSize } of mappings) {
				const index = maps.startPages.indexOf(startPage);
				if ((maps.nameTable[maps.names[index] ?? 0] ?? "").startsWith("[v")) continue;
				const pages = [...nodes.values()].reduce((sum, count) => sum + count, 0);
				assert.equal(pages * size, field("Rss", index), startPage.toString(16));
				assert.equal((counts.get("anon") ?? 0) * size, field("Anonymous", index));
				const dirty = field("Private_Dirty", index) + field("Shared_Dirty", index);
				assert.equal((counts.get("dirty") ?? 0) * size, dirty);
			}
		});
	}

	const parse = (line: string) => {
		const { counts, nodes, ...rest } = parseNumaLine(line, pageSize) ?? assert.fail("it is malformed");
		return { ...rest, counts: Object.fromEntries(counts), nodes: Object.fromEntries(nodes) };
	};

	it("policies are kept as they are, also with a space or an equal sign in them", () => {
		for (const policy of ["default", "bind:0-1", "prefer (many):0,1", "weighted interleave:0-3", "bind=static:2"]) {
			const {
				policy: found,
				words,
				nodes,
			} = parse(`7f0000000000 ${policy} heap anon=3 N0=1 N12=2 kernelpagesize_kB=4`);
			assert.deepEqual([found, words, nodes], [policy, ["heap"], { 0: 1, 12: 2 }]);
		}
		assert.equal(parse("7f0000000000 default").policy, "default");
	});

	it("names lose their escapes, and huge pages count in their size", () => {
		const line = "7f0000000000 default file=/a\\040b\\075c\\134\\012 huge anon=1 N1=1 kernelpagesize_kB=2048";
		assert.deepEqual(parse(line), {
			startPage: 0x7f0000000,
			policy: "default",
			file: "/a b=c\\134\n",
			words: ["huge"],
			counts: { anon: 1 },
			nodes: { 1: 1 },
			pageSize: 2 ** 21,
		});
	});

	it("counts and words of later kernels are kept", () => {
		const { counts, words } = parse("7f0000000000 local stack novel frozen=7 strange");
		assert.deepEqual([counts, words], [{ frozen: 7 }, ["stack", "novel", "strange"]]);
	});

	for (const line of ["", "7f0000000000", "7f0000000000 ", "7f0000000800 default", "heap default", " default"]) {
		it(`${JSON.stringify(line)} is malformed`, () => assert.equal(parseNumaLine(line, pageSize), undefined));
	}

	it("never throw, and account for every line of any text", () => {
		const texts = recordedPrograms.map((program) => recorded(program, "numa_maps"));
		fc.assert(
			fc.property(hostileBytes(...texts), (text) => {
				const { mappings, malformed, truncated } = parseNumaMaps(text, pageSize);
				assert.equal(mappings.length + malformed, countLines(text));
				assert.equal(truncated, text.length > 0 && text.at(-1) !== 0x0a);
			}),
			{ numRuns: 400 },
		);
	});

	it("of this process: any mapping is found without its neighbours", async function () {
		const text = await readFile("/proc/self/numa_maps").catch(() => undefined);
		if (text === undefined) return skip(this, "this kernel has no numa_maps");
		const size = readPageSize();
		const { mappings } = parseNumaMaps(text, size);
		for (const { startPage, file } of [mappings[0], mappings[7], mappings.at(-1)].filter((one) => one !== undefined)) {
			const found = readNumaMapping(process.pid, startPage, size);
			assert.deepEqual([found?.startPage, found?.file], [startPage, file]);
		}
		assert.equal(readNumaMapping(process.pid, 1, size), undefined);
	});
});
