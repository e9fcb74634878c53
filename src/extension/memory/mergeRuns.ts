import { flagBit, stateCode } from "../../shared/pageStates";
import { type PageRunList, pageCategory } from "../base/pageCategories";
import { type PageRuns, PageRunsBuilder } from "./pageRuns";

/**
 * Two questions, two answers, one picture: what the page table says of each page, and whether its file's page is in the
 * page cache, become one state a page.
 */

/** What is known of the page cache behind a mapping. */
export type MappingCache =
	/** Nothing to know: anonymous memory, or the cache was not asked. */
	| { readonly kind: "none" }
	/** The kernel will not say: pages that are not in the page table are `unknown`. */
	| { readonly kind: "hidden" }
	/** Cached runs of the file, in file pages. */
	| { readonly kind: "known"; readonly starts: Float64Array; readonly ends: Float64Array };

export interface MergeInput {
	readonly mapping: {
		readonly startPage: number;
		readonly endPage: number;
		readonly offsetPage: number;
		/** Its file lives in memory (tmpfs, memfd, SysV, shared anonymous): present file pages are `shmem`. */
		readonly sharedMemory: boolean;
		/** Made of huge pages of the pool: each of its pages is part of one, though `pagemap` does not say so. */
		readonly hugetlb?: boolean;
		/** Private memory without a file. */
		readonly anonymous: boolean;
		/** The page table of this mapping cannot be read (`[vsyscall]`, or no permission). */
		readonly opaque: boolean;
		/** The page table says of pages that they are absent though they may be there; see `hidesPages`. */
		readonly hidesPages: boolean;
		/** `MAP_SHARED`: none of its pages is anonymous (mmap(2)). */
		readonly shared: boolean;
	};
	readonly cache: MappingCache;
}

/** Merges the page table's runs with the cached runs of each mapping; mappings and runs in address order. */
export function mergeRuns(count: number, input: (index: number) => MergeInput, table: PageRunList): PageRuns {
	const builder = new PageRunsBuilder();
	let tableAt = 0;
	for (let index = 0; index < count; index++) {
		const { mapping, cache } = input(index);
		const { startPage, endPage, offsetPage } = mapping;
		if (mapping.opaque) {
			builder.push(startPage, endPage, stateCode.unknown, 0);
			continue;
		}
		while (tableAt < table.length && (table.endPages[tableAt] ?? 0) <= startPage) tableAt++;
		const shift = startPage - offsetPage;
		const known = cache.kind === "known" ? cache : undefined;
		let cacheAt = known ? firstEndingAfter(known.ends, offsetPage) : 0;
		// Where there is no file, a page that `pagemap` calls a file's is the huge zero page (seen on Linux 6.18).
		const presentFile = mapping.anonymous ? stateCode.zero : mapping.sharedMemory ? stateCode.shmem : stateCode.file;
		// Present and no file's: no page of shared memory is one's own; a device's may be a frame without page structure.
		const presentShared = mapping.hidesPages ? stateCode.unknown : presentFile;
		const presentOther = mapping.shared ? presentShared : stateCode.anonymous;
		const absent = cache.kind === "hidden" || mapping.hidesPages ? stateCode.unknown : stateCode.notPresent;
		let tableRun = tableAt;
		for (let page = startPage; page < endPage; ) {
			while (tableRun < table.length && (table.endPages[tableRun] ?? 0) <= page) tableRun++;
			while (known && cacheAt < known.ends.length && (known.ends[cacheAt] ?? 0) + shift <= page) cacheAt++;
			const tableStart = tableRun < table.length ? (table.startPages[tableRun] ?? 0) : endPage;
			const inTable = tableStart <= page;
			const cacheStart = known && cacheAt < known.starts.length ? (known.starts[cacheAt] ?? 0) + shift : endPage;
			const cached = cacheStart <= page;
			const next = Math.min(
				endPage,
				inTable ? (table.endPages[tableRun] ?? 0) : tableStart,
				cached ? (known?.ends[cacheAt] ?? 0) + shift : cacheStart,
			);
			const categories = inTable ? (table.categories[tableRun] ?? 0) : 0;
			const state = pageState(categories, cached, presentFile, presentOther, absent);
			let flags = pageFlags(categories, state, cached);
			if (mapping.hugetlb && categories & pageCategory.present) flags |= flagBit.huge;
			if (state !== stateCode.notPresent || flags !== 0) builder.push(page, next, state, flags);
			page = next;
		}
	}
	return builder.finish();
}

function pageState(
	categories: number,
	cached: boolean,
	presentFile: number,
	presentOther: number,
	absent: number,
): number {
	if (categories & pageCategory.present) {
		if (categories & pageCategory.zero) return stateCode.zero;
		if (categories & pageCategory.zeroOrShared) return stateCode.unknown;
		return categories & pageCategory.file ? presentFile : presentOther;
	}
	if (categories & pageCategory.guard) return stateCode.guard;
	if (categories & pageCategory.swapped) return stateCode.swapped;
	if (categories & pageCategory.marker) return stateCode.unknown;
	return cached ? stateCode.cached : absent;
}

function pageFlags(categories: number, state: number, cached: boolean): number {
	let flags = 0;
	if (categories & pageCategory.exclusive) flags |= flagBit.exclusive;
	if (categories & pageCategory.huge) flags |= flagBit.huge;
	if (categories & pageCategory.softDirty) flags |= flagBit.softDirty;
	if (categories & pageCategory.writeProtected) flags |= flagBit.writeProtected;
	if (cached && (state === stateCode.anonymous || state === stateCode.zero)) flags |= flagBit.fileCached;
	return flags;
}

function firstEndingAfter(ends: Float64Array, page: number): number {
	let low = 0;
	let high = ends.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((ends[middle] ?? 0) > page) high = middle;
		else low = middle + 1;
	}
	return low;
}

/**
 * `now` with the flag `changed` on every page whose state is other than in `before` (flags alone are no change: a page
 * that becomes shared by a fork has not been touched). Pages that went away stay as runs of `notPresent`.
 */
export function markChanged(
	before: PageRuns,
	now: PageRuns,
): { readonly runs: PageRuns; readonly changedPages: number } {
	const builder = new PageRunsBuilder();
	let changedPages = 0;
	let old = 0;
	let current = 0;
	let page = 0;
	const last = Math.max(now.ends.at(-1) ?? 0, before.ends.at(-1) ?? 0);
	while (page < last) {
		while (old < before.count && (before.ends[old] ?? 0) <= page) old++;
		while (current < now.count && (now.ends[current] ?? 0) <= page) current++;
		const oldStart = old < before.count ? (before.starts[old] ?? 0) : last;
		const currentStart = current < now.count ? (now.starts[current] ?? 0) : last;
		const inOld = oldStart <= page;
		const inCurrent = currentStart <= page;
		const next = Math.min(
			inOld ? (before.ends[old] ?? 0) : oldStart,
			inCurrent ? (now.ends[current] ?? 0) : currentStart,
		);
		const oldState = inOld ? (before.states[old] ?? 0) : stateCode.notPresent;
		const state = inCurrent ? (now.states[current] ?? 0) : stateCode.notPresent;
		let flags = inCurrent ? (now.flags[current] ?? 0) : 0;
		if (state !== oldState) {
			flags |= flagBit.changed;
			changedPages += next - page;
		}
		if (state !== stateCode.notPresent || flags !== 0) builder.push(page, next, state, flags);
		page = next;
	}
	return { runs: builder.finish(), changedPages };
}
