import {
	type ChangeSource,
	type ChangeTotals,
	type MappingChangeKind,
	type MappingPages,
	mostChangesTold,
	mostRangesTold,
	type StopChanges,
	type UnknownReason,
	unknownReasons,
} from "../../shared/debug/changes";
import type { PageRange } from "../../shared/debug/mappingBrief";
import type { MappingKind } from "../../shared/mappingKinds";
import { kindOf } from "./classify";
import { type ClassifiedMaps, mappingBrief } from "./mappingBrief";
import { describeChange, type IndexedChange } from "./mappingChanges";
import { type PageMarks, pageMark } from "./pageMarks";

/** Pages of one mapping by what is known of them. */
interface Tally {
	written: number;
	unknown: number;
	readonly ranges: PageRange[];
	readonly why: Float64Array;
}

/** What is different between two stops, out of the changes of their mappings and the marks of their pages. */
export function summarizeChanges(
	stops: { readonly from: number; readonly to: number; readonly source: ChangeSource },
	before: ClassifiedMaps,
	after: ClassifiedMaps,
	changes: readonly IndexedChange[],
	marks: PageMarks,
): StopChanges {
	const { tallies, patched } = tally(marks);
	const pages = [...tallies]
		.slice(0, mostChangesTold)
		.map(([index, { written, unknown, ranges, why }]): MappingPages => {
			const reason = mostOf(why);
			return {
				mapping: mappingBrief(after, index),
				written,
				ranges: ranges.slice(0, mostRangesTold),
				unknown,
				...(reason === undefined ? {} : { unknownWhy: reason }),
			};
		});
	return {
		...stops,
		totals: totalsOf(changes, tallies, patched, after),
		mappings: changes.slice(0, mostChangesTold).map((change) => describeChange(change, before, after)),
		pages,
		cut: changes.length > mostChangesTold || tallies.size > mostChangesTold,
	};
}

function tally(marks: PageMarks): { readonly tallies: ReadonlyMap<number, Tally>; readonly patched: number } {
	const tallies = new Map<number, Tally>();
	let patched = 0;
	for (let run = 0; run < marks.starts.length; run++) {
		const startPage = marks.starts[run] ?? 0;
		const endPage = marks.ends[run] ?? 0;
		const mark = marks.marks[run] ?? 0;
		if (mark === pageMark.patched) {
			patched += endPage - startPage;
			continue;
		}
		const mapping = marks.mappings[run] ?? 0;
		let entry = tallies.get(mapping);
		if (entry === undefined) {
			entry = { written: 0, unknown: 0, ranges: [], why: new Float64Array(unknownReasons.length) };
			tallies.set(mapping, entry);
		}
		if (mark === pageMark.written) {
			entry.written += endPage - startPage;
			entry.ranges.push({ startPage, endPage });
		} else {
			entry.unknown += endPage - startPage;
			const reason = mark - pageMark.unknown;
			entry.why[reason] = (entry.why[reason] ?? 0) + endPage - startPage;
		}
	}
	return { tallies, patched };
}

function totalsOf(
	changes: readonly IndexedChange[],
	tallies: ReadonlyMap<number, Tally>,
	patched: number,
	after: ClassifiedMaps,
): ChangeTotals {
	const mappings: Record<MappingChangeKind, number> = { new: 0, gone: 0, grown: 0, shrunk: 0, reprotected: 0 };
	for (const { kind } of changes) mappings[kind]++;
	const kinds = new Map<MappingKind, { written: number; unknown: number }>();
	const why = new Float64Array(unknownReasons.length);
	let written = 0;
	let unknown = 0;
	let writtenMappings = 0;
	for (const [index, entry] of tallies) {
		const kind = kindOf(after.classification, index);
		const sums = kinds.get(kind) ?? { written: 0, unknown: 0 };
		sums.written += entry.written;
		sums.unknown += entry.unknown;
		kinds.set(kind, sums);
		written += entry.written;
		unknown += entry.unknown;
		if (entry.written > 0) writtenMappings++;
		for (const [reason, pages] of entry.why.entries()) why[reason] = (why[reason] ?? 0) + pages;
	}
	const unknownWhy = mostOf(why);
	return {
		mappings,
		written,
		writtenMappings,
		patched,
		unknown,
		...(unknownWhy === undefined ? {} : { unknownWhy }),
		byKind: [...kinds]
			.map(([kind, sums]) => ({ kind, ...sums }))
			.sort((a, b) => b.written - a.written || b.unknown - a.unknown),
	};
}

/** The reason that most pages have; undefined when none has one. */
function mostOf(why: Float64Array): UnknownReason | undefined {
	const most = Math.max(...why);
	return most === 0 ? undefined : unknownReasons[why.indexOf(most)];
}
