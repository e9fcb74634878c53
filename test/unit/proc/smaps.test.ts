import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { parseMaps } from "../../../src/extension/proc/maps";
import { orderSmaps, parseSmaps, readSmaps, type SmapsColumns } from "../../../src/extension/proc/smaps";
import { readStat } from "../../../src/extension/proc/stat";
import { withTarget } from "../../bench/targets";
import { recordedPageSize as pageSize, recorded, recordedPrograms } from "../../support/fixtures";
import { formatMapsLine, hostileBytes } from "../../support/kernelText";
import { steadySmaps } from "../../support/steadySmaps";

const header = /^[0-9a-f]+-[0-9a-f]+ [r-][w-][x-][sp] /;

/** Fields per mapping as an independent reading sees them: line by line, with regular expressions. */
function readIndependently(text: Buffer): { fields: Record<string, number>; flags: string[] }[] {
	const mappings: { fields: Record<string, number>; flags: string[] }[] = [];
	for (const line of text.toString("latin1").split("\n")) {
		if (header.test(line)) mappings.push({ fields: {}, flags: [] });
		const last = mappings.at(-1);
		const amount = /^(\w+):\s+(\d+)( kB)?$/.exec(line);
		if (amount?.[1] && last) last.fields[amount[1]] = Number(amount[2]) * (amount[3] ? 1024 : 1);
		const flags = /^VmFlags: (.*)$/.exec(line);
		if (flags?.[1] !== undefined && last) last.flags = flags[1].trim().split(" ");
	}
	return mappings;
}

const sum = (column: Float64Array | undefined): number => column?.reduce((total, value) => total + value, 0) ?? 0;

function fieldsOf(smaps: SmapsColumns, index: number): Record<string, number> {
	const present = [...smaps.fields].map(([name, column]) => [name, column[index] ?? Number.NaN] as const);
	return Object.fromEntries(present.filter(([, value]) => !Number.isNaN(value)));
}

