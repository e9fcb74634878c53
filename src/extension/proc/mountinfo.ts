import { readProcText } from "./procFile";

/**
 * Devices whose files live in memory (tmpfs, the kernel's shm mount, devtmpfs, ramfs), as `major << 20 | minor`. A page of
 * such a file is shared memory: there is no disk behind it. See proc_pid_mountinfo(5).
 */
export function parseMemoryDevices(text: string): Set<number> {
	const devices = new Set<number>();
	for (const line of text.split("\n")) {
		const [before, after] = line.split(" - ");
		const type = after?.split(" ")[0];
		const device = before?.split(" ")[2];
		if (device === undefined || (type !== "tmpfs" && type !== "devtmpfs" && type !== "ramfs")) continue;
		const [major, minor] = device.split(":").map(Number);
		if (major !== undefined && minor !== undefined) devices.add(((major << 20) | minor) >>> 0);
	}
	return devices;
}

/** Reads `/proc/PID/mountinfo`; the mounts are those of the process's own namespace. */
export function readMemoryDevices(pid: number): Set<number> {
	return parseMemoryDevices(readProcText(`/proc/${pid}/mountinfo`));
}
