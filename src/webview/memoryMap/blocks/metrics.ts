import { type MapFrame, type Measure, measures } from "../../../shared/mapFrame";
import { visibleText } from "../../../shared/text";
import { formatBytes, formatCount, noValue } from "../../../shared/units";
import { element, setAttributes, setText } from "../../ui/element";
import type { Lifetime } from "../../ui/lifetime";
import { measureMeanings, measureNames } from "../../words/names";
import type { Block, ViewContext } from "../context";
import { nextIndex } from "../keyboard";
import { newestFrame, type Snapshot } from "../store";
import { crowded } from "../words/view";

interface Tab {
	readonly node: HTMLElement;
	readonly value: HTMLElement;
	readonly note: HTMLElement;
}

/** The totals. They are a choice of one: what is chosen is what the bars and the list's numbers show. */
export class Metrics implements Block {
	readonly node: HTMLElement;
	readonly #tabs = new Map<Measure, Tab>();
	readonly #count = element("span", { class: "metric-value" });
	readonly #limit = element("span", { class: "metric-note" });
	readonly #fill = element("div", { class: "gauge-fill" });
	readonly #mappings: HTMLElement;

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
	) {
		const tabs = element("div", { class: "metric-tabs", role: "radiogroup", "aria-label": "What to measure" });
		for (const measure of measures) tabs.append(this.#addTab(lifetime, measure));
		this.#mappings = element(
			"div",
			{ class: "metric mappings" },
			element("div", { class: "metric-name" }, "Mappings"),
			element("div", { class: "metric-line" }, this.#count, this.#limit),
			element("div", { class: "gauge", "aria-hidden": "true" }, this.#fill),
		);
		this.node = element("section", { class: "metrics fades", "aria-label": "Totals" }, tabs, this.#mappings);
		lifetime.listen(tabs, "keydown", (event) => this.#onKey(event));
	}

	update(snapshot: Snapshot): void {
		const { measure } = snapshot.state;
		const frame = newestFrame(snapshot);
		const totals = frame?.totals;
		for (const [of, tab] of this.#tabs) {
			const chosen = of === measure;
			setAttributes(tab.node, { "aria-checked": String(chosen), tabindex: chosen ? 0 : -1 });
			const bytes = totals?.[of];
			setText(tab.value, bytes === undefined ? noValue : formatBytes(bytes));
			setText(tab.note, frame === undefined ? "" : noteOf(of, frame));
		}
		const gap = totals?.largestGap;
		const meaning = measureMeanings.virtual;
		const tip = gap === undefined ? meaning : `${meaning}. The largest gap is ${formatBytes(gap)}.`;
		const { node } = this.#tabs.get("virtual") ?? {};
		if (node) setAttributes(node, { "data-tip": tip });
		if (totals) this.#showMappings(totals);
	}

	focus(): boolean {
		this.#tabs.get(this.context.store.state.measure)?.node.focus();
		return true;
	}

	#addTab(lifetime: Lifetime, measure: Measure): HTMLElement {
		const value = element("span", { class: "metric-value" });
		const note = element("span", { class: "metric-note" });
		const node = element(
			"div",
			{ class: `metric metric-${measure}`, role: "radio", "data-tip": measureMeanings[measure] },
			element("div", { class: "metric-name" }, measureNames[measure]),
			element("div", { class: "metric-line" }, value, note),
		);
		lifetime.listen(node, "click", () => this.context.store.update({ measure }));
		this.#tabs.set(measure, { node, value, note });
		return node;
	}

	#showMappings({ mappings, mappingLimit, mostMappings }: MapFrame["totals"]): void {
		setText(this.#count, formatCount(mappings));
		setText(this.#limit, mappingLimit === undefined ? "" : `of ${formatCount(mappingLimit)} allowed`);
		const share = mappingLimit === undefined ? 0 : Math.min(1, mappings / mappingLimit);
		this.#fill.style.width = `${Math.max(share > 0 ? 1 : 0, share * 100)}%`;
		const full = share >= crowded;
		this.#mappings.classList.toggle("crowded", full);
		setAttributes(this.#mappings, {
			"data-tip": mappingsTip(full, mostMappings),
		});
	}

	#onKey(event: KeyboardEvent): void {
		const index = nextIndex(event.key, measures.indexOf(this.context.store.state.measure), measures.length);
		const measure = index === undefined ? undefined : measures[index];
		if (measure === undefined) return;
		event.preventDefault();
		this.context.store.update({ measure });
		this.#tabs.get(measure)?.node.focus();
	}
}

/** What the count of mappings means, and what most of them are of. */
function mappingsTip(full: boolean, most: MapFrame["totals"]["mostMappings"]): string {
	const meaning = full
		? "Close to vm.max_map_count: beyond it, mmap fails with ENOMEM."
		: "Mappings of this process against vm.max_map_count.";
	if (most.length === 0) return meaning;
	const named = most.map(({ name, mappings }) => `${formatCount(mappings)} ${visibleText(name)}`);
	return `${meaning} Most are: ${named.join(", ")}.`;
}

/** The few words after a total. */
function noteOf(measure: Measure, { totals }: MapFrame): string {
	switch (measure) {
		case "virtual":
			return `${formatBytes(totals.accessible)} accessible`;
		case "pss":
			return totals.pss === undefined ? "" : "fair share";
		case "cached":
			if (totals.cached === undefined) return "";
			return totals.cacheHidden ? "as far as known" : "no disk read needed";
		default:
			return "";
	}
}
