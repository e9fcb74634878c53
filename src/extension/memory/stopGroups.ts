import { type MappingChangeKind, mappingChangeKinds } from "../../shared/debug/changes";
import type { StopGroups, StopMapping } from "../../shared/debug/stopGroups";
import { permissionText } from "../proc/maps";
import { mappingBrief } from "./mappingBrief";
import type { IndexedChange } from "./mappingChanges";
import { type PageMarks, pageMark } from "./pageMarks";
import { mappingMeasure, type Snapshot } from "./snapshot";

/** What differs from an earlier stop. */
interface Difference {
	readonly against: number;
	readonly before: Snapshot;
	readonly changes: readonly IndexedChange[];
	readonly marks: PageMarks;
}

/** The mappings of a stop in their groups, each with what became of it. */
export function stopGroups(stop: number, snapshot: Snapshot, difference: Difference | undefined): StopGroups {
	const resident = mappingMeasure(snapshot, "resident");
	const { maps, pageSize } = snapshot;
	const changed = changesByMapping(difference);
	const pages = pagesByMapping(difference?.marks);
	const member = (index: number): StopMapping => {
		const value = resident[index] ?? Number.NaN;
		const { kinds = new Set(), formerPermissions } = changed.get(index) ?? {};
		return {
			mapping: mappingBrief(snapshot, index),
			...(Number.isNaN(value) ? {} : { resident: value }),
			changes: mappingChangeKinds.filter((kind) => kind !== "gone" && kinds.has(kind)) as StopMapping["changes"],
			...(formerPermissions === undefined ? {} : { formerPermissions }),
			written: pages.get(index)?.written ?? 0,
			unknown: pages.get(index)?.unknown ?? 0,
		};
	};
	return {
		stop,
		...(difference ? { against: difference.against } : {}),
		pageSize,
		groups: snapshot.groups.map(({ key, family, name, icon, members }) => {
			const mappings = members.map(member);
			const known = mappings.every((each) => each.resident !== undefined);
			return {
				key,
				family,
				name,
				icon,
				size: members.reduce((sum, i) => sum + ((maps.endPages[i] ?? 0) - (maps.startPages[i] ?? 0)) * pageSize, 0),
				...(known ? { resident: mappings.reduce((sum, each) => sum + (each.resident ?? 0), 0) } : {}),
				mappings,
			};
		}),
		gone: difference
			? unique(difference.changes.filter(({ kind }) => kind === "gone").map(({ before }) => before)).map((index) =>
					mappingBrief(difference.before, index),
				)
			: [],
	};
}

function unique(indices: readonly number[]): number[] {
	return [...new Set(indices)];
}

interface ChangesOfMapping {
	readonly kinds: Set<MappingChangeKind>;
	formerPermissions?: string;
}

/** Changes by the later stop's mapping; what shrank is told of a mapping that is left of it. */
function changesByMapping(difference: Difference | undefined): Map<number, ChangesOfMapping> {
	const byMapping = new Map<number, ChangesOfMapping>();
	for (const change of difference?.changes ?? []) {
		const index = change.after;
		if (index < 0) continue;
		const entry: ChangesOfMapping = byMapping.get(index) ?? { kinds: new Set() };
		entry.kinds.add(change.kind);
		if (change.kind === "reprotected") {
			entry.formerPermissions ??= permissionText(difference?.before.maps.permissions[change.before] ?? 0);
		}
		byMapping.set(index, entry);
	}
	return byMapping;
}

function pagesByMapping(marks: PageMarks | undefined): Map<number, { written: number; unknown: number }> {
	const byMapping = new Map<number, { written: number; unknown: number }>();
	for (let run = 0; run < (marks?.starts.length ?? 0); run++) {
		const mark = marks?.marks[run] ?? 0;
		if (mark === pageMark.patched) continue;
		const index = marks?.mappings[run] ?? 0;
		const entry = byMapping.get(index) ?? { written: 0, unknown: 0 };
		const pages = (marks?.ends[run] ?? 0) - (marks?.starts[run] ?? 0);
		if (mark === pageMark.written) entry.written += pages;
		else entry.unknown += pages;
		byMapping.set(index, entry);
	}
	return byMapping;
}
