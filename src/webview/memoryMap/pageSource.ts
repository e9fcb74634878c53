import type { PageCells } from "../../shared/mapFrame";
import { type MapPanelService, maxPagesPerCall } from "../../shared/mapPanel";
import { flagBit } from "../../shared/pageStates";
import type { PageFacts } from "./words/page";
import { stateOf } from "./words/page";

/** Pages of a chunk: what is kept, asked for again and thrown away as one. */
const chunkPages = 1024;
/** Chunks kept: 256 Ki pages, 512 KiB. */
const chunkLimit = 256;

/** Half-open range of pages inside one mapping. */
export interface PageRange {
	readonly startPage: number;
	readonly endPage: number;
}

/** Pages that are needed, and the mapping they lie in: what is fetched never leaves it. */
export interface Wish extends PageRange {
	readonly within: PageRange;
}

interface Chunk {
	readonly cells: PageCells;
	/** The sample they are of. */
	readonly sample: number;
}

/**
 * Pages one by one, fetched by chunks as they come into view. What is on screen stays there until its newer version has
 * arrived; one request is under way at a time and the last range wanted wins.
 */
export class PageSource {
	readonly #chunks = new Map<number, Chunk>();
	#sample = 0;
	#wanted: readonly PageRange[] = [];
	#asking = false;

	/** `onChange` is called when pages have arrived; `onFailure` when the host refused. */
	constructor(
		private readonly service: Pick<MapPanelService, "pages">,
		private readonly onChange: () => void,
		private readonly onFailure: (error: unknown) => void,
	) {}

	/** A new sample: what is wanted is fetched again. */
	setSample(sample: number): void {
		if (sample === this.#sample) return;
		this.#sample = sample;
		this.#ask();
	}

	/** Another picture, whose samples count for themselves: what is known is forgotten. */
	reset(): void {
		this.#chunks.clear();
		this.#ask();
	}

	/** Says which pages are needed now. */
	want(wishes: readonly Wish[]): void {
		this.#wanted = wishes.flatMap(chunksOf);
		this.#ask();
	}

	/** A page's state and flags, when it is loaded. */
	get(page: number): PageFacts | undefined {
		for (const { cells } of this.#chunks.values()) {
			const index = page - cells.startPage;
			if (index < 0 || index >= cells.states.length) continue;
			return {
				page,
				state: stateOf(cells.states[index]),
				flags: cells.flags[index] ?? 0,
				detailed: cells.detailed,
			};
		}
		return undefined;
	}

	/** The loaded pieces that touch a range, in address order. */
	pieces(range: PageRange): PageCells[] {
		return [...this.#chunks.values()]
			.map(({ cells }) => cells)
			.filter(({ startPage, states }) => startPage < range.endPage && startPage + states.length > range.startPage)
			.sort((a, b) => a.startPage - b.startPage);
	}

	/** Whether any loaded page of the range has changed in the last sample. */
	hasChanges(range: PageRange): boolean {
		return this.pieces(range).some(({ flags }) => flags.some((bits) => (bits & flagBit.changed) !== 0));
	}

	#ask(): void {
		if (this.#asking) return;
		const missing = this.#wanted.filter((chunk) => !this.#isFresh(chunk));
		const first = missing[0];
		if (!first) return;
		let endPage = first.endPage;
		for (const chunk of missing.slice(1)) {
			if (chunk.startPage !== endPage || chunk.endPage - first.startPage > maxPagesPerCall) break;
			endPage = chunk.endPage;
		}
		const sample = this.#sample;
		this.#asking = true;
		this.service.pages(first.startPage, endPage).then(
			(cells) => {
				this.#store(cells, sample);
				this.#asking = false;
				this.onChange();
				this.#ask();
			},
			(error: unknown) => {
				// What was refused is not asked again until the next sample or the next wish.
				this.#asking = false;
				this.#wanted = [];
				this.onFailure(error);
			},
		);
	}

	#isFresh({ startPage, endPage }: PageRange): boolean {
		const chunk = this.#chunks.get(startPage);
		return chunk?.sample === this.#sample && chunk.cells.states.length >= endPage - startPage;
	}

	#store(cells: PageCells, sample: number): void {
		const range = { startPage: cells.startPage, endPage: cells.startPage + cells.states.length };
		for (const { startPage, endPage } of chunksOf({ ...range, within: range })) {
			const from = startPage - cells.startPage;
			const to = endPage - cells.startPage;
			this.#chunks.delete(startPage);
			this.#chunks.set(startPage, {
				sample,
				cells: {
					startPage,
					states: cells.states.subarray(from, to),
					flags: cells.flags.subarray(from, to),
					detailed: cells.detailed,
				},
			});
		}
		for (const key of this.#chunks.keys()) {
			if (this.#chunks.size <= chunkLimit) break;
			this.#chunks.delete(key);
		}
	}
}

/** The chunks that hold a range: cut at multiples of the chunk size, and at the ends of the mapping. */
export function chunksOf({ startPage, endPage, within }: Wish): PageRange[] {
	const chunks: PageRange[] = [];
	const first = Math.floor(startPage / chunkPages);
	for (let chunk = first; chunk * chunkPages < endPage; chunk++) {
		const start = Math.max(within.startPage, chunk * chunkPages);
		const end = Math.min(within.endPage, (chunk + 1) * chunkPages);
		if (end > start) chunks.push({ startPage: start, endPage: end });
	}
	return chunks;
}
