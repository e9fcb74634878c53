import { readdirSync } from "node:fs";
import { readProcFile, readProcText } from "./procFile";

/** `AT_PAGESZ` of the auxiliary vector, getauxval(3). */
const pageSizeKey = 6n;

/**
 * Bytes of a base page: 4,096 on x86-64; 4, 16 or 64 KiB on arm64. From the auxiliary vector that the kernel hands every
 * program, so it needs no native call.
 */
export function readPageSize(): number {
	return parsePageSize(readProcFile("/proc/self/auxv")) ?? 4096;
}

/** Page size out of an auxiliary vector of 64-bit pairs; undefined when it has none that could be one. */
export function parsePageSize(auxiliaryVector: Buffer): number | undefined {
	for (let at = 0; at + 16 <= auxiliaryVector.length; at += 16) {
		if (auxiliaryVector.readBigUInt64LE(at) !== pageSizeKey) continue;
		const size = auxiliaryVector.readBigUInt64LE(at + 8);
		const isPower = size >= 4096n && size <= 2n ** 30n && (size & (size - 1n)) === 0n;
		return isPower ? Number(size) : undefined;
	}
	return undefined;
}

/** `vm.max_map_count`: most mappings a process may have; undefined when it cannot be read. */
export function readMaxMapCount(): number | undefined {
	try {
		const count = Number(readProcText("/proc/sys/vm/max_map_count").trim());
		return Number.isInteger(count) && count > 0 ? count : undefined;
	} catch {
		return undefined;
	}
}

/** User names by id from `/etc/passwd`; users of other name services keep their number. */
export function readUserNames(): Map<number, string> {
	try {
		return parseUserNames(readProcText("/etc/passwd"));
	} catch {
		// A machine without passwd shows numbers.
		return new Map();
	}
}

/** Names by user id out of the text of `passwd`, passwd(5); of several names the first. */
export function parseUserNames(text: string): Map<number, string> {
	const names = new Map<number, string>();
	for (const line of text.split("\n")) {
		const [name, , uid] = line.split(":");
		if (name && uid !== undefined && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), name);
	}
	return names;
}

/** Seconds since boot, from `/proc/uptime`. Errors: `io`. */
export function readUptime(): number {
	return Number(readProcText("/proc/uptime").split(" ")[0]);
}

/** How many memory nodes this machine has, from `/sys/devices/system/node`; 0 where the kernel has no NUMA. */
export function countMemoryNodes(): number {
	try {
		return readdirSync("/sys/devices/system/node").filter((name) => /^node\d+$/.test(name)).length;
	} catch {
		return 0;
	}
}
