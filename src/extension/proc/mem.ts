import { closeSync, readSync } from "node:fs";
import { MapscopeError } from "../../shared/errors";
import { openProcFile, procError } from "./procFile";

/**
 * `/proc/PID/mem`: the memory of a process. Opening it needs PTRACE_MODE_ATTACH, which Yama may restrict (to descendants,
 * by default on Ubuntu). Only pages that are present should be read: reading another makes the kernel put one there.
 */

/**
 * One page of a process's memory, read because a person asked for it.
 *
 * Errors: `permissionDenied`, `processGone` (the address space is gone: nothing is read), `io` (EIO: the kernel does not
 * give this page, e.g. `[vvar]`, a guard page).
 */
export function readPage(pid: number, page: number, pageSize: number): Uint8Array {
	return withMemory(pid, (memory) => {
		const bytes = Buffer.alloc(pageSize);
		const count = memory.read(page, pageSize, bytes);
		if (count === 0) throw new MapscopeError({ code: "processGone", path: memory.path });
		return new Uint8Array(bytes.subarray(0, count));
	});
}

/** The memory of a process, opened. */
export interface ProcessMemory {
	readonly path: string;
	/**
	 * Reads from the start of a page on until `buffer` is full, and gives the bytes read: fewer where a page further on
	 * cannot be read, 0 when the address space is gone. Errors: `io` (EIO: not even the first page can be read).
	 */
	read(page: number, pageSize: number, buffer: Buffer): number;
}

/** Calls `use` with the memory of a process. Errors: `permissionDenied`, `processGone`, `io`. */
export function withMemory<T>(pid: number, use: (memory: ProcessMemory) => T): T {
	const path = `/proc/${pid}/mem`;
	const descriptor = openProcFile(path);
	try {
		return use({
			path,
			read(page, pageSize, buffer) {
				const address = BigInt(page) * BigInt(pageSize);
				// Positions are signed in Node: the kernel's own [vsyscall] page lies above, and is not readable here anyway.
				if (address >= 2n ** 63n) throw new MapscopeError({ code: "io", path, errno: "EIO" });
				try {
					return readSync(descriptor, buffer, 0, buffer.length, address);
				} catch (error) {
					throw procError(error, path);
				}
			},
		});
	} finally {
		closeSync(descriptor);
	}
}
