import { flagBit, stateCode, stateCount } from "../../shared/pageStates";

/**
 * The pages of an address space as sorted, disjoint runs, with sums every {@link blockSize} runs, so that the counts of
 * any range cost O(log runs) whatever the range's size. Pages that no run covers are `notPresent`.
 */

/** Counters per range: one a state, then private copies whose original is cached, then changed pages. */
export const counterCount = stateCount + 2;
export const fileCachedCounter = stateCount;
export const changedCounter = stateCount + 1;

const blockSize = 64;

/** Collects runs in address order, joining those that touch and agree. */
export class PageRunsBuilder {
	#starts = new Float64Array(256);
	#ends = new Float64Array(256);
	#states = new Uint8Array(256);
	#flags = new Uint8Array(256);
	#count = 0;

	push(start: number, end: number, state: number, flags: number): void {
		const last = this.#count - 1;
		if (last >= 0 && this.#ends[last] === start && this.#states[last] === state && this.#flags[last] === flags) {
			this.#ends[last] = end;
			return;
		}
		if (this.#count === this.#starts.length) this.#grow();
		this.#starts[this.#count] = start;
		this.#ends[this.#count] = end;
		this.#states[this.#count] = state;
		this.#flags[this.#count] = flags;
		this.#count++;
	}

	finish(): PageRuns {
		const count = this.#count;
		return new PageRuns(
			this.#starts.subarray(0, count),
			this.#ends.subarray(0, count),
			this.#states.subarray(0, count),
			this.#flags.subarray(0, count),
		);
	}

	#grow(): void {
		const capacity = this.#starts.length * 2;
		const starts = new Float64Array(capacity);
		starts.set(this.#starts);
		this.#starts = starts;
		const ends = new Float64Array(capacity);
		ends.set(this.#ends);
		this.#ends = ends;
		const states = new Uint8Array(capacity);
		states.set(this.#states);
		this.#states = states;
		const flags = new Uint8Array(capacity);
		flags.set(this.#flags);
		this.#flags = flags;
	}
}

/** Immutable runs with their sums. */
export class PageRuns {
	readonly count: number;
	/** Sums over all runs before each block, {@link counterCount} numbers a block. */
	readonly #sums: Float64Array;

	constructor(
		readonly starts: Float64Array,
		readonly ends: Float64Array,
		readonly states: Uint8Array,
		readonly flags: Uint8Array,
	) {
		this.count = starts.length;
		this.#sums = new Float64Array((Math.ceil(this.count / blockSize) + 1) * counterCount);
		const running = new Float64Array(counterCount);
		for (let run = 0; run < this.count; run++) {
			if (run % blockSize === 0) this.#sums.set(running, (run / blockSize) * counterCount);
			this.addRun(run, (ends[run] ?? 0) - (starts[run] ?? 0), running, 0, 1);
		}
		if (this.count % blockSize === 0) this.#sums.set(running, (this.count / blockSize) * counterCount);
	}

	/** Index of the first run that ends after `page`; `count` when there is none. */
	firstRunEndingAfter(page: number): number {
		let low = 0;
		let high = this.count;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.ends[middle] ?? 0) > page) high = middle;
			else low = middle + 1;
		}
		return low;
	}

	/**
	 * Adds the counts of pages [start, end) to `counters` from `offset` on. `notPresent` is left to the caller, who knows
	 * how many of these pages are mapped; see {@link addCounts}.
	 */
	add(start: number, end: number, counters: Float64Array, offset = 0): void {
		if (end <= start || this.count === 0) return;
		this.#addBefore(end, counters, offset, 1);
		this.#addBefore(start, counters, offset, -1);
	}

	#addBefore(page: number, counters: Float64Array, offset: number, sign: number): void {
		const run = this.firstRunEndingAfter(page);
		const block = Math.floor(run / blockSize);
		for (let i = 0; i < counterCount; i++) {
			counters[offset + i] = (counters[offset + i] ?? 0) + sign * (this.#sums[block * counterCount + i] ?? 0);
		}
		for (let i = block * blockSize; i < run; i++) {
			this.addRun(i, (this.ends[i] ?? 0) - (this.starts[i] ?? 0), counters, offset, sign);
		}
		if (run < this.count) {
			const partial = page - (this.starts[run] ?? 0);
			if (partial > 0) this.addRun(run, partial, counters, offset, sign);
		}
	}

	/** Adds `pages` pages of one run to the counters. */
	addRun(run: number, pages: number, counters: Float64Array, offset: number, sign: number): void {
		const state = this.states[run] ?? 0;
		const flags = this.flags[run] ?? 0;
		counters[offset + state] = (counters[offset + state] ?? 0) + sign * pages;
		if (flags & flagBit.fileCached) {
			counters[offset + fileCachedCounter] = (counters[offset + fileCachedCounter] ?? 0) + sign * pages;
		}
		if (flags & flagBit.changed) {
			counters[offset + changedCounter] = (counters[offset + changedCounter] ?? 0) + sign * pages;
		}
	}
}

/** Counts of the mapped pages [start, end), `notPresent` included, added to `counters` from `offset` on. */
export function addCounts(runs: PageRuns, start: number, end: number, counters: Float64Array, offset = 0): void {
	let before = 0;
	for (let state = 0; state < stateCount; state++) before += counters[offset + state] ?? 0;
	runs.add(start, end, counters, offset);
	let after = 0;
	for (let state = 0; state < stateCount; state++) after += counters[offset + state] ?? 0;
	const notPresent = offset + stateCode.notPresent;
	counters[notPresent] = (counters[notPresent] ?? 0) + (end - start) - (after - before);
}

/**
 * Counts the contiguous cells of a range one after the other: cell `i` ends at page `endOf(i)`. Few runs are walked once;
 * many are summed per cell, so that a cell never costs more than O(log runs).
 *
 * @param visit gets the counters of each cell, valid until it returns, and its pages.
 */
export function countCells(
	runs: PageRuns,
	startPage: number,
	cells: number,
	endOf: (cell: number) => number,
	visit: (counters: Float64Array, pages: number) => void,
): void {
	const counters = new Float64Array(counterCount);
	const endPage = endOf(cells - 1);
	let run = runs.firstRunEndingAfter(startPage);
	const walk = runs.firstRunEndingAfter(endPage) - run <= cells * blockSize;
	let from = startPage;
	for (let cell = 0; cell < cells; cell++) {
		const to = endOf(cell);
		counters.fill(0);
		if (walk) {
			let held = 0;
			for (; run < runs.count && (runs.starts[run] ?? 0) < to; run++) {
				const end = runs.ends[run] ?? 0;
				const pages = Math.min(to, end) - Math.max(from, runs.starts[run] ?? 0);
				runs.addRun(run, pages, counters, 0, 1);
				if (runs.states[run] !== stateCode.notPresent) held += pages;
				if (end > to) break;
			}
			counters[stateCode.notPresent] = to - from - held;
		} else {
			addCounts(runs, from, to, counters);
		}
		visit(counters, to - from);
		from = to;
	}
}

/**
 * Counts of many ranges in address order, {@link counterCount} numbers each, in one walk over the runs: a binary search
 * per range was ten times slower for 65,000 mappings.
 */
export function countRanges(runs: PageRuns, starts: Float64Array, ends: Float64Array): Float64Array {
	const counters = new Float64Array(starts.length * counterCount);
	let run = 0;
	for (let range = 0; range < starts.length; range++) {
		const from = starts[range] ?? 0;
		const to = ends[range] ?? 0;
		const offset = range * counterCount;
		let held = 0;
		while (run < runs.count && (runs.ends[run] ?? 0) <= from) run++;
		for (; run < runs.count && (runs.starts[run] ?? 0) < to; run++) {
			const end = runs.ends[run] ?? 0;
			const pages = Math.min(to, end) - Math.max(from, runs.starts[run] ?? 0);
			runs.addRun(run, pages, counters, offset, 1);
			if (runs.states[run] !== stateCode.notPresent) held += pages;
			if (end > to) break;
		}
		counters[offset + stateCode.notPresent] = to - from - held;
	}
	return counters;
}

/** Resident pages among counts as RSS counts them: the zero page is present, but nobody's memory. */
export function residentPages(counters: Float64Array, offset = 0): number {
	return (
		(counters[offset + stateCode.file] ?? 0) +
		(counters[offset + stateCode.shmem] ?? 0) +
		(counters[offset + stateCode.anonymous] ?? 0)
	);
}

/** No runs at all. */
export const noRuns = new PageRunsBuilder().finish();
