import { closeSync, readSync } from "node:fs";
import { openProcFile, procError } from "./procFile";

/**
 * Holds on to the address space that a process has now. The kernel binds an open `/proc/PID/maps` to the address space
 * and not to the pid: after `exec`, and after the end, it reads as empty. Nothing else tells one program from the same one
 * executed anew at the same addresses, which is what debuggers without address randomisation make of it.
 */
export class SpaceHandle {
	readonly #path: string;
	readonly #descriptor: number;
	readonly #byte = Buffer.alloc(1);

	/** Errors: `permissionDenied`, `processGone`, `io`. */
	constructor(pid: number) {
		this.#path = `/proc/${pid}/maps`;
		this.#descriptor = openProcFile(this.#path);
	}

	/** Whether the address space is gone. Errors: `io`. */
	isGone(): boolean {
		try {
			return readSync(this.#descriptor, this.#byte, 0, 1, 0) === 0;
		} catch (error) {
			throw procError(error, this.#path);
		}
	}

	close(): void {
		closeSync(this.#descriptor);
	}
}
