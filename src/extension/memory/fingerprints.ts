/**
 * A checksum of each page whose contents were read at a stop, as sorted runs of pages. Two stops are compared by these:
 * keeping the contents themselves would take a thousand times the memory, and would store what a program holds in it.
 */
export class Fingerprints {
	constructor(
		readonly starts: Float64Array,
		readonly ends: Float64Array,
		/** Index of the first sum of each run. */
		readonly offsets: Float64Array,
		readonly sums: Uint32Array,
	) {}

	get pages(): number {
		return this.sums.length;
	}

	/** A reader for questions in rising order of pages, which then cost no search. */
	cursor(): (page: number) => number | undefined {
		let run = 0;
		return (page) => {
			while (run < this.starts.length && (this.ends[run] ?? 0) <= page) run++;
			const start = this.starts[run] ?? Number.POSITIVE_INFINITY;
			return start <= page ? this.sums[(this.offsets[run] ?? 0) + page - start] : undefined;
		};
	}
}

/** No page was read. */
export const noFingerprints = new Fingerprints(
	new Float64Array(0),
	new Float64Array(0),
	new Float64Array(0),
	new Uint32Array(0),
);

/** Collects checksums of runs that come in any order, and sorts them at the end. */
export class FingerprintsBuilder {
	readonly #runs: { readonly start: number; readonly sums: Uint32Array }[] = [];
	#pages = 0;

	/** Takes the sums of the pages from `start` on; the array is kept. */
	add(start: number, sums: Uint32Array): void {
		if (sums.length === 0) return;
		this.#runs.push({ start, sums });
		this.#pages += sums.length;
	}

	finish(): Fingerprints {
		const runs = this.#runs.sort((a, b) => a.start - b.start);
		const starts = new Float64Array(runs.length);
		const ends = new Float64Array(runs.length);
		const offsets = new Float64Array(runs.length);
		const sums = new Uint32Array(this.#pages);
		let offset = 0;
		for (const [index, run] of runs.entries()) {
			starts[index] = run.start;
			ends[index] = run.start + run.sums.length;
			offsets[index] = offset;
			sums.set(run.sums, offset);
			offset += run.sums.length;
		}
		return new Fingerprints(starts, ends, offsets, sums);
	}
}
