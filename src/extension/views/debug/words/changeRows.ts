import type { MappingChange, MappingPages, StopChanges } from "../../../../shared/debug/changes";
import type { MappingBrief } from "../../../../shared/debug/mappingBrief";
import type { ChangeList, ChangeRow } from "../../../../shared/debug/stopLayer";
import { visibleText } from "../../../../shared/text";
import { formatBytes, hexPage, noValue } from "../../../../shared/units";
import { type ChangeLetter, changeLetter, changesInFull, letterWords, pagesInWords } from "./changeWords";

/** Rows that a list shows: what is more is easier to see in the map itself. */
const mostRows = 200;

const ranks: Readonly<Record<ChangeRow["letter"], number>> = { N: 0, D: 1, G: 2, R: 3, W: 4, "?": 5 };

/** Everything that is known of one mapping. */
interface Gathered {
	readonly mapping: MappingBrief;
	readonly changes: MappingChange[];
	pages: MappingPages | undefined;
}

/** What differs between two stops as a list: the most telling changes first, then by address. */
export function changeList(title: string, changes: StopChanges, pageSize: number): ChangeList {
	const gathered = new Map<string, Gathered>();
	const of = (mapping: MappingBrief, gone: boolean): Gathered => {
		// What is gone may lie where something new is now.
		const key = `${gone ? "-" : ""}${mapping.startPage}`;
		const entry = gathered.get(key) ?? { mapping, changes: [], pages: undefined };
		gathered.set(key, entry);
		return entry;
	};
	for (const change of changes.mappings) of(change.mapping, change.kind === "gone").changes.push(change);
	for (const pages of changes.pages) of(pages.mapping, false).pages = pages;
	const rows = [...gathered.values()]
		.map((each) => changeRow(each, pageSize))
		.sort((a, b) => ranks[a.letter] - ranks[b.letter] || a.startPage - b.startPage);
	return {
		title,
		note: changesInFull(changes.totals),
		rows: rows.slice(0, mostRows),
		more: Math.max(0, rows.length - mostRows),
	};
}

function changeRow({ mapping, changes, pages }: Gathered, pageSize: number): ChangeRow {
	const kinds = changes.map(({ kind }) => kind);
	const written = pages?.written ?? 0;
	const unknown = pages?.unknown ?? 0;
	const letter: ChangeLetter | "?" = changeLetter(kinds, written) ?? "?";
	const former = changes.find(({ formerPermissions }) => formerPermissions !== undefined)?.formerPermissions;
	const permissions = former === undefined ? mapping.permissions : `${former} → ${mapping.permissions}`;
	const address = hexPage(mapping.startPage, pageSize);
	const size = formatBytes((mapping.endPage - mapping.startPage) * pageSize);
	const name = visibleText(mapping.label);
	return {
		letter,
		icon: mapping.kind,
		name,
		startPage: mapping.startPage,
		endPage: mapping.endPage,
		address,
		permissions,
		size,
		pages: pagesText(written, unknown),
		spoken: [
			name,
			letter === "?" ? "not known whether written" : letterWords[letter],
			`address ${address}`,
			`permissions ${permissions}`,
			`size ${size}`,
			...(written > 0 ? [`${pagesInWords(written)} written`] : []),
			...(unknown > 0 ? [`${pagesInWords(unknown)} unknown`] : []),
		].join(", "),
	};
}

/** `1 page`, `2 pages, 3 ?`, `3 ?` for pages of which it is not known, `–` for none. */
function pagesText(written: number, unknown: number): string {
	const parts = [...(written > 0 ? [pagesInWords(written)] : []), ...(unknown > 0 ? [`${unknown} ?`] : [])];
	return parts.length === 0 ? noValue : parts.join(", ");
}
