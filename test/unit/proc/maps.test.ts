import { strict as assert } from "node:assert";
import fc from "fast-check";
import { inAddressOrder } from "../../../src/extension/proc/addressOrder";
import { deviceText, mapsLine, parseMaps, permissionText } from "../../../src/extension/proc/maps";
import { hexPage, pageToAddress } from "../../../src/shared/units";
import { recordedPageSize as pageSize, recorded, recordedPrograms } from "../../support/fixtures";
import { countLines, formatMapsLine, hostileBytes, mapsText } from "../../support/kernelText";

/** Every mapping of a text, as an independent reading of the format sees it: with a regular expression and BigInt. */
function readIndependently(text: Buffer, size = pageSize) {
	const line =
		/^([0-9a-f]{1,16})-([0-9a-f]{1,16}) ([r-][w-][x-][sp]) ([0-9a-f]{1,16}) ([0-9a-f]{1,8}):([0-9a-f]{1,8}) (\d+)(?: *| +([^ ].*))$/s;
	return text
		.toString("latin1")
		.split("\n")
		.flatMap((one) => {
			const match = line.exec(one);
			if (match === null) return [];
			const [, start = "", end = "", permissions = "", offset = "", major = "", minor = "", inode = "", name = ""] =
				match;
			const [from, to, at] = [BigInt(`0x${start}`), BigInt(`0x${end}`), BigInt(`0x${offset}`)];
			if (from >= to || [from, to, at].some((address) => address % BigInt(size) !== 0n)) return [];
			return [
				{ from, to, permissions, at, device: `${Number(`0x${major}`)}:${Number(`0x${minor}`)}`, inode, name, one },
			];
		});
}

