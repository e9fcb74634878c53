import { element } from "./element";
import { Lifetime } from "./lifetime";

/** One line of a tooltip: plain text, an address in the editor's font, or a smaller remark. */
export interface TipLine {
	readonly text: string;
	readonly style?: "code" | "note";
}

/** What a tooltip says about the place `x`, `y` (CSS pixels within its target); nothing when there is nothing to say. */
export type TipProvider = (x: number, y: number) => readonly TipLine[] | undefined;

/** How long the pointer rests before a tooltip appears, ms. */
const restTime = 400;
/** Distance of a tooltip from the pointer, CSS pixels. */
const offset = 14;

/**
 * The page's only tooltip. Elements with `data-tip` get theirs on hover and on keyboard focus; canvases attach a
 * provider. Escape hides it.
 */
export class Tooltip {
	readonly #lifetime = new Lifetime();
	readonly #node = element("div", { class: "tooltip", role: "tooltip", hidden: true });
	#timer: ReturnType<typeof setTimeout> | undefined;
	#current: { provide(): readonly TipLine[] | undefined; x: number; y: number } | undefined;

	constructor() {
		document.body.append(this.#node);
		const { signal } = this.#lifetime;
		document.addEventListener("pointerover", (event) => this.#overElement(event), { signal });
		// Over other parts of VS Code there is nothing that would hide it.
		document.documentElement.addEventListener("pointerleave", () => this.hide(), { signal });
		document.addEventListener("focusin", (event) => this.#onFocus(event), { signal });
		document.addEventListener("focusout", () => this.hide(), { signal });
		document.addEventListener("pointerdown", () => this.hide(), { signal, capture: true });
		document.addEventListener("wheel", () => this.hide(), { signal, passive: true });
		document.addEventListener("keydown", (event) => event.key === "Escape" && this.hide(), { signal });
		this.#lifetime.add(() => this.#node.remove());
	}

	/** Shows what `provide` says where the pointer rests over `target`. */
	attach(target: HTMLElement, provide: TipProvider, signal: AbortSignal): void {
		target.setAttribute("data-tip-area", "");
		target.addEventListener(
			"pointermove",
			(event) => {
				if (tipTarget(event.target)) return;
				const box = target.getBoundingClientRect();
				const x = event.clientX - box.left;
				const y = event.clientY - box.top;
				this.#rest(() => provide(x, y), event.clientX, event.clientY);
			},
			{ signal },
		);
		target.addEventListener("pointerleave", () => this.hide(), { signal });
	}

	/** Asks the provider again: its data changed or arrived. */
	refresh(): void {
		if (!this.#node.hidden) this.#show();
	}

	hide(): void {
		clearTimeout(this.#timer);
		this.#current = undefined;
		this.#node.hidden = true;
	}

	dispose(): void {
		this.hide();
		this.#lifetime.dispose();
	}

	#overElement(event: PointerEvent): void {
		const target = tipTarget(event.target);
		if (!target) {
			if (this.#current && event.target instanceof Element && !event.target.closest("[data-tip-area]")) this.hide();
			return;
		}
		this.#rest(() => tipLines(target), event.clientX, event.clientY);
	}

	#onFocus(event: FocusEvent): void {
		const target = tipTarget(event.target);
		if (!target?.matches(":focus-visible")) return;
		const box = target.getBoundingClientRect();
		this.#rest(() => tipLines(target), box.left, box.bottom - offset + 6);
	}

	/** Restarts the timer; a visible tooltip follows at once. */
	#rest(provide: () => readonly TipLine[] | undefined, x: number, y: number): void {
		this.#current = { provide, x, y };
		clearTimeout(this.#timer);
		if (this.#node.hidden) this.#timer = setTimeout(() => this.#show(), restTime);
		else this.#show();
	}

	#show(): void {
		const lines = this.#current?.provide();
		if (!this.#current || !lines || lines.length === 0) {
			this.#node.hidden = true;
			return;
		}
		this.#node.replaceChildren(
			...lines.map(({ text, style }) => element("div", { class: style ? `tip-${style}` : undefined }, text)),
		);
		this.#node.hidden = false;
		// Measured where there is room: at the right edge it would wrap first.
		this.#node.style.left = "0";
		const { offsetWidth, offsetHeight } = this.#node;
		const { x, y } = this.#current;
		const left = Math.max(4, Math.min(x + offset, innerWidth - offsetWidth - 4));
		const below = y + offset;
		const top = below + offsetHeight + 4 <= innerHeight ? below : Math.max(4, y - offsetHeight - 8);
		this.#node.style.left = `${Math.round(left)}px`;
		this.#node.style.top = `${Math.round(top)}px`;
	}
}

function tipTarget(target: EventTarget | null): HTMLElement | null {
	return target instanceof Element ? target.closest<HTMLElement>("[data-tip]") : null;
}

function tipLines(target: HTMLElement): TipLine[] {
	return (target.getAttribute("data-tip") ?? "")
		.split("\n")
		.filter((text) => text !== "")
		.map((text) => ({ text }));
}
