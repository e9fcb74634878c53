import { readdirSync } from "node:fs";
import { procError, readProcText } from "./procFile";

/**
 * `/proc/PID/task/TID/`: the threads of a process. The kernel stopped naming their stacks in `maps` with Linux 4.5; what is
 * left is each thread's stack pointer.
 */

/** Thread ids of a process, the main thread (its own pid) first. Errors: `processGone`, `io`. */
export function readThreadIds(pid: number): number[] {
	const path = `/proc/${pid}/task`;
	try {
		return readdirSync(path)
			.map(Number)
			.sort((a, b) => a - b);
	} catch (error) {
		throw procError(error, path);
	}
}

/** Name of a thread (`comm`), which everyone may read. Errors: `processGone`, `io`. */
export function readThreadName(pid: number, tid: number): string {
	return readProcText(`/proc/${pid}/task/${tid}/comm`).replace(/\n$/, "");
}

/** Where a thread stands; byte addresses. */
export interface ThreadPointers {
	readonly stack: bigint;
	readonly instruction: bigint;
}

/**
 * The pointers out of the text of `syscall`: `NUMBER ARGUMENT… SP PC` in a system call, `-1 SP PC` when blocked otherwise,
 * and the word `running` for a thread on a processor, whose registers nobody has.
 */
export function parseThreadPointers(text: string): ThreadPointers | undefined {
	const words = text.trim().split(" ");
	const [stack, instruction] = words
		.slice(-2)
		.map((word) => (/^0x[0-9a-f]{1,16}$/.test(word) ? BigInt(word) : undefined));
	return text.endsWith("\n") && words.length >= 3 && stack !== undefined && instruction !== undefined
		? { stack, instruction }
		: undefined;
}

/**
 * Where a thread stands, from `/proc/PID/task/TID/syscall`; undefined while it runs. Reading needs PTRACE_MODE_ATTACH.
 * Errors: `permissionDenied`, `processGone`, `io`.
 */
export function readThreadPointers(pid: number, tid: number): ThreadPointers | undefined {
	return parseThreadPointers(readProcText(`/proc/${pid}/task/${tid}/syscall`));
}
