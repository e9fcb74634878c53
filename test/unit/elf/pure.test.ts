import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type ByteSource, bytesSource } from "../../../src/extension/elf/byteSource";
import { ElfFile } from "../../../src/extension/elf/elfFile";
import { ElfFiles } from "../../../src/extension/elf/elfFiles";
import { findLoadPlace, isLoaded } from "../../../src/extension/elf/loadPlace";
import { compareAliases, countStarts, firstSymbolIn, nearestSymbol } from "../../../src/extension/elf/nearestSymbol";
import type { Segment } from "../../../src/extension/elf/segments";
import { type SymbolIndex, trait } from "../../../src/extension/elf/symbolIndex";

describe("names of one address", () => {
	const order = (...names: (readonly [name: string, traits: number])[]): string[] =>
		names
			.map(([name, traits]) => ({ name, traits }))
			.sort(compareAliases)
			.map(({ name }) => name);

	it("put first the name that people know", () => {
		assert.deepEqual(order(["__libc_malloc", 0], ["malloc", 0]), ["malloc", "__libc_malloc"]);
		assert.deepEqual(order(["_IO_puts", 0], ["puts", trait.weak]), ["puts", "_IO_puts"]);
		assert.deepEqual(order(["helper", trait.local], ["api_call", 0]), ["api_call", "helper"]);
		assert.deepEqual(order(["data_start", trait.weak | trait.untyped], ["__data", 0]), ["__data", "data_start"]);
		assert.deepEqual(order([".L3", trait.local | trait.untyped | trait.label], ["_x", trait.local]), ["_x", ".L3"]);
		assert.deepEqual(order(["", 0], ["a", trait.local]), ["a", ""]);
		assert.deepEqual(order(["bb", 0], ["c", 0], ["b", 0]), ["b", "c", "bb"]);
	});

	it("have one order, whatever order they come in", () => {
		const alias = fc.record({ name: fc.stringMatching(/^_{0,2}[ab]{0,2}$/), traits: fc.nat(15) });
		fc.assert(
			fc.property(alias, alias, alias, (a, b, c) => {
				assert.equal(Math.sign(compareAliases(a, b)) + Math.sign(compareAliases(b, a)), 0);
				if (compareAliases(a, b) <= 0 && compareAliases(b, c) <= 0) assert.ok(compareAliases(a, c) <= 0);
			}),
		);
	});
});