describe("smaps", () => {
	for (const program of recordedPrograms) {
		const text = recorded(program, "smaps");
		const smaps = parseSmaps(text, pageSize);

		it(`of ${program}: has the mappings that maps has`, () => {
			const maps = parseMaps(recorded(program, "maps"), pageSize);
			assert.equal(smaps.maps.malformed, 0);
			assert.equal(smaps.maps.truncated, false);
			assert.equal(smaps.maps.count, maps.count);
			for (let index = 0; index < maps.count; index++) {
				assert.equal(formatMapsLine(smaps.maps, index, pageSize), formatMapsLine(maps, index, pageSize));
			}
		});

		it(`of ${program}: every field of every mapping, as an independent reading has it`, () => {
			const expected = readIndependently(text);
			assert.equal(smaps.maps.count, expected.length);
			for (const [index, { fields, flags }] of expected.entries()) {
				assert.deepEqual(fieldsOf(smaps, index), fields);
				assert.deepEqual(smaps.flagTable[smaps.flags[index] ?? 0], flags);
			}
		});

		it(`of ${program}: no line is lost`, () => {
			const amounts = [...smaps.fields.values()].reduce(
				(total, column) => total + column.filter((value) => !Number.isNaN(value)).length,
				0,
			);
			const flags = smaps.flags.filter((index) => index > 0).length;
			const lines = text.toString("latin1").split("\n").length - 1;
			assert.equal(smaps.maps.count + amounts + flags, lines);
			assert.deepEqual([smaps.lost, smaps.texts.size], [0, 0]);
			assert.deepEqual([...smaps.unitless], ["THPeligible"]);
		});

		it(`of ${program}: adds up to smaps_rollup`, () => {
			const rollup = parseSmaps(recorded(program, "smaps_rollup"), pageSize);
			assert.equal(rollup.maps.count, 1);
			for (const field of ["Rss", "Anonymous", "Swap", "AnonHugePages", "Private_Hugetlb", "LazyFree"]) {
				assert.equal(sum(smaps.fields.get(field)), rollup.fields.get(field)?.[0], field);
			}
			// Each mapping's share is rounded down to KiB, the rollup's sum only once.
			const pss = rollup.fields.get("Pss")?.[0] ?? Number.NaN;
			assert.ok(sum(smaps.fields.get("Pss")) <= pss);
			assert.ok(sum(smaps.fields.get("Pss")) > pss - smaps.maps.count * 1024);
		});

		it(`of ${program}: agrees with itself`, () => {
			for (let index = 0; index < smaps.maps.count; index++) {
				const of = (name: string): number => smaps.fields.get(name)?.[index] ?? Number.NaN;
				const pages = (smaps.maps.endPages[index] ?? 0) - (smaps.maps.startPages[index] ?? 0);
				assert.equal(of("Size"), pages * pageSize);
				assert.equal(of("Rss"), of("Shared_Clean") + of("Shared_Dirty") + of("Private_Clean") + of("Private_Dirty"));
				assert.ok(of("Pss") <= of("Rss") && of("Anonymous") <= of("Rss"));
			}
		});
	}

	const line = "7f0000000000-7f0000001000 rw-p 00000000 00:00 0 \n";
	const parse = (text: string): SmapsColumns => parseSmaps(Buffer.from(text, "latin1"), pageSize);

	it("keep fields that a later kernel adds, and lack those that an earlier one had not", () => {
		const smaps = parse(
			`${line}Rss:   4 kB\nNew_Field:   8 kB\n${line.replaceAll("7f", "7e")}Rss:   0 kB\nUnit:   7\n`,
		);
		assert.deepEqual(fieldsOf(smaps, 0), { Rss: 4096, New_Field: 8192 });
		assert.deepEqual(fieldsOf(smaps, 1), { Rss: 0, Unit: 7 });
		assert.deepEqual(smaps.flagTable[smaps.flags[0] ?? 0], []);
	});

	it("keep what is no amount as it is, by mapping", () => {
		const smaps = parse(
			`${line}Rss:   4 kB\nPolicy: bind 3\nSpeed:   7 MB\nEmpty:\n${line.replaceAll("7f", "7e")}Rss: 1 kB\n`,
		);
		assert.deepEqual(fieldsOf(smaps, 0), { Rss: 4096 });
		assert.deepEqual([...smaps.texts], [[0, ["Policy: bind 3", "Speed:   7 MB", "Empty:"]]]);
		assert.equal(smaps.lost, 0);
	});

	it("count what says nothing, or says it twice, as lost", () => {
		const smaps = parse(`Rss: 1 kB\n${line}Rss: 2 kB\nRss: 3 kB\nNo colon\nVmFlags: rd \nVmFlags: wr \n`);
		assert.deepEqual(fieldsOf(smaps, 0), { Rss: 2048 });
		assert.deepEqual(smaps.flagTable[smaps.flags[0] ?? 0], ["rd"]);
		assert.equal(smaps.lost, 4);
	});

	it("have no more columns than any kernel has fields", () => {
		const names = Array.from({ length: 1000 }, (_, index) => `F${index}: 1 kB\n`);
		const smaps = parse(line + names.join(""));
		assert.equal(smaps.fields.size, 128);
		assert.equal(smaps.texts.get(0)?.length, 872);
	});

	it("keep flags that nobody knows", () => {
		const smaps = parse(`${line}VmFlags: rd wr zz ?? \n`);
		assert.deepEqual(smaps.flagTable[smaps.flags[0] ?? 0], ["rd", "wr", "zz", "??"]);
	});

	it("do not give the fields of a line that did not parse to the mapping before it", () => {
		const broken = line.replaceAll("7f", "7g");
		const smaps = parse(`${line}Rss:   4 kB\nVmFlags: rd \n${broken}Rss:   400 kB\nVmFlags: wr \n`);
		assert.deepEqual([smaps.maps.count, smaps.maps.malformed], [1, 1]);
		assert.deepEqual(fieldsOf(smaps, 0), { Rss: 4096 });
		assert.deepEqual(smaps.flagTable[smaps.flags[0] ?? 0], ["rd"]);
	});

	it("do not give fields before the first line to it", () => {
		const smaps = parse(`Rss:   4 kB\nVmFlags: rd \n${line}Pss:   8 kB\n`);
		assert.deepEqual(fieldsOf(smaps, 0), { Pss: 8192 });
		assert.deepEqual(smaps.flagTable[smaps.flags[0] ?? 0], []);
	});

	it("are exact for amounts of terabytes", () => {
		assert.equal(fieldsOf(parse(`${line}Size:   137438953468 kB\n`), 0)["Size"], 137438953468 * 1024);
	});

	it("count more mappings than they first made room for", () => {
		const count = 5000;
		const lines = Array.from({ length: count }, (_, index) => {
			const start = (0x7f0000000000 + index * 8192).toString(16);
			const end = (0x7f0000000000 + index * 8192 + 4096).toString(16);
			return `${start}-${end} rw-p 00000000 00:00 0 \nRss:   ${index} kB\nVmFlags: rd ${index % 2 ? "wr" : ""}\n`;
		});
		const smaps = parse(lines.join(""));
		assert.equal(smaps.maps.count, count);
		assert.equal(sum(smaps.fields.get("Rss")), (count * (count - 1) * 1024) / 2);
		assert.deepEqual(smaps.flagTable[smaps.flags[count - 1] ?? 0], ["rd", "wr"]);
		assert.equal(smaps.flagTable.length, 3);
	});

	it("in which a mapping grew downwards while they were written lack what it took back", () => {
		const of = (start: string, end: string, rss: number): string =>
			`7f00000${start}000-7f00000${end}000 rw-p 00000000 00:00 0 \nRss:     ${rss} kB\nOdd: ${rss} words\nVmFlags: rd ${rss} \n`;
		const smaps = orderSmaps(
			parse(of("00", "10", 1) + of("10", "18", 2) + of("20", "21", 3) + of("14", "30", 4) + of("30", "31", 5)),
		);
		const { maps, fields, texts, flags, flagTable } = smaps;
		const page = 0x7f0000000;
		assert.deepEqual(
			[...maps.startPages].map((start) => start - page),
			[0x00, 0x10, 0x14, 0x30],
		);
		assert.deepEqual(
			[...maps.endPages].map((end) => end - page),
			[0x10, 0x14, 0x30, 0x31],
		);
		assert.deepEqual([...(fields.get("Rss") ?? [])], [1024, Number.NaN, 4096, 5120]);
		assert.deepEqual([...texts.keys()], [0, 2, 3]);
		assert.deepEqual(
			[...flags].map((index) => flagTable[index]?.[1]),
			["1", "2", "4", "5"],
		);
		assert.equal(orderSmaps(smaps), smaps);
	});

	const names = ["Rss", "Pss", "Private_Hugetlb", "THPeligible", "A_Field_With_A_Long_Name", "X"];
	const amount = fc.oneof(
		fc.nat(12),
		fc.nat(99_999),
		fc.nat(2 ** 31 - 1),
		fc.constantFrom(99_999_999, 100_000_000, 2 ** 43),
	);
	const field = fc.record({
		name: fc.constantFrom(...names),
		amount,
		unit: fc.boolean(),
		padding: fc.constantFrom("kernel", "kernel", "kernel", "none", "tab"),
	});
	const record = fc.record({ fields: fc.uniqueArray(field, { selector: ({ name }) => name }), flags: fc.nat(12) });

	it("read fields in any order, of any size, padded or not, present or not", () => {
		fc.assert(
			fc.property(fc.array(record, { maxLength: 12 }), fc.boolean(), (records, cut) => {
				let text = "";
				for (const [index, { fields, flags }] of records.entries()) {
					text += line.replaceAll("7f", (0x40 + index).toString(16));
					for (const { name, amount, unit, padding } of fields) {
						const label = padding === "kernel" ? `${name}:`.padEnd(16) : padding === "tab" ? `${name}: ` : `${name}:`;
						text += `${label}${padding === "kernel" ? String(amount).padStart(8) : amount}${unit ? " kB" : ""}\n`;
					}
					text += `VmFlags: rd ${flags} \n`;
				}
				const smaps = parse(cut ? text.slice(0, -1) : text);
				assert.equal(smaps.maps.count, records.length);
				for (const [index, { fields, flags }] of records.entries()) {
					const expected = fields.map(({ name, amount, unit }) => [name, unit ? amount * 1024 : amount] as const);
					assert.deepEqual(fieldsOf(smaps, index), Object.fromEntries(expected));
					assert.deepEqual(smaps.flagTable[smaps.flags[index] ?? 0], ["rd", String(flags)]);
				}
			}),
			{ numRuns: 300 },
		);
	});

	it("of a live process are the same piece by piece and in one text", async () => {
		await withTarget(["many", 3000], async ({ pid }) => {
			process.kill(pid, "SIGSTOP");
			while (readStat(pid)?.state !== "T") await sleep(5);
			const text = readFileSync(`/proc/${pid}/smaps`);
			assert.ok(text.length > 2 ** 20);
			assert.deepEqual(steadySmaps(readSmaps(pid, pageSize)), steadySmaps(parseSmaps(text, pageSize)));
		});
	});

	it("never throw, and account for every line of any text", () => {
		const texts = recordedPrograms.map((program) => recorded(program, "smaps"));
		fc.assert(
			fc.property(hostileBytes(...texts), (text) => {
				const { maps, fields, flags, flagTable, texts: kept, lost } = parseSmaps(text, pageSize);
				const lines = text.toString("latin1").split("\n");
				if (lines.at(-1) === "") lines.pop();
				assert.equal(maps.count + maps.malformed, lines.filter((one) => !/^[A-Z]/.test(one)).length);
				assert.equal(maps.truncated, text.length > 0 && text.at(-1) !== 0x0a);
				let read = flags.filter((index) => index > 0).length;
				for (const column of fields.values()) {
					assert.equal(column.length, maps.count);
					read += column.filter((value) => !Number.isNaN(value)).length;
				}
				for (const some of kept.values()) read += some.length;
				assert.equal(maps.count + maps.malformed + read + lost, lines.length);
				assert.equal(flags.length, maps.count);
				for (const index of flags) assert.ok(flagTable[index]);
			}),
			{ numRuns: 600 },
		);
	});
});
