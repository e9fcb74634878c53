import { formatCount } from "../../../shared/units";
import { button } from "../../ui/controls";
import { element, setAttributes, setText } from "../../ui/element";
import type { Lifetime } from "../../ui/lifetime";

/** Buttons that go through a long table part by part, and where one is: `1–200 of 740`. */
export class Pager {
	readonly node: HTMLElement;
	readonly #text = element("span", { class: "section-note" });
	readonly #previous = button("Previous");
	readonly #next = button("Next");
	readonly #caption = element("span", { class: "section-title" });

	constructor(lifetime: Lifetime, close: { readonly label: string; run(): void }, onMove: (step: 1 | -1) => void) {
		const back = button(close.label);
		lifetime.listen(this.#previous, "click", () => onMove(-1));
		lifetime.listen(this.#next, "click", () => onMove(1));
		lifetime.listen(back, "click", () => close.run());
		this.node = element("div", { class: "pager" }, this.#caption, this.#text, this.#previous, this.#next, back);
	}

	/** Items [first, end) of `total` are shown. */
	update(caption: string, first: number, end: number, total: number): void {
		setText(this.#caption, caption);
		const range = total === 0 ? "none" : `${formatCount(first + 1)}–${formatCount(end)} of ${formatCount(total)}`;
		setText(this.#text, range);
		setAttributes(this.#previous, { disabled: first === 0 });
		setAttributes(this.#next, { disabled: end >= total });
	}
}
