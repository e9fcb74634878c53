import { strict as assert } from "node:assert";
import fc from "fast-check";
import { mappingKinds } from "../../../src/shared/mappingKinds";
import { recorded, recordedPrograms } from "../../support/fixtures";
import { anySnapshot, recordedSnapshot } from "../../support/snapshots";

describe("groups", () => {
	it("hold every mapping once, in address order, under a key of their own", () => {
		const check = ({ maps, groups }: ReturnType<typeof recordedSnapshot>): void => {
			const members = groups.flatMap((group) => group.members);
			assert.deepEqual(
				[...members].sort((a, b) => a - b),
				Array.from({ length: maps.count }, (_, index) => index),
			);
			assert.equal(new Set(groups.map(({ key }) => key)).size, groups.length);
			for (const group of groups) {
				assert.ok(group.members.length > 0);
				assert.deepEqual(
					group.members,
					[...group.members].sort((a, b) => a - b),
				);
			}
		};
		for (const program of recordedPrograms) check(recordedSnapshot(program));
		fc.assert(fc.property(anySnapshot, check));
	});

	it("of libraries, the program, the heap, the stack and the kernel", () => {
		for (const program of recordedPrograms) {
			const { maps, groups } = recordedSnapshot(program);
			const of = (name: string) => groups.find((group) => group.name === name);
			const libc = of("libc.so.6");
			assert.deepEqual([libc?.family, libc?.icon, libc?.members.length], ["modules", "library", 6]);
			const programs = groups.filter(({ icon }) => icon === "program");
			assert.deepEqual(
				programs.map(({ members }) => maps.nameTable[maps.names[members[0] ?? 0] ?? 0]),
				[
					{
						shell: "/usr/bin/dash",
						python: "/usr/bin/python3.11",
						node: "/usr/bin/node",
						java: "/usr/lib/jvm/java-17-openjdk-amd64/bin/java",
						rust: "/home/user/run/idle",
						postgres: "/usr/lib/postgresql/15/bin/postgres",
						chromium: "/usr/lib/chromium/chromium",
						target: "/home/user/run/target",
					}[program],
				],
			);
			assert.equal(groups.filter(({ family }) => family === "heap").length, program === "chromium" ? 0 : 1);
			assert.equal(of("Stack")?.members.length, 1);
			assert.equal(of("Kernel")?.members.length, 4);
		}
	});

	it("of memory that touches, and not across anything with a name", () => {
		const region = recordedSnapshot("target").groups.find(({ name }) => name === "Anonymous region");
		assert.equal(region?.members.length, 8);
		for (const program of recordedPrograms) {
			const { maps, groups } = recordedSnapshot(program);
			for (const group of groups.filter(({ key }) => key.startsWith("g:r:"))) {
				for (const [at, index] of group.members.entries()) {
					if (at > 0) assert.equal(maps.startPages[index], maps.endPages[index - 1]);
					assert.equal(maps.names[index], 0);
				}
			}
		}
	});

	it("of shared memory by its object and not by its name", () => {
		const { groups } = recordedSnapshot("chromium");
		const regions = groups.filter(({ name }) => name === "memfd shared-memory-region");
		const text = recorded("chromium", "maps").toString("latin1");
		const inodes = [...text.matchAll(/ (\d+) +\/memfd:shared-memory-region /g)].map(([, inode]) => inode);
		assert.equal(regions.length, new Set(inodes).size);
		assert.equal(regions.flatMap(({ members }) => members).length, inodes.length);
		assert.ok(regions.length > 5);
	});

	it("have kinds that exist", () => {
		fc.assert(
			fc.property(anySnapshot, ({ maps, classification }) => {
				for (const kind of classification.kinds) assert.ok(mappingKinds[kind]);
				assert.equal(classification.kinds.length, maps.count);
				for (const [index, file] of classification.fileOf.entries()) assert.ok(file >= -1 && file <= index);
			}),
		);
	});
});
