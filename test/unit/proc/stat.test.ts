import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parseStat } from "../../../src/extension/proc/stat";
import { recorded, recordedPrograms } from "../../support/fixtures";
import { hostileBytes } from "../../support/kernelText";

/** A line of `stat` with 52 fields, each its own number, around a name. */
function statOf(name: string | Buffer, changes: Readonly<Record<number, string>> = {}): Buffer {
	const rest = Array.from({ length: 50 }, (_, index) => changes[index + 3] ?? (index === 0 ? "S" : String(index + 3)));
	return Buffer.concat([Buffer.from("42 ("), Buffer.from(name), Buffer.from(`) ${rest.join(" ")}\n`)]);
}

describe("stat", () => {
	const names = {
		shell: "sh",
		python: "python3",
		node: "node",
		java: "java",
		rust: "idle",
		postgres: "postgres",
		chromium: "chromium",
		target: "target<b>\n)",
	};
	for (const program of recordedPrograms) {
		it(`of ${program}`, () => {
			const text = recorded(program, "stat");
			const stat = parseStat(text);
			const status = recorded(program, "status").toString("latin1");
			const of = (field: string): string | undefined => new RegExp(`^${field}:\\s*(.*)$`, "m").exec(status)?.[1];
			assert.equal(stat?.name, names[program]);
			assert.equal(stat?.state, of("State")?.[0]);
			assert.equal(String(stat?.parentPid), of("PPid"));
			assert.equal(String(stat?.threads), of("Threads"));
			assert.equal(stat?.kernelThread, false);
			// Counted from the end, where no name can disturb: field 22 of 52.
			const words = text.toString("latin1").trim().split(/\s/);
			assert.equal(String(stat?.startTime), words.at(-31));
			assert.equal(String(stat?.residentPages), words.at(-29));
		});
	}

	it("takes each field from its place", () => {
		const stat = parseStat(statOf("a", { 9: String(0x00200000 | 0x40) }));
		assert.deepEqual(
			{ ...stat },
			{
				name: "a",
				state: "S",
				parentPid: 4,
				terminalGroup: 8,
				kernelThread: true,
				threads: 20,
				startTime: 22n,
				residentPages: 24,
				image: "26 27 28",
			},
		);
	});

	it("says when the process has no terminal", () => {
		assert.equal(parseStat(statOf("a", { 8: "-1" }))?.terminalGroup, -1);
	});

	it("does not know the image where it may not be read, of a zombie, and in the midst of an exec", () => {
		assert.equal(parseStat(statOf("a", { 26: "1", 27: "1", 28: "0" }))?.image, undefined);
		assert.equal(parseStat(statOf("a", { 26: "0", 27: "0", 28: "0" }))?.image, undefined);
		assert.equal(parseStat(statOf("a", { 26: "0", 27: "0", 28: "140724603453440" }))?.image, undefined);
	});

	it("keeps a start time beyond 2^53", () => {
		assert.equal(parseStat(statOf("a", { 22: "18446744073709551615" }))?.startTime, 2n ** 64n - 1n);
	});

	for (const name of ["a b", ") R 1 2 3", "((", "))", "", "a\nb", "target<b>\n)", "\u202eexe", "kworker/0:1-ev"]) {
		it(`name ${JSON.stringify(name)}`, () => {
			const stat = parseStat(statOf(name));
			assert.equal(stat?.name, name);
			assert.equal(stat?.state, "S");
		});
	}

	it("a name that is no UTF-8", () => {
		assert.equal(parseStat(statOf(Buffer.from("caf\xe9", "latin1")))?.name, "caf\ufffd");
	});

	for (const text of [
		"",
		"42",
		"42 (name",
		"42 name) S 1",
		")(",
		"42 (name)",
		"42 (name) S 1 2 3\n",
		statOf("cut off").subarray(0, -1).toString(),
	]) {
		it(`is none: ${JSON.stringify(text)}`, () => {
			assert.equal(parseStat(Buffer.from(text)), undefined);
		});
	}

	it("any name of any process comes out as it went in", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme", maxLength: 15 }), (name) => {
				assert.equal(parseStat(statOf(name))?.name, Buffer.from(name).toString());
			}),
		);
	});

	it("never throws, whatever the bytes", () => {
		fc.assert(
			fc.property(hostileBytes(...recordedPrograms.map((program) => recorded(program, "stat"))), (text) => {
				const stat = parseStat(text);
				if (stat === undefined) return;
				assert.equal(typeof stat.startTime, "bigint");
				assert.equal(text.at(-1), 0x0a);
			}),
			{ numRuns: 500 },
		);
	});

	it("is none wherever it is cut off", () => {
		const text = recorded("target", "stat");
		for (let length = 0; length < text.length; length++) assert.equal(parseStat(text.subarray(0, length)), undefined);
	});
});
