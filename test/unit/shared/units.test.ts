import { strict as assert } from "node:assert";
import fc from "fast-check";
import {
	addressToPage,
	formatBytes,
	formatCount,
	formatDuration,
	hexAddress,
	hexPage,
	pagesToBytes,
	pageToAddress,
} from "../../../src/shared/units";

const kib = 1024;
const mib = 1024 * kib;
const gib = 1024 * mib;
const tib = 1024 * gib;

describe("amounts", () => {
	const examples: readonly (readonly [number, string])[] = [
		[0, "0"],
		[1, "1 B"],
		[512, "512 B"],
		[999, "999 B"],
		[1000, "0.977 KiB"],
		[1024, "1 KiB"],
		[4 * kib, "4 KiB"],
		[999 * kib, "999 KiB"],
		[999.4 * kib, "999 KiB"],
		[999.6 * kib, "0.976 MiB"],
		[1000 * kib, "0.977 MiB"],
		[1023 * kib, "0.999 MiB"],
		[mib, "1 MiB"],
		[68.34 * mib, "68.3 MiB"],
		[99.96 * mib, "100 MiB"],
		[999 * mib, "999 MiB"],
		[1000 * mib, "0.977 GiB"],
		[1.408 * tib, "1.41 TiB"],
		[512 * gib, "512 GiB"],
		[128 * tib, "128 TiB"],
		[2 ** 56, "64 PiB"],
		[2 ** 64, "16 EiB"],
		[2000 * 2 ** 60, "2000 EiB"],
	];
	for (const [bytes, text] of examples) it(`${bytes} B is ${text}`, () => assert.equal(formatBytes(bytes), text));

	it("have three digits at most, and are within half a percent of the truth", () => {
		const scale = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
		fc.assert(
			fc.property(fc.bigInt({ min: 1n, max: 2n ** 63n }).map(Number), (bytes) => {
				const [digits = "", unit = ""] = formatBytes(bytes).split(" ");
				assert.match(digits, /^(0\.\d{1,3}|\d{1,3}|\d{1,2}\.\d{1,2})$/);
				const shown = Number(digits) * 1024 ** scale.indexOf(unit);
				assert.ok(Math.abs(shown - bytes) <= bytes * 0.0051, `${bytes} is no ${digits} ${unit}`);
			}),
			{ numRuns: 1000 },
		);
	});

	it("counts have thousands separators", () => {
		assert.equal(formatCount(57624), "57,624");
		assert.equal(formatCount(0), "0");
	});

	for (const [milliseconds, text] of [
		[0, "0 ms"],
		[0.4, "0.4 ms"],
		[75.4, "75.4 ms"],
		[999.4, "999 ms"],
		[999.6, "1 s"],
		[2400, "2.4 s"],
		[61_234, "61.2 s"],
	] as const) {
		it(`${milliseconds} ms is ${text}`, () => assert.equal(formatDuration(milliseconds), text));
	}
});

describe("addresses", () => {
	it("of [vsyscall] are exact", () => {
		const page = addressToPage(0xffffffffff600000n, 4096);
		assert.equal(pageToAddress(page, 4096), 0xffffffffff600000n);
		assert.equal(hexPage(page, 4096), "ffffffffff600000");
	});

	it("have eight digits at least, and no more zeros", () => {
		assert.equal(hexAddress(0n), "00000000");
		assert.equal(hexAddress(0x400000n), "00400000");
		assert.equal(hexAddress(0x7f0000000000n), "7f0000000000");
	});

	it("any address of 64 bits and its page agree, whatever the page size", () => {
		const sizes = fc.constantFrom(4096, 16384, 65536);
		fc.assert(
			fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), sizes, (address, size) => {
				const start = pageToAddress(addressToPage(address, size), size);
				assert.equal(start, address - (address % BigInt(size)));
			}),
		);
	});

	it("sizes of all of 64 bits' pages are exact", () => {
		assert.equal(pagesToBytes(2 ** 41, 4096), 2 ** 53);
		assert.equal(pagesToBytes(3, 16384), 49152);
	});
});
