import { toErrorData } from "../../../shared/errors";
import type { SelectedMapping } from "../../../shared/mapFrame";
import type { MappingKind } from "../../../shared/mappingKinds";
import { type Button, button } from "../../ui/controls";
import { element, setHidden, setText } from "../../ui/element";
import type { Lifetime } from "../../ui/lifetime";
import type { ViewContext } from "../context";
import { plainFacts } from "../words/page";
import { relationFacts } from "../words/relations";
import { errorWords } from "../words/view";
import { FactTable } from "./factTable";

/** What nobody else can map, or what everybody has. */
const ownKinds: ReadonlySet<MappingKind> = new Set<MappingKind>(["kernel", "guard", "reserved"]);

/** Who else maps the selected mapping: looked for when the person asks, since every process has to be looked at. */
export class RelationsView {
	readonly node: HTMLElement;
	readonly #facts = new FactTable();
	readonly #message = element("p", { class: "bytes-message" });
	readonly #ask: Button;
	#mapping: SelectedMapping | undefined;

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
	) {
		this.#ask = button("Who else maps this?");
		this.node = element(
			"div",
			{ class: "relations" },
			this.#facts.node,
			this.#message,
			element("div", { class: "detail-actions" }, this.#ask),
		);
		lifetime.listen(this.#ask, "click", () => this.#find());
	}

	/** The answer stays until another mapping is selected. */
	update(mapping: SelectedMapping): void {
		if (mapping.line !== this.#mapping?.line) {
			this.#facts.update([]);
			setText(this.#message, "");
		}
		this.#mapping = mapping;
		setHidden(this.node, ownKinds.has(mapping.kind));
	}

	#find(): void {
		const { line, startPage } = this.#mapping ?? {};
		if (startPage === undefined) return;
		const isSame = (): boolean => line === this.#mapping?.line;
		this.#ask.disabled = true;
		this.context.service
			.relations(startPage)
			.then(
				(relations) => {
					if (!isSame()) return;
					const facts = relationFacts(relations);
					this.#facts.update(facts);
					setText(this.#message, "");
					this.context.announce(plainFacts(facts));
				},
				(error: unknown) => {
					if (isSame()) setText(this.#message, errorWords(toErrorData(error)));
				},
			)
			.finally(() => {
				this.#ask.disabled = false;
			});
	}
}
