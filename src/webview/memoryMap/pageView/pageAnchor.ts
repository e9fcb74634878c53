import type { ViewContext } from "../context";
import type { ReceivedFrame, Snapshot } from "../store";

/** Rows asked for at once, and most of them in all. */
const batch = 24;
const most = 2000;

/**
 * Keeps the page view's window of rows on the mapping that was opened: finds its row in the list by address, and finds
 * it again when mappings before it have come or gone.
 */
export class PageAnchor {
	#page: number | undefined;
	#before: ReceivedFrame | undefined;
	#count = batch;
	#locating = false;
	/** The row was asked for and the frame that holds it is still to come. */
	#expected: number | undefined;
	#ready = false;

	constructor(private readonly context: ViewContext) {}

	/** Whether the frame of the page view begins with the opened mapping. */
	get ready(): boolean {
		return this.#ready;
	}

	update({ state, pages }: Snapshot): void {
		if (state.openPage !== this.#page) {
			this.#page = state.openPage;
			this.#before = pages;
			this.#count = batch;
			this.#ready = false;
			this.#expected = undefined;
			return;
		}
		const page = this.#page;
		// Only a frame made for the page view has its rows in address order, and only then does `locate` mean those rows.
		if (page === undefined || !pages || pages === this.#before) return;
		const [first] = pages.frame.rows.rows;
		this.#ready = first?.type === "mapping" && page >= first.startPage && page < first.endPage;
		if (this.#ready) {
			this.#expected = undefined;
			if (pages.query.rows.count < this.#count) this.#ask(pages.query.rows.first);
		} else if (this.#expected === undefined || pages.query.rows.first === this.#expected) this.#locate(page);
	}

	/** Asks for the mappings that follow. */
	more(): void {
		const { pages } = this.context.store.snapshot;
		if (!this.#ready || !pages || pages.query.rows.count < this.#count) return;
		const { total, first, rows } = pages.frame.rows;
		if (first + rows.length >= total || this.#count >= most) return;
		this.#count += batch;
		this.#ask(first);
	}

	#ask(first: number): void {
		this.context.store.setViewport({ pageRows: { first, count: this.#count } });
	}

	#locate(page: number): void {
		if (this.#locating) return;
		this.#locating = true;
		this.context.service.locate(page).then(
			(location) => {
				this.#locating = false;
				if (page !== this.#page) return;
				if (location.kind === "gap" || location.row < 0) {
					this.context.store.update({ openPage: undefined });
					this.context.store.remark("This mapping is not there any more.");
					return;
				}
				this.#expected = location.row;
				this.#ask(location.row);
				this.context.store.redraw();
			},
			(error: unknown) => {
				this.#locating = false;
				this.context.store.fail(error);
			},
		);
	}
}
