import type { SelectedMapping } from "../../../shared/mapFrame";
import type { PageFrame } from "../../../shared/pageFrame";
import { flagBit } from "../../../shared/pageStates";
import { button } from "../../ui/controls";
import { element, setHidden, setText } from "../../ui/element";
import type { Lifetime } from "../../ui/lifetime";
import type { ViewContext } from "../context";
import { frameFacts, frameFlagFacts } from "../words/frame";
import { contextOf, describePage, type Fact, type PageFacts, pageFacts } from "../words/page";
import { placeFacts } from "../words/place";
import { BytesView } from "./bytesView";
import { Disclosure } from "./disclosure";
import { FactTable } from "./factTable";

const noFrame: PageFrame = { flags: [] };

/** What is known of one page, and its bytes when asked for. */
export class PageDetails {
	readonly node: HTMLElement;
	readonly bytes: BytesView;
	readonly #sentence = element("p", { class: "sentence" });
	readonly #facts = new FactTable();
	/** Page and mapping that sections and symbols were last asked for; the answer of before stays until the next has come. */
	#asked: { readonly page: number; readonly line: string } | undefined;
	#place: readonly Fact[] = [];
	/** The physical memory behind the page, and what was true of the page when it was asked for. */
	#frame: PageFrame = noFrame;
	#askedFrame = "";
	readonly #flags = new Disclosure("Frame flags");
	#redraw = (): void => undefined;

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
	) {
		this.bytes = new BytesView(lifetime, context);
		const goTo = button("Go to address…");
		lifetime.listen(goTo, "click", () => context.perform(context.service.promptForAddress()));
		this.node = element(
			"div",
			{ class: "details" },
			element("div", { class: "details-text" }, this.#sentence, this.#facts.node, this.#flags.node),
			this.bytes.node,
			element("div", { class: "detail-actions" }, goTo),
		);
	}

	/** `page` may be without facts for a moment, until its states have arrived. */
	update(page: number, facts: PageFacts | undefined, mapping: SelectedMapping, pageSize: number): void {
		this.#redraw = () => this.update(page, facts, mapping, pageSize);
		this.#ask(page, mapping.line);
		if (facts) {
			this.#askFrame(facts, mapping.line);
			setText(this.#sentence, describePage(facts, contextOf(mapping), pageSize));
			this.#facts.update([...pageFacts(facts, mapping, pageSize), ...this.#place, ...frameFacts(this.#frame)]);
		}
		setHidden(this.#flags.node, this.#frame.flags.length === 0);
		this.#flags.update({ code: this.#frame.flags.join(" "), text: "" }, frameFlagFacts(this.#frame));
		this.bytes.update(facts, page, pageSize);
	}

	/** Asks for the memory behind the page, once as long as the page stays what it is. */
	#askFrame({ page, state, flags }: PageFacts, line: string): void {
		const key = `${page} ${state} ${flags & flagBit.exclusive} ${line}`;
		if (key === this.#askedFrame) return;
		this.#askedFrame = key;
		const show = (frame: PageFrame): void => {
			if (key !== this.#askedFrame) return;
			this.#frame = frame;
			this.#redraw();
		};
		// When the process has ended, what is known of the page is shown without it.
		this.context.service.pageFrame(page).then(show, () => show(noFrame));
	}

	/** Asks what of a program lies in the page, once as long as the mapping is the same. */
	#ask(page: number, line: string): void {
		if (this.#asked?.page === page && this.#asked.line === line) return;
		if (this.#asked?.line !== line) this.#place = [];
		const asked = { page, line };
		this.#asked = asked;
		this.context.service.describe(page).then(
			(place) => {
				if (asked !== this.#asked) return;
				this.#place = placeFacts(place);
				this.#redraw();
			},
			() => {
				// What is known of the page is shown all the same; with the next picture it is asked again.
				if (asked === this.#asked) this.#asked = undefined;
			},
		);
	}
}
