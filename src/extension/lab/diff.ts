import type { DiffLine } from "../../shared/labResult";
import { decodeBytes } from "../memory/names";
import { type MapsColumns, mapsLine } from "../proc/maps";

/** A line of `maps`, and whether it overlaps the region that is looked at. */
export interface MapsText {
	readonly text: string;
	readonly inside: boolean;
}

/** A neighbour further away than this is none. */
const nearPages = 256;

/** Lines of the mappings that overlap [startPage, endPage), with the nearest below and above where they are near. */
export function linesAround(maps: MapsColumns, startPage: number, endPage: number): MapsText[] {
	const lines: MapsText[] = [];
	for (let i = 0; i < maps.count; i++) {
		const [start, end] = [maps.startPages[i] ?? 0, maps.endPages[i] ?? 0];
		const inside = start < endPage && end > startPage;
		const below = end <= startPage && startPage - end < nearPages && (maps.startPages[i + 1] ?? endPage) >= startPage;
		const above = start >= endPage && start - endPage < nearPages && (maps.endPages[i - 1] ?? startPage) <= endPage;
		if (inside || below || above) lines.push({ text: decodeBytes(mapsLine(maps, i)), inside });
	}
	return lines;
}

/** A diff of lines: the longest common part stays, the rest is removed and added, with what differs marked. */
export function diffLines(before: readonly MapsText[], after: readonly MapsText[]): DiffLine[] {
	const lengths = commonLengths(before, after);
	const lines: DiffLine[] = [];
	let [i, j] = [0, 0];
	while (i < before.length || j < after.length) {
		const [old, fresh] = [before[i], after[j]];
		if (old && fresh && old.text === fresh.text) {
			lines.push({ kind: "same", ...fresh, changed: [] });
			i++;
			j++;
			continue;
		}
		const removed: MapsText[] = [];
		const added: MapsText[] = [];
		while (i < before.length || j < after.length) {
			const [a, b] = [before[i], after[j]];
			if (a && b && a.text === b.text) break;
			if (a && (b === undefined || (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
				removed.push(a);
				i++;
			} else if (b) {
				added.push(b);
				j++;
			}
		}
		lines.push(...removed.map((line, k) => changedLine("removed", line, added[k])));
		lines.push(...added.map((line, k) => changedLine("added", line, removed[k])));
	}
	return lines;
}

/** Length of the longest common subsequence of the lines from (i, j) on. Regions have a few lines each. */
function commonLengths(before: readonly MapsText[], after: readonly MapsText[]): number[][] {
	const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
	for (let i = before.length - 1; i >= 0; i--) {
		for (let j = after.length - 1; j >= 0; j--) {
			const row = lengths[i] ?? [];
			const below = lengths[i + 1] ?? [];
			const same = before[i]?.text === after[j]?.text;
			row[j] = same ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
		}
	}
	return lengths;
}

function changedLine(kind: "removed" | "added", line: MapsText, other: MapsText | undefined): DiffLine {
	return { kind, ...line, changed: other === undefined ? [] : changedParts(line.text, other.text) };
}

/** Start, end, permissions, offset, device, inode, name. */
const fields = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) (\S+) (\S+) (\d+) *(.*)$/d;
const permissionsField = 3;
const nameField = 7;

/** Ranges of `text` that differ from `other`: half open, from left to right. */
function changedParts(text: string, other: string): [start: number, end: number][] {
	const [own, others] = [fields.exec(text), fields.exec(other)];
	if (!own?.indices || !others) return [[0, text.length]];
	return own.indices.flatMap((range, k): [number, number][] => {
		const [mine = "", theirs = ""] = [own[k], others[k]];
		if (k === 0 || range === undefined || mine === theirs) return [];
		const [start, end] = range;
		// Each letter of the permissions means something by itself. A number reads better as a whole.
		if (k === permissionsField) return changedLetters(mine, theirs).map(([from, to]) => [start + from, start + to]);
		// Of a file that was deleted, only that.
		if (k === nameField && theirs !== "" && mine.startsWith(theirs)) return [[start + theirs.length, end]];
		if (k === nameField && mine !== "" && theirs.startsWith(mine)) return [];
		return start < end ? [[start, end]] : [];
	});
}

/** Runs of letters that differ, of texts that are equally long. */
function changedLetters(text: string, other: string): [start: number, end: number][] {
	const runs: [number, number][] = [];
	for (let at = 0; at < text.length; at++) {
		if (text[at] === other[at]) continue;
		const last = runs.at(-1);
		if (last?.[1] === at) last[1] = at + 1;
		else runs.push([at, at + 1]);
	}
	return runs;
}
