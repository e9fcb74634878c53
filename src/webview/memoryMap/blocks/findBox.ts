import type { MappingKind } from "../../../shared/mappingKinds";
import { type Button, iconButton, type TextField, textField } from "../../ui/controls";
import { element, setHidden } from "../../ui/element";
import { icon } from "../../ui/icons";
import type { Lifetime } from "../../ui/lifetime";
import { kindNames } from "../../words/names";
import type { ViewContext } from "../context";
import type { Snapshot } from "../store";

/** Pause in typing after which the list is filtered, ms. */
const typingPause = 150;

/** The find box: text that mappings must match, and a chip for each kind that is filtered for. */
export class FindBox {
	readonly node: HTMLElement;
	/** Stands in for the box where there is no room for it. */
	readonly opener: Button;
	readonly #field: TextField;
	readonly #chips = element("div", { class: "chips" });
	readonly #hint = element("div", { class: "key-hint", "aria-hidden": "true" }, "Ctrl F");
	readonly #clear: Button;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#chipsFor: readonly MappingKind[] = [];

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
	) {
		this.#clear = iconButton("close", "Clear the filter", { class: "clear" });
		this.#field = textField({
			label: "Filter mappings by address, name, permissions or amount",
			placeholder: "Address, name, r?x, rss>10M",
			start: element("div", { class: "find-start" }, icon("search"), this.#chips),
			end: element("div", { class: "find-end" }, this.#hint, this.#clear),
		});
		this.node = element("div", { class: "find", role: "search" }, this.#field);
		this.opener = iconButton("search", "Find (Ctrl+F)", { class: "find-opener" });
		lifetime.listen(this.opener, "click", () => this.focus());
		lifetime.listen(this.#field, "input", () => this.#onInput());
		lifetime.listen(this.#field, "keydown", (event) => this.#onKey(event));
		lifetime.listen(this.#clear, "click", () => this.#reset());
		lifetime.listen(this.node, "focusout", (event) => {
			const stays = event.relatedTarget instanceof Node && this.node.contains(event.relatedTarget);
			if (!stays) this.#close();
		});
		lifetime.add(() => clearTimeout(this.#timer));
	}

	update({ state }: Snapshot): void {
		const waiting = this.#timer !== undefined;
		if (!waiting && this.#field.value !== state.filter) this.#field.value = state.filter;
		if (this.#chipsFor !== state.kinds) {
			this.#chipsFor = state.kinds;
			this.#chips.replaceChildren(...state.kinds.map((kind) => this.#chip(kind)));
		}
		const active = state.filter !== "" || state.kinds.length > 0;
		setHidden(this.#hint, active);
		setHidden(this.#clear, !active);
		this.node.classList.toggle("active", active);
		this.node.classList.toggle("chipped", state.kinds.length > 0);
	}

	/** Opens the box where it is folded, and puts the cursor into it. */
	focus(): void {
		this.node.classList.add("open");
		this.#field.focus();
	}

	#close(): void {
		this.node.classList.remove("open");
	}

	#chip(kind: MappingKind): HTMLElement {
		const name = kindNames[kind];
		const chip = element(
			"button",
			{ class: "chip", "aria-label": `Remove the filter for ${name}` },
			name,
			icon("close"),
		);
		chip.addEventListener("click", () => {
			const { store } = this.context;
			store.update({ kinds: store.state.kinds.filter((other) => other !== kind) });
		});
		return chip;
	}

	#onInput(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#apply(), typingPause);
	}

	#apply(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.context.store.update({ filter: this.#field.value.slice(0, 1000) });
	}

	#reset(): void {
		this.#field.value = "";
		this.context.store.update({ kinds: [] });
		this.#apply();
		this.#field.focus();
	}

	#onKey(event: KeyboardEvent): void {
		if (event.key === "Enter") this.#apply();
		else if (event.key === "Escape") {
			event.stopPropagation();
			if (this.#field.value === "") {
				this.#close();
				this.#field.blur();
			} else this.#reset();
		}
	}
}
