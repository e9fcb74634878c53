import { MapscopeError } from "../../shared/errors";
import type { ForkedMemory } from "../../shared/relations";
import { PageRunList, pageCategory } from "../base/pageCategories";
import { closePagemap, openPagemap, readFrames } from "../proc/pagemap";
import { readStat, type Stat } from "../proc/stat";
import { findMemoryOwner } from "./memoryOwner";
import type { KnownProcess } from "./moduleImage";
import { readPageTable } from "./pageTable";
import { listPids } from "./processes";
import type { SystemInfo } from "./system";
import { settleBySmaps } from "./zeroPages";

/** Pages whose frames are compared at a time: two buffers of 512 KiB. */
const pagesPerTurn = 65_536;

/**
 * What of the private mapping `index` the process still shares since a fork. A page is shared when somebody else maps it,
 * too; with whom, the numbers of page frames tell: the same frame at the same address of a parent or a child is the same
 * memory.
 *
 * Errors: `permissionDenied`, `processGone`, `io`.
 */
export function readForkedMemory(process: KnownProcess, index: number, system: SystemInfo): ForkedMemory {
	const { maps, classification, owner } = process;
	const { pageSize } = system;
	const [start, end] = [maps.startPages[index] ?? 0, maps.endPages[index] ?? 0];
	const read = readPageTable(owner, maps, start, end, pageSize, true);
	const table = settleBySmaps(owner, read, maps, classification, start, end, pageSize);
	const shared = new PageRunList();
	let present = 0;
	for (let run = 0; run < table.length; run++) {
		const [from, to] = [Math.max(start, table.startPages[run] ?? 0), Math.min(end, table.endPages[run] ?? 0)];
		const categories = table.categories[run] ?? 0;
		if (from >= to || !isOwnMemory(categories)) continue;
		present += to - from;
		if ((categories & pageCategory.exclusive) === 0) shared.push(from, to, 0);
	}
	const relatives = countPages(shared) === 0 ? [] : findRelatives(process.pid);
	return {
		present,
		shared: countPages(shared),
		relatives: relatives.map(({ pid, stat, isParent }) => {
			const pages = commonPages(owner, pid, shared);
			return { pid, name: stat.name, isParent, ...(pages === undefined ? {} : { pages }) };
		}),
	};
}

/** Present, and neither a file's page, nor the zero page, nor one that may be either. */
function isOwnMemory(categories: number): boolean {
	const others = pageCategory.file | pageCategory.zero | pageCategory.zeroOrShared;
	return (categories & pageCategory.present) !== 0 && (categories & others) === 0;
}

function countPages(runs: PageRunList): number {
	let pages = 0;
	for (let run = 0; run < runs.length; run++) pages += (runs.endPages[run] ?? 0) - (runs.startPages[run] ?? 0);
	return pages;
}

/** The parent and the children of a process, the parent first. */
function findRelatives(pid: number): { readonly pid: number; readonly stat: Stat; readonly isParent: boolean }[] {
	const parentPid = tryCall(() => readStat(pid))?.parentPid ?? 0;
	const relatives: { pid: number; stat: Stat; isParent: boolean }[] = [];
	for (const other of listPids()) {
		const stat = tryCall(() => readStat(other));
		if (stat === undefined || stat.kernelThread) continue;
		if (other === parentPid) relatives.unshift({ pid: other, stat, isParent: true });
		else if (stat.parentPid === pid) relatives.push({ pid: other, stat, isParent: false });
	}
	return relatives;
}

/** How many of these pages are the same frames in both processes; undefined where frames may not be seen. */
function commonPages(owner: number, relative: number, shared: PageRunList): number | undefined {
	try {
		return withPagemap(owner, (ours) =>
			withPagemap(findMemoryOwner(relative), (theirs) => countCommon(ours, theirs, shared)),
		);
	} catch (error) {
		if (error instanceof MapscopeError && error.code !== "bug") return undefined;
		throw error;
	}
}

type FramesOf = (startPage: number, count: number) => Float64Array;

function withPagemap<T>(pid: number, use: (frames: FramesOf) => T): T {
	const descriptor = openPagemap(pid);
	try {
		return use((startPage, count) => readFrames(descriptor, `/proc/${pid}/pagemap`, startPage, count));
	} finally {
		closePagemap(descriptor);
	}
}

function countCommon(ours: FramesOf, theirs: FramesOf, shared: PageRunList): number | undefined {
	let common = 0;
	let seen = false;
	for (let run = 0; run < shared.length; run++) {
		const end = shared.endPages[run] ?? 0;
		for (let page = shared.startPages[run] ?? 0; page < end; page += pagesPerTurn) {
			const count = Math.min(pagesPerTurn, end - page);
			const one = ours(page, count);
			const other = theirs(page, count);
			for (let i = 0; i < count; i++) {
				if (one[i] === 0) continue;
				seen = true;
				if (one[i] === other[i]) common++;
			}
		}
	}
	return seen ? common : undefined;
}

function tryCall<T>(call: () => T): T | undefined {
	try {
		return call();
	} catch (error) {
		if (error instanceof MapscopeError && error.code !== "bug") return undefined;
		throw error;
	}
}
