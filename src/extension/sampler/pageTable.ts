import { MapscopeError } from "../../shared/errors";
import { PageRunList, pageCategory } from "../base/pageCategories";
import { scanPagemap } from "../native/pagemapScan";
import { withReadPages } from "../native/zeroPage";
import type { MapsColumns } from "../proc/maps";
import { closePagemap, openPagemap, readFrames, readPagemap } from "../proc/pagemap";
import { readStatus, statusBytes } from "../proc/status";

/** How the page table is read: as the kernel allows, or by one way only (to compare the two). */
export type PageTableWay = "best" | "scan" | "read";

let scanUnsupported = false;
let way: PageTableWay = "best";

/** Forces one way of reading page tables from now on, and forgets what did not work: for tests and for comparing. */
export function forcePageTableWay(forced: PageTableWay): void {
	way = forced;
	scanUnsupported = false;
	knownZeroFrame = undefined;
}

/** Page number of the first address above user space: what lies there is in no page table that we may read. */
export function userEndPage(maps: MapsColumns, pageSize: number): number {
	for (let index = maps.count - 1; index >= 0; index--) {
		const end = maps.endPages[index] ?? 0;
		// Kernel addresses have the top bit set on every 64-bit architecture.
		if (end * pageSize < 2 ** 63) return end;
	}
	return 0;
}

/**
 * What the page table says of the mapped pages in [startPage, endPage): `PAGEMAP_SCAN` where the kernel has it, else
 * reads of `pagemap`.
 *
 * @param detailed also read `pagemap` where the scan found pages: only there are `exclusive` and `writeProtected` told.
 *   What the scan calls swapped is looked up there in any case.
 * Errors: `permissionDenied`, `processGone`, `io`.
 */
export function readPageTable(
	pid: number,
	maps: MapsColumns,
	startPage: number,
	endPage: number,
	pageSize: number,
	detailed: boolean,
): PageRunList {
	const path = `/proc/${pid}/pagemap`;
	const descriptor = openPagemap(pid);
	try {
		const end = Math.min(endPage, userEndPage(maps, pageSize));
		if (way !== "read" && !scanUnsupported) {
			try {
				const runs = new PageRunList();
				if (startPage < end) scanPagemap(descriptor, path, startPage, end, pageSize, runs);
				if (!detailed && !hasDoubtful(runs)) return runs;
				return withoutFalseSwap(pid, refine(descriptor, path, runs, startPage, end, detailed));
			} catch (error) {
				if (!(error instanceof MapscopeError) || error.code !== "unsupported" || way === "scan") throw error;
				scanUnsupported = true;
			}
		}
		const runs = new PageRunList();
		const zero = zeroFrame(pageSize);
		for (let index = 0; index < maps.count; index++) {
			const from = Math.max(startPage, maps.startPages[index] ?? 0);
			const to = Math.min(end, maps.endPages[index] ?? 0);
			if (from < to) readPagemap(descriptor, path, from, to, zero, runs);
		}
		return withoutFalseSwap(pid, runs);
	} finally {
		closePagemap(descriptor);
	}
}

/** Whether the scan says "swapped" of a run and not why: markers of userfaultfd over absent pages scan as that, too. */
function isDoubtful(categories: number): boolean {
	return (categories & pageCategory.swapped) !== 0 && (categories & pageCategory.guard) === 0;
}

function hasDoubtful(runs: PageRunList): boolean {
	for (let run = 0; run < runs.length; run++) if (isDoubtful(runs.categories[run] ?? 0)) return true;
	return false;
}

/**
 * The runs with what cannot be swapped called a marker: to others than root the kernel shows the two alike, but it counts what
 * of a process is in swap (`VmSwap`, proc_pid_status(5)). Where some is, they remain alike.
 */
function withoutFalseSwap(pid: number, runs: PageRunList): PageRunList {
	if (!hasDoubtful(runs) || statusBytes(readStatus(pid), "VmSwap") !== 0) return runs;
	const settled = new PageRunList();
	for (let run = 0; run < runs.length; run++) {
		const categories = runs.categories[run] ?? 0;
		const known = isDoubtful(categories) ? (categories & ~pageCategory.swapped) | pageCategory.marker : categories;
		settled.push(runs.startPages[run] ?? 0, runs.endPages[run] ?? 0, known);
	}
	return settled;
}

/**
 * The scan's runs with what only `pagemap` tells, of all or of those in doubt; `zero` and `huge` are what only the scan
 * tells everyone.
 */
function refine(
	descriptor: number,
	path: string,
	scanned: PageRunList,
	start: number,
	end: number,
	all: boolean,
): PageRunList {
	const refined = new PageRunList();
	const entries = new PageRunList();
	for (let run = 0; run < scanned.length; run++) {
		const from = Math.max(start, scanned.startPages[run] ?? 0);
		const to = Math.min(end, scanned.endPages[run] ?? 0);
		const categories = scanned.categories[run] ?? 0;
		if (!all && !isDoubtful(categories)) {
			refined.push(from, to, categories);
			continue;
		}
		entries.length = 0;
		readPagemap(descriptor, path, from, to, 0, entries);
		let page = from;
		for (let entry = 0; entry < entries.length; entry++) {
			const entryStart = entries.startPages[entry] ?? 0;
			if (page < entryStart) refined.push(page, entryStart, categories);
			refined.push(entryStart, entries.endPages[entry] ?? 0, merge(categories, entries.categories[entry] ?? 0));
			page = entries.endPages[entry] ?? 0;
		}
		if (page < to) refined.push(page, to, categories);
	}
	return refined;
}

const onlyPagemap = pageCategory.exclusive | pageCategory.writeProtected;

function merge(scanned: number, entry: number): number {
	// A marker over an absent page scans as "swapped"; pagemap tells it apart.
	if (entry === pageCategory.writeProtected || entry === pageCategory.marker) return entry;
	return scanned | (entry & onlyPagemap);
}

let knownZeroFrame: number | undefined;

/** Whether a table read now may hold `zeroOrShared`: reads of `pagemap` by somebody to whom frames are hidden. */
export function zeroPagesInDoubt(): boolean {
	return (way === "read" || scanUnsupported) && knownZeroFrame === 0;
}

/** In place of a frame number: this kernel gives a page of its own also to who only reads. */
const noZeroFrame = -1;

/** Frame of the shared zero page, which pages of our own that were only read map; 0 when frames are hidden. */
function zeroFrame(pageSize: number): number {
	if (knownZeroFrame !== undefined) return knownZeroFrame;
	try {
		knownZeroFrame = withReadPages(2, pageSize, (firstPage) => {
			const descriptor = openPagemap("self");
			try {
				const [one, other] = readFrames(descriptor, "/proc/self/pagemap", firstPage, 2);
				return one === other ? (one ?? 0) : noZeroFrame;
			} finally {
				closePagemap(descriptor);
			}
		});
	} catch {
		knownZeroFrame = 0;
	}
	return knownZeroFrame;
}
