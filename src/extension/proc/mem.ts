import { closeSync, readSync } from "node:fs";
import { MapscopeError } from "../../shared/errors";
import { openProcFile, procError } from "./procFile";

/**
 * One page of a process's memory through `/proc/PID/mem`, read because a person asked for it. Reading needs
 * PTRACE_MODE_ATTACH, which Yama may restrict.
 *
 * Errors: `permissionDenied`, `processGone` (the address space is gone: nothing is read), `io` (EIO: the kernel does not
 * give this page, e.g. `[vvar]`, a guard page).
 */
export function readPage(pid: number, page: number, pageSize: number): Uint8Array {
	const path = `/proc/${pid}/mem`;
	const address = BigInt(page) * BigInt(pageSize);
	// Positions are signed in Node: the kernel's own [vsyscall] page lies above, and is not readable here anyway.
	if (address >= 2n ** 63n) throw new MapscopeError({ code: "io", path, errno: "EIO" });
	const descriptor = openProcFile(path);
	try {
		const bytes = new Uint8Array(pageSize);
		const count = readSync(descriptor, bytes, 0, pageSize, address);
		if (count === 0) throw new MapscopeError({ code: "processGone", path });
		return bytes.slice(0, count);
	} catch (error) {
		throw procError(error, path);
	} finally {
		closeSync(descriptor);
	}
}
