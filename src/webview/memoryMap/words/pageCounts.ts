import type { SelectedMapping } from "../../../shared/mapFrame";
import { type PageState, stateCode } from "../../../shared/pageStates";
import { formatCount } from "../../../shared/units";
import { pageCount } from "../../words/phrases";

type CountedMapping = Pick<
	SelectedMapping,
	"kind" | "name" | "startPage" | "endPage" | "statePages" | "fileCachedPages" | "cache"
>;

/** A state's pages out of a `statePages` array. */
export function pagesIn(statePages: Float64Array, state: PageState): number {
	return statePages[stateCode[state]] ?? 0;
}

/** Pages this process has mapped: with memory behind them, or the zero page. */
export function mappedPages(statePages: Float64Array): number {
	return (
		pagesIn(statePages, "file") +
		pagesIn(statePages, "shmem") +
		pagesIn(statePages, "anonymous") +
		pagesIn(statePages, "zero")
	);
}

/** Whether a file other than shared memory stands behind the mapping. */
export function isFileBacked({ kind, name }: Pick<SelectedMapping, "kind" | "name">): boolean {
	return name.startsWith("/") && kind !== "sharedMemory" && kind !== "hugetlb" && kind !== "device";
}

/** Whether a device or the kernel lends the memory of such mappings: of some of it, Linux shows no page table. */
export function isLent(kind: string): boolean {
	return kind === "device" || kind === "kernel";
}

/** Where the pages of a mapping are, in a sentence: `17 of 57 pages are mapped here; 36 more wait in the page cache …`. */
export function describePages(mapping: CountedMapping): string {
	const { statePages } = mapping;
	const total = mapping.endPage - mapping.startPage;
	const unknown = pagesIn(statePages, "unknown");
	const lent = isLent(mapping.kind);
	if (unknown === total) {
		const pages = total === 1 ? "page" : pageCount(total);
		return lent
			? `The kernel does not show its ${pages}.`
			: `The kernel does not say where its ${pages} ${total === 1 ? "is" : "are"}.`;
	}
	const mapped = mappedPages(statePages);
	const clauses = [
		mappedClause(mapped, total) + copiesClause(mapping, mapped),
		counted(
			pagesIn(statePages, "zero"),
			"shows the zero page and costs nothing",
			"show the zero page and cost nothing",
		),
		counted(pagesIn(statePages, "swapped"), "is swapped out", "are swapped out"),
		mapping.kind === "guard" ? "" : counted(pagesIn(statePages, "guard"), "is a guard page", "are guard pages"),
		cachedClause(pagesIn(statePages, "cached"), mapped > 0),
		lent && unknown > 0 ? `of ${formatCount(unknown)} the kernel does not say` : "",
	];
	return `${clauses.filter(Boolean).join("; ")}.`;
}

function mappedClause(mapped: number, total: number): string {
	if (mapped === 0) return total === 1 ? "Its page is not mapped" : `None of its ${pageCount(total)} is mapped`;
	if (mapped < total) return `${formatCount(mapped)} of ${pageCount(total)} ${mapped === 1 ? "is" : "are"} mapped here`;
	return total === 1 ? "Its page is mapped here" : `All ${pageCount(total)} are mapped here`;
}

/** How many of the mapped pages of a file are private copies, and what became of their originals. */
function copiesClause(mapping: CountedMapping, mapped: number): string {
	const copies = pagesIn(mapping.statePages, "anonymous");
	if (!isFileBacked(mapping) || copies === 0) return "";
	const kept = mapping.cache.known ? mapping.fileCachedPages : 0;
	const originals =
		kept === 0
			? ""
			: kept === copies
				? " of pages still cached"
				: `, ${formatCount(kept)} of them of pages still cached`;
	if (copies === mapped) return `${mapped === 1 ? ", a private copy" : ", all private copies"}${originals}`;
	return `, ${formatCount(copies)} as ${copies === 1 ? "a private copy" : "private copies"}${originals}`;
}

function cachedClause(cached: number, more: boolean): string {
	return counted(
		cached,
		`${more ? "more " : ""}waits in the page cache and needs no disk read`,
		`${more ? "more " : ""}wait in the page cache and need no disk read`,
	);
}

/** `1 is …`, `3 are …`; nothing for none. */
function counted(count: number, one: string, several: string): string {
	return count === 0 ? "" : `${formatCount(count)} ${count === 1 ? one : several}`;
}
