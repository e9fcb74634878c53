import { type BigIntStats, statSync } from "node:fs";
import { type MappingName, noName, readingsOfName } from "../memory/names";
import type { MapsColumns } from "../proc/maps";
import { isElsewhere } from "./mappedFile";

/**
 * Decodes the names of a process's mappings. Where `maps` is ambiguous (a newline and the four characters `\012` look
 * alike, and so do an unlinked file and one called "… (deleted)") the file system is asked which reading has the inode, and
 * whether an unlinked file has a successor.
 */
export function resolveNames(pid: number, maps: MapsColumns): MappingName[] {
	const ambiguous = new Map<number, ReturnType<typeof readingsOfName>>();
	const names = maps.nameTable.map((text, index): MappingName => {
		const readings = readingsOfName(text);
		if (readings.length > 1) ambiguous.set(index, readings);
		return readings[0] ?? noName;
	});
	if (ambiguous.size === 0) return names;
	for (let index = 0; index < maps.count; index++) {
		const nameIndex = maps.names[index] ?? 0;
		const readings = ambiguous.get(nameIndex);
		if (readings === undefined) continue;
		ambiguous.delete(nameIndex);
		const isMapped = ({ path, deleted }: MappingName): boolean =>
			!deleted && leadsTo(pid, path, maps.inodes[index] ?? 0n, maps.devices[index] ?? 0);
		// An unlinked file has no path to find: the other readings have to prove themselves.
		const proven = readings.find(isMapped);
		if (proven) names[nameIndex] = proven;
		else if (readings[0]?.deleted && exists(pid, readings[0].path))
			names[nameIndex] = { ...readings[0], replaced: true };
	}
	return names;
}

/** Whether there is a file at a path, given as Latin-1 bytes, as the process sees it. */
function exists(pid: number, latin1: string): boolean {
	try {
		return statSync(Buffer.from(`/proc/${pid}/root${latin1}`, "latin1")).isFile();
	} catch {
		return false;
	}
}

/** Whether a path, given as Latin-1 bytes, leads to the file of that inode and device, as the process sees it. */
function leadsTo(pid: number, latin1: string, inode: bigint, device: number): boolean {
	for (const root of [`/proc/${pid}/root`, ""]) {
		const path = Buffer.from(root + latin1, "latin1");
		try {
			const stat: BigIntStats = statSync(path, { bigint: true });
			return stat.ino === inode && !isElsewhere(path, stat.dev, device);
		} catch {
			// Not there, or not for us: the next root, else no proof.
		}
	}
	return false;
}
