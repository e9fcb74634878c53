import { withSingleRecord } from "./procFile";

/** Parses `cmdline`: arguments ended by NUL. A process that rewrote it (setproctitle) may leave spaces instead. */
export function parseCmdline(bytes: Buffer): string[] {
	if (bytes.length === 0) return [];
	const end = bytes.at(-1) === 0 ? bytes.length - 1 : bytes.length;
	return bytes.toString("utf8", 0, end).split("\0");
}

/** Reads `/proc/PID/cmdline`, which everyone may; empty for kernel threads and zombies. */
export function readCmdline(pid: number): string[] {
	return withSingleRecord(`/proc/${pid}/cmdline`, parseCmdline);
}
