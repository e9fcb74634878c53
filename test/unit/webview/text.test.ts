import assert from "node:assert/strict";
import fc from "fast-check";
import {
	byteRow,
	bytesPerRow,
	countDifferences,
	dumpLines,
	markedPieces,
} from "../../../src/webview/memoryMap/byteRows";
import { isTight, layoutMode } from "../../../src/webview/memoryMap/layoutMode";
import { tickOpacity } from "../../../src/webview/memoryMap/ticks";
import { noZoom, pan, zoomAround, zoomOffset } from "../../../src/webview/memoryMap/zoom";
import { shortRange, splitAddress } from "../../../src/webview/rows/addressText";

describe("addresses", () => {
	it("are split where they begin to differ from the one above", () => {
		assert.deepEqual(splitAddress("558fb770d000", "558fb497b000"), { same: "558fb", rest: "770d000" });
		assert.deepEqual(splitAddress("558fb770d000", undefined), { same: "", rest: "558fb770d000" });
		assert.deepEqual(splitAddress("7f0000000000", "00400000"), { same: "", rest: "7f0000000000" });
	});

	it("come together again", () => {
		const hex = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => value.toString(16).padStart(8, "0"));
		fc.assert(
			fc.property(hex, fc.option(hex, { nil: undefined }), (address, above) => {
				const { same, rest } = splitAddress(address, above);
				assert.equal(same + rest, address);
				assert.ok(same === "" || above?.startsWith(same) === true);
			}),
		);
	});

	it("make short ranges", () => {
		assert.equal(shortRange("7f4804600000", "7f48046a0000"), "7f4804600000–a0000");
		assert.equal(shortRange("fffff000", "100000000"), "fffff000–100000000");
	});
});

describe("bytes", () => {
	const bytes = Uint8Array.from({ length: 20 }, (_, index) => (index < 16 ? 0x41 + index : index));

	it("are shown by eight or sixteen, printable ones as text", () => {
		assert.equal(bytesPerRow(372), 8);
		assert.equal(bytesPerRow(560), 16);
		assert.deepEqual(byteRow(bytes, 8, 8, 0x7f4804604000n), {
			address: "04008",
			hex: "49 4a 4b 4c 4d 4e 4f 50",
			text: "IJKLMNOP",
			marks: [],
		});
		assert.equal(byteRow(bytes, 16, 8, 0n).text, "····");
	});

	it("are marked where they differ from the file's", () => {
		const file = Uint8Array.from(bytes);
		file[0] = 0;
		file[10] = 0;
		file[11] = 0;
		assert.deepEqual(byteRow(bytes, 0, 8, 0n, file).marks, [[0, 1]]);
		const row = byteRow(bytes, 8, 8, 0n, file);
		assert.deepEqual(row.marks, [[2, 4]]);
		assert.deepEqual(
			markedPieces(row.hex, row.marks, 3).filter(({ marked }) => marked),
			[{ text: "4b 4c", marked: true }],
		);
		assert.deepEqual(
			markedPieces(row.text, row.marks, 1).map(({ text }) => text),
			["IJ", "KL", "MNOP"],
		);
		assert.equal(
			markedPieces(row.hex, row.marks, 3)
				.map(({ text }) => text)
				.join(""),
			row.hex,
		);
		assert.equal(countDifferences(bytes, file), 3);
	});

	it("are copied with whole addresses", () => {
		const lines = dumpLines(bytes, 0xffffffffff600000n);
		assert.equal(lines.length, 2);
		assert.ok(lines[0]?.startsWith("ffffffffff600000  41 42"));
		assert.ok(lines[1]?.startsWith("ffffffffff600010  10 11 12 13  "));
		assert.equal(lines[0]?.indexOf("ABC"), lines[1]?.indexOf("····"));
	});
});

describe("a zoom", () => {
	it("keeps what lies under the pointer where it is", () => {
		const share = fc.double({ min: 0, max: 1, noNaN: true });
		fc.assert(
			fc.property(share, share, fc.double({ min: 1, max: 8, noNaN: true }), (first, second, wanted) => {
				const once = zoomAround(noZoom, 4, 8, first);
				const twice = zoomAround(once, wanted, 8, second);
				const before = once.start + second / once.factor;
				const after = twice.start + second / twice.factor;
				const atEdge = twice.start === 0 || twice.start === 1 - 1 / twice.factor;
				assert.ok(atEdge || Math.abs(before - after) < 1e-9);
				assert.ok(twice.start >= 0 && twice.start + 1 / twice.factor <= 1 + 1e-9);
			}),
		);
	});

	it("stays within its limits", () => {
		assert.deepEqual(zoomAround(noZoom, 0.5, 8, 0.3), noZoom);
		assert.equal(zoomAround(noZoom, 20, 8, 0.3).factor, 8);
		assert.equal(pan({ factor: 4, start: 0 }, 2).start, 0.75);
		assert.equal(zoomOffset({ factor: 4, start: 0.75 }, 4000, 1000), 3000);
		// Until the wider frame has come, there is less to move over.
		assert.equal(zoomOffset({ factor: 4, start: 0.75 }, 1000, 1000), 0);
	});
});

describe("layout and time", () => {
	it("change at 1100 and 700 pixels", () => {
		assert.deepEqual([320, 699, 700, 1099, 1100].map(layoutMode), ["narrow", "narrow", "medium", "medium", "wide"]);
		assert.ok(isTight("narrow", 2000));
		assert.ok(!isTight("wide", 843));
		assert.ok(isTight("medium", 843));
	});

	it("let a tick stand, fade and go", () => {
		assert.equal(tickOpacity(0), 1);
		assert.equal(tickOpacity(900), 1);
		assert.ok(Math.abs(tickOpacity(1200) - 0.5) < 1e-9);
		assert.equal(tickOpacity(1500), 0);
		assert.equal(tickOpacity(9999), 0);
	});
});
