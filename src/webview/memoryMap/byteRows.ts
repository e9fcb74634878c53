import { hexAddress } from "../../shared/units";

/** Width from which a row has room for sixteen bytes, CSS pixels. */
const roomForSixteen = 560;

/** Bytes per row for a width in CSS pixels. */
export function bytesPerRow(width: number): 8 | 16 {
	return width >= roomForSixteen ? 16 : 8;
}

/** One row of a dump. */
export interface ByteRow {
	/** The last digits of the address: enough to tell rows of a page and its neighbours apart. */
	readonly address: string;
	readonly hex: string;
	readonly text: string;
	/** Which bytes of the row differ from the file's, as [first, end) of each stretch. */
	readonly marks: readonly (readonly [first: number, end: number])[];
}

/** Row of `bytes` at `offset`; `base` is the byte address of the first byte, `file` what the file has there. */
export function byteRow(bytes: Uint8Array, offset: number, width: number, base: bigint, file?: Uint8Array): ByteRow {
	const row = bytes.subarray(offset, offset + width);
	return {
		address: hexAddress(base + BigInt(offset)).slice(-5),
		hex: hexOf(row),
		text: textOf(row),
		marks: file === undefined ? [] : differences(row, file.subarray(offset, offset + width)),
	};
}

/** How many bytes of a page differ from the file's. */
export function countDifferences(bytes: Uint8Array, file: Uint8Array): number {
	return bytes.reduce((count, byte, index) => (byte === file[index] ? count : count + 1), 0);
}

function differences(row: Uint8Array, file: Uint8Array): [first: number, end: number][] {
	const marks: [first: number, end: number][] = [];
	for (const [index, byte] of row.entries()) {
		if (byte === file[index]) continue;
		const last = marks.at(-1);
		if (last?.[1] === index) last[1]++;
		else marks.push([index, index + 1]);
	}
	return marks;
}

/** A text of a row in pieces, those that are marked and those that are not; `stride` is the characters a byte takes. */
export function markedPieces(
	text: string,
	marks: ByteRow["marks"],
	stride: 1 | 3,
): { readonly text: string; readonly marked: boolean }[] {
	const pieces: { text: string; marked: boolean }[] = [];
	let at = 0;
	for (const [first, end] of marks) {
		// Of "48 65 6c" the space after the last byte is not part of the mark.
		const [from, to] = [first * stride, end * stride - (stride === 3 ? 1 : 0)];
		if (from > at) pieces.push({ text: text.slice(at, from), marked: false });
		pieces.push({ text: text.slice(from, to), marked: true });
		at = to;
	}
	if (at < text.length) pieces.push({ text: text.slice(at), marked: false });
	return pieces;
}

/** The whole page as text, sixteen bytes a row with full addresses, as `hexdump -C` lays it out. */
export function dumpLines(bytes: Uint8Array, base: bigint): string[] {
	const lines: string[] = [];
	for (let offset = 0; offset < bytes.length; offset += 16) {
		const row = bytes.subarray(offset, offset + 16);
		lines.push(`${hexAddress(base + BigInt(offset))}  ${hexOf(row).padEnd(47)}  ${textOf(row)}`);
	}
	return lines;
}

function hexOf(row: Uint8Array): string {
	return Array.from(row, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** Printable ASCII as it is, everything else as a middle dot, which is no byte's own character. */
function textOf(row: Uint8Array): string {
	return Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
}
