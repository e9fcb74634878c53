import { element, setText } from "../../ui/element";
import { icon } from "../../ui/icons";
import type { Fact } from "../words/page";
import { FactTable } from "./factTable";

/** A row of the facts that unfolds into more of them. */
export class Disclosure {
	readonly node: HTMLDetailsElement;
	readonly #code = element("code");
	readonly #text = element("span", { class: "fact-note" });
	readonly #facts = new FactTable();

	constructor(name: string) {
		this.node = element(
			"details",
			{ class: "disclosure" },
			element(
				"summary",
				{},
				element("span", { class: "disclosure-name" }, name, icon("chevron-right")),
				element("span", { class: "disclosure-text" }, this.#code, " ", this.#text),
			),
			this.#facts.node,
		);
	}

	update(summary: { readonly code: string; readonly text: string }, facts: readonly Fact[]): void {
		setText(this.#code, summary.code);
		setText(this.#text, summary.text);
		this.#facts.update(facts);
	}
}
