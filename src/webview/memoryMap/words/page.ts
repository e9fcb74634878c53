import type { Row, SelectedMapping } from "../../../shared/mapFrame";
import type { MappingKind } from "../../../shared/mappingKinds";
import { flagBit, type PageState, pageStates } from "../../../shared/pageStates";
import { visibleText } from "../../../shared/text";
import { formatBytes, formatCount, hexPage, pagesToBytes } from "../../../shared/units";
import { flagsInWords, permissionsInWords, stateNames, stateWords } from "../../words/names";
import { baseName, pageCount } from "../../words/phrases";
import { explainCache } from "./mapping";
import { isFileBacked, isLent, mappedPages, pagesIn } from "./pageCounts";

/** One page as the page table and the page cache tell it. */
export interface PageFacts {
	readonly page: number;
	readonly state: PageState;
	readonly flags: number;
	/** `exclusive` was asked of the page table. */
	readonly detailed: boolean;
}

/** What of its mapping decides what a page means. */
export interface PageContext {
	readonly fileBacked: boolean;
	readonly permissions: string;
	readonly cacheKnown: boolean;
	/** The kernel may merge equal pages of it, or has done so. */
	readonly mergeable?: boolean;
	/** A device or the kernel lends this memory. */
	readonly lent?: boolean;
}

/** The {@link PageContext} of the selected mapping. */
export function contextOf(mapping: SelectedMapping): PageContext {
	return {
		fileBacked: isFileBacked(mapping),
		permissions: mapping.permissions,
		cacheKnown: mapping.cache.known,
		mergeable: (mapping.usage["KSM"] ?? 0) > 0 || mapping.vmFlags?.includes("mg") === true,
		lent: isLent(mapping.kind),
	};
}

const fileKinds: ReadonlySet<string> = new Set<MappingKind>(["code", "readOnlyData", "data", "file"]);

/** The {@link PageContext} of a mapping of which only the row is known. */
export function contextOfRow(row: Row): PageContext {
	return {
		// Code that was made at run time has no file.
		fileBacked: fileKinds.has(row.icon) && row.strip[0]?.cache !== "none",
		permissions: row.permissions ?? "",
		cacheKnown: row.strip[0]?.cache === "known",
		lent: isLent(row.icon),
	};
}

const withMemory: ReadonlySet<PageState> = new Set<PageState>(["file", "shmem", "anonymous", "zero"]);

/** Whether there are bytes to look at without making the kernel bring or make a page. */
export function isReadable({ state }: PageFacts): boolean {
	return withMemory.has(state);
}

/** State of a code of the wire; codes of a later version are unknown. */
export function stateOf(code: number | undefined): PageState {
	return pageStates[code ?? -1] ?? "unknown";
}

/** A page in one to three sentences: what it is, and what the next access does. */
export function describePage(page: PageFacts, mapping: PageContext, pageSize: number): string {
	const has = (flag: keyof typeof flagBit) => (page.flags & flagBit[flag]) !== 0;
	const size = formatBytes(pageSize);
	switch (page.state) {
		case "anonymous": {
			if (mapping.fileBacked) {
				const original = has("fileCached")
					? "the file and the page cache still hold the original."
					: "the file still holds the original.";
				return `A private copy. The process wrote to this page, so the kernel gave it its own ${size}; ${original}`;
			}
			if (page.detailed && !has("exclusive")) {
				if (mapping.mergeable) {
					return "Private memory, shared: since a fork, or because the kernel has merged equal pages (KSM). Who writes first gets its own copy.";
				}
				return "Private memory, shared with another process since a fork. The first of them to write gets its own copy.";
			}
			return `Private memory: the process wrote here, so these ${size} exist, and only for it.`;
		}
		case "file": {
			const others = page.detailed && !has("exclusive") ? " Other mappings show it too." : "";
			return `The file's own page in the page cache, mapped here.${others}`;
		}
		case "cached":
			return "In the page cache, but not in this process's page table. The next access maps it, without a disk read.";
		case "shmem":
			return "A page of shared memory. Who maps it elsewhere sees what is written here at once.";
		case "zero":
			return "Read but never written: it shows the kernel's shared page of zeros and costs no memory. The first write makes a page of its own.";
		case "swapped":
			return "Written to swap. The next access reads it back.";
		case "guard":
			return "A guard page: any access ends in SIGSEGV.";
		case "unknown":
			if (mapping.lent) {
				return "What is here is not known: a device or the kernel lends this memory, and Linux does not show its pages.";
			}
			return mapping.fileBacked ? unknownCache : "The kernel does not say what this page is.";
		case "notPresent":
			return absentPage(mapping, size);
	}
}

const unknownCache = "Not mapped here. Whether the page cache holds it is not known.";

function absentPage(mapping: PageContext, size: string): string {
	if (mapping.permissions.startsWith("---")) return "No memory, and no access is allowed: touching it ends in SIGSEGV.";
	if (mapping.fileBacked) {
		return mapping.cacheKnown ? "Not in memory. The next access reads it from the disk." : unknownCache;
	}
	return `No memory yet. The first write makes ${size} of zeros to write to.`;
}

