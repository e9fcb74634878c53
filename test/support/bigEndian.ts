/**
 * A little-endian ELF file with its headers and symbol tables written big-endian: what no compiler here makes. Layouts
 * from elf(5), spelled out as field widths, so that they share nothing with the reader under test.
 */
export function toBigEndian(file: Uint8Array): Uint8Array {
	const from = Buffer.from(file);
	const to = Buffer.from(file);
	const wide = from[4] === 2;
	const word = wide ? 8 : 4;
	const readWord = (at: number): number => (wide ? Number(from.readBigUInt64LE(at)) : from.readUInt32LE(at));
	const swap = (start: number, widths: readonly number[]): void => {
		let at = start;
		for (const width of widths) {
			to.set(Buffer.from(from.subarray(at, at + width)).reverse(), at);
			at += width;
		}
	};
	to[5] = 2; // ELFDATA2MSB
	swap(16, [2, 2, 4, word, word, word, 4, 2, 2, 2, 2, 2, 2]);
	const programHeader = wide ? [4, 4, 8, 8, 8, 8, 8, 8] : [4, 4, 4, 4, 4, 4, 4, 4];
	const sectionHeader = [4, 4, word, word, word, word, 4, 4, word, word];
	// Widths of name, value, size and the single bytes between them.
	const symbol = wide ? [4, 1, 1, 2, 8, 8] : [4, 4, 4, 1, 1, 2];
	const total = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0);
	const [programHeaders, sectionHeaders] = [readWord(16 + 8 + word), readWord(16 + 8 + 2 * word)];
	const counts = 16 + 8 + 3 * word + 4 + 2;
	for (let i = 0; i < from.readUInt16LE(counts + 2); i++)
		swap(programHeaders + i * total(programHeader), programHeader);
	for (let i = 0; i < from.readUInt16LE(counts + 6); i++) {
		const at = sectionHeaders + i * total(sectionHeader);
		swap(at, sectionHeader);
		const type = from.readUInt32LE(at + 4);
		if (type !== 2 && type !== 11) continue;
		const [offset, size] = [readWord(at + 8 + 2 * word), readWord(at + 8 + 3 * word)];
		for (let entry = offset; entry < offset + size; entry += total(symbol)) swap(entry, symbol);
	}
	return to;
}
