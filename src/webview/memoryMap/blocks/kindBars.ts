import type { KindTotal, Measure } from "../../../shared/mapFrame";
import type { MappingKind } from "../../../shared/mappingKinds";
import { rowIcons } from "../../../shared/rowIcons";
import { formatBytes, formatCount, formatDuration, noValue } from "../../../shared/units";
import { button } from "../../ui/controls";
import { element, setAttributes, setHidden, setText } from "../../ui/element";
import { icon, setIcon } from "../../ui/icons";
import type { Lifetime } from "../../ui/lifetime";
import { kindNames, measureNames } from "../../words/names";
import { mappingCount } from "../../words/phrases";
import type { Block, ViewContext } from "../context";
import { barHeight, paintBar } from "../draw/bar";
import { prepareCanvas } from "../draw/geometry";
import { stateMask } from "../draw/options";
import { nextIndex } from "../keyboard";
import type { Snapshot } from "../store";
import { clickedKinds } from "../viewState";

interface Bar {
	readonly node: HTMLButtonElement;
	readonly count: HTMLElement;
	readonly canvas: HTMLCanvasElement;
	readonly value: HTMLElement;
}

/** Measures that `smaps` alone can tell per mapping. */
const needSmaps: ReadonlySet<Measure> = new Set<Measure>(["pss", "privateDirty", "swap"]);

