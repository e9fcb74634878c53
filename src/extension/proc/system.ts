import { readProcFile, readProcText } from "./procFile";

/** `AT_PAGESZ` of the auxiliary vector, getauxval(3). */
const pageSizeKey = 6n;

/**
 * Bytes of a base page: 4,096 on x86-64; 4, 16 or 64 KiB on arm64. From the auxiliary vector that the kernel hands every
 * program, so it needs no native call.
 */
export function readPageSize(): number {
	const auxiliaryVector = readProcFile("/proc/self/auxv");
	for (let at = 0; at + 16 <= auxiliaryVector.length; at += 16) {
		if (auxiliaryVector.readBigUInt64LE(at) === pageSizeKey) return Number(auxiliaryVector.readBigUInt64LE(at + 8));
	}
	return 4096;
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
	const names = new Map<number, string>();
	try {
		for (const line of readProcText("/etc/passwd").split("\n")) {
			const [name, , uid] = line.split(":");
			if (name && uid !== undefined && !names.has(Number(uid))) names.set(Number(uid), name);
		}
	} catch {
		// A machine without passwd shows numbers.
	}
	return names;
}

/** Seconds since boot, from `/proc/uptime`. Errors: `io`. */
export function readUptime(): number {
	return Number(readProcText("/proc/uptime").split(" ")[0]);
}
