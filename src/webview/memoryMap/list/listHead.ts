import { formatCount } from "../../../shared/units";
import { type Button, button } from "../../ui/controls";
import { element, setHidden, setText } from "../../ui/element";
import { icon } from "../../ui/icons";
import type { Lifetime } from "../../ui/lifetime";
import { openMenu } from "../../ui/menu";
import { measureHeads, orderNames } from "../../words/names";
import { groupEntries, orderEntries } from "../blocks/moreMenu";
import type { ViewContext } from "../context";
import { heldText, type ListModel } from "../listRows";
import type { Snapshot } from "../store";

/** The list's column heads, its menus, and what waits or is filtered out. */
export class ListHead {
	readonly node: HTMLElement;
	/** Above the strips: where they begin and how wide they are. */
	readonly stripHead: HTMLElement;
	readonly #value = element("span", { class: "row-value" });
	readonly #matches = element("span", { class: "matches", role: "status" });
	readonly #sort: HTMLButtonElement;
	readonly #sortText = element("span");
	readonly #group: HTMLButtonElement;
	readonly #groupText = element("span");
	readonly #held: Button;

	constructor(lifetime: Lifetime, context: ViewContext, onHeld: () => void) {
		this.#sort = menuButton(this.#sortText);
		this.#group = menuButton(this.#groupText);
		this.#held = button("", { class: "held" });
		lifetime.listen(this.#sort, "click", () => openMenu(this.#sort, "Sort", orderEntries(context)));
		lifetime.listen(this.#group, "click", () => openMenu(this.#group, "Group", groupEntries(context)));
		lifetime.listen(this.#held, "click", onHeld);
		this.stripHead = element(
			"span",
			{ class: "strip-head" },
			element("span", { class: "strip-key body-key" }, "mapped here"),
			element("span", { class: "strip-key lane-key" }, "in page cache"),
			this.#matches,
			this.#held,
			element("span", { class: "list-menus" }, this.#sort, this.#group),
		);
		const text = element(
			"div",
			{ class: "row-text" },
			element("span", { class: "row-name" }, "Mapping"),
			element("span", { class: "row-address" }, "Address"),
			element("span", { class: "row-permissions" }, "Perm"),
			element("span", { class: "row-size" }, "Size"),
			this.#value,
		);
		this.node = element("div", { class: "list-head" }, text, this.stripHead);
	}

	update({ state, list }: Snapshot, model: ListModel): void {
		if (!list) return;
		setText(this.#value, measureHeads[list.query.measure]);
		setText(this.#sortText, `Sort: ${orderNames[state.order].toLowerCase()}`);
		setText(this.#groupText, `Group: ${state.grouped ? "module" : "none"}`);
		const filtered = list.query.filter !== "" || list.query.kinds.length > 0;
		const { mappings } = list.frame.totals;
		setText(this.#matches, filtered ? `${formatCount(model.matching)} of ${formatCount(mappings)} mappings match` : "");
		this.node.classList.toggle("filtered", filtered);
		setHidden(this.#held, model.held === undefined);
		if (model.held) setText(this.#held, `${heldText(model.held)} ▾`);
	}
}

function menuButton(text: HTMLElement): HTMLButtonElement {
	return element("button", { class: "menu-button", "aria-haspopup": "menu" }, text, icon("chevron-down"));
}
