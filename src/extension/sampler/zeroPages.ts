import { MapscopeError } from "../../shared/errors";
import { PageRunList, pageCategory } from "../base/pageCategories";
import { type Classification, kindOf, mappingAt } from "../memory/classify";
import type { MapsColumns } from "../proc/maps";
import { readSmaps, type SmapsColumns } from "../proc/smaps";
import { readStatus, statusBytes } from "../proc/status";
import { alignSmaps } from "./alignSmaps";
import { readPageTable, zeroPagesInDoubt } from "./pageTable";
import { cheapSmapsMilliseconds, usualSmapsCost } from "./smapsCost";

/**
 * Tells the shared zero page from memory shared since a fork where `pagemap` alone cannot. Without `PAGEMAP_SCAN`, and
 * without the privilege to see page frames, both are present, of no file, and not exclusive. But RSS counts the one and
 * not the other: where the doubtful pages of a mapping are all of a kind, its `Rss` in `smaps` tells of which.
 */
export const doubt = { remains: 0, zero: 1, shared: 2 } as const;

/** A mapping larger than this is not read as a whole for the sake of some of its pages: 64 GiB of 4 KiB pages. */
const mostPages = 2 ** 24;

/**
 * What the doubtful pages of each mapping are, by the values of {@link doubt}.
 *
 * @param table of the whole of each mapping that has doubtful pages.
 * @param smaps aligned with `maps`, and read when the table was.
 */
export function judgeDoubts(
	table: PageRunList,
	maps: MapsColumns,
	classification: Classification,
	smaps: SmapsColumns,
	pageSize: number,
): Uint8Array {
	const resident = smaps.fields.get("Rss");
	const verdicts = new Uint8Array(maps.count);
	const [counted, doubtful] = [new Float64Array(maps.count), new Float64Array(maps.count)];
	eachPiece(table, maps, (index, startPage, endPage, categories) => {
		if ((categories & pageCategory.present) === 0) return;
		// A page that seems of a file where there is none is the huge zero page, which RSS leaves out.
		if (maps.inodes[index] !== 0n || (categories & pageCategory.file) === 0) {
			counted[index] = (counted[index] ?? 0) + endPage - startPage;
		}
		if (categories & pageCategory.zeroOrShared) doubtful[index] = (doubtful[index] ?? 0) + endPage - startPage;
	});
	for (let index = 0; index < maps.count; index++) {
		const pages = (resident?.[index] ?? Number.NaN) / pageSize;
		const [all, some] = [counted[index] ?? 0, doubtful[index] ?? 0];
		const kind = kindOf(classification, index);
		if (some === 0 || kind === "device" || kind === "kernel") continue;
		// The pool of huge pages has no zero page, and is not in RSS.
		if (kind === "hugetlb" || pages === all) verdicts[index] = doubt.shared;
		else if (pages === all - some) verdicts[index] = doubt.zero;
	}
	return verdicts;
}

/** The table without the doubts that `verdicts` settles. */
export function settleDoubts(table: PageRunList, maps: MapsColumns, verdicts: Uint8Array): PageRunList {
	const settled = new PageRunList();
	eachPiece(table, maps, (index, startPage, endPage, categories) => {
		const verdict = categories & pageCategory.zeroOrShared ? verdicts[index] : doubt.remains;
		if (verdict === doubt.remains) settled.push(startPage, endPage, categories);
		else {
			const known = categories & ~pageCategory.zeroOrShared;
			settled.push(startPage, endPage, verdict === doubt.zero ? known | pageCategory.zero : known);
		}
	});
	return settled;
}

/**
 * The table of pages [startPage, endPage) with its doubts settled by `smaps`, where reading that is cheap.
 *
 * @param owner see `memoryOwner`.
 */
export function settleBySmaps(
	owner: number,
	table: PageRunList,
	maps: MapsColumns,
	classification: Classification,
	startPage: number,
	endPage: number,
	pageSize: number,
): PageRunList {
	if (!zeroPagesInDoubt()) return table;
	const firstPage = wholeMapping(maps, startPage)?.startPage ?? startPage;
	const lastPage = wholeMapping(maps, endPage - 1)?.endPage ?? endPage;
	try {
		const residentBytes = statusBytes(readStatus(owner), "VmRSS") ?? 0;
		if (usualSmapsCost(maps.count, residentBytes, pageSize) > cheapSmapsMilliseconds) return table;
		const cut = firstPage < startPage || lastPage > endPage;
		const whole = cut ? readPageTable(owner, maps, firstPage, lastPage, pageSize, false) : table;
		const smaps = alignSmaps(readSmaps(owner, pageSize), maps);
		return settleDoubts(table, maps, judgeDoubts(whole, maps, classification, smaps, pageSize));
	} catch (error) {
		// The doubts remain.
		if (error instanceof MapscopeError && error.code !== "bug" && error.code !== "processGone") return table;
		throw error;
	}
}

/** The mapping that holds a page, unless it is too large to be read. */
function wholeMapping(maps: MapsColumns, page: number): { startPage: number; endPage: number } | undefined {
	const index = mappingAt(maps, page);
	const [startPage, endPage] = [maps.startPages[index] ?? 0, maps.endPages[index] ?? 0];
	return index < 0 || endPage - startPage > mostPages ? undefined : { startPage, endPage };
}

/** Visits the runs of the table, cut at the borders of mappings: neighbouring mappings may share a run. */
function eachPiece(
	table: PageRunList,
	maps: MapsColumns,
	visit: (index: number, startPage: number, endPage: number, categories: number) => void,
): void {
	let index = 0;
	for (let run = 0; run < table.length; run++) {
		const end = table.endPages[run] ?? 0;
		for (let page = table.startPages[run] ?? 0; page < end; ) {
			while (index < maps.count && (maps.endPages[index] ?? 0) <= page) index++;
			const until = index < maps.count ? Math.min(end, maps.endPages[index] ?? 0) : end;
			visit(index, page, until, table.categories[run] ?? 0);
			page = until;
		}
	}
}
