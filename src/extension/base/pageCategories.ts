/**
 * What a page-table entry says, as bits: the vocabulary that both ways of reading a page table (the `PAGEMAP_SCAN`
 * ioctl and reads of `pagemap`) translate into, so that the layers above need not know which was used. The first seven
 * are the kernel's own `PAGE_IS_*` values (linux/fs.h); the others exist in `pagemap` only.
 */
export const pageCategory = {
	file: 0x04,
	present: 0x08,
	swapped: 0x10,
	zero: 0x20,
	huge: 0x40,
	softDirty: 0x80,
	guard: 0x100,
	/** Mapped by this process alone (pagemap bit 56). */
	exclusive: 0x200,
	/** Write-protected by userfaultfd (pagemap bit 57). */
	writeProtected: 0x400,
	/** Present, but whether it is the shared zero page could not be told: no privilege to see page frames. */
	zeroOrShared: 0x800,
	/** Neither a page nor swap: the kernel's note that an access shall fail (UFFDIO_POISON, a page with bad memory). */
	marker: 0x1000,
} as const;

/** Sorted, disjoint runs of pages with the same categories; pages that no run covers are not in the page table. */
export class PageRunList {
	startPages = new Float64Array(256);
	endPages = new Float64Array(256);
	categories = new Uint16Array(256);
	length = 0;

	/** Appends [startPage, endPage); joins it to the last run where they touch and agree. */
	push(startPage: number, endPage: number, categories: number): void {
		const last = this.length - 1;
		if (last >= 0 && this.endPages[last] === startPage && this.categories[last] === categories) {
			this.endPages[last] = endPage;
			return;
		}
		if (this.length === this.startPages.length) this.#grow();
		this.startPages[this.length] = startPage;
		this.endPages[this.length] = endPage;
		this.categories[this.length] = categories;
		this.length++;
	}

	/** Categories of one page; 0 when no run holds it. */
	categoriesAt(page: number): number {
		let low = 0;
		let high = this.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.endPages[middle] ?? 0) > page) high = middle;
			else low = middle + 1;
		}
		return low < this.length && (this.startPages[low] ?? 0) <= page ? (this.categories[low] ?? 0) : 0;
	}

	/** Whether both hold the same runs. */
	equals(other: PageRunList): boolean {
		if (this.length !== other.length) return false;
		for (let run = 0; run < this.length; run++) {
			const same =
				this.startPages[run] === other.startPages[run] &&
				this.endPages[run] === other.endPages[run] &&
				this.categories[run] === other.categories[run];
			if (!same) return false;
		}
		return true;
	}

	#grow(): void {
		const capacity = this.startPages.length * 2;
		const { startPages, endPages, categories } = this;
		this.startPages = new Float64Array(capacity);
		this.startPages.set(startPages);
		this.endPages = new Float64Array(capacity);
		this.endPages.set(endPages);
		this.categories = new Uint16Array(capacity);
		this.categories.set(categories);
	}
}
