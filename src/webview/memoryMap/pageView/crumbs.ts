import type { MapFrame } from "../../../shared/mapFrame";
import { rowIcons } from "../../../shared/rowIcons";
import { visibleText } from "../../../shared/text";
import { formatBytes, hexPage } from "../../../shared/units";
import { button } from "../../ui/controls";
import { element, setHidden, setText } from "../../ui/element";
import { icon, setIcon } from "../../ui/icons";
import type { Lifetime } from "../../ui/lifetime";
import { baseName } from "../../words/phrases";
import { ColourMenu } from "../blocks/colourMenu";
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
	readonly #colour: ColourMenu;

	constructor(lifetime: Lifetime, store: MapStore, back: () => void) {
		this.#colour = new ColourMenu(lifetime, store);
		const backButton = button("Back", { icon: "arrow-left" });
		backButton.setAttribute("data-tip", "Back to the list (Escape)");
		this.#process.append(icon("server-process"), this.#processText);
		for (const crumb of [backButton, this.#process, this.#module]) lifetime.listen(crumb, "click", back);
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
			this.#colour.node,
			this.#scale,
		);
	}

	update(frame: MapFrame, state: ViewState): void {
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
		this.#colour.update(state);
		setText(this.#scale, `1 cell = 1 page, ${formatBytes(pageSize)}`);
	}
}

/** The sign between two crumbs. */
function step(): HTMLSpanElement {
	const sign = icon("chevron-right");
	sign.classList.add("crumb-step");
	return sign;
}
