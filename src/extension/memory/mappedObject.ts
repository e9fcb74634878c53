import type { SharedRange } from "../../shared/relations";
import { deviceText, type MapsColumns, permissionText } from "../proc/maps";
import { type Classification, kindOf } from "./classify";
import { hasPath, noName } from "./names";

/** What stands behind a mapping that others may map, too: a file, or an object of shared memory. */
export interface MappedObject {
	readonly device: number;
	readonly inode: bigint;
	/**
	 * Its name as `maps` prints it, Latin-1, when it is part of its identity: all that the kernel keeps on one internal mount
	 * number their inodes for themselves (memfds by inode, System V segments by id), but a file has many paths.
	 */
	readonly name?: string;
}

/** The object behind mapping `index`; undefined for memory of its own, and for what shares its inode with all its like. */
export function mappedObject(
	maps: MapsColumns,
	classification: Classification,
	index: number,
): MappedObject | undefined {
	const inode = maps.inodes[index] ?? 0n;
	const { name } = classification.names[maps.names[index] ?? 0] ?? noName;
	// All anonymous inodes of the kernel are one, and a private /dev/zero is plain memory.
	if (inode === 0n || name.startsWith("anon_inode:") || kindOf(classification, index) === "anonymous") return undefined;
	const device = maps.devices[index] ?? 0;
	return hasPath(name) ? { device, inode } : { device, inode, name: maps.nameTable[maps.names[index] ?? 0] ?? "" };
}

/** Text that a line of `maps` has when it maps `object`: most processes do not, and need not be parsed. */
export function objectMark({ device, inode }: MappedObject): string {
	return ` ${deviceText(device)} ${inode} `;
}

/** The ranges that map `object`. */
export function rangesOf(maps: MapsColumns, object: MappedObject): SharedRange[] {
	const ranges: SharedRange[] = [];
	for (let index = 0; index < maps.count; index++) {
		if (maps.inodes[index] !== object.inode || maps.devices[index] !== object.device) continue;
		if (object.name !== undefined && maps.nameTable[maps.names[index] ?? 0] !== object.name) continue;
		ranges.push({
			startPage: maps.startPages[index] ?? 0,
			endPage: maps.endPages[index] ?? 0,
			permissions: permissionText(maps.permissions[index] ?? 0),
		});
	}
	return ranges;
}
