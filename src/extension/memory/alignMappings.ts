import type { MapsColumns } from "../proc/maps";

/** Pages that were or are mapped, and by which mapping: the pieces into which the edges of both moments cut them. */
export interface Piece {
	readonly startPage: number;
	readonly endPage: number;
	/** Index of the mapping at the earlier moment; -1 when nothing was mapped. */
	readonly before: number;
	/** Index of the mapping at the later moment; -1 when nothing is mapped. */
	readonly after: number;
	/** Both map the same thing at the same place of it: memory without a file, or one file at one offset. */
	readonly same: boolean;
}

/**
 * Lays the mappings of two moments over each other, in address order. The kernel merges neighbours that agree and splits
 * what no longer does, so mappings as such cannot be compared: what becomes of their pages can.
 */
export function alignMappings(before: MapsColumns, after: MapsColumns): Piece[] {
	const pieces: Piece[] = [];
	const same = sameObject(before, after);
	let b = 0;
	let a = 0;
	let page = 0;
	while (b < before.count || a < after.count) {
		const beforeStart = b < before.count ? (before.startPages[b] ?? 0) : Number.POSITIVE_INFINITY;
		const afterStart = a < after.count ? (after.startPages[a] ?? 0) : Number.POSITIVE_INFINITY;
		page = Math.max(page, Math.min(beforeStart, afterStart));
		const inBefore = beforeStart <= page;
		const inAfter = afterStart <= page;
		const beforeEnd = inBefore ? (before.endPages[b] ?? 0) : beforeStart;
		const afterEnd = inAfter ? (after.endPages[a] ?? 0) : afterStart;
		const end = Math.min(beforeEnd, afterEnd);
		pieces.push({
			startPage: page,
			endPage: end,
			before: inBefore ? b : -1,
			after: inAfter ? a : -1,
			same: inBefore && inAfter && same(b, a),
		});
		page = end;
		if (inBefore && beforeEnd === end) b++;
		if (inAfter && afterEnd === end) a++;
	}
	return pieces;
}

/** Whether mapping `b` of `before` and `a` of `after` map the same thing, where they overlap. */
function sameObject(before: MapsColumns, after: MapsColumns): (b: number, a: number) => boolean {
	return (b, a) => {
		const inode = before.inodes[b];
		if (inode !== after.inodes[a] || before.devices[b] !== after.devices[a]) return false;
		if (inode === 0n) {
			const [was, is] = [before, after].map((maps, side) => maps.nameTable[maps.names[side === 0 ? b : a] ?? 0] ?? "");
			return was === is || (isPlain(was) && isPlain(is));
		}
		const shiftBefore = (before.startPages[b] ?? 0) - (before.offsetPages[b] ?? 0);
		const shiftAfter = (after.startPages[a] ?? 0) - (after.offsetPages[a] ?? 0);
		return shiftBefore === shiftAfter;
	};
}

/** Memory that a program may give a name to, and take it away, without becoming other memory. */
function isPlain(name: string | undefined): boolean {
	return name === "" || name?.startsWith("[anon:") === true;
}