describe("the symbol of an address", () => {
	interface Symbol {
		readonly name: string;
		readonly start: number;
		readonly size: number;
		readonly traits: number;
	}

	/** An index of symbols, and the bytes of their names. */
	function indexOf(symbols: readonly Symbol[]): readonly [ByteSource, SymbolIndex] {
		const sorted = [...symbols].sort((a, b) => a.start - b.start);
		const offsets: number[] = [];
		let names = "";
		for (const { name } of sorted) {
			offsets.push(names.length);
			names += `${name}\0`;
		}
		const index: SymbolIndex = {
			count: sorted.length,
			start: (at) => sorted[at]?.start ?? 0,
			size: (at) => sorted[at]?.size ?? 0,
			traits: (at) => sorted[at]?.traits ?? 0,
			nameOffset: (at) => offsets[at] ?? 0,
			bytes: 0,
			partial: false,
		};
		return [bytesSource(Buffer.from(names)), index];
	}
	const find = (symbols: readonly Symbol[], address: number, floor = 0) => {
		const found = nearestSymbol(...indexOf(symbols), address, floor);
		return found && `${found.name}+${address - found.start}${found.inside ? "" : " after"}`;
	};
	const label = trait.local | trait.untyped | trait.label;

	it("is the innermost that covers it", () => {
		const symbols = [
			{ name: "outer", start: 100, size: 100, traits: 0 },
			{ name: "inner", start: 120, size: 20, traits: 0 },
			{ name: "label", start: 150, size: 0, traits: label },
		];
		assert.equal(find(symbols, 99), undefined);
		assert.equal(find(symbols, 100), "outer+0");
		assert.equal(find(symbols, 125), "inner+5");
		assert.equal(find(symbols, 140), "outer+40");
		assert.equal(find(symbols, 155), "outer+55");
		assert.equal(find(symbols, 199), "outer+99");
		assert.equal(find(symbols, 200), "label+50");
	});

	it("without a size reaches to the next; one with a size ends, and what follows is after it", () => {
		const symbols = [
			{ name: "start", start: 0, size: 0, traits: 0 },
			{ name: "sized", start: 50, size: 10, traits: 0 },
		];
		assert.equal(find(symbols, 49), "start+49");
		assert.equal(find(symbols, 59), "sized+9");
		assert.equal(find(symbols, 60), "sized+10 after");
	});

	it("is none that starts in another section", () => {
		const symbols = [{ name: "f", start: 10, size: 1000, traits: 0 }];
		assert.equal(find(symbols, 500, 400), undefined);
	});

	it("is no mark of a tool", () => {
		const symbols = [
			{ name: "f", start: 0, size: 4, traits: 0 },
			{ name: ".annobin_f.end", start: 4, size: 0, traits: label },
			{ name: "$d", start: 8, size: 0, traits: label },
			{ name: "__bss_start", start: 12, size: 0, traits: trait.untyped },
		];
		assert.equal(find(symbols, 20), "f+20 after");
		assert.equal(firstSymbolIn(...indexOf(symbols), 4, 100), undefined);
		assert.equal(countStarts(indexOf(symbols)[1], 0, 100), 1);
	});

	it("is what looking at all of them finds", () => {
		const symbol = fc.record({
			name: fc.stringMatching(/^[a-c]{1,2}$/),
			start: fc.nat(60),
			size: fc.nat(20),
			traits: fc.constantFrom(0, trait.weak, trait.local),
		});
		fc.assert(
			fc.property(fc.array(symbol, { maxLength: 20 }), fc.nat(90), fc.nat(30), (symbols, address, floor) => {
				const before = symbols.filter(({ start }) => start <= address && start >= floor);
				const holding = before.filter(({ start, size }) => address < start + size);
				const candidates = holding.length > 0 ? holding : before;
				const nearest = Math.max(...candidates.map(({ start }) => start));
				const found = nearestSymbol(...indexOf(symbols), address, floor);
				if (candidates.length === 0) return assert.equal(found, undefined);
				const same = candidates.filter(({ start }) => start === nearest);
				assert.equal(found?.start, nearest);
				assert.ok(same.some(({ name, size }) => name === found.name && size === found.size));
				const open = holding.length === 0 && same.some(({ size }) => size === 0);
				assert.equal(found.inside, holding.length > 0 || open);
			}),
		);
	});
});

