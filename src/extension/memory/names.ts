/**
 * Names of mappings. The kernel prints bytes: usually UTF-8, with the newline alone escaped as `\012`, and the suffix
 * ` (deleted)` for a file that has no name any more.
 */

const deletedSuffix = " (deleted)";

/** Names that always carry the suffix, although nobody unlinked anything: they never had a place in a directory. */
const alwaysDeleted = /^\/(memfd:|SYSV[0-9a-f]{8}|dev\/zero|anon_hugepage|secretmem|i915|drm mm object|\[aio\])/;

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
}

/** Decodes a name given as Latin-1 bytes. */
export function parseMappingName(latin1: string): MappingName {
	const bytes = latin1.replaceAll("\\012", "\n");
	const suffixed = bytes.endsWith(deletedSuffix);
	const bare = suffixed ? bytes.slice(0, -deletedSuffix.length) : bytes;
	return { name: decodeBytes(bare), deleted: suffixed && !alwaysDeleted.test(bare) };
}

/** Latin-1 bytes as UTF-8 text; bytes that are no UTF-8 show as `\xff`. */
export function decodeBytes(latin1: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
	if (/^[\x00-\x7f]*$/.test(latin1)) return latin1;
	const bytes = Uint8Array.from(latin1, (character) => character.charCodeAt(0));
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return latin1.replace(/[\x80-\xff]/g, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
	}
}

/** Last component of a path; the name itself when it is none. */
export function baseName(name: string): string {
	return name.startsWith("/") ? name.slice(name.lastIndexOf("/") + 1) || name : name;
}