describe("maps", () => {
	for (const program of recordedPrograms) {
		const text = recorded(program, "maps");

		it(`of ${program}: every line is read, and can be written again byte for byte`, () => {
			const maps = parseMaps(text, pageSize);
			assert.equal(maps.malformed, 0);
			assert.equal(maps.truncated, false);
			const lines = text.toString("latin1").split("\n").slice(0, -1);
			assert.equal(maps.count, lines.length);
			for (const [index, line] of lines.entries()) {
				assert.equal(formatMapsLine(maps, index, pageSize), line);
				assert.equal(mapsLine(maps, index), line);
			}
		});

		it(`of ${program}: agrees with an independent reading`, () => {
			const maps = parseMaps(text, pageSize);
			const expected = readIndependently(text);
			assert.equal(maps.count, expected.length);
			for (const [index, { from, to, permissions, at, inode, name }] of expected.entries()) {
				assert.equal(pageToAddress(maps.startPages[index] ?? 0, pageSize), from);
				assert.equal(pageToAddress(maps.endPages[index] ?? 0, pageSize), to);
				assert.equal(pageToAddress(maps.offsetPages[index] ?? 0, pageSize), at);
				assert.equal(permissionText(maps.permissions[index] ?? 0), permissions);
				assert.equal(String(maps.inodes[index]), inode);
				assert.equal(maps.nameTable[maps.names[index] ?? 0], name);
			}
		});

		it(`of ${program}: are in address order and do not overlap`, () => {
			const { count, startPages, endPages } = parseMaps(text, pageSize);
			for (let index = 1; index < count; index++) assert.ok((endPages[index - 1] ?? 0) <= (startPages[index] ?? 0));
		});
	}

	it("keep each name once", () => {
		const { nameTable } = parseMaps(recorded("chromium", "maps"), pageSize);
		assert.equal(new Set(nameTable).size, nameTable.length);
		assert.equal(nameTable[0], "");
	});

	describe("lines that break careless readers", () => {
		const names = [
			"[heap]",
			"[stack]",
			"[stack:4711]",
			"[vdso]",
			"[vvar]",
			"[vvar_vclock]",
			"[vectors]",
			"[sigpage]",
			"[uprobes]",
			"[anon:my name]",
			"[anon_shmem:other name]",
			"/memfd:my memfd (deleted)",
			"/dev/zero (deleted)",
			"/dev/zero",
			"/SYSV00001234 (deleted)",
			"/dev/shm/segment (deleted)",
			"/home/user/#2359321 (deleted)",
			"/anon_hugepage (deleted)",
			"/secretmem (deleted)",
			"anon_inode:[perf_event]",
			"anon_inode:kvm-vcpu:0",
			"/dmabuf:buffer",
			"/i915 (deleted)",
			"socket:[12345]",
			"/[aio] (deleted)",
			"(unreachable)/path",
			"/a  file with   spaces ",
			"/a\ttab",
			"/new\\012line",
			"/back\\slash",
			"/latin\xff\xfe",
			"/\xe2\x80\xaegnp.exe",
			"/7f0000000000-7f0000001000 rw-p 00000000 00:00 0 ",
			"/live (deleted) (deleted)",
		];
		for (const name of names) {
			it(`name ${JSON.stringify(name)}`, () => {
				const text = mapsText(["7f0000000000-7f0000001000 rw-p 00000000 fe:00 42", name]);
				const maps = parseMaps(text, pageSize);
				assert.equal(maps.count, 1);
				assert.equal(maps.nameTable[maps.names[0] ?? 0], name);
				assert.equal(`${formatMapsLine(maps, 0, pageSize)}\n`, text.toString("latin1"));
			});
		}

		it("a name longer than any buffer of a line", () => {
			const name = `/${"long".repeat(1020)}`;
			const maps = parseMaps(mapsText(["7f0000000000-7f0000001000 rw-p 00000000 fe:00 42", name]), pageSize);
			assert.equal(maps.nameTable[maps.names[0] ?? 0], name);
		});

		it("[vsyscall], above 2^63", () => {
			const text = mapsText(["ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0", "[vsyscall]"]);
			const maps = parseMaps(text, pageSize);
			assert.equal(maps.count, 1);
			assert.equal(pageToAddress(maps.startPages[0] ?? 0, pageSize), 0xffffffffff600000n);
			assert.equal(pageToAddress(maps.endPages[0] ?? 0, pageSize), 0xffffffffff601000n);
			assert.equal(hexPage(maps.startPages[0] ?? 0, pageSize), "ffffffffff600000");
		});

		it("the last page there is, and the first", () => {
			const text = mapsText(
				["00000000-00001000 r--p 00000000 00:00 0"],
				["fffffffffffff000-ffffffffffffffff r--p 00000000 00:00 0"],
				["ffffffffffffe000-fffffffffffff000 r--p 00000000 00:00 0"],
			);
			const maps = parseMaps(text, pageSize);
			// The end of the address space is no page's address; the kernel maps nothing there.
			assert.equal(maps.malformed, 1);
			assert.equal(maps.startPages[0], 0);
			assert.equal(pageToAddress(maps.endPages[1] ?? 0, pageSize), 0xfffffffffffff000n);
		});

		it("14 digits of five-level page tables", () => {
			const maps = parseMaps(mapsText(["ff7ffffffff000-ff800000000000 rw-p 00000000 00:00 0"]), pageSize);
			assert.equal(pageToAddress(maps.startPages[0] ?? 0, pageSize), 0xff7ffffffff000n);
		});

		it("device numbers of three digits and more", () => {
			const text = mapsText(
				["7f0000000000-7f0000001000 r--p 00000000 103:02a 42", "/a"],
				["7f0000001000-7f0000002000 r--p 00000000 08:1ff 42", "/b"],
				["7f0000002000-7f0000003000 r--p 00000000 fff:fffff 42", "/c"],
			);
			const { devices } = parseMaps(text, pageSize);
			assert.deepEqual([...devices].map(deviceText), ["103:2a", "08:1ff", "fff:fffff"]);
		});

		it("offsets above 32 bits", () => {
			const maps = parseMaps(
				mapsText(["7f0000000000-7f0000001000 rw-s 1043eb000 e2:00 88", "/dev/dri/card0"]),
				pageSize,
			);
			assert.equal(pageToAddress(maps.offsetPages[0] ?? 0, pageSize), 0x1043eb000n);
		});

		it("inodes above 2^53", () => {
			const text = mapsText(["7f0000000000-7f0000001000 rw-p 00000000 fe:00 18446744073709551615", "/a"]);
			assert.equal(parseMaps(text, pageSize).inodes[0], 2n ** 64n - 1n);
			const odd = mapsText(["7f0000000000-7f0000001000 rw-p 00000000 fe:00 9007199254740993", "/a"]);
			assert.equal(parseMaps(odd, pageSize).inodes[0], 9007199254740993n);
		});

		it("a nameless line with its trailing space, and without", () => {
			for (const end of [" \n", "\n"]) {
				const maps = parseMaps(Buffer.from(`7f0000000000-7f0000001000 rw-p 00000000 00:00 0${end}`), pageSize);
				assert.equal(maps.count, 1);
				assert.equal(maps.names[0], 0);
			}
		});

		it("pages of 16 and 64 KiB", () => {
			const text = mapsText(["ffff80000000-ffff80030000 r-xp 00010000 00:2f 7", "/lib/ld.so"]);
			for (const size of [16384, 65536]) {
				const maps = parseMaps(text, size);
				assert.equal(pageToAddress(maps.startPages[0] ?? 0, size), 0xffff80000000n);
				assert.equal(pageToAddress(maps.endPages[0] ?? 0, size), 0xffff80030000n);
				assert.equal(pageToAddress(maps.offsetPages[0] ?? 0, size), 0x10000n);
			}
			const unaligned = parseMaps(mapsText(["7f0000001000-7f0000002000 rw-p 00000000 00:00 0"]), 16384);
			assert.deepEqual([unaligned.count, unaligned.malformed], [0, 1]);
		});

		it("nothing at all: a kernel thread, a zombie", () => {
			const maps = parseMaps(Buffer.alloc(0), pageSize);
			assert.deepEqual([maps.count, maps.malformed, maps.truncated], [0, 0, false]);
		});
	});

	describe("that are no maps", () => {
		for (const line of [
			"",
			" ",
			"7f0000001000-7f0000001000 rw-p 00000000 00:00 0 ", // empty
			"7f0000002000-7f0000001000 rw-p 00000000 00:00 0 ", // backwards
			"7f0000000800-7f0000001000 rw-p 00000000 00:00 0 ", // within a page
			"7F0000000000-7F0000001000 rw-p 00000000 00:00 0 ",
			"7f0000000000 7f0000001000 rw-p 00000000 00:00 0 ",
			"7f0000000000-7f0000001000 rwxq 00000000 00:00 0 ",
			"7f0000000000-7f0000001000 rw-p 00000000 00:00 ",
			"7f0000000000-7f0000001000 rw-p 00000000 0000 0 ",
			"7f0000000000-7f0000001000 rw-p 00000800 00:00 0 ",
			"7f0000000000-7f0000001000 rw-p 00000000 00:00 12x",
			"17f00000000000000-7f0000001000 rw-p 00000000 00:00 0 ",
		]) {
			it(`count ${JSON.stringify(line)} as malformed`, () => {
				const maps = parseMaps(Buffer.from(`${line}\n`), pageSize);
				assert.deepEqual([maps.count, maps.malformed], [0, 1]);
			});
		}
	});

	it("are put in address order: what a later line contradicts goes", () => {
		const range = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 }));
		fc.assert(
			fc.property(fc.array(range, { maxLength: 30 }), (ranges) => {
				const lines = ranges.map(([start, length]): [string] => [
					`${(0x7f0000000 + start).toString(16)}000-${(0x7f0000000 + start + length).toString(16)}000 rw-p 00000000 00:00 ${start}`,
				]);
				const maps = parseMaps(mapsText(...lines), pageSize);
				const ordered = inAddressOrder(maps);
				// The truth page by page: whoever came last, but for those above whom something lower came later.
				const owner = new Map<number, number>();
				for (const [at, [start, length]] of ranges.entries()) {
					for (const page of [...owner.keys()]) if (page >= start) owner.delete(page);
					for (let page = start; page < start + length; page++) owner.set(page, at);
				}
				const found = new Map<number, number>();
				const { maps: result, lines: from } = ordered ?? { maps, lines: Uint32Array.from(lines.keys()) };
				for (let index = 0; index < result.count; index++) {
					const [start, end] = [result.startPages[index] ?? 0, result.endPages[index] ?? 0];
					assert.ok(start < end && start >= (result.endPages[index - 1] ?? 0));
					for (let page = start; page < end; page++) found.set(page - 0x7f0000000, from[index] ?? -1);
					assert.equal(String(result.inodes[index]), String(ranges[from[index] ?? -1]?.[0]));
					assert.equal(mapsLine(result, index), `${lines[from[index] ?? -1]?.[0]} `);
				}
				assert.deepEqual(found, owner);
				assert.equal(ordered === undefined ? undefined : inAddressOrder(ordered.maps), undefined);
			}),
			{ numRuns: 500 },
		);
	});

	it("leave nothing of a malformed line to the next one", () => {
		const backwards = "7f0000002000-7f0000001000 rw-p 00001000 fe:00 42";
		const maps = parseMaps(mapsText([backwards], ["7f0000003000-7f0000004000 rw-p 00000000 00:00 0"]), pageSize);
		assert.deepEqual([maps.count, maps.malformed], [1, 1]);
		assert.deepEqual([maps.offsetPages[0], maps.devices[0], maps.inodes[0], maps.names[0]], [0, 0, 0n, 0]);
	});

	it("never throw, and account for every line of any text", () => {
		fc.assert(
			fc.property(hostileBytes(recorded("target", "maps"), recorded("node", "maps")), (text) => {
				const maps = parseMaps(text, pageSize);
				assert.equal(maps.count + maps.malformed, countLines(text));
				assert.equal(maps.truncated, text.length > 0 && text.at(-1) !== 0x0a);
			}),
			{ numRuns: 400 },
		);
	});

	it("take of a damaged text exactly the lines that an independent reading takes", () => {
		fc.assert(
			fc.property(hostileBytes(recorded("target", "maps"), recorded("java", "maps")), (text) => {
				const maps = parseMaps(text, pageSize);
				const expected = readIndependently(text);
				assert.equal(maps.count, expected.length);
				for (const [index, { from, to, name, one }] of expected.entries()) {
					assert.equal(pageToAddress(maps.startPages[index] ?? 0, pageSize), from);
					assert.equal(pageToAddress(maps.endPages[index] ?? 0, pageSize), to);
					assert.equal(maps.nameTable[maps.names[index] ?? 0], name);
					assert.equal(mapsLine(maps, index), one);
				}
			}),
			{ numRuns: 400 },
		);
	});
});
