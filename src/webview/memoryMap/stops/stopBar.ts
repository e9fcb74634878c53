import type { StopChip, StopLayer } from "../../../shared/debug/stopLayer";
import { type Button, button } from "../../ui/controls";
import { element, setAttributes, setHidden, setText } from "../../ui/element";
import { icon } from "../../ui/icons";
import type { Lifetime } from "../../ui/lifetime";
import type { Block, ViewContext } from "../context";
import { nextIndex } from "../keyboard";
import { type Snapshot, showsChanges } from "../store";

const stateWords: Readonly<Record<StopLayer["state"], string>> = {
	paused: "Paused",
	running: "Running",
	ended: "Ended",
};

/** The stops of the debugger: a click shows one, Shift+click compares with the one shown. Beside them, changes or map. */
export class StopBar implements Block {
	readonly node: HTMLElement;
	readonly #list = element("div", { class: "stop-chips", role: "listbox", "aria-label": "Stops" });
	readonly #state = element("span", { class: "stop-state" });
	readonly #cost = element("span", { class: "stop-cost" });
	readonly #changes: Button;
	readonly #map: Button;
	#layer: StopLayer | undefined;
	#focused: number | undefined;

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
	) {
		setAttributes(this.#list, { "aria-multiselectable": "true" });
		this.#changes = this.#choice(lifetime, "Changes", true);
		this.#map = this.#choice(lifetime, "Map", false);
		const views = element(
			"div",
			{ class: "stop-views", role: "group", "aria-label": "Show" },
			this.#changes,
			this.#map,
		);
		const side = element(
			"div",
			{ class: "stop-side" },
			views,
			element("div", { class: "stop-line" }, this.#state, this.#cost),
		);
		this.node = element("section", { class: "stops", "aria-label": "Stops of the debugger" }, this.#list, side);
		lifetime.observeSize(this.#list, () => this.#reveal());
		lifetime.listen(this.#list, "click", (event) => this.#onClick(event));
		lifetime.listen(this.#list, "keydown", (event) => this.#onKey(event));
	}

	update(snapshot: Snapshot): void {
		const { stops, state } = snapshot;
		setHidden(this.node, stops === undefined || stops.chips.length === 0 || state.openPage !== undefined);
		if (!stops) return;
		const shown = showsChanges(snapshot);
		setAttributes(this.#changes, { "aria-pressed": String(shown), disabled: stops.shown === undefined });
		setAttributes(this.#map, { "aria-pressed": String(!shown) });
		setText(this.#state, stops.shown ? stateWords[stops.state] : "Live");
		setText(this.#cost, stops.cost ? `· ${stops.cost.short}` : "");
		setAttributes(this.#cost, { "data-tip": stops.cost?.full });
		if (stops !== this.#layer) this.#show(stops);
	}

	focus(): boolean {
		const chip = this.#chip(this.#focused);
		chip?.focus();
		return chip !== undefined;
	}

	#choice(lifetime: Lifetime, text: string, changes: boolean): Button {
		const node = button(text, { class: "stop-view" });
		lifetime.listen(node, "click", () => this.context.store.update({ changes, table: false }));
		return node;
	}

	#show(stops: StopLayer): void {
		const former = this.#layer;
		this.#layer = stops;
		const { shown, chips } = stops;
		const had = this.#list.contains(document.activeElement);
		if (former?.shown?.stop !== shown?.stop || !chips.some(({ number }) => number === this.#focused)) {
			this.#focused = shown?.stop ?? chips.at(-1)?.number;
		}
		this.#list.replaceChildren(...chips.map((chip) => this.#node(chip, stops)));
		if (had) this.focus();
		if (former?.shown?.stop !== shown?.stop) this.#reveal();
	}

	/** The chip of the stop that is shown stays in view: rows of chips grow to the right. */
	#reveal(): void {
		this.#chip(this.#layer?.shown?.stop)?.scrollIntoView({ block: "nearest", inline: "nearest" });
	}

	#node(chip: StopChip, { shown }: StopLayer): HTMLElement {
		const { number, title, place, detail, reason } = chip;
		const isShown = shown?.stop === number;
		const isAgainst = shown?.against === number;
		const line = element(
			"div",
			{ class: "chip-line" },
			icon(chip.icon),
			element("span", { class: "chip-title" }, title),
		);
		if (place !== undefined) line.append(element("span", { class: "chip-place" }, place));
		const words = [title, place, detail, reason, isShown ? "shown" : isAgainst ? "compared with" : ""];
		return element(
			"div",
			{
				class: ["stop-chip", `chip-${chip.icon}`, isShown ? "shown" : "", isAgainst ? "against" : ""].join(" "),
				role: "option",
				tabindex: number === this.#focused ? 0 : -1,
				"aria-selected": String(isShown || isAgainst),
				"aria-label": words.filter(Boolean).join(", "),
				"data-stop": number,
				"data-tip": `${reason}. Shift+click compares it with the stop that is shown.`,
			},
			line,
			element("div", { class: "chip-detail" }, detail),
		);
	}

	#onClick(event: MouseEvent): void {
		const chip = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-stop]") : null;
		if (chip) this.#choose(Number(chip.dataset["stop"]), event.shiftKey);
	}

	#onKey(event: KeyboardEvent): void {
		const chips = this.#layer?.chips ?? [];
		const at = chips.findIndex(({ number }) => number === this.#focused);
		if (event.key === "Enter" || event.key === " ") {
			event.preventDefault();
			if (this.#focused !== undefined) this.#choose(this.#focused, event.shiftKey);
			return;
		}
		const next = chips[nextIndex(event.key, at, chips.length) ?? -1];
		if (!next) return;
		event.preventDefault();
		setAttributes(this.#chip(this.#focused) ?? this.#list, { tabindex: -1 });
		this.#focused = next.number;
		const node = this.#chip(next.number);
		if (node) setAttributes(node, { tabindex: 0 });
		node?.focus();
	}

	#choose(stop: number, compare: boolean): void {
		const { service, perform } = this.context;
		this.#focused = stop;
		const shown = this.#layer?.shown?.stop;
		perform(compare && shown !== undefined && shown !== stop ? service.showStop(shown, stop) : service.showStop(stop));
	}

	#chip(number: number | undefined): HTMLElement | undefined {
		return this.#list.querySelector<HTMLElement>(`[data-stop="${number}"]`) ?? undefined;
	}
}