/** The totals by kind, as bars on one scale; a click filters for the kind. */
export class KindBars implements Block {
	readonly node: HTMLElement;
	readonly #note = element("span", { class: "section-note" });
	readonly #summary = element("span", { class: "kinds-summary" });
	readonly #title: HTMLButtonElement;
	readonly #twistie = icon("chevron-right");
	readonly #grid = element("div", { class: "kinds-grid", role: "group", "aria-label": "By kind" });
	readonly #missing: HTMLElement;
	readonly #missingText = element("span");
	readonly #bars = new Map<MappingKind, Bar>();
	#order: readonly MappingKind[] = [];
	#focused = 0;

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
	) {
		this.#title = element("button", { class: "section-title kinds-title" }, this.#twistie, "By kind");
		const read = button("Read once");
		lifetime.listen(read, "click", () => context.perform(context.service.readSmaps()));
		this.#missing = element("div", { class: "kinds-missing", hidden: true }, this.#missingText, read);
		this.node = element(
			"section",
			{ class: "kinds", "aria-label": "By kind" },
			element("div", { class: "section-head" }, this.#title, this.#note, this.#summary),
			this.#missing,
			this.#grid,
		);
		lifetime.listen(this.#title, "click", () => context.store.update({ kindsOpen: !context.store.state.kindsOpen }));
		lifetime.listen(this.#grid, "keydown", (event) => this.#onKey(event));
		lifetime.observeSize(this.#grid, () => context.store.redraw());
	}

	update(snapshot: Snapshot): void {
		const frame = snapshot.list?.frame;
		if (!frame || !snapshot.list) return;
		const { state } = snapshot;
		const folds = this.context.tight();
		const open = !folds || state.kindsOpen;
		const { measure } = snapshot.list.query;
		setIcon(this.#twistie, open ? "chevron-down" : "chevron-right");
		setHidden(this.#twistie, !folds);
		setAttributes(this.#title, {
			"aria-expanded": folds ? String(open) : undefined,
			tabindex: folds ? 0 : -1,
		});
		const coloured = frame.kinds.some(({ byState }) => byState !== undefined) ? ", coloured by page state" : "";
		setText(this.#note, folds ? "" : `${measureNames[measure].toLowerCase()}${coloured}; click to filter`);
		const kinds = [...frame.kinds].sort(largestFirst);
		setText(this.#summary, open ? "" : summarize(kinds));
		const unread = needSmaps.has(measure) && !frame.sample.smaps;
		setHidden(this.#missing, !unread || !open);
		if (unread) setText(this.#missingText, smapsWords(measure, snapshot.settings?.smapsEstimate));
		setHidden(this.#grid, !open);
		if (open) this.#show(kinds, snapshot);
	}

	focus(): boolean {
		if (this.#grid.hidden) this.#title.focus();
		else this.#focusBar(this.#focused);
		return true;
	}

	#show(kinds: readonly KindTotal[], { state }: Snapshot): void {
		this.#arrange(kinds.map(({ kind }) => kind));
		const scale = Math.max(...kinds.filter(hasPages).map(({ bytes }) => bytes ?? 0), 1);
		const palette = this.context.palette();
		const dpr = devicePixelRatio;
		const options = { dpr, hidden: stateMask(state.hiddenStates) };
		const width = Math.floor(this.#bars.values().next().value?.canvas.parentElement?.clientWidth ?? 0);
		for (const [index, total] of kinds.entries()) {
			const bar = this.#bars.get(total.kind);
			if (!bar) continue;
			const filtered = state.kinds.includes(total.kind);
			const amount = amountText(total);
			setText(bar.count, formatCount(total.mappings));
			setText(bar.value, amount);
			bar.node.classList.toggle("dim", state.kinds.length > 0 && !filtered);
			bar.node.classList.toggle("empty", !hasPages(total));
			setAttributes(bar.node, {
				"aria-pressed": String(filtered),
				"aria-label": `${kindNames[total.kind]}, ${mappingCount(total.mappings)}, ${amount}`,
				tabindex: index === this.#focused ? 0 : -1,
			});
			const context = width > 0 ? prepareCanvas(bar.canvas, width, barHeight, dpr) : undefined;
			if (context && hasPages(total)) paintBar(context, 0, 0, width, total, scale, palette, options);
		}
	}

	/** Puts the bars into their order, two columns, down the first and then the second. */
	#arrange(order: readonly MappingKind[]): void {
		this.#grid.style.setProperty("--kind-rows", String(Math.ceil(order.length / 2)));
		if (order.length === this.#order.length && order.every((kind, index) => kind === this.#order[index])) return;
		this.#order = order;
		this.#focused = Math.min(this.#focused, order.length - 1);
		this.#grid.replaceChildren(...order.map((kind) => (this.#bars.get(kind) ?? this.#addBar(kind)).node));
	}

	#addBar(kind: MappingKind): Bar {
		const count = element("span", { class: "kind-count" });
		const value = element("span", { class: "kind-value" });
		const canvas = element("canvas", { "aria-hidden": "true" });
		const node = element(
			"button",
			{ class: "kind" },
			icon(rowIcons[kind]),
			element("span", { class: "kind-name" }, kindNames[kind], " ", count),
			element("span", { class: "kind-bar" }, canvas),
			value,
		);
		node.addEventListener("click", (event) => {
			const { store } = this.context;
			const add = event.ctrlKey || event.metaKey;
			store.update({ kinds: clickedKinds(store.state.kinds, kind, add) });
		});
		const bar = { node, count, canvas, value };
		this.#bars.set(kind, bar);
		return bar;
	}

	#onKey(event: KeyboardEvent): void {
		const next = nextIndex(event.key, this.#focused, this.#order.length);
		if (next === undefined) return;
		event.preventDefault();
		this.#focusBar(next);
	}

	#focusBar(index: number): void {
		this.#focused = index;
		for (const [at, kind] of this.#order.entries()) {
			const bar = this.#bars.get(kind);
			if (bar) setAttributes(bar.node, { tabindex: at === index ? 0 : -1 });
			if (at === index) bar?.node.focus();
		}
	}
}

function largestFirst(a: KindTotal, b: KindTotal): number {
	return Number(isEmptyKind(a)) - Number(isEmptyKind(b)) || (b.bytes ?? 0) - (a.bytes ?? 0) || b.size - a.size;
}

/** Kinds without pages have only a size: a bar of it would dwarf everything. */
function hasPages({ kind, bytes }: KindTotal): boolean {
	return kind !== "reserved" && kind !== "guard" && (bytes ?? 0) > 0;
}

/** A kind's bytes of the measure; its size where there are no pages to measure. */
function amountText(total: KindTotal): string {
	if (isEmptyKind(total)) return formatBytes(total.size);
	return total.bytes === undefined ? noValue : formatBytes(total.bytes);
}

function isEmptyKind({ kind, bytes }: KindTotal): boolean {
	return (kind === "reserved" || kind === "guard") && (bytes === undefined || bytes === 0);
}

function summarize(kinds: readonly KindTotal[]): string {
	return kinds
		.filter(hasPages)
		.slice(0, 4)
		.map(({ kind, bytes }) => `${kindNames[kind]} ${formatBytes(bytes ?? 0)}`)
		.join(", ");
}

function smapsWords(measure: Measure, estimate: number | undefined): string {
	const cost =
		estimate === undefined ? "" : ` Reading it here takes about ${formatDuration(estimate)} and holds the process up.`;
	return `Only smaps tells ${measureNames[measure]} by mapping.${cost}`;
}
