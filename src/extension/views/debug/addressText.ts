/**
 * Hexadecimal numbers with `0x` that can be addresses: below 64 KiB nothing is mapped, so that flags and sizes stay out.
 * A full stop behind one ends a sentence, unless something follows (`0x12345.8p0` is a number of another kind).
 */
const pattern = /(?<![\w.])0x([0-9a-f]{5,16})(?!\w|\.\w)/gi;

/** The addresses in a line of text, and where they stand in it. */
export function addressesIn(
	line: string,
): { readonly start: number; readonly length: number; readonly address: bigint }[] {
	return [...line.matchAll(pattern)].map((match) => ({
		start: match.index,
		length: match[0].length,
		address: BigInt(match[0]),
	}));
}
