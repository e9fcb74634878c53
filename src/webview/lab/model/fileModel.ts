/** Some bytes of a file as text: those that differ from the other side are marked. */
export interface FilePiece {
	readonly text: string;
	readonly changed: boolean;
}

/**
 * The first bytes of a file as a person reads them: printable ASCII as it is, line ends as such, other bytes as C writes
 * them; zeros at the end are counted, not drawn. Bytes that `other` does not have at the same place are marked.
 */
export function filePieces(head: Uint8Array, other: Uint8Array | undefined): FilePiece[] {
	const pieces: { text: string; changed: boolean }[] = [];
	let length = head.length;
	while (length > 0 && head[length - 1] === 0) length--;
	const push = (text: string, changed: boolean) => {
		const last = pieces.at(-1);
		if (last?.changed === changed) last.text += text;
		else pieces.push({ text, changed });
	};
	for (let at = 0; at < length; at++) push(byteText(head[at] ?? 0), other !== undefined && other[at] !== head[at]);
	const zeros = head.length - length;
	if (zeros > 0) {
		const cleared = other?.subarray(length, head.length).some((byte) => byte !== 0) === true;
		push(`${length > 0 ? " " : ""}(${zeros} zero ${zeros === 1 ? "byte" : "bytes"})`, cleared);
	}
	return pieces;
}

function byteText(byte: number): string {
	if (byte === 10) return "\n";
	if (byte === 9) return "\t";
	if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
	return byte === 0 ? "\\0" : `\\x${byte.toString(16).padStart(2, "0")}`;
}
