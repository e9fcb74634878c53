import { readSync } from "node:fs";

/** Bytes that are read in pieces: a file of any size, or a copy of memory. */
export interface ByteSource {
	/** Bytes. */
	readonly size: number;
	/**
	 * At most `length` bytes from `offset` on. Never throws: what is not there (the end, a file that shrank, a disk that
	 * failed) is missing at the end, which whoever reads untrusted bytes must expect anyway.
	 */
	read(offset: number, length: number): Uint8Array;
}

const nothing = new Uint8Array(0);

/** Reads from an open file; the descriptor stays the caller's. */
export function fileSource(descriptor: number, size: number): ByteSource {
	return {
		size,
		read(offset, length) {
			const wanted = clip(offset, length, size);
			if (wanted === 0) return nothing;
			const bytes = new Uint8Array(wanted);
			let filled = 0;
			try {
				while (filled < wanted) {
					const count = readSync(descriptor, bytes, filled, wanted - filled, offset + filled);
					if (count === 0) break;
					filled += count;
				}
			} catch {
				// What was read before the failure is still true.
			}
			return bytes.subarray(0, filled);
		},
	};
}

/** Reads from bytes at hand. */
export function bytesSource(bytes: Uint8Array): ByteSource {
	return {
		size: bytes.length,
		read: (offset, length) => bytes.subarray(offset, offset + clip(offset, length, bytes.length)),
	};
}

/** How much of a wish there is to read; 0 for offsets that make no sense. */
function clip(offset: number, length: number, size: number): number {
	return Number.isSafeInteger(offset) && offset >= 0 && length > 0 ? Math.max(0, Math.min(length, size - offset)) : 0;
}

/** Bytes read at a time from a table. */
const chunkBytes = 256 * 1024;

/** Entries of equal size in a file. */
export interface Table {
	readonly offset: number;
	readonly count: number;
	readonly entrySize: number;
}

/**
 * Calls `use` with pieces of a table, each of whole entries; a table that the file ends in is cut. Memory is bounded by
 * the chunk and not by what the file claims.
 */
export function readTable(
	source: ByteSource,
	{ offset, count, entrySize }: Table,
	use: (bytes: Uint8Array, entries: number) => void,
): void {
	const perChunk = Math.floor(chunkBytes / entrySize);
	for (let entry = 0; entry < count; entry += perChunk) {
		const wanted = Math.min(perChunk, count - entry) * entrySize;
		const bytes = source.read(offset + entry * entrySize, wanted);
		const entries = Math.floor(bytes.length / entrySize);
		if (entries > 0) use(bytes, entries);
		if (bytes.length < wanted) return;
	}
}
