import { fieldMeaning, nameMeaning } from "../../../shared/procFields";
import { formatBytes } from "../../../shared/units";
import { vmFlagMeaning } from "../../../shared/vmFlags";
import { isWritableExecutable, permissionWords } from "../permissionWords";
import { parseHeader, type Span } from "./procLines";

/** What a hover says, and of which part of the line. */
export interface Explanation {
	readonly column: number;
	readonly length: number;
	/** One or two sentences of ours; they hold no text of another process. */
	readonly sentence: string;
}

/** Explains what stands at `column` of a line of `maps` or `smaps`; `undefined` where there is nothing to explain. */
export function explain(line: string, column: number): Explanation | undefined {
	return explainHeader(line, column) ?? explainFlag(line, column) ?? explainField(line);
}

function explainHeader(line: string, column: number): Explanation | undefined {
	const parts = parseHeader(line);
	if (!parts) return undefined;
	const explained: readonly (readonly [Span | undefined, () => string | undefined])[] = [
		[parts.range, () => rangeSentence(parts.range.text)],
		[parts.permissions, () => permissionsSentence(parts.permissions.text)],
		[parts.offset, () => offsetSentence(parts.offset.text, parts.inode.text)],
		[parts.device, () => deviceSentence(parts.device.text, parts.inode.text)],
		[parts.inode, () => inodeSentence(parts.inode.text)],
		[parts.name, () => nameMeaning(parts.name?.text ?? "")],
	];
	for (const [span, sentenceOf] of explained) {
		if (!span || column < span.column || column > span.column + span.text.length) continue;
		const sentence = sentenceOf();
		return sentence === undefined ? undefined : { column: span.column, length: span.text.length, sentence };
	}
	return undefined;
}

function rangeSentence(range: string): string {
	const [start = "0", end = "0"] = range.split("-");
	const size = Number(BigInt(`0x${end}`) - BigInt(`0x${start}`));
	return `Addresses of the mapping: ${formatBytes(size)}. The second address is the first one behind it.`;
}

function permissionsSentence(permissions: string): string {
	const warning = isWritableExecutable(permissions)
		? " Writable and executable at once: what is written here can be run."
		: "";
	return `This memory is ${permissionWords(permissions)}.${warning}`;
}

function offsetSentence(offset: string, inode: string): string {
	if (inode === "0") return "Offset in the file; it means nothing here, as no file is mapped.";
	const bytes = Number(BigInt(`0x${offset}`));
	return bytes === 0
		? "Offset in the file: the mapping begins where the file begins."
		: `Offset in the file where the mapping begins: ${formatBytes(bytes)}.`;
}

function deviceSentence(device: string, inode: string): string {
	if (inode === "0") return "Device of the file, major:minor in hexadecimal; 00:00 when no file is mapped.";
	const virtual = device.startsWith("00:")
		? " Major 00 is a file system without a disk, such as tmpfs or overlay."
		: "";
	return `Device of the file, major:minor in hexadecimal.${virtual}`;
}

function inodeSentence(inode: string): string {
	return inode === "0" ? "Inode of the file: 0, as no file is mapped." : "Inode: the number of the file on its device.";
}

function explainFlag(line: string, column: number): Explanation | undefined {
	if (!line.startsWith("VmFlags:")) return undefined;
	for (const match of line.matchAll(/(?<=\s)\S\S(?=\s|$)/g)) {
		if (column < match.index || column > match.index + 2) continue;
		return { column: match.index, length: 2, sentence: `${match[0]}: ${vmFlagMeaning(match[0])}.` };
	}
	return undefined;
}

function explainField(line: string): Explanation | undefined {
	const field = /^(\w+):/.exec(line)?.[1];
	const sentence = field === undefined ? undefined : fieldMeaning(field);
	if (field === undefined || sentence === undefined) return undefined;
	const kilobytes = /:\s+(\d+) kB$/.exec(line)?.[1];
	const value = kilobytes === undefined || Number(kilobytes) < 1000 ? "" : ` ${formatBytes(Number(kilobytes) * 1024)}.`;
	return { column: 0, length: line.length, sentence: sentence + value };
}
