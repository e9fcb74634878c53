import { withSingleRecord } from "./procFile";

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

/** Effective user id in the text of `status`; undefined when it has none. One field of sixty, which lists read most. */
export function parseEffectiveUser(text: Buffer): number | undefined {
	const start = text.indexOf("\nUid:") + 1;
	const end = text.indexOf("\n", start);
	if (start === 0 || end < 0) return undefined;
	const [, , effective] = text.toString("latin1", start, end).split(/\s+/);
	return effective !== undefined && /^\d+$/.test(effective) ? Number(effective) : undefined;
}

/** Whether the effective capabilities include bit `capability` (linux/capability.h). */
export function hasCapability(status: Status, capability: number): boolean {
	const set = status.get("CapEff") ?? "";
	return /^[0-9a-f]+$/.test(set) && ((BigInt(`0x${set}`) >> BigInt(capability)) & 1n) === 1n;
}

/** Reads `/proc/PID/status`, which everyone may. Errors: `processGone`, `io`. */
export function readStatus(pid: number | "self"): Status {
	return withSingleRecord(`/proc/${pid}/status`, parseStatus);
}

/** Effective user id of a process; undefined when `status` has none. Errors as {@link readStatus}. */
export function readEffectiveUser(pid: number): number | undefined {
	return withSingleRecord(`/proc/${pid}/status`, parseEffectiveUser);
}
