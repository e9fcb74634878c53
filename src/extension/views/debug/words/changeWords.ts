import type { ChangeTotals, MappingChangeKind, UnknownReason } from "../../../../shared/debug/changes";
import type { MappingKind } from "../../../../shared/mappingKinds";
import { formatCount } from "../../../../shared/units";

/** The marks of changed mappings: new, grown or shrunk, reprotected, written to, gone. */
export const changeLetters = ["N", "G", "R", "W", "D"] as const;
export type ChangeLetter = (typeof changeLetters)[number];

/** What a letter means, after a mapping's name: `[heap], grown`. */
export const letterWords: Readonly<Record<ChangeLetter, string>> = {
	N: "new",
	G: "grown or shrunk",
	R: "reprotected",
	W: "written",
	D: "gone",
};

const letterOf: Readonly<Record<MappingChangeKind, ChangeLetter>> = {
	new: "N",
	gone: "D",
	grown: "G",
	shrunk: "G",
	reprotected: "R",
};

/** The most telling mark of a mapping with these changes and so many written pages; undefined when there are none. */
export function changeLetter(changes: readonly MappingChangeKind[], written: number): ChangeLetter | undefined {
	const letters = new Set(changes.map((change) => letterOf[change]));
	if (written > 0) letters.add("W");
	return (["N", "D", "R", "G", "W"] as const).find((letter) => letters.has(letter));
}

/** `1 page`, `1,024 pages`. */
export function pagesInWords(count: number): string {
	return counted(count, "page");
}

/** `1 mapping`, `28 mappings`. */
export function counted(count: number, noun: string): string {
	return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `2 new, 1 reprotected, 140 pages written`; undefined when nothing changed. */
export function changesInShort(totals: ChangeTotals): string | undefined {
	const { mappings, written } = totals;
	const parts = [...mappingCounts(mappings), ...(written > 0 ? [`${pagesInWords(written)} written`] : [])];
	return parts.length === 0 ? undefined : parts.join(", ");
}

/** `2 new mappings, 140 pages written in 8 mappings`; says so when nothing changed. */
export function changesInFull(totals: ChangeTotals): string {
	const { mappings, written, writtenMappings } = totals;
	const [first, ...others] = mappingCounts(mappings);
	const changed = first === undefined ? [] : [`${first} mapping${first.startsWith("1 ") ? "" : "s"}`, ...others];
	const pages = written > 0 ? [`${pagesInWords(written)} written in ${counted(writtenMappings, "mapping")}`] : [];
	const parts = [...changed, ...pages];
	return parts.length === 0 ? "nothing changed" : parts.join(", ");
}

function mappingCounts(mappings: ChangeTotals["mappings"]): string[] {
	return (["new", "gone", "grown", "shrunk", "reprotected"] as const).flatMap((kind) =>
		mappings[kind] > 0 ? [`${formatCount(mappings[kind])} ${kind}`] : [],
	);
}

/** Kinds of mappings after “3 pages of …”. */
const kindPhrases: Readonly<Record<MappingKind, string>> = {
	code: "code",
	readOnlyData: "read-only data",
	data: "static data",
	bss: "BSS",
	heap: "the heap",
	stack: "stacks",
	anonymous: "anonymous memory",
	file: "files",
	sharedMemory: "shared memory",
	hugetlb: "huge pages",
	device: "devices",
	kernel: "the kernel’s own mappings",
	guard: "guards",
	reserved: "reserved memory",
	other: "other mappings",
};

/** Whether the program did it in one step, or in a longer run from one stop to another. */
export type Span = { readonly step: true } | { readonly step: false; readonly from: number };

/** `This step wrote 3 pages of the heap, 1 of stacks.` */
export function writtenSentence(totals: ChangeTotals, span: Span): string {
	const kinds = totals.byKind.filter(({ written }) => written > 0);
	const since = span.step ? "This step wrote" : `Since stop ${span.from} the program wrote`;
	// What cannot be told apart from nothing is not called nothing.
	if (kinds.length === 0) return totals.unknown > 0 ? "" : `${since} no page.`;
	const parts = kinds.map(({ kind, written }, index) =>
		index === 0
			? `${pagesInWords(written)} of ${kindPhrases[kind]}`
			: `${formatCount(written)} of ${kindPhrases[kind]}`,
	);
	return `${since} ${parts.join(", ")}.`;
}

/** How much is not known of the pages, and why; undefined when all is known. */
export function unknownSentence({ unknown, unknownWhy }: ChangeTotals, budget: number | undefined): string | undefined {
	if (unknown === 0) return undefined;
	const pages = unknown === 1 ? "1 page" : `${formatCount(unknown)} pages`;
	const why = unknownWhy === undefined ? "" : `: ${unknownReason(unknownWhy, unknown, budget)}`;
	return `Whether ${pages} ${unknown === 1 ? "was" : "were"} written is not known${why}.`;
}

/** Why it is not known of pages whether they were written, after a colon. */
export function unknownReason(why: UnknownReason, pages: number, budget: number | undefined): string {
	const they = pages === 1 ? "it is" : "they are";
	switch (why) {
		case "budget":
			return budget === undefined ? "the time for comparing was over" : `the ${budget} ms for comparing were over`;
		case "swapped":
			return `${they} swapped out, and reading would bring ${pages === 1 ? "it" : "them"} back`;
		case "unreadable":
			return `what ${pages === 1 ? "it holds" : "they hold"} cannot be read`;
		case "notSeenBefore":
			return `nothing of ${pages === 1 ? "it" : "them"} is known from the earlier stop`;
	}
}

/** Breakpoints that the debugger put in or took out; undefined when it did not. */
export function patchedSentence({ patched }: ChangeTotals): string | undefined {
	if (patched === 0) return undefined;
	return `The debugger changed ${pagesInWords(patched)} of code: its breakpoints.`;
}
