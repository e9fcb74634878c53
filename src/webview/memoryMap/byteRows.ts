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
}

/** Row of `bytes` at `offset`; `base` is the byte address of the first byte. */
export function byteRow(bytes: Uint8Array, offset: number, width: number, base: bigint): ByteRow {
	const row = bytes.subarray(offset, offset + width);
	return {
		address: hexAddress(base + BigInt(offset)).slice(-5),
		hex: hexOf(row),
		text: textOf(row),
	};
}

/** The whole page as text, sixteen bytes a row with full addresses, as `hexdump -C` lays it out. */
export function dumpText(bytes: Uint8Array, base: bigint): string {
	const lines: string[] = [];
	for (let offset = 0; offset < bytes.length; offset += 16) {
		const row = bytes.subarray(offset, offset + 16);
		lines.push(`${hexAddress(base + BigInt(offset))}  ${hexOf(row).padEnd(47)}  ${textOf(row)}`);
	}
	return lines.join("\n");
}

function hexOf(row: Uint8Array): string {
	return Array.from(row, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** Printable ASCII as it is, everything else as a middle dot, which is no byte's own character. */
function textOf(row: Uint8Array): string {
	return Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
}
