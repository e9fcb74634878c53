import type { ChangeTotals } from "../../../../src/shared/debug/changes";
import type { MappingBrief } from "../../../../src/shared/debug/mappingBrief";
import type { StopGroup, StopGroups, StopMapping } from "../../../../src/shared/debug/stopGroups";
import type { DebuggeeInfo, StopInfo } from "../../../../src/shared/debug/stops";

export const noTotals: ChangeTotals = {
	mappings: { new: 0, gone: 0, grown: 0, shrunk: 0, reprotected: 0 },
	written: 0,
	writtenMappings: 0,
	patched: 0,
	unknown: 0,
	byKind: [],
};

/** Totals with some mappings that changed. */
export function totals(
	changes: Partial<Omit<ChangeTotals, "mappings">>,
	mappings: Partial<ChangeTotals["mappings"]> = {},
): ChangeTotals {
	return { ...noTotals, ...changes, mappings: { ...noTotals.mappings, ...mappings } };
}

export function stop(number: number, fields: Partial<StopInfo> = {}): StopInfo {
	return {
		number,
		reason: "breakpoint",
		time: new Date(2026, 0, 2, 14, 2, 11).getTime(),
		mappings: 24,
		still: true,
		cost: { latency: 6.1, reading: 4, comparing: 2, comparedBytes: 4096 },
		...fields,
	};
}

export function debuggee(fields: Partial<DebuggeeInfo> = {}): DebuggeeInfo {
	return {
		id: 1,
		session: { id: "session", name: "Launch chain", type: "lldb" },
		process: { pid: 13111, startTime: "4711", name: "chain" },
		status: { kind: "ready" },
		running: false,
		reading: false,
		stops: [],
		...fields,
	};
}

/** A mapping of so many pages. */
export function brief(startPage: number, pages: number, fields: Partial<MappingBrief> = {}): MappingBrief {
	return {
		startPage,
		endPage: startPage + pages,
		permissions: "rw-p",
		kind: "anonymous",
		label: "Anonymous",
		name: "",
		...fields,
	};
}

export function member(mapping: MappingBrief, fields: Partial<StopMapping> = {}): StopMapping {
	return { mapping, resident: 4096, changes: [], written: 0, unknown: 0, ...fields };
}

export function group(
	family: StopGroup["family"],
	mappings: readonly StopMapping[],
	name = family as string,
): StopGroup {
	const pages = mappings.reduce((sum, { mapping }) => sum + mapping.endPage - mapping.startPage, 0);
	const icon = family === "modules" ? "library" : (mappings[0]?.mapping.kind ?? "other");
	return { key: `g:${name}`, family, name, icon, size: pages * 4096, resident: 4096 * mappings.length, mappings };
}

export function groups(list: readonly StopGroup[], gone: readonly MappingBrief[] = []): StopGroups {
	return { stop: 2, against: 1, pageSize: 4096, groups: list, gone };
}
