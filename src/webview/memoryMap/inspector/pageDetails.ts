import type { SelectedMapping } from "../../../shared/mapFrame";
import { button } from "../../ui/controls";
import { element, setText } from "../../ui/element";
import type { Lifetime } from "../../ui/lifetime";
import type { ViewContext } from "../context";
import { contextOf, describePage, type PageFacts, pageFacts } from "../words/page";
import { BytesView } from "./bytesView";
import { FactTable } from "./factTable";

/** What is known of one page, and its bytes when asked for. */
export class PageDetails {
	readonly node: HTMLElement;
	readonly bytes: BytesView;
	readonly #sentence = element("p", { class: "sentence" });
	readonly #facts = new FactTable();

	constructor(lifetime: Lifetime, context: ViewContext) {
		this.bytes = new BytesView(lifetime, context);
		const goTo = button("Go to address…");
		lifetime.listen(goTo, "click", () => context.perform(context.service.promptForAddress()));
		this.node = element(
			"div",
			{ class: "details" },
			element("div", { class: "details-text" }, this.#sentence, this.#facts.node),
			this.bytes.node,
			element("div", { class: "detail-actions" }, goTo),
		);
	}

	/** `page` may be without facts for a moment, until its states have arrived. */
	update(page: number, facts: PageFacts | undefined, mapping: SelectedMapping, pageSize: number): void {
		if (facts) {
			setText(this.#sentence, describePage(facts, contextOf(mapping), pageSize));
			this.#facts.update(pageFacts(facts, mapping, pageSize));
		}
		this.bytes.update(facts, page, pageSize);
	}
}
