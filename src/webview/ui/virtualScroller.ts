import { element } from "./element";
import type { Lifetime } from "./lifetime";

/** Tallest element that every browser engine lays out exactly; taller content is scrolled by a factor. */
const tallest = 8_000_000;

/**
 * A scroll bar over content that is not there: `view` is pinned to the visible part, and the owner draws what belongs
 * at `top`. Content may be taller than a browser can lay out; then the scroll bar moves in larger steps while wheel and
 * keys stay exact.
 */
export class VirtualScroller {
	readonly node: HTMLElement;
	/** Covers the visible part. */
	readonly view: HTMLElement;
	readonly #spacer = element("div", { class: "scroll-spacer" });
	#contentHeight = 0;
	#viewHeight = 0;
	#viewWidth = 0;
	#top = 0;
	/** The scroll position we set ourselves, to tell it from the person's. */
	#placed = 0;

	constructor(
		lifetime: Lifetime,
		private readonly onChange: () => void,
	) {
		this.view = element("div", { class: "scroll-view" });
		this.node = element("div", { class: "scroll" }, this.view, this.#spacer);
		lifetime.listen(this.node, "scroll", () => this.#onScroll());
		lifetime.listen(this.node, "wheel", (event) => this.#onWheel(event), { passive: false });
		lifetime.observeSize(this.node, (width, height) => {
			this.#viewWidth = width;
			this.#viewHeight = height;
			this.#layout();
			this.onChange();
		});
	}

	/** First visible content pixel. */
	get top(): number {
		return this.#top;
	}

	get viewHeight(): number {
		return this.#viewHeight;
	}

	get viewWidth(): number {
		return this.#viewWidth;
	}

	/** Height of the whole content, CSS pixels. */
	setContentHeight(height: number): void {
		if (height === this.#contentHeight) return;
		this.#contentHeight = height;
		this.#layout();
	}

	/** Scrolls so that content pixel `top` is the first visible one, as far as that goes. */
	scrollTo(top: number): void {
		const next = Math.max(0, Math.min(top, this.#maxTop()));
		if (next === this.#top) return;
		this.#top = next;
		this.#place();
		this.onChange();
	}

	/** Scrolls as little as shows content pixels [start, end). */
	reveal(start: number, end: number): void {
		if (start < this.#top) this.scrollTo(start);
		else if (end > this.#top + this.#viewHeight) this.scrollTo(end - this.#viewHeight);
	}

	#maxTop(): number {
		return Math.max(0, this.#contentHeight - this.#viewHeight);
	}

	/** Content pixels per pixel of the scroll bar's travel. */
	#factor(): number {
		const travel = Math.min(this.#contentHeight, tallest) - this.#viewHeight;
		return travel > 0 ? this.#maxTop() / travel : 1;
	}

	#layout(): void {
		const height = Math.min(this.#contentHeight, tallest);
		this.view.style.height = `${this.#viewHeight}px`;
		this.#spacer.style.height = `${Math.max(0, height - this.#viewHeight)}px`;
		this.#top = Math.max(0, Math.min(this.#top, this.#maxTop()));
		this.#place();
	}

	#place(): void {
		this.node.scrollTop = this.#top / this.#factor();
		this.#placed = this.node.scrollTop;
	}

	#onScroll(): void {
		const { scrollTop } = this.node;
		if (Math.abs(scrollTop - this.#placed) < 1) return;
		this.#placed = scrollTop;
		this.#top = Math.max(0, Math.min(scrollTop * this.#factor(), this.#maxTop()));
		this.onChange();
	}

	#onWheel(event: WheelEvent): void {
		// Unscaled, the browser scrolls by itself, smoothly.
		if (this.#factor() <= 1.001 || event.ctrlKey) return;
		event.preventDefault();
		const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 22 : 1;
		this.scrollTo(this.#top + event.deltaY * unit);
	}
}
