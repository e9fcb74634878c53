import { closeSync, readSync } from "node:fs";
import { openProcFile, procError } from "./procFile";

/**
 * The kernel's files about physical memory, `/proc/kpageflags` and `/proc/kpagecount`: eight bytes per page frame at byte
 * offset `frame * 8`. Only root may read them. In a virtual machine frames are the machine's own.
 */

/** The word of one frame; undefined beyond the end of memory. Errors: `permissionDenied`, `io` (ENOENT: not compiled in). */
export function readFrameWord(path: string, frame: number): bigint | undefined {
	const descriptor = openProcFile(path);
	try {
		const word = Buffer.alloc(8);
		const count = readSync(descriptor, word, 0, 8, BigInt(frame) * 8n);
		return count === 8 ? word.readBigUInt64LE() : undefined;
	} catch (error) {
		throw procError(error, path);
	} finally {
		closeSync(descriptor);
	}
}
