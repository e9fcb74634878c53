import { withProcFile } from "./procFile";

/** Fields of `/proc/PID/status` by name, values as text; see proc_pid_status(5). */
export type Status = ReadonlyMap<string, string>;

/** Parses the text of `status`. A last line without its end is left out: its value may have been cut. */
export function parseStatus(text: Buffer): Status {
	const fields = new Map<string, string>();
	for (const line of text.toString("latin1").split("\n").slice(0, -1)) {
		const colon = line.indexOf(":");
		if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
	}
	return fields;
}

/** An amount such as `VmRSS:  108 kB` in bytes; undefined when the field is absent (kernel threads, zombies). */
export function statusBytes(status: Status, field: string): number | undefined {
	const match = /^(\d+) kB$/.exec(status.get(field) ?? "");
	return match ? Number(match[1]) * 1024 : undefined;
}

/** Effective user id; undefined when the text has none. */
export function effectiveUser(status: Status): number | undefined {
	const uid = status.get("Uid")?.split(/\s+/)[1];
	return uid === undefined ? undefined : Number(uid);
}

/** Whether the effective capabilities include bit `capability` (linux/capability.h). */
export function hasCapability(status: Status, capability: number): boolean {
	const set = status.get("CapEff") ?? "";
	return /^[0-9a-f]+$/.test(set) && ((BigInt(`0x${set}`) >> BigInt(capability)) & 1n) === 1n;
}

/** Reads `/proc/PID/status`, which everyone may. Errors: `processGone`, `io`. */
export function readStatus(pid: number | "self"): Status {
	return withProcFile(`/proc/${pid}/status`, parseStatus);
}
