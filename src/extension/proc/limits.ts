import { readProcText } from "./procFile";

/**
 * `/proc/PID/limits`: a table of resource limits, see getrlimit(2). Readable by everyone.
 *
 *     Limit                     Soft Limit           Hard Limit           Units
 *     Max stack size            8388608              unlimited            bytes
 */

/** Soft limit of the main thread's stack in bytes out of the text; undefined when there is none, or the text is cut there. */
export function parseStackLimit(text: string): number | undefined {
	const [, soft] = /^Max stack size +(\d+|unlimited) +(?:\d+|unlimited) +bytes *$/m.exec(text) ?? [];
	return soft === undefined || soft === "unlimited" ? undefined : Number(soft);
}

/** RLIMIT_STACK of a process in bytes; undefined when its stack may grow without limit. Errors: `processGone`, `io`. */
export function readStackLimit(pid: number): number | undefined {
	return parseStackLimit(readProcText(`/proc/${pid}/limits`));
}
