import { rowIcons } from "../../../shared/rowIcons";
import { visibleText } from "../../../shared/text";
import { formatBytes, hexPage, noValue, pagesToBytes } from "../../../shared/units";
import { shortRange } from "../../rows/addressText";
import { element, setHidden, setText } from "../../ui/element";
import { icon, setIcon } from "../../ui/icons";
import { permissionsInWords } from "../../words/names";
import type { Section } from "../pageSections";

/** The head of a mapping in the page view, or the rule of a gap. */
export class SectionHead {
	readonly node: HTMLElement;
	readonly #icon = icon("file");
	readonly #name = element("strong");
	readonly #range = element("code");
	readonly #size = element("span", { class: "section-size" });
	readonly #note = element("span", { class: "section-note" });
	readonly #head: HTMLElement;
	readonly #gapText = element("span", { class: "gap-text" });
	readonly #rule: HTMLElement;

	constructor() {
		this.#head = element("div", { class: "page-head" }, this.#icon, this.#name, this.#range, this.#size, this.#note);
		this.#rule = element("div", { class: "gap-rule" }, this.#gapText);
		this.node = element("div", { class: "page-section" }, this.#head, this.#rule);
	}

	/** Shows a section whose top edge is at `top` of the visible part. */
	update(section: Section, top: number, pageSize: number): void {
		this.node.style.transform = `translateY(${top}px)`;
		setHidden(this.#head, section.kind === "gap");
		setHidden(this.#rule, section.kind === "mapping");
		if (section.kind === "gap") {
			setText(this.#gapText, `gap ${formatBytes(pagesToBytes(section.pages, pageSize))}`);
			return;
		}
		const { row } = section;
		const resident = row.value === undefined ? noValue : formatBytes(row.value);
		setIcon(this.#icon, rowIcons[row.icon]);
		setText(this.#name, visibleText(row.name));
		const range = shortRange(hexPage(row.startPage, pageSize), hexPage(row.endPage, pageSize));
		setText(this.#range, `${range}  ${row.permissions ?? ""}`);
		setText(this.#size, `${formatBytes(row.size)}, ${resident} resident`);
		setText(this.#note, [row.note, permissionsInWords(row.permissions ?? "")].filter(Boolean).join(", "));
	}
}