describe("where a file is loaded", () => {
	const pageSize = 4096;
	const page = BigInt(pageSize);
	const down = (value: bigint): bigint => value - (value % page);
	const up = (value: bigint): bigint => down(value + page - 1n);

	/** Segments as linkers lay them out: packed in the file, congruent to their address modulo the page size. */
	const layouts = fc
		.array(fc.record({ gap: fc.nat(9000), fileSize: fc.integer({ min: 1, max: 20_000 }), zeros: fc.nat(9000) }), {
			minLength: 1,
			maxLength: 5,
		})
		.map((parts) => {
			const segments: Segment[] = [];
			let offset = 0;
			let address = 0x10000n;
			for (const { gap, fileSize, zeros } of parts) {
				offset += gap;
				address = up(address) + BigInt(offset % pageSize);
				segments.push({ offset, address, fileSize, memorySize: fileSize + zeros, executable: segments.length === 1 });
				offset += fileSize;
				address += BigInt(fileSize + zeros);
			}
			return segments;
		});
	const biases = fc.bigInt({ min: 0n, max: 2n ** 34n }).map((pages) => pages * page);

	/** What the loader makes of it: pages of the file at their addresses. */
	function load(segments: readonly Segment[], bias: bigint) {
		return segments.map(({ offset, address, fileSize }) => ({
			start: down(address) + bias,
			end: up(address + BigInt(fileSize)) + bias,
			offset: down(BigInt(offset)),
		}));
	}

	it("is told of every byte of every mapping, though segments share pages of the file", () => {
		fc.assert(
			fc.property(layouts, biases, fc.nat(), (segments, bias, which) => {
				const mappings = load(segments, bias);
				const fileOffsetAt = (place: bigint): bigint | undefined => {
					const mapping = mappings.find(({ start, end }) => place >= start && place < end);
					return mapping && mapping.offset + place - mapping.start;
				};
				for (const { start, end, offset } of mappings) {
					const address = start + (BigInt(which) % (end - start));
					const found = findLoadPlace(segments, offset + address - start, address, false, pageSize, fileOffsetAt);
					assert.ok(found?.loaded);
					assert.equal(found.bias, bias);
					assert.equal(found.fileAddress, address - bias);
				}
			}),
		);
	});

	it("is not claimed of a file that is mapped whole, whose bytes have addresses all the same", () => {
		fc.assert(
			fc.property(layouts, biases, fc.nat(), (segments, start, which) => {
				const last = segments.at(-1);
				const size = BigInt((last?.offset ?? 0) + (last?.fileSize ?? 0));
				const inFile = (place: bigint): bigint | undefined =>
					place >= start && place < start + size ? place - start : undefined;
				const segment = segments[which % segments.length];
				assert.ok(segment);
				const offset = BigInt(segment.offset + (which % segment.fileSize));
				const found = findLoadPlace(segments, offset, start + offset, false, pageSize, inFile);
				if (found?.loaded) return; // One segment, or an image that is laid out as its file is.
				assert.equal(found?.fileAddress, segment.address + offset - BigInt(segment.offset));
			}),
		);
	});

	it("covers the zeros behind the file part to the end of their page, and no more", () => {
		const segment = { offset: 0, address: 0x2100n, fileSize: 16, memorySize: 0x3000, executable: false };
		assert.equal(isLoaded([segment], 0x1fffn, pageSize), false);
		assert.equal(isLoaded([segment], 0x2000n, pageSize), true);
		assert.equal(isLoaded([segment], 0x5fffn, pageSize), true);
		assert.equal(isLoaded([segment], 0x6000n, pageSize), false);
		assert.equal(isLoaded([{ ...segment, memorySize: 0xf00 }], 0x3000n, pageSize), false);
	});
});

describe("files asked about last", () => {
	/** A head, and one segment of the number's size. */
	function small(size: number): Uint8Array {
		const bytes = Buffer.alloc(64 + 56);
		bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
		bytes.writeUInt16LE(3, 16);
		bytes.writeBigUInt64LE(64n, 32);
		bytes.writeUInt16LE(56, 54);
		bytes.writeUInt16LE(1, 56);
		bytes.writeUInt32LE(1, 64);
		bytes.writeBigUInt64LE(BigInt(size), 64 + 40);
		return bytes;
	}

	it("are read once, the few last ones", () => {
		const files = new ElfFiles();
		let reads = 0;
		const ask = (size: number): unknown => {
			const bytes = small(size);
			const counting: ByteSource = {
				size: bytes.length,
				read: (at, length) => {
					reads++;
					return bytes.subarray(at, at + length);
				},
			};
			return files.with(`file ${size}`, counting, (file) => file.segments[0]?.memorySize);
		};
		assert.equal(ask(1), 1);
		const once = reads;
		assert.equal(ask(1), 1);
		assert.equal(reads, once);
		for (let size = 2; size <= 40; size++) {
			assert.equal(ask(size), size);
			ask(1);
		}
		assert.ok(files.size <= 16);
		// The one asked all the time is still there, one asked long ago is not.
		reads = 0;
		ask(1);
		assert.equal(reads, 0);
		ask(2);
		assert.equal(reads, once);
	});

	it("are not remembered when they could not be read", () => {
		const files = new ElfFiles();
		assert.equal(
			files.with("a", bytesSource(Buffer.from("text")), () => 1),
			"notElf",
		);
		assert.equal(files.size, 0);
		const good = bytesSource(small(1));
		assert.equal(
			files.with("a", good, (file) => file instanceof ElfFile),
			true,
		);
	});
});
