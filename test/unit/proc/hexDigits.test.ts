import { equal } from "node:assert/strict";
import { fourDigits } from "../../../src/extension/proc/hexDigits";

/** What a pattern and `parseInt` make of it. */
function witness(text: string): number {
	return /^[0-9a-f]{4}$/.test(text) ? Number.parseInt(text, 16) : -1;
}

describe("four hexadecimal digits", () => {
	const bytes = Buffer.alloc(4);
	const value = () => fourDigits(bytes.readInt32BE());

	it("are their number", () => {
		for (let number = 0; number < 0x10000; number++) {
			bytes.write(number.toString(16).padStart(4, "0"), "latin1");
			equal(value(), number);
		}
	});

	it("are none with any other byte in any place", () => {
		for (const digits of ["0000", "ffff", "1a9f"]) {
			for (let place = 0; place < 4; place++) {
				for (let byte = 0; byte < 256; byte++) {
					bytes.write(digits, "latin1");
					bytes[place] = byte;
					const text = bytes.toString("latin1");
					equal(value(), witness(text), JSON.stringify(text));
				}
			}
		}
	});
});
