/** Values of hexadecimal digits by their bytes, -1 for all others: a third faster than comparing ranges. */
export const hexValues = new Int8Array(256).fill(-1);
for (const [value, digit] of [..."0123456789abcdef"].entries()) hexValues[digit.charCodeAt(0)] = value;

/** The value of four hexadecimal digits, the first in the highest byte of `text`; -1 when they are something else. */
export function fourDigits(text: number): number {
	// A letter has bit 6 set, and its lower four bits are 1 for "a". "g" to "o" would come out as 16 and more.
	const digits = (text & 0x0f0f0f0f) + ((text >>> 6) & 0x01010101) * 9;
	const letters = ((digits + 0x06060606) >>> 4) & 0x01010101;
	if ((digits & 0x10101010) !== 0 || digits + 0x30303030 + letters * 0x27 !== text) return -1;
	const pairs = digits | (digits >>> 4);
	return ((pairs >>> 8) & 0xff00) | (pairs & 0xff);
}

/** 16 to the power of 0…5. */
export const powersOf16 = [1, 16, 16 ** 2, 16 ** 3, 16 ** 4, 16 ** 5];
