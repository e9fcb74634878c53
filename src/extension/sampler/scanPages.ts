import { MapscopeError } from "../../shared/errors";
import { flagNames, pageStates, stateCode } from "../../shared/pageStates";
import { type PageRunList, pageCategory } from "../base/pageCategories";
import { type Classification, kindOf, mappingAt } from "../memory/classify";
import type { PageRun } from "../memory/model";
import type { PageRuns } from "../memory/pageRuns";
import type { Snapshot } from "../memory/snapshot";
import { type MapsColumns, readMaps } from "../proc/maps";
import { readFileCaches } from "./fileCache";
import { readPageTable } from "./pageTable";
import { readOneSpace } from "./steady";
import type { SystemInfo } from "./system";
import { classifyProcess, mergeSnapshotRuns } from "./takeSample";
import { settleBySmaps, settleDoubts } from "./zeroPages";

/**
 * The pages of [startPage, endPage) with every flag, from the page table now and the page cache as last sampled.
 *
 * @param owner see `memoryOwner`.
 */
export function readPagesDetailed(owner: number, snapshot: Snapshot, startPage: number, endPage: number): PageRuns {
	const { maps, classification, pageSize } = snapshot;
	let table = readPageTable(owner, maps, startPage, endPage, pageSize, true);
	if (snapshot.doubts) table = settleDoubts(table, maps, snapshot.doubts);
	return mergeSnapshotRuns(maps, classification, snapshot.caches, table, false, pageSize);
}

/**
 * Runs that cover the byte range [start, end) exactly, in address order; unmapped parts are `notPresent`.
 *
 * Errors: `permissionDenied`, `processGone`, `io`; `bug` for a range that is empty or not aligned to pages.
 */
export function scanPages(pid: number, start: bigint, end: bigint, system: SystemInfo): PageRun[] {
	const { pageSize } = system;
	const size = BigInt(pageSize);
	if (start < 0n || end <= start || start % size !== 0n || end % size !== 0n) {
		throw new MapscopeError({ code: "bug", detail: `scanPages: [${start}, ${end}) is no range of whole pages` });
	}
	const startPage = Number(start / size);
	const endPage = Number(end / size);
	const { maps, classification, table, files } = readOneSpace(pid, (owner) => {
		const maps = readMaps(owner, pageSize);
		const classification = classifyProcess(pid, owner, maps, pageSize);
		const read = readPageTable(owner, maps, startPage, endPage, pageSize, true);
		const table = settleBySmaps(owner, read, maps, classification, startPage, endPage, pageSize);
		return {
			maps,
			classification,
			table,
			files: readFileCaches(owner, maps, classification, system, { startPage, endPage }),
		};
	});
	const runs = mergeSnapshotRuns(maps, classification, files.caches, table, false, pageSize);
	const reason = (page: number): string => unknownReason(maps, classification, table, page);
	return coverRange(runs, startPage, endPage, size, reason);
}

function coverRange(
	runs: PageRuns,
	startPage: number,
	endPage: number,
	size: bigint,
	unknownReason: (page: number) => string,
): PageRun[] {
	const covered: PageRun[] = [];
	const push = (from: number, to: number, state: number, flags: number): void => {
		const name = pageStates[state] ?? "unknown";
		const reason = state === stateCode.unknown ? unknownReason(from) : undefined;
		covered.push({
			start: BigInt(from) * size,
			end: BigInt(to) * size,
			state: name,
			flags: flagNames(flags),
			...(reason === undefined ? {} : { reason }),
		});
	};
	let page = startPage;
	for (let run = runs.firstRunEndingAfter(startPage); run < runs.count && page < endPage; run++) {
		const from = Math.max(startPage, runs.starts[run] ?? 0);
		const to = Math.min(endPage, runs.ends[run] ?? 0);
		if (from >= endPage) break;
		if (from > page) push(page, from, stateCode.notPresent, 0);
		push(from, to, runs.states[run] ?? 0, runs.flags[run] ?? 0);
		page = to;
	}
	if (page < endPage) push(page, endPage, stateCode.notPresent, 0);
	return covered;
}

function unknownReason(maps: MapsColumns, classification: Classification, table: PageRunList, page: number): string {
	if (table.categoriesAt(page) & pageCategory.zeroOrShared) {
		return "Either the shared page of zeros or memory shared since a fork: without PAGEMAP_SCAN (Linux 6.7), the kernel tells only root.";
	}
	if (table.categoriesAt(page) & pageCategory.marker) {
		return "No page: the kernel keeps a note here that an access shall fail, as for memory that is poisoned.";
	}
	const index = mappingAt(maps, page);
	const kind = kindOf(classification, index);
	if (kind === "device" || kind === "kernel") {
		return "Memory that a device or the kernel lends: Linux does not show pages that are no ordinary ones.";
	}
	const file = index >= 0 && (maps.inodes[index] ?? 0n) !== 0n;
	return file
		? "Not in the page table; whether the page cache holds it, Linux tells only to those who own the file or may write it."
		: "The kernel does not show this part of the page table.";
}
