import type { MapsColumns } from "./maps";

/**
 * The kernel writes `maps` piece by piece and lets the process go on in between: a mapping that grows downwards, over others
 * that have been written already, comes after them with a lower start (seen on Linux 6.18, whatever proc_pid_maps(5)
 * promises). What comes later is newer.
 */
export interface Ordered {
	/** The columns in address order, without overlaps. */
	readonly maps: MapsColumns;
	/** Which line each mapping was, by its index in the columns given. */
	readonly lines: Uint32Array;
	/** 1 for a mapping that lost its end to a newer one: what was said of the whole no longer holds. */
	readonly cut: Uint8Array;
}

/** The mappings without what a later line contradicts; undefined when nothing does, which is the rule. */
export function inAddressOrder(maps: MapsColumns): Ordered | undefined {
	const { count, startPages, endPages } = maps;
	let ordered = 1;
	while (ordered < count && (endPages[ordered - 1] ?? 0) <= (startPages[ordered] ?? 0)) ordered++;
	if (ordered >= count) return undefined;
	const lines: number[] = [];
	const ends: number[] = [];
	for (let index = 0; index < count; index++) {
		const start = startPages[index] ?? 0;
		while (lines.length > 0 && (startPages[lines.at(-1) ?? 0] ?? 0) >= start) {
			lines.pop();
			ends.pop();
		}
		if ((ends.at(-1) ?? 0) > start) ends[ends.length - 1] = start;
		lines.push(index);
		ends.push(endPages[index] ?? 0);
	}
	const of = Uint32Array.from(lines);
	return {
		maps: {
			...maps,
			count: of.length,
			startPages: Float64Array.from(of, (index) => startPages[index] ?? 0),
			endPages: Float64Array.from(ends),
			permissions: Uint8Array.from(of, (index) => maps.permissions[index] ?? 0),
			offsetPages: Float64Array.from(of, (index) => maps.offsetPages[index] ?? 0),
			devices: of.map((index) => maps.devices[index] ?? 0),
			inodes: BigUint64Array.from(lines, (index) => maps.inodes[index] ?? 0n),
			names: of.map((index) => maps.names[index] ?? 0),
			lineStarts: of.map((index) => maps.lineStarts[index] ?? 0),
		},
		lines: of,
		cut: Uint8Array.from(of, (index, at) => (ends[at] === endPages[index] ? 0 : 1)),
	};
}
