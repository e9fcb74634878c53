import { strict as assert } from "node:assert";
import fc from "fast-check";
import { decodeFrameFlags } from "../../../src/extension/proc/kpageflags";
import { frameFlagMeaning } from "../../../src/shared/pageFrame";

describe("flags of page frames", () => {
	const word = (...bits: number[]): bigint => bits.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n);

	it("have the names of the kernel", () => {
		assert.deepEqual(decodeFrameFlags(0n), []);
		assert.deepEqual(decodeFrameFlags(word(3, 11, 12, 14)), ["UPTODATE", "MMAP", "ANON", "SWAPBACKED"]);
		assert.deepEqual(decodeFrameFlags(word(15, 22)), ["COMPOUND_HEAD", "THP"]);
		assert.deepEqual(decodeFrameFlags(word(24)), ["ZERO_PAGE"]);
		assert.deepEqual(decodeFrameFlags(word(18, 33)), ["UNEVICTABLE", "MLOCKED"]);
	});

	it("that nobody has named are shown by their bit", () => {
		assert.deepEqual(decodeFrameFlags(word(0, 31, 63)), ["LOCKED", "BIT_31", "BIT_63"]);
		assert.equal(frameFlagMeaning("BIT_31"), "a flag that this version does not know");
		assert.equal(frameFlagMeaning("BIT_63"), "the kernel's own business");
	});

	it("are as many as bits are set, in their order, and all named ones have a meaning", () => {
		fc.assert(
			fc.property(fc.uniqueArray(fc.nat(63), { maxLength: 64 }), (bits) => {
				const flags = decodeFrameFlags(word(...bits));
				assert.deepEqual(
					flags,
					[...bits].sort((a, b) => a - b).flatMap((bit) => decodeFrameFlags(word(bit))),
				);
				assert.equal(new Set(flags).size, bits.length);
			}),
		);
		for (const flag of decodeFrameFlags(2n ** 64n - 1n)) {
			const nameless = [frameFlagMeaning("BIT_31"), frameFlagMeaning("BIT_63")].includes(frameFlagMeaning(flag));
			assert.equal(nameless, flag.startsWith("BIT_"), flag);
		}
	});
});
