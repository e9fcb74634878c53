import { closeSync, constants, openSync, writeSync } from "node:fs";
import { procError } from "./procFile";

/**
 * Makes the kernel forget which pages of a process were written, so that those written from now on stand out
 * (`4` into `/proc/PID/clear_refs`; the kernel's Documentation/admin-guide/mm/soft-dirty.rst). The process pays a minor
 * fault for its next write to each page. A kernel that keeps no such notes takes the request without a word.
 *
 * Errors: `permissionDenied` (for the process's own user and root), `processGone`, `io`.
 */
export function clearSoftDirty(pid: number): void {
	const path = `/proc/${pid}/clear_refs`;
	try {
		const descriptor = openSync(path, constants.O_WRONLY);
		try {
			writeSync(descriptor, "4");
		} finally {
			closeSync(descriptor);
		}
	} catch (error) {
		throw procError(error, path);
	}
}
