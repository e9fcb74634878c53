import { readFrameWord } from "./frameFile";

/**
 * How often a page frame is mapped, over all processes, from `/proc/kpagecount` (Linux 2.6.25): mappings and not
 * processes, so a file's page that one process maps twice counts two; 0 for the shared zero page. Undefined beyond the
 * end of memory. Errors as `readFrameWord`.
 */
export function readMapCount(frame: number): number | undefined {
	const count = readFrameWord("/proc/kpagecount", frame);
	return count === undefined ? undefined : Number(count);
}
