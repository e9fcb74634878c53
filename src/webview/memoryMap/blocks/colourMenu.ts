import { element, setText } from "../../ui/element";
import { icon } from "../../ui/icons";
import type { Lifetime } from "../../ui/lifetime";
import { type MenuEntry, openMenu } from "../../ui/menu";
import type { MapStore } from "../store";
import type { ViewState } from "../viewState";

/** Chooses what colour means in the overview and in the page view: the state of a page, or the kind of its mapping. */
export class ColourMenu {
	readonly node: HTMLButtonElement;
	readonly #text = element("span");

	constructor(
		lifetime: Lifetime,
		private readonly store: MapStore,
	) {
		this.node = element("button", { class: "menu-button", "aria-haspopup": "menu" }, this.#text, icon("chevron-down"));
		lifetime.listen(this.node, "click", () => openMenu(this.node, "Colour", this.#entries()));
	}

	update({ colourByKind }: ViewState): void {
		setText(this.#text, `Colour: ${colourByKind ? "kind" : "state"}`);
	}

	#entries(): MenuEntry[] {
		return [false, true].map((colourByKind) => ({
			label: colourByKind ? "Colour by kind" : "Colour by state",
			checked: this.store.state.colourByKind === colourByKind,
			run: () => this.store.update({ colourByKind }),
		}));
	}
}
