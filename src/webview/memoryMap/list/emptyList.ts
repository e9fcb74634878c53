import { button } from "../../ui/controls";
import { element, setHidden, setText } from "../../ui/element";
import { icon } from "../../ui/icons";
import type { ViewContext } from "../context";
import type { ListModel } from "../listRows";
import type { Snapshot } from "../store";
import { nothingMatches } from "../words/view";

/** Stands in the place of the rows when the filter leaves none. */
export class EmptyList {
	readonly node: HTMLElement;
	readonly #text = element("span");

	constructor(context: ViewContext) {
		const clear = button("Clear");
		clear.addEventListener("click", () => context.store.update({ filter: "", kinds: [] }));
		this.node = element(
			"div",
			{ class: "list-empty", role: "status", hidden: true },
			icon("search"),
			this.#text,
			clear,
		);
	}

	update({ list }: Snapshot, model: ListModel): void {
		const filtered = list !== undefined && (list.query.filter !== "" || list.query.kinds.length > 0);
		const empty = filtered && model.matching === 0 && list.frame.totals.mappings > 0;
		setHidden(this.node, !empty);
		if (empty) setText(this.#text, nothingMatches(list.query.filter));
	}
}
