import type { RegionResult, RegionSide, StepResult } from "../../../shared/labResult";

/** Whether the step left a region as it was: nothing of it needs more than a line. */
export function isQuiet({ diff, before, after, fields, isNew }: RegionResult): boolean {
	// Nothing before and nothing now, also when the step has mapped something meanwhile.
	if (before.mappings === 0 && after.mappings === 0) return true;
	return (
		!isNew &&
		fields.length === 0 &&
		diff.every(({ kind }) => kind === "same") &&
		before.vmFlags.join() === after.vmFlags.join() &&
		JSON.stringify(before.pages) === JSON.stringify(after.pages) &&
		JSON.stringify(before.permissions) === JSON.stringify(after.permissions)
	);
}

/** Regions of one name side by side: those of a parent and its child, say. */
export interface RegionGroup {
	readonly name: string;
	readonly regions: readonly RegionResult[];
	readonly quiet: boolean;
}

/** The regions of a result by name, those that changed first, else in the order of their making. */
export function regionGroups({ regions }: Pick<StepResult, "regions">): RegionGroup[] {
	const byName = new Map<string, RegionResult[]>();
	for (const region of regions) byName.set(region.name, [...(byName.get(region.name) ?? []), region]);
	const groups = [...byName].map(([name, all]) => ({ name, regions: all, quiet: all.every(isQuiet) }));
	return [...groups.filter(({ quiet }) => !quiet), ...groups.filter(({ quiet }) => quiet)];
}

/** A VmFlag of a region: there before and after, only after, or only before. */
export interface FlagMark {
	readonly code: string;
	readonly mark: "same" | "added" | "removed";
}

/** The two-letter codes in the kernel's order, those that went after those that are. */
export function flagMarks(before: RegionSide, after: RegionSide): FlagMark[] {
	const former = new Set(before.vmFlags);
	const now = new Set(after.vmFlags);
	return [
		...after.vmFlags.map((code) => ({ code, mark: former.has(code) ? ("same" as const) : ("added" as const) })),
		...before.vmFlags.filter((code) => !now.has(code)).map((code) => ({ code, mark: "removed" as const })),
	];
}

/** A line cut where its marks begin and end; together the pieces are the line. */
export function markedPieces(
	text: string,
	changed: readonly (readonly [start: number, end: number])[],
): { readonly text: string; readonly marked: boolean }[] {
	const pieces: { text: string; marked: boolean }[] = [];
	let at = 0;
	const push = (to: number, marked: boolean) => {
		if (to > at) pieces.push({ text: text.slice(at, to), marked });
		at = Math.max(at, to);
	};
	for (const [start, end] of changed) {
		push(Math.min(start, text.length), false);
		push(Math.min(end, text.length), true);
	}
	push(text.length, false);
	return pieces;
}
