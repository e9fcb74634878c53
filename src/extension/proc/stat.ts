import { withSingleRecord } from "./procFile";

/** Fields of `/proc/PID/stat` that the product uses; see proc_pid_stat(5). */
export interface Stat {
	/** `comm`, at most 15 bytes, any bytes but NUL: spaces, parentheses and newlines occur. */
	readonly name: string;
	readonly state: string;
	readonly parentPid: number;
	/** Foreground process group of its terminal; -1 when it has none. */
	readonly terminalGroup: number;
	readonly kernelThread: boolean;
	readonly threads: number;
	/** Clock ticks since boot; the same pid with another start time is another process. */
	readonly startTime: bigint;
	/**
	 * Where the program's code and the stack begin (fields 26 to 28): stays for the life of an address space, and is another
	 * after `exec`, also where addresses are not random. Undefined where it may not be read, and until `exec` has mapped all.
	 */
	readonly image?: string;
	/** Resident pages; approximate (per-CPU counters), `smaps_rollup` is exact. */
	readonly residentPages: number;
}

/** `PF_KTHREAD` in the flags field (linux/sched.h). */
const kernelThreadFlag = 0x00200000;

/** Parses the text of `stat`; undefined when it is none, or cut off. The name ends at the LAST parenthesis. */
export function parseStat(text: Buffer): Stat | undefined {
	const open = text.indexOf(0x28);
	const close = text.lastIndexOf(0x29);
	if (open < 0 || close < open || text.at(-1) !== 0x0a) return undefined;
	const fields = text
		.toString("latin1", close + 2, text.length)
		.trimEnd()
		.split(" ");
	// fields[0] is field 3 of the man page.
	const [state, parentPid, , , , terminalGroup, flags] = fields;
	const threads = fields[17];
	const startTime = fields[19];
	const residentPages = fields[21];
	const [code, , stack] = fields.slice(23, 26);
	// `exec` sets the stack first and the code last, when all is mapped.
	const readable = stack !== undefined && stack !== "0" && code !== "0";
	if (state === undefined || startTime === undefined || residentPages === undefined || !/^\d+$/.test(startTime)) {
		return undefined;
	}
	return {
		name: text.toString("utf8", open + 1, close),
		state,
		parentPid: Number(parentPid),
		terminalGroup: Number(terminalGroup),
		kernelThread: (Number(flags) & kernelThreadFlag) !== 0,
		threads: Number(threads),
		startTime: BigInt(startTime),
		residentPages: Number(residentPages),
		...(readable ? { image: fields.slice(23, 26).join(" ") } : {}),
	};
}

/** Reads `/proc/PID/stat`, which everyone may. Errors: `processGone`, `io`. */
export function readStat(pid: number): Stat | undefined {
	return withSingleRecord(`/proc/${pid}/stat`, parseStat);
}
