import { strict as assert } from "node:assert";
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { type ByteSource, bytesSource, fileSource } from "../../../src/extension/elf/byteSource";
import { ElfFile } from "../../../src/extension/elf/elfFile";
import { findLoadPlace } from "../../../src/extension/elf/loadPlace";
import { sectionName } from "../../../src/extension/elf/sections";
import { toBigEndian } from "../../support/bigEndian";
import { compileWith, isInstalled, makeProgramFolder } from "../../support/elfPrograms";
import { skip } from "../../support/skip";

/** A file belongs to whoever owns the process: nothing that it says may hurt the one who looks. */
describe("ELF files that lie", () => {
	let folder: Awaited<ReturnType<typeof makeProgramFolder>>;
	let library: Buffer;
	before(async function () {
		if (!(await isInstalled("gcc"))) return skip(this, "gcc is missing");
		folder = await makeProgramFolder();
		// As small as it gets, so that mutations hit what matters.
		const flags = ["-shared", "-fPIC", "-nostdlib", "-g0", "-Wl,--build-id=none"];
		library = await readFile(await compileWith(folder.path, "library", "library.so", flags));
	});
	after(() => folder?.remove());

	/** Asks everything there is to ask, and how many bytes were read for it. */
	function interrogate(source: ByteSource): { readonly outcome: string; readonly read: number } {
		let read = 0;
		const counting: ByteSource = {
			size: source.size,
			read: (offset, length) => {
				const bytes = source.read(offset, length);
				read += bytes.length;
				return bytes;
			},
		};
		const file = ElfFile.read(counting);
		if (typeof file === "string") return { outcome: file, read };
		const addresses = [0n, 0x1000n, 2n ** 64n - 1n, file.base, file.base + 0x1004n];
		for (const section of file.sections.slice(0, 50)) {
			sectionName(counting, section);
			addresses.push(section.address, section.address + BigInt(section.size) - 1n);
		}
		for (const address of addresses) {
			file.sectionAt(address);
			file.sectionsIn(address, address + 4096n);
			file.symbolAt(counting, address);
			file.symbolsIn(counting, address, address + 4096n);
			findLoadPlace(file.segments, address % 2n ** 40n, address, true, 4096, (place) => place % 0x3000n);
		}
		for (const offset of [0, 64, 0x1000, 2 ** 60]) file.sectionAtOffset(offset);
		assert.ok(file.bytes < 2 ** 24);
		return { outcome: "read", read };
	}

	it("are survived whatever bytes they hold", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), fc.boolean(), (bytes, wide, little) => {
				bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2].slice(0, bytes.length));
				interrogate(bytesSource(bytes));
			}),
			{ numRuns: 2000 },
		);
	});

	it("are survived with any bytes of them changed", () => {
		const headers = Number(library.readBigUInt64LE(40));
		// Where the numbers are that lead elsewhere: the head, both tables of headers, and anywhere.
		const place = fc.oneof(
			fc.integer({ min: 4, max: 63 }),
			fc.integer({ min: 64, max: 64 + 56 * 8 }),
			fc.integer({ min: headers, max: library.length - 1 }),
			fc.integer({ min: 0, max: library.length - 1 }),
		);
		const byte = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.integer({ min: 0, max: 255 }));
		const changes = fc.array(fc.tuple(place, byte), { minLength: 1, maxLength: 12 });
		fc.assert(
			fc.property(changes, fc.boolean(), (list, big) => {
				const bytes = big ? toBigEndian(library) : Buffer.from(library);
				for (const [at, value] of list) bytes[at] = value;
				const { read } = interrogate(bytesSource(bytes));
				assert.ok(read < 2 ** 26);
			}),
			{ numRuns: 3000 },
		);
	});

	it("are survived wherever they end", () => {
		const seen = new Set<string>();
		for (let length = 0; length < library.length; length += length < 1024 ? 1 : 13) {
			seen.add(interrogate(bytesSource(library.subarray(0, length))).outcome);
		}
		assert.deepEqual(seen, new Set(["notElf", "malformed", "read"]));
	});

	it("are survived when they shrink while they are read", () => {
		for (const left of [0, 70, 5000]) {
			let calls = 0;
			const shrinking: ByteSource = {
				size: library.length,
				read: (offset, length) =>
					++calls < 4
						? library.subarray(offset, offset + length)
						: library.subarray(0, left).subarray(offset, offset + length),
			};
			interrogate(shrinking);
		}
	});

	/** The library with numbers of the section that holds its symbols overwritten: place in the header, bits, value. */
	const lying = (...lies: readonly (readonly [at: number, bits: 32 | 64, value: bigint])[]): Buffer => {
		const bytes = Buffer.from(library);
		const headers = Number(bytes.readBigUInt64LE(40));
		for (let i = 0; i < bytes.readUInt16LE(60); i++) {
			const at = headers + i * 64;
			if (![2, 11].includes(bytes.readUInt32LE(at + 4))) continue;
			for (const [field, bits, value] of lies) {
				if (bits === 64) bytes.writeBigUInt64LE(value, at + field);
				else bytes.writeUInt32LE(Number(value), at + field);
			}
		}
		return bytes;
	};
	const lies: Readonly<Record<string, () => Buffer>> = {
		"a symbol table of 2^60 bytes": () => lying([32, 64, 2n ** 60n]),
		"a symbol table past the end": () => lying([24, 64, BigInt(library.length)]),
		"a symbol table beyond 2^63": () => lying([24, 64, 2n ** 63n + 1n]),
		"symbols of no bytes": () => lying([56, 64, 0n]),
		"symbols of one byte": () => lying([56, 64, 1n]),
		"names in a section that is none": () => lying([40, 32, 0xffff_ffffn]),
		"names in the symbols themselves": () => lying([40, 32, 5n]),
	};
	for (const [lie, make] of Object.entries(lies)) {
		it(`are survived: ${lie}`, () => {
			const { outcome, read } = interrogate(bytesSource(make()));
			assert.equal(outcome, "read");
			assert.ok(read < 2 ** 20);
		});
	}

	it("cannot make anyone read or keep much: a file of 1 TiB that claims to be one symbol table", () => {
		const path = join(folder.path, "huge");
		const descriptor = openSync(path, "w+");
		try {
			const size = 2 ** 40;
			const bytes = lying([32, 64, BigInt(size)]);
			writeSync(descriptor, bytes);
			ftruncateSync(descriptor, size);
			const { outcome, read } = interrogate(fileSource(descriptor, size));
			assert.equal(outcome, "read");
			// Both tables, no more than four million symbols each.
			assert.ok(read < 2.2 * 2 ** 22 * 24, String(read));
		} finally {
			closeSync(descriptor);
		}
	});

	it("cannot make anyone keep much: a file full of headers", () => {
		const bytes = Buffer.alloc(64 + 70_000 * 64);
		bytes.set(library.subarray(0, 64));
		bytes.writeBigUInt64LE(64n, 32); // e_phoff
		bytes.writeUInt16LE(0xffff, 56); // e_phnum: stands in the first section header
		bytes.writeBigUInt64LE(64n, 40); // e_shoff
		bytes.writeUInt16LE(0, 60); // e_shnum: stands in the first section header
		bytes.writeUInt16LE(1, 62);
		for (let at = 64; at < bytes.length; at += 4) bytes.writeUInt32LE(1, at);
		bytes.writeUInt32LE(0xffff_ffff, 64 + 44);
		bytes.writeBigUInt64LE(2n ** 50n, 64 + 32);
		assert.equal(interrogate(bytesSource(bytes)).outcome, "read");
	});

	it("are told from files that are something else", () => {
		for (const text of ["", "\x7fEL", "#!/bin/sh\n", "MZ\x90\0", "\x7fELF", "\x7fELF\x02\x01"]) {
			const file = ElfFile.read(bytesSource(Buffer.from(text, "latin1")));
			assert.equal(file, text.startsWith("\x7fELF") ? "malformed" : "notElf");
		}
	});
});
