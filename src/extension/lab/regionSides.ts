import type { LabProcessState, PageRunData, PermissionRun, RegionResult, RegionSide } from "../../shared/labResult";
import { flagBit, stateCode } from "../../shared/pageStates";
import { permissionText } from "../proc/maps";
import type { SmapsColumns } from "../proc/smaps";
import { diffLines, linesAround } from "./diff";
import type { ProcessSight, Sight } from "./observe";
import type { LabRegion } from "./wire";

/** States of pages that the page table maps. */
const presentStates: readonly number[] = [stateCode.file, stateCode.shmem, stateCode.anonymous, stateCode.zero];

/** What stands for permissions where nothing is mapped. */
export const unmapped = "none";

const nothing: RegionSide = {
	permissions: [],
	mappings: 0,
	vmFlags: [],
	smaps: {},
	pages: [],
	present: 0,
	exclusive: 0,
};

/**
 * Each region of each process, before and after a step.
 *
 * @param restarted the lab process is another one than before: its lines are shown as they are, and compared with none.
 */
export function compareRegions(
	before: Sight,
	after: Sight,
	regions: readonly LabRegion[],
	processes: readonly LabProcessState[],
	restarted: boolean,
): RegionResult[] {
	return regions.flatMap((region) => {
		const pid = processes.find(({ name }) => name === region.process)?.pid;
		const now = after.get(region.process);
		if (pid === undefined || now === undefined) return [];
		const then = restarted ? now : before.get(region.process);
		const { startPage, pages } = region;
		const endPage = startPage + pages;
		const [old, fresh] = [then && sideOf(then, startPage, endPage), sideOf(now, startPage, endPage)];
		return [
			{
				process: region.process,
				pid,
				name: region.name,
				startPage,
				endPage,
				isNew: old === undefined || old.mappings === 0,
				diff: diffLines(
					then ? linesAround(then.maps, startPage, endPage) : [],
					linesAround(now.maps, startPage, endPage),
				),
				before: old ?? nothing,
				after: fresh,
				fields: changedFields(old ?? nothing, fresh),
			},
		];
	});
}

/** The mappings and pages of [startPage, endPage) in a process. */
export function sideOf({ smaps, pages }: ProcessSight, startPage: number, endPage: number): RegionSide {
	const inside = mappingsIn(smaps, startPage, endPage);
	const runs = clipRuns(pages, startPage, endPage);
	return {
		permissions: permissionRuns(smaps, inside, startPage, endPage),
		mappings: inside.length,
		vmFlags: smaps.flagTable[smaps.flags[inside[0] ?? -1] ?? 0] ?? [],
		smaps: sumFields(smaps, inside),
		pages: runs,
		present: countPages(runs, ({ state }) => presentStates.includes(state)),
		exclusive: countPages(runs, ({ flags }) => (flags & flagBit.exclusive) !== 0),
	};
}

function countPages(runs: readonly PageRunData[], counts: (run: PageRunData) => boolean): number {
	return runs.reduce((sum, run) => (counts(run) ? sum + run.end - run.start : sum), 0);
}

function mappingsIn({ maps }: SmapsColumns, startPage: number, endPage: number): number[] {
	const found: number[] = [];
	for (let i = 0; i < maps.count; i++) {
		if ((maps.startPages[i] ?? 0) < endPage && (maps.endPages[i] ?? 0) > startPage) found.push(i);
	}
	return found;
}

function permissionRuns(
	{ maps }: SmapsColumns,
	inside: readonly number[],
	start: number,
	end: number,
): PermissionRun[] {
	const runs: { permissions: string; pages: number }[] = [];
	const push = (permissions: string, pages: number): void => {
		const last = runs.at(-1);
		if (pages <= 0) return;
		if (last?.permissions === permissions) last.pages += pages;
		else runs.push({ permissions, pages });
	};
	let at = start;
	for (const index of inside) {
		const from = Math.max(start, maps.startPages[index] ?? 0);
		const to = Math.min(end, maps.endPages[index] ?? 0);
		push(unmapped, from - at);
		push(permissionText(maps.permissions[index] ?? 0), to - from);
		at = to;
	}
	push(unmapped, end - at);
	return runs;
}

function sumFields({ fields }: SmapsColumns, inside: readonly number[]): Record<string, number> {
	const sums: Record<string, number> = {};
	for (const [name, column] of fields) {
		if (name === "KernelPageSize" || name === "MMUPageSize" || name === "THPeligible") continue;
		const sum = inside.reduce((total, index) => total + (column[index] ?? 0), 0);
		if (!Number.isNaN(sum)) sums[name] = sum;
	}
	return sums;
}

function changedFields(before: RegionSide, after: RegionSide): RegionResult["fields"] {
	return Object.keys({ ...before.smaps, ...after.smaps }).flatMap((name) => {
		const [old, now] = [before.smaps[name] ?? 0, after.smaps[name] ?? 0];
		return old === now ? [] : [{ name, before: old, after: now }];
	});
}

/** Runs that cover [start, end) exactly: those of the regions that were scanned; nothing is in what was not mapped. */
function clipRuns(pages: readonly PageRunData[], start: number, end: number): PageRunData[] {
	const runs: PageRunData[] = [];
	let at = start;
	const push = (to: number, state: number, flags: number): void => {
		if (to <= at) return;
		const last = runs.at(-1);
		if (last && last.state === state && last.flags === flags) runs[runs.length - 1] = { ...last, end: to };
		else runs.push({ start: at, end: to, state, flags });
		at = to;
	};
	for (const run of [...pages].sort((a, b) => a.start - b.start)) {
		if (run.end <= at || run.start >= end) continue;
		push(Math.min(run.start, end), stateCode.notPresent, 0);
		push(Math.min(run.end, end), run.state, run.flags);
	}
	push(end, stateCode.notPresent, 0);
	return runs;
}
