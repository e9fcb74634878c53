import type { MapFrame } from "../../../shared/mapFrame";
import { rowIcons } from "../../../shared/rowIcons";
import { visibleText } from "../../../shared/text";
import { formatBytes, hexPage } from "../../../shared/units";
import { button } from "../../ui/controls";
import { element, setHidden, setText } from "../../ui/element";
import { icon, setIcon } from "../../ui/icons";
import type { Lifetime } from "../../ui/lifetime";
import { type MenuEntry, openMenu } from "../../ui/menu";
import { baseName } from "../../words/phrases";
import type { MapStore } from "../store";
import type { ViewState } from "../viewState";

/** The page view's bar: where one is, the way back, and what colour means. */
export class Crumbs {
	readonly node: HTMLElement;
	readonly #process = element("button", { class: "crumb" });
	readonly #processText = element("span");
	readonly #module = element("button", { class: "crumb" });
	readonly #moduleStep = step();
	readonly #icon = icon("file");
	readonly #label = element("strong");
	readonly #address = element("code");
	readonly #scale = element("span", { class: "crumb-scale" });
	readonly #colour: HTMLButtonElement;
	readonly #colourText = element("span");
	constructor(
		lifetime: Lifetime,
		private readonly store: MapStore,
		back: () => void,
	) {
		const backButton = button("Back", { icon: "arrow-left" });
		backButton.setAttribute("data-tip", "Back to the list (Escape)");
		this.#process.append(icon("server-process"), this.#processText);
		this.#colour = element(
			"button",
			{ class: "menu-button", "aria-haspopup": "menu" },
			this.#colourText,
			icon("chevron-down"),
		);
		for (const crumb of [backButton, this.#process, this.#module]) lifetime.listen(crumb, "click", back);
		lifetime.listen(this.#colour, "click", () => openMenu(this.#colour, "Colour", this.#entries()));
		const current = element(
			"span",
			{ class: "crumb current", "aria-current": "page" },
			this.#icon,
			this.#label,
			this.#address,
		);
		this.node = element(
			"nav",
			{ class: "crumbs", "aria-label": "Where you are" },
			backButton,
			this.#process,
			step(),
			this.#module,
			this.#moduleStep,
			current,
			element("span", { class: "spacer" }),
			this.#colour,
			this.#scale,
		);
	}

	update(frame: MapFrame, { colourByKind }: ViewState): void {
		const { process, selected, pageSize } = frame;
		setText(this.#processText, `${visibleText(process.name)} ${process.pid}`);
		const module = selected?.module === undefined ? "" : visibleText(baseName(selected.module));
		const label = selected ? visibleText(selected.label) : "";
		setText(this.#module, module);
		setHidden(this.#module, module === "");
		setHidden(this.#moduleStep, module === "");
		if (selected) setIcon(this.#icon, rowIcons[selected.kind]);
		setText(this.#label, label.startsWith(`${module} · `) ? label.slice(module.length + 3) : label);
		setText(this.#address, selected ? `${hexPage(selected.startPage, pageSize)} ${selected.permissions}` : "");
		setText(this.#colourText, `Colour: ${colourByKind ? "kind" : "state"}`);
		setText(this.#scale, `1 cell = 1 page, ${formatBytes(pageSize)}`);
	}

	#entries(): MenuEntry[] {
		return [false, true].map((colourByKind) => ({
			label: colourByKind ? "Colour by kind" : "Colour by state",
			checked: this.store.state.colourByKind === colourByKind,
			run: () => this.store.update({ colourByKind }),
		}));
	}
}

/** The sign between two crumbs. */
function step(): HTMLSpanElement {
	const sign = icon("chevron-right");
	sign.classList.add("crumb-step");
	return sign;
}
