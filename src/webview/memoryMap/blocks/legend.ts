import { type PageState, stateCode } from "../../../shared/pageStates";
import { formatBytes, formatCount, pagesToBytes } from "../../../shared/units";
import { element, setAttributes, setHidden, setText } from "../../ui/element";
import { icon, setIcon } from "../../ui/icons";
import type { Lifetime } from "../../ui/lifetime";
import { legendOrder, stateMeanings, stateNames } from "../../words/names";
import { pageCount } from "../../words/phrases";
import type { Block, ViewContext } from "../context";
import { prepareCanvas } from "../draw/geometry";
import { glyphSizes, paintGlyph } from "../draw/glyph";
import type { Palette } from "../draw/palette";
import { nextIndex } from "../keyboard";
import { newestFrame, type Snapshot } from "../store";
import { clickedStates } from "../viewState";

interface Entry {
	readonly node: HTMLButtonElement;
	readonly glyph: HTMLCanvasElement;
	readonly pages: HTMLElement;
	readonly size: HTMLElement;
	readonly eye: HTMLSpanElement;
}

/** The map's key: one entry for each page state, with how many pages are in it; a click hides the state everywhere. */
export class Legend implements Block {
	readonly node: HTMLElement;
	readonly #entries = new Map<PageState, Entry>();
	#focused = 0;
	#painted: Palette | undefined;

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
	) {
		this.node = element("footer", { class: "legend fades", role: "toolbar", "aria-label": "Page states" });
		for (const state of legendOrder) this.node.append(this.#addEntry(lifetime, state));
		lifetime.listen(this.node, "keydown", (event) => this.#onKey(event));
	}

	update(snapshot: Snapshot): void {
		const frame = newestFrame(snapshot);
		const ofMapping = snapshot.state.openPage !== undefined ? snapshot.pages?.frame.selected : undefined;
		const statePages = ofMapping?.statePages ?? frame?.statePages;
		const { hiddenStates } = snapshot.state;
		const palette = this.context.palette();
		for (const [index, state] of legendOrder.entries()) {
			const entry = this.#entries.get(state);
			if (!entry) continue;
			const pages = statePages?.[stateCode[state]] ?? 0;
			const hidden = hiddenStates.includes(state);
			const size = frame ? formatBytes(pagesToBytes(pages, frame.pageSize)) : "";
			setText(entry.pages, pages === 0 ? "" : `${formatCount(pages)} · `);
			setText(entry.size, pages === 0 ? "none" : size);
			setIcon(entry.eye, hidden ? "eye-closed" : "eye");
			entry.node.classList.toggle("off", hidden);
			entry.node.classList.toggle("none", pages === 0);
			// The kernel says what nearly every page is: this state has a place only when it occurs.
			setHidden(entry.node, state === "unknown" && pages === 0);
			setAttributes(entry.node, {
				"aria-pressed": String(!hidden),
				"aria-label": `${stateNames[state]}, ${pages === 0 ? "none" : `${pageCount(pages)}, ${size}`}`,
				tabindex: index === this.#focused ? 0 : -1,
			});
			if (this.#painted !== palette) this.#paint(entry.glyph, state, palette);
		}
		this.#painted = palette;
	}

	focus(): boolean {
		this.#focusEntry(this.#focused);
		return true;
	}

	/** Hides or shows a state; `solo` shows only it. */
	toggle(state: PageState, solo: boolean): void {
		const { store, announce } = this.context;
		const hiddenStates = clickedStates(store.state.hiddenStates, state, solo);
		store.update({ hiddenStates });
		announce(`${stateNames[state]} ${hiddenStates.includes(state) ? "hidden" : "shown"}`);
	}

	#addEntry(lifetime: Lifetime, state: PageState): HTMLElement {
		const glyph = element("canvas", { class: "legend-glyph", "aria-hidden": "true" });
		const pages = element("span", { class: "legend-pages" });
		const size = element("span", { class: "legend-size" });
		const eye = icon("eye");
		const node = element(
			"button",
			{ class: "legend-entry", "data-tip": `${stateMeanings[state]}\nClick hides it, Alt+click shows only it` },
			glyph,
			element("span", { class: "legend-name" }, stateNames[state]),
			eye,
			element("span", { class: "legend-count" }, pages, size),
		);
		lifetime.listen(node, "click", (event) => this.toggle(state, event.altKey));
		this.#entries.set(state, { node, glyph, pages, size, eye });
		return node;
	}

	#paint(canvas: HTMLCanvasElement, state: PageState, palette: Palette): void {
		const dpr = devicePixelRatio;
		const size = glyphSizes.legend;
		const context = prepareCanvas(canvas, size.width, size.body + size.gap + size.lane, dpr);
		if (!context) return;
		paintGlyph(context, 0, 0, size, { state: stateCode[state], flags: 0, detailed: false }, palette, { dpr });
	}

	#onKey(event: KeyboardEvent): void {
		const shown = legendOrder.filter((state) => this.#entries.get(state)?.node.hidden === false);
		const next = nextIndex(event.key, this.#focused, shown.length);
		if (next === undefined) return;
		event.preventDefault();
		this.#focusEntry(next);
	}

	#focusEntry(index: number): void {
		const state = legendOrder[index];
		if (state === undefined) return;
		this.#focused = index;
		for (const [at, other] of legendOrder.entries()) {
			setAttributes(this.#entries.get(other)?.node ?? this.node, { tabindex: at === index ? 0 : -1 });
		}
		this.#entries.get(state)?.node.focus();
	}
}
