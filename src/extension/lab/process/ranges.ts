/** A half-open range of byte addresses. */
export interface Range {
	readonly start: bigint;
	readonly end: bigint;
}

/** A set of byte addresses. */
export class RangeSet {
	#ranges: Range[] = [];

	add(start: bigint, end: bigint): void {
		this.remove(start, end);
		if (start < end) this.#ranges.push({ start, end });
	}

	remove(start: bigint, end: bigint): void {
		this.#ranges = this.#ranges.flatMap((range) => {
			const below = { start: range.start, end: range.end < start ? range.end : start };
			const above = { start: range.start > end ? range.start : end, end: range.end };
			return [below, above].filter((part) => part.start < part.end);
		});
	}

	/** Whether every address of [start, end) is in the set. */
	covers(start: bigint, end: bigint): boolean {
		let at = start;
		for (const range of [...this.#ranges].sort((a, b) => (a.start < b.start ? -1 : 1))) {
			if (range.start > at) break;
			if (range.end > at) at = range.end;
		}
		return at >= end;
	}
}