/** The page's title: `Page 5 of orders.dat`, counted from 1. */
export function pageTitle(page: number, mapping: Pick<SelectedMapping, "startPage" | "label">): string {
	return `Page ${formatCount(page - mapping.startPage + 1)} of ${visibleText(mapping.label)}`;
}

/** A fact of a table: name, value, and an explanation of lesser weight. */
export interface Fact {
	readonly name: string;
	readonly value: string;
	readonly note?: string;
	/** The value is an address or a code: written in the editor's font. */
	readonly code?: boolean;
	/** Marked as something to look at. */
	readonly warn?: boolean;
}

/** Facts as text, for screen readers. */
export function plainFacts(facts: readonly Fact[]): string {
	return facts.map(({ name, value, note }) => [name, value, note].filter(Boolean).join(" ")).join(", ");
}

/** The facts about a page. */
export function pageFacts(page: PageFacts, mapping: SelectedMapping, pageSize: number): Fact[] {
	const index = page.page - mapping.startPage;
	const facts: Fact[] = [
		{
			name: "Address",
			value: `${hexPage(page.page, pageSize)}–${hexPage(page.page + 1, pageSize)}`,
			code: true,
		},
		{ name: "State", value: [stateNames[page.state].toLowerCase(), ...flagsInWords(page.flags)].join(", ") },
	];
	if (mapping.name.startsWith("/")) {
		facts.push({
			name: "File",
			value: `${visibleText(baseName(mapping.name))} + ${fileOffset(page.page, mapping, pageSize)}`,
		});
	}
	facts.push({ name: "Permissions", value: permissionsInWords(mapping.permissions) });
	facts.push({
		name: "In this mapping",
		value: `page ${formatCount(index + 1)} of ${formatCount(mapping.endPage - mapping.startPage)}:`,
		note: summarizeStates(mapping),
	});
	const cache = explainCache(mapping.cache);
	if (cache !== undefined) facts.push({ name: "Page cache", value: "not known", note: cache });
	return facts;
}

/** Where in its file a page begins, `0x4000`. */
export function fileOffset(
	page: number,
	mapping: Pick<SelectedMapping, "startPage" | "fileOffset">,
	pageSize: number,
): string {
	const offset = BigInt(`0x${mapping.fileOffset.replace(/^0x/, "") || "0"}`);
	return `0x${(offset + BigInt(page - mapping.startPage) * BigInt(pageSize)).toString(16)}`;
}

/** States that are counted in words, in this order. */
const inOrder = ["anonymous", "file", "shmem", "zero", "cached", "swapped", "guard", "unknown"] as const;

/** `7 copied, 57 mapped, 40 cached, not mapped` of a mapping. */
export function summarizeStates(mapping: Pick<SelectedMapping, "kind" | "name" | "statePages">): string {
	const copied = isFileBacked(mapping);
	const words = inOrder.flatMap((state) => {
		const pages = pagesIn(mapping.statePages, state);
		if (pages === 0) return [];
		const word = state === "anonymous" && copied ? "copied" : stateWords[state];
		return [`${formatCount(pages)} ${word}`];
	});
	return words.length === 0 ? "no page present" : words.join(", ");
}

/** A page for the live description: `page 1,201 of 57,624, cached, not mapped`. */
export function announcePage(
	page: number,
	range: { readonly startPage: number; readonly endPage: number },
	state: PageState | undefined,
): string {
	const place = `page ${formatCount(page - range.startPage + 1)} of ${formatCount(range.endPage - range.startPage)}`;
	return state === undefined ? place : `${place}, ${stateWords[state]}`;
}

/** The size and the resident part of a mapping: `225 MiB, 68.3 MiB resident`. */
export function sizeAndResident(
	mapping: Pick<SelectedMapping, "kind" | "startPage" | "endPage" | "statePages">,
	pageSize: number,
): string {
	const resident = mappedPages(mapping.statePages) - pagesIn(mapping.statePages, "zero");
	const total = mapping.endPage - mapping.startPage;
	// RSS leaves out the pool of huge pages.
	const word = mapping.kind === "hugetlb" ? "in huge pages" : "resident";
	return `${formatBytes(pagesToBytes(total, pageSize))}, ${formatBytes(pagesToBytes(resident, pageSize))} ${word}`;
}

/** What a share of pages holds: `47 pages: 1 mapped, 20 cached, not mapped`; a state's count at its code. */
export function describeShare(counts: ArrayLike<number>, pages: number, copied: boolean): string {
	const words = inOrder.flatMap((state) => {
		const count = counts[pageStates.indexOf(state)] ?? 0;
		if (count === 0) return [];
		const word = state === "anonymous" && copied ? "private copies" : stateWords[state];
		return [count === pages && pages > 1 ? `all ${word}` : pages === 1 ? word : `${formatCount(count)} ${word}`];
	});
	return `${pageCount(pages)}: ${words.length === 0 ? "not present" : words.join(", ")}`;
}
