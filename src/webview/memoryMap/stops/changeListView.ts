import type { ChangeList, ChangeRow } from "../../../shared/debug/stopLayer";
import { rowIcons } from "../../../shared/rowIcons";
import { formatCount } from "../../../shared/units";
import { element, setAttributes, setHidden } from "../../ui/element";
import { icon } from "../../ui/icons";
import type { ViewContext } from "../context";
import { prepareCanvas } from "../draw/geometry";
import { stateMask } from "../draw/options";
import { paintStrip } from "../draw/strip";
import { stripCapacity } from "../draw/stripLayout";
import { nextIndex } from "../keyboard";
import { StripLoader } from "./stripLoader";

/** Height of a row, and where its strip begins below its top, CSS pixels. */
const rowHeight = 25;
const stripTop = 8;

/** A list of changed mappings: letter, name, address, permissions, size, pages, and a strip with ticks over written pages. */
export class ChangeListView {
	readonly node = element("section", { class: "change-list" });
	readonly #canvas = element("canvas", { class: "change-strips", "aria-hidden": "true" });
	readonly #loader: StripLoader;
	#rows: readonly HTMLElement[] = [];
	#list: ChangeList | undefined;
	#focused = 0;

	constructor(
		private readonly context: ViewContext,
		private readonly index: number,
		/** Shows a page in the map. */
		private readonly open: (page: number) => void,
	) {
		this.#loader = new StripLoader(context.service, () => this.draw());
	}

	/** `picture` names the stops that are compared. */
	update(list: ChangeList | undefined, picture: string): void {
		setHidden(this.node, list === undefined);
		// The debugger tells much that changes nothing here: rows that are the same keep the focus.
		if (JSON.stringify(list) !== JSON.stringify(this.#list)) this.#build(list);
		this.#list = list;
		if (!list) return;
		const room = stripCapacity(this.#width(), devicePixelRatio);
		const pages = list.rows.filter(({ letter }) => letter !== "D").map(({ startPage }) => startPage);
		this.context.perform(this.#loader.want(picture, this.index, pages, room));
		this.draw();
	}

	/** Takes the focus; false when it has no rows. */
	focus(): boolean {
		const row = this.#rows[this.#focused] ?? this.#rows[0];
		row?.focus();
		return row !== undefined;
	}

	draw(): void {
		const list = this.#list;
		if (!list || list.rows.length === 0) return;
		const width = this.#width();
		const canvas = prepareCanvas(this.#canvas, Math.max(1, width), list.rows.length * rowHeight, devicePixelRatio);
		const { strips } = this.#loader;
		if (!canvas || !strips || width <= 0) return;
		const hidden = stateMask(this.context.store.state.hiddenStates);
		let strip = 0;
		for (const [at, row] of list.rows.entries()) {
			if (row.letter === "D") continue;
			const segments = strips.strips[strip++] ?? [];
			const palette = this.context.palette();
			const options = { dpr: devicePixelRatio, hidden };
			paintStrip(canvas, 0, at * rowHeight + stripTop, width, segments, strips.columns, palette, options);
		}
	}

	#width(): number {
		const cell = this.#rows[0]?.lastElementChild;
		return cell instanceof HTMLElement ? Math.max(0, cell.clientWidth) : 0;
	}

	#build(list: ChangeList | undefined): void {
		this.#rows = list?.rows.map((row, index) => this.#row(row, index)) ?? [];
		this.#focused = 0;
		if (!list) {
			this.node.replaceChildren();
			return;
		}
		setAttributes(this.node, { "aria-label": list.title });
		const head = element(
			"div",
			{ class: "section-head" },
			element("h2", { class: "section-title" }, list.title),
			element("span", { class: "section-note" }, list.note),
		);
		const rows = element("div", { class: "change-rows", role: "listbox", "aria-label": `${list.title}, ${list.note}` });
		rows.append(...this.#rows, this.#canvas);
		rows.addEventListener("keydown", (event) => this.#onKey(event));
		this.node.replaceChildren(head, rows);
		if (list.more > 0) {
			const text = `${formatCount(list.more)} more changed mappings are marked in the map.`;
			this.node.append(element("p", { class: "change-more" }, text));
		}
	}

	#row(row: ChangeRow, index: number): HTMLElement {
		const node = element(
			"div",
			{
				class: `change-row letter-${row.letter === "?" ? "unknown" : row.letter}`,
				role: "option",
				tabindex: index === 0 ? 0 : -1,
				"aria-selected": "false",
				"aria-label": row.spoken,
				"data-page": row.startPage,
			},
			element("span", { class: "change-letter" }, row.letter),
			icon(rowIcons[row.icon]),
			element("span", { class: "change-name" }, row.name),
			element("span", { class: "change-address" }, row.address),
			element("span", { class: "change-permissions" }, row.permissions),
			element("span", { class: "change-size" }, row.size),
			element("span", { class: "change-pages" }, row.pages),
			element("span", { class: "change-strip" }),
		);
		// What is gone is nowhere in the map any more.
		if (row.letter !== "D") node.addEventListener("click", () => this.open(row.startPage));
		return node;
	}

	#onKey(event: KeyboardEvent): void {
		const row = this.#list?.rows[this.#focused];
		if ((event.key === "Enter" || event.key === " ") && row) {
			event.preventDefault();
			if (row.letter !== "D") this.open(row.startPage);
			return;
		}
		const next = nextIndex(event.key, this.#focused, this.#rows.length);
		const node = next === undefined ? undefined : this.#rows[next];
		if (next === undefined || !node) return;
		event.preventDefault();
		setAttributes(this.#rows[this.#focused] ?? node, { tabindex: -1 });
		this.#focused = next;
		setAttributes(node, { tabindex: 0 });
		node.focus();
	}
}
