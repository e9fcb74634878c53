import { element, setAttributes } from "./element";
import type { Lifetime } from "./lifetime";

/** The edge of a panel that can be dragged, or moved by arrow keys in steps of 16 px. */
export class Splitter {
	readonly node: HTMLElement;
	#size: number;
	#horizontal = false;

	/** `onResize` gets the wanted size of the panel after the splitter, CSS pixels, within `limits`. */
	constructor(
		lifetime: Lifetime,
		private readonly options: {
			readonly label: string;
			readonly size: number;
			limits(): { readonly min: number; readonly max: number };
			onResize(size: number): void;
		},
	) {
		this.#size = options.size;
		this.node = element("div", { class: "splitter", role: "separator", tabindex: 0, "aria-label": options.label });
		lifetime.listen(this.node, "pointerdown", (event) => this.#drag(event));
		lifetime.listen(this.node, "keydown", (event) => this.#key(event));
		this.#describe();
	}

	/** Size of the panel after the splitter, and whether that size is its height (the splitter lies flat). */
	update(size: number, horizontal: boolean): void {
		this.#size = size;
		this.#horizontal = horizontal;
		this.#describe();
	}

	#describe(): void {
		setAttributes(this.node, {
			"aria-orientation": this.#horizontal ? "horizontal" : "vertical",
			"aria-valuenow": Math.round(this.#size),
			"aria-valuemin": this.options.limits().min,
			"aria-valuemax": Math.round(this.options.limits().max),
		});
	}

	#resize(size: number): void {
		const { min, max } = this.options.limits();
		const next = Math.round(Math.max(min, Math.min(max, size)));
		if (next === this.#size) return;
		this.#size = next;
		this.#describe();
		this.options.onResize(next);
	}

	#drag(down: PointerEvent): void {
		if (down.button !== 0) return;
		const from = this.#horizontal ? down.clientY : down.clientX;
		const size = this.#size;
		const move = (event: PointerEvent) =>
			this.#resize(size + from - (this.#horizontal ? event.clientY : event.clientX));
		const up = () => {
			this.node.removeEventListener("pointermove", move);
			this.node.removeEventListener("pointerup", up);
			this.node.removeEventListener("pointercancel", up);
		};
		this.node.setPointerCapture(down.pointerId);
		this.node.addEventListener("pointermove", move);
		this.node.addEventListener("pointerup", up);
		this.node.addEventListener("pointercancel", up);
		down.preventDefault();
		this.node.focus();
	}

	#key(event: KeyboardEvent): void {
		const step = { ArrowLeft: 16, ArrowUp: 16, ArrowRight: -16, ArrowDown: -16 }[event.key];
		if (step === undefined) return;
		event.preventDefault();
		event.stopPropagation();
		this.#resize(this.#size + step);
	}
}
