import { strict as assert } from "node:assert";
import { kindOf, mappingAt, moduleOf, shortLabel } from "../../../src/extension/memory/classify";
import { noRuns } from "../../../src/extension/memory/pageRuns";
import { parseMaps } from "../../../src/extension/proc/maps";
import type { MappingKind } from "../../../src/shared/mappingKinds";
import { recordedPageSize as pageSize, recorded, recordedPrograms } from "../../support/fixtures";
import { recordedSnapshot, snapshotOf } from "../../support/snapshots";

describe("kinds in recorded processes", () => {
	const kindsOf = (program: (typeof recordedPrograms)[number], name: string): string[] => {
		const { maps, classification } = recordedSnapshot(program);
		return Array.from({ length: maps.count }, (_, index) => index)
			.filter((index) => moduleOf(maps, classification, index) === name)
			.map((index) => kindOf(classification, index));
	};

	it("the C library, in every process", () => {
		const loaded = ["readOnlyData", "code", "readOnlyData", "readOnlyData", "data", "bss"];
		for (const program of recordedPrograms) assert.deepEqual(kindsOf(program, "libc.so.6"), loaded, program);
	});

	it("Node's own program, with the code that it maps anew", () => {
		assert.deepEqual(kindsOf("node", "node"), [
			"readOnlyData",
			"code",
			"code",
			"code",
			"readOnlyData",
			"readOnlyData",
			"data",
			"bss",
			"code",
		]);
	});

	it("files that are only data", () => {
		assert.deepEqual(kindsOf("java", "classes.jsa"), ["file", "file", "file"]);
		assert.deepEqual(kindsOf("java", "modules"), ["file"]);
		assert.deepEqual(kindsOf("python", "LC_CTYPE"), ["file"]);
	});

	for (const program of recordedPrograms) {
		it(`${program}: one main stack, the kernel's own, and a heap`, () => {
			const { maps, classification } = recordedSnapshot(program);
			const names = (kind: MappingKind): string[] =>
				Array.from({ length: maps.count }, (_, index) => index)
					.filter((index) => kindOf(classification, index) === kind)
					.map((index) => maps.nameTable[maps.names[index] ?? 0] ?? "");
			const threads = recorded(program, "syscall").toString("latin1").split("\n").length - 1;
			assert.deepEqual(names("stack"), [...new Array<string>(threads - 1).fill(""), "[stack]"]);
			assert.deepEqual(names("kernel"), ["[vvar]", "[vvar_vclock]", "[vdso]", "[vsyscall]"]);
			assert.ok(names("heap").every((name) => name === "[heap]" || name === ""));
			// Chromium brings an allocator of its own.
			assert.equal(names("heap").includes("[heap]"), program !== "chromium");
			assert.deepEqual(names("other"), []);
		});
	}

	it("what the target said that it mapped", () => {
		const { maps, classification } = recordedSnapshot("target");
		const kinds = new Map(
			recorded("target", "ranges")
				.toString("latin1")
				.split("\n")
				.map((line) => line.split(" "))
				.filter((words) => words.length === 3)
				.map(([name = "", start = ""]) => {
					const index = mappingAt(maps, Number(BigInt(`0x${start}`) / BigInt(pageSize)));
					return [name, kindOf(classification, index)];
				}),
		);
		assert.equal(kinds.get("anonymous"), "anonymous");
		assert.equal(kinds.get("zero"), "anonymous");
		assert.equal(kinds.get("none"), "reserved");
		assert.equal(kinds.get("half"), "file");
		assert.equal(kinds.get("copied"), "file");
		assert.equal(kinds.get("memfd"), "sharedMemory");
		assert.equal(kinds.get("shared"), "sharedMemory");
		assert.equal(kinds.get("deleted"), "file");
		for (let name = 0; name < 6; name++) assert.equal(kinds.get(`name${name}`), "file");
	});

	it("the heaps of threads: memory with a reservation behind it, filed with the heap", () => {
		const { maps, classification, groups } = recordedSnapshot("python");
		const indices = Array.from({ length: maps.count }, (_, index) => index);
		const arenas = indices.filter((index) => shortLabel(maps, classification, index) === "malloc arena");
		assert.deepEqual(
			arenas,
			indices.filter((index) => ((maps.startPages[index] ?? 0) * pageSize) % 2 ** 26 === 0 && maps.names[index] === 0),
		);
		assert.equal(arenas.length, 3);
		for (const arena of arenas) {
			assert.equal(kindOf(classification, arena), "heap");
			assert.equal(kindOf(classification, arena + 1), "reserved");
		}
		const heap = groups.filter(({ family }) => family === "heap");
		assert.equal(heap.length, 1);
		assert.deepEqual(
			heap[0]?.members.filter((index) => maps.names[index] === 0),
			arenas.flatMap((arena) => [arena, arena + 1]),
		);
	});

	it("code made at run time, with what is reserved for more of it", () => {
		// From the first such code on: what malloc happened to map right below it would be of the same region.
		const text = recorded("java", "maps").toString("latin1");
		const lines = text.slice(text.lastIndexOf("\n", text.indexOf(" rwxp ")) + 1);
		const { maps, classification, groups } = snapshotOf(parseMaps(Buffer.from(lines, "latin1"), pageSize), noRuns);
		const compiled = groups.filter(({ name }) => name === "JIT code");
		assert.ok(compiled.length > 0);
		for (const { members } of compiled) {
			const kinds = new Set(members.map((index) => kindOf(classification, index)));
			assert.ok(kinds.has("code") && [...kinds].every((kind) => ["code", "guard", "reserved"].includes(kind)));
			for (const index of members) assert.equal(moduleOf(maps, classification, index), undefined);
		}
	});
});
