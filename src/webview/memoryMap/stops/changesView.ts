import { element, setHidden } from "../../ui/element";
import { icon } from "../../ui/icons";
import type { Lifetime } from "../../ui/lifetime";
import type { Block, ViewContext } from "../context";
import { type Snapshot, showsChanges } from "../store";
import { ChangeListView } from "./changeListView";
import { FaultCardView } from "./faultCardView";

/** The letters and what they mean, as the list has them. */
const letters = [
	["N", "new"],
	["G", "grown or shrunk"],
	["R", "reprotected"],
	["W", "written"],
	["D", "gone"],
	["?", "not known"],
] as const;

/** What has changed at a stop: the explanation of a fault, what is to be said, and the mappings that changed. */
export class ChangesView implements Block {
	readonly node: HTMLElement;
	readonly #sentences = element("div", { class: "stop-sentences", role: "status" });
	readonly #card: FaultCardView;
	readonly #lists: readonly ChangeListView[];
	#said = "";

	constructor(lifetime: Lifetime, context: ViewContext, open: (page: number) => void) {
		this.#card = new FaultCardView(context);
		this.#lists = [0, 1].map((index) => new ChangeListView(context, index, open));
		const content = element(
			"div",
			{ class: "changes-content" },
			this.#card.node,
			this.#sentences,
			...this.#lists.map(({ node }) => node),
		);
		this.node = element("section", { class: "changes", "aria-label": "Changes", hidden: true }, content, legend());
		lifetime.observeSize(content, () => context.store.redraw());
	}

	update(snapshot: Snapshot): void {
		const { stops } = snapshot;
		const shown = showsChanges(snapshot);
		setHidden(this.node, !shown);
		if (!shown || !stops) return;
		const picture = JSON.stringify(stops.shown);
		this.#card.update(stops.card, picture);
		for (const [index, list] of this.#lists.entries()) list.update(stops.lists[index], picture);
		const said = JSON.stringify(stops.sentences);
		if (said === this.#said) return;
		this.#said = said;
		this.#sentences.replaceChildren(
			...stops.sentences.map(({ icon: name, text }) =>
				element("p", { class: `stop-sentence ${name}` }, icon(name), text),
			),
		);
	}

	focus(): boolean {
		return this.#lists.some((list) => !list.node.hidden && list.focus());
	}
}

function legend(): HTMLElement {
	const entries = letters.map(([letter, word]) =>
		element(
			"span",
			{ class: "letter-entry" },
			element("span", { class: `change-letter letter-${letter === "?" ? "unknown" : letter}` }, letter),
			word,
		),
	);
	const tick = element(
		"span",
		{ class: "letter-entry" },
		element("span", { class: "tick-sample", "aria-hidden": "true" }),
		"tick: page written",
	);
	return element("footer", { class: "letter-legend", "aria-label": "Marks" }, ...entries, tick);
}
