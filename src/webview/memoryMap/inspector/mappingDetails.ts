import type { SelectedMapping } from "../../../shared/mapFrame";
import { visibleText } from "../../../shared/text";
import { vmFlagMeaning } from "../../../shared/vmFlags";
import { element, setHidden, setText } from "../../ui/element";
import type { Lifetime } from "../../ui/lifetime";
import { plainText } from "../../words/phrases";
import { summarizeVmFlags } from "../../words/vmFlags";
import type { ViewContext } from "../context";
import type { ViewState } from "../viewState";
import { mappingFacts, usageFacts } from "../words/facts";
import { describeMapping } from "../words/mapping";
import { describePages } from "../words/pageCounts";
import { Disclosure } from "./disclosure";
import { FactTable, phraseNodes } from "./factTable";
import { RelationsView } from "./relationsView";
import { ShareGridView } from "./shareGridView";

/** What is known of a mapping: the kernel's line, a sentence, facts, its pages. */
export class MappingDetails {
	readonly node: HTMLElement;
	readonly grid: ShareGridView;
	readonly #range = element("div");
	readonly #rest = element("div", { class: "raw-rest" });
	readonly #sentence = element("p", { class: "sentence" });
	readonly #facts = new FactTable();
	readonly #flags: Disclosure;
	readonly #usage: Disclosure;
	readonly #relations: RelationsView;
	#said = "";

	constructor(
		lifetime: Lifetime,
		context: ViewContext,
		actions: { openPages(page: number): void; selectPage(page: number): void; back(): void },
	) {
		this.grid = new ShareGridView(lifetime, context, actions);
		this.#flags = new Disclosure("Flags");
		this.#usage = new Disclosure("All of smaps");
		this.#relations = new RelationsView(lifetime, context);
		this.node = element(
			"div",
			{ class: "details" },
			element(
				"div",
				{ class: "details-text" },
				element("div", { class: "raw-line", "aria-label": "Line of maps" }, this.#range, this.#rest),
				this.#sentence,
				this.#facts.node,
				this.#flags.node,
				this.#usage.node,
				this.#relations.node,
			),
			this.grid.node,
		);
	}

	/** `brief`: only the sentence about the pages, for a sheet without room. */
	update(mapping: SelectedMapping, pageSize: number, state: ViewState, brief: boolean): void {
		const line = visibleText(mapping.line);
		const space = line.indexOf(" ");
		setText(this.#range, line.slice(0, space));
		setText(this.#rest, line.slice(space + 1).replace(/ {2,}/, " "));
		this.#rest.title = line;
		const phrases = brief ? [describePages(mapping)] : describeMapping(mapping);
		const text = plainText(phrases);
		if (text !== this.#said) {
			this.#said = text;
			this.#sentence.replaceChildren(...phraseNodes(phrases));
		}
		this.#facts.update(mappingFacts(mapping, pageSize));
		const flags = mapping.vmFlags ?? [];
		setHidden(this.#flags.node, flags.length === 0);
		this.#flags.update(
			{ code: flags.map(visibleText).join(" "), text: summarizeVmFlags(flags) },
			flags.map((code) => ({ name: visibleText(code), value: vmFlagMeaning(code) })),
		);
		const usage = usageFacts(mapping);
		setHidden(this.#usage.node, usage.length === 0);
		this.#usage.update({ code: "", text: "every field, as the kernel counts" }, usage);
		this.#relations.update(mapping);
		this.grid.update(mapping, pageSize, state);
	}
}
