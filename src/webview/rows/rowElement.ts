import type { Row } from "../../shared/mapFrame";
import { rowIcons } from "../../shared/rowIcons";
import { visibleText } from "../../shared/text";
import { formatBytes, formatCount, hexPage } from "../../shared/units";
import { element, setAttributes, setHidden, setText } from "../ui/element";
import { icon, setIcon } from "../ui/icons";
import { isWritableAndExecutable } from "../words/names";
import { gapText, rowLabel, valueText } from "../words/row";
import { splitAddress } from "./addressText";

/** How a row is shown. */
export interface RowView {
	readonly index: number;
	readonly total: number;
	readonly selected: boolean;
	/** Start page of the row above, whose equal leading digits are dimmed. */
	readonly above: number | undefined;
	readonly pageSize: number;
	readonly measureName: string;
	/** A filter leaves this row in, others out; nothing is dimmed in the list itself. */
	readonly top: number;
	readonly height: number;
}

let nextId = 0;

/** The text of one row; elements are reused as the list scrolls. The strip is painted over it by the list. */
export class RowElement {
	readonly node: HTMLElement;
	readonly twistie = icon("chevron-right");
	readonly #icon = icon("file");
	readonly #name = element("span", { class: "row-label" });
	readonly #note = element("span", { class: "row-note" });
	readonly #same = element("span", { class: "digits-same" });
	readonly #rest = element("span");
	readonly #permissions = element("span", { class: "row-permissions", role: "gridcell" });
	readonly #size = element("span", { class: "row-size", role: "gridcell" });
	readonly #value = element("span", { class: "row-value", role: "gridcell" });
	readonly #gap = element("span", { class: "gap-text" });
	readonly #text: HTMLElement;
	readonly #rule: HTMLElement;

	constructor() {
		this.twistie.classList.add("twistie");
		const name = element("span", { class: "row-name", role: "gridcell" }, this.#name, this.#note);
		const address = element("span", { class: "row-address", role: "gridcell" }, this.#same, this.#rest);
		this.#text = element(
			"div",
			{ class: "row-text" },
			this.twistie,
			this.#icon,
			name,
			address,
			this.#permissions,
			this.#size,
			this.#value,
		);
		this.#rule = element("div", { class: "gap-rule", role: "gridcell" }, this.#gap);
		this.node = element("div", { class: "row", role: "row", id: `row-${nextId++}` }, this.#text, this.#rule);
	}

	/** Shows `row` as `view` says. */
	update(row: Row, view: RowView): void {
		const { node } = this;
		const gap = row.type === "gap";
		node.style.transform = `translateY(${view.top}px)`;
		node.style.height = `${view.height}px`;
		node.classList.toggle("group", row.type === "group");
		node.classList.toggle("selected", view.selected);
		node.classList.toggle("gap", gap);
		setHidden(this.#text, gap);
		setHidden(this.#rule, !gap);
		setAttributes(node, {
			"aria-rowindex": view.index + 1,
			"aria-level": row.depth + 1,
			"aria-selected": gap ? undefined : String(view.selected),
			"aria-expanded": row.type === "group" ? String(row.unfolded === true) : undefined,
			"aria-label": rowLabel(row, view.pageSize, view.measureName),
			"data-key": row.key,
		});
		if (gap) setText(this.#gap, gapText(row));
		else this.#showMapping(row, view);
	}

	#showMapping(row: Row, view: RowView): void {
		const group = row.type === "group";
		this.#text.style.setProperty("--depth", String(row.depth));
		this.twistie.classList.toggle("none", !group);
		setIcon(this.twistie, row.unfolded === true ? "chevron-down" : "chevron-right");
		setIcon(this.#icon, rowIcons[row.icon]);
		setText(this.#name, visibleText(row.name));
		setText(this.#note, [row.note, row.count === undefined ? "" : formatCount(row.count)].filter(Boolean).join(" "));
		const address = hexPage(row.startPage, view.pageSize);
		const above = view.above === undefined ? undefined : hexPage(view.above, view.pageSize);
		const { same, rest } = splitAddress(address, above);
		setText(this.#same, same);
		setText(this.#rest, rest);
		setText(this.#permissions, row.permissions ?? "");
		const warn = isWritableAndExecutable(row.permissions);
		this.#permissions.classList.toggle("warn", warn);
		setAttributes(this.#permissions, { "data-tip": warn ? "Writable and executable" : undefined });
		setText(this.#size, formatBytes(row.size));
		setText(this.#value, valueText(row));
		this.#value.classList.toggle("none", row.value === undefined || row.value === 0);
	}
}
