import { element } from "../../ui/element";
import type { Phrase } from "../../words/phrases";
import type { Fact } from "../words/page";

/** Facts as a list of names and values. Rebuilt only when one of them has changed. */
export class FactTable {
	readonly node = element("dl", { class: "facts" });
	#shown = "";

	update(facts: readonly Fact[]): void {
		const key = JSON.stringify(facts);
		if (key === this.#shown) return;
		this.#shown = key;
		this.node.replaceChildren(...facts.flatMap(factNodes));
	}
}

function factNodes({ name, value, note, code, warn }: Fact): HTMLElement[] {
	const style = [code === true ? "code" : "", warn === true ? "warn" : ""].filter(Boolean).join(" ");
	const content = element("dd", {}, element("span", { class: style === "" ? undefined : style }, value));
	if (note !== undefined && note !== "") content.append(" ", element("span", { class: "fact-note" }, note));
	return [element("dt", {}, name), content];
}

/** A sentence with its stressed words and its code. */
export function phraseNodes(phrases: readonly Phrase[]): (Node | string)[] {
	return phrases.map((phrase) => {
		if (typeof phrase === "string") return phrase;
		return "strong" in phrase ? element("strong", {}, phrase.strong) : element("code", {}, phrase.code);
	});
}
