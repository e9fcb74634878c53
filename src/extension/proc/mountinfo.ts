import { readProcText } from "./procFile";

/**
 * `/proc/PID/mountinfo`: the mounts of a process's own namespace, see proc_pid_mountinfo(5). Devices are
 * `major << 20 | minor`.
 */

const memoryTypes: ReadonlySet<string> = new Set(["tmpfs", "devtmpfs", "ramfs"]);
const hugetlbTypes: ReadonlySet<string> = new Set(["hugetlbfs"]);

/**
 * Devices whose files live in memory (tmpfs, devtmpfs, ramfs). A page of such a file is shared memory: there is no disk
 * behind it.
 */
export function parseMemoryDevices(text: string): Set<number> {
	return devicesOfTypes(text, memoryTypes);
}

/** Devices whose files are made of huge pages. */
export function parseHugetlbDevices(text: string): Set<number> {
	return devicesOfTypes(text, hugetlbTypes);
}

function devicesOfTypes(text: string, types: ReadonlySet<string>): Set<number> {
	const devices = new Set<number>();
	// A last line without its end may have been cut.
	for (const line of text.split("\n").slice(0, -1)) {
		const [before, after] = line.split(" - ");
		const type = after?.split(" ")[0];
		const device = before?.split(" ")[2];
		if (device === undefined || type === undefined || !types.has(type)) continue;
		const [major, minor] = device.split(":").map(Number);
		if (major !== undefined && minor !== undefined) devices.add(((major << 20) | minor) >>> 0);
	}
	return devices;
}

/** Devices that matter for what a mapping is. */
export interface SpecialDevices {
	readonly memory: ReadonlySet<number>;
	readonly hugetlb: ReadonlySet<number>;
}

/** Reads `/proc/PID/mountinfo`. Errors as `readProcFile`. */
export function readSpecialDevices(pid: number): SpecialDevices {
	const text = readProcText(`/proc/${pid}/mountinfo`);
	return { memory: parseMemoryDevices(text), hugetlb: parseHugetlbDevices(text) };
}
