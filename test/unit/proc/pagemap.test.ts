import { strict as assert } from "node:assert";
import fc from "fast-check";
import { PageRunList, pageCategory } from "../../../src/extension/base/pageCategories";
import {
	closePagemap,
	decodePagemapEntry,
	openPagemap,
	readFrame,
	readPagemap,
} from "../../../src/extension/proc/pagemap";
import { readPageSize } from "../../../src/extension/proc/system";

const bit = (position: number): bigint => 1n << BigInt(position);
const bits = (...positions: number[]): bigint => positions.reduce((entry, position) => entry | bit(position), 0n);

function decode(entry: bigint, zeroFrame = 0): number {
	return decodePagemapEntry(Number(entry & 0xffffffffn), Number(entry >> 32n), zeroFrame);
}

const { present, swapped, file, exclusive, zero, zeroOrShared, guard, writeProtected, softDirty, marker } =
	pageCategory;

describe("pagemap entries", () => {
	// Left: as Linux prints them for the thing named, see the kernel's Documentation/admin-guide/mm/pagemap.rst.
	const entries: readonly (readonly [string, bigint, number])[] = [
		["absent", 0n, 0],
		["anonymous", bits(63, 56) | 0x1234n, present | exclusive],
		["anonymous, frame hidden", bits(63, 56), present | exclusive],
		["the zero page, to root", bits(63) | 0x3b34n, present | zero],
		["the zero page or shared after fork, to others", bits(63), present | zeroOrShared],
		["shared after fork, to root", bits(63) | 0x1234n, present],
		["file, mapped once", bits(63, 61, 56) | 0x1234n, present | file | exclusive],
		["file, mapped twice", bits(63, 61) | 0x1234n, present | file],
		["file, frame hidden", bits(63, 61), present | file],
		["written since the last clear", bits(63, 56, 55) | 0x1234n, present | exclusive | softDirty],
		["write-protected", bits(63, 57, 56) | 0x1234n, present | exclusive | writeProtected],
		["swapped", bits(62) | (7n << 5n), swapped],
		["swapped, to others", bits(62), swapped],
		["swapped and write-protected", bits(62, 57) | (7n << 5n), swapped | writeProtected],
		["guard, to root", 0x440000000000009fn, guard],
		["guard, to others", 0x4400000000000000n, guard],
		["userfaultfd marker on an absent page, to root", bits(62, 57) | 0x9fn, writeProtected],
		["userfaultfd marker on an absent page, to others", bits(62, 57), writeProtected],
		["poisoned, to root", bits(62) | 0x5fn, marker],
		["poisoned, to others", bits(62), swapped],
		["soft-dirty of an absent page", bits(55), 0],
	];
	for (const [what, entry, expected] of entries) {
		it(`${what}: ${entry.toString(16).padStart(16, "0")}`, () => assert.equal(decode(entry, 0x3b34), expected));
	}

	it("a page may be the zero page where the zero page's frame is not known", () => {
		assert.equal(decode(bits(63) | 0x1234n, 0), present | zeroOrShared);
		assert.equal(decode(bits(63, 56) | 0x1234n, 0), present | exclusive);
		assert.equal(decode(bits(63, 61) | 0x1234n, 0), present | file);
	});

	it("frames above 32 bits are told apart", () => {
		const high = 0x7f_ffff_ffff_ffffn; // all 55 bits
		assert.equal(decode(bits(63) | high, Number(high)), present | zero);
		assert.equal(decode(bits(63) | bit(40) | 0x3b34n, 0x3b34), present);
	});

	it("any entry decodes to one thing, and to nothing without bits 62 and 63", () => {
		fc.assert(
			fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(), (entry, zeroFrame) => {
				const categories = decode(entry, zeroFrame);
				const exclusiveOnes = [present, swapped, guard, marker].filter((one) => (categories & one) !== 0);
				assert.ok(exclusiveOnes.length <= 1);
				assert.equal((categories & present) !== 0, (entry & bit(63)) !== 0n);
				if ((entry & bits(62, 63)) === 0n) assert.equal(categories, 0);
				if (categories & file) assert.ok(categories & present);
				assert.ok(!(categories & zero && categories & zeroOrShared));
			}),
			{ numRuns: 1000 },
		);
	});
});

describe("pagemap of this process", () => {
	const pageSize = readPageSize();
	let descriptor: number;
	before(() => {
		descriptor = openPagemap("self");
	});
	after(() => closePagemap(descriptor));

	it("has nothing at page 0, and nothing above user space", () => {
		const runs = new PageRunList();
		readPagemap(descriptor, "/proc/self/pagemap", 0, 16, 0, runs);
		readPagemap(descriptor, "/proc/self/pagemap", 0xffffffffff600, 0xffffffffff601, 0, runs);
		assert.equal(runs.length, 0);
		assert.equal(readFrame(descriptor, "/proc/self/pagemap", 0), undefined);
	});

	it("crosses the end of user space without harm", () => {
		const end = 2 ** 47 / pageSize;
		const runs = new PageRunList();
		readPagemap(descriptor, "/proc/self/pagemap", end - 64, end + 64, 0, runs);
		for (let run = 0; run < runs.length; run++) assert.ok((runs.endPages[run] ?? 0) <= end);
	});
});
