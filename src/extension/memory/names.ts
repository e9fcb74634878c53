/**
 * Names of mappings. The kernel prints bytes: usually UTF-8, with the newline alone escaped as `\012`, and the suffix
 * ` (deleted)` for a file that has no name any more.
 */

const deletedSuffix = " (deleted)";

/** Names that always carry the suffix, although nobody unlinked anything: they never had a place in a directory. */
const alwaysDeleted = /^\/(memfd:.*|SYSV[0-9a-f]{8}|dev\/zero|anon_hugepage|secretmem|i915|drm mm object|\[aio\])$/s;

/** The name of anonymous memory. */
export const noName: MappingName = { name: "", deleted: false, path: "" };

/** Whether a name as `parseMappingName` gives it may be a path in a file system. */
export function hasPath(name: string): boolean {
	return name.startsWith("/") && !alwaysDeleted.test(name);
}

/** A name as `maps` prints it, taken apart. */
export interface MappingName {
	/** Decoded, without the suffix; "" for anonymous memory. Hostile text. */
	readonly name: string;
	/** The suffix was there and means that the file was unlinked (unless a live file is called so, which only its inode tells). */
	readonly deleted: boolean;
	/** It was unlinked, and another file has its path by now: a program that was upgraded while it runs. */
	readonly replaced?: true;
	/** The bytes of the name as Latin-1: what a system call must be given, since a name need not be UTF-8. */
	readonly path: string;
}

/** The readings of a name, given as Latin-1 bytes, most likely first; more than one only where `maps` is ambiguous. */
export function readingsOfName(latin1: string): readonly MappingName[] {
	const readings: MappingName[] = [];
	const texts = latin1.includes("\\012") ? [latin1.replaceAll("\\012", "\n"), latin1] : [latin1];
	for (const text of texts) {
		if (text.endsWith(deletedSuffix)) {
			const path = text.slice(0, -deletedSuffix.length);
			readings.push({ name: decodeBytes(path), deleted: !alwaysDeleted.test(path), path });
		} else {
			readings.push({ name: decodeBytes(text), deleted: false, path: text });
		}
	}
	// A live file may really be called "… (deleted)"; only its inode tells.
	if (latin1.endsWith(deletedSuffix) && readings[0]?.deleted) {
		readings.push(...texts.map((text) => ({ name: decodeBytes(text), deleted: false, path: text })));
	}
	return readings;
}

/** The likeliest reading of a name: a newline was a newline, and the suffix means what it says. */
export function parseMappingName(latin1: string): MappingName {
	return readingsOfName(latin1)[0] ?? noName;
}

/** Latin-1 bytes as UTF-8 text; bytes that are no UTF-8 show as `\xff`. */
export function decodeBytes(latin1: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
	if (/^[\x00-\x7f]*$/.test(latin1)) return latin1;
	const bytes = Uint8Array.from(latin1, (character) => character.charCodeAt(0));
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return latin1.replace(/[\x80-\xff]/g, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
	}
}

/** Last component of a path; the name itself when it is none. */
export function baseName(name: string): string {
	return name.startsWith("/") ? name.slice(name.lastIndexOf("/") + 1) || name : name;
}
