import { visibleText } from "../../shared/text";
import { element, setText } from "../ui/element";
import type { PageSource } from "./pageSource";
import { newestFrame, type Snapshot } from "./store";
import { announcePage } from "./words/page";
import { statusNotice } from "./words/view";

/** The live region: what a canvas cannot say by itself. */
export class Announcer {
	readonly node = element("div", { class: "visually-hidden", "aria-live": "polite" });
	#page = "";
	#status = "";

	constructor(private readonly pages: PageSource) {}

	/** Says the chosen page when it, or its state, is another; and what has become of the process. */
	update(snapshot: Snapshot): void {
		const { state, list, pages } = snapshot;
		const frame = newestFrame(snapshot);
		const status = frame ? (statusNotice(frame.status, frame.process)?.text ?? "") : "";
		if (status !== this.#status) {
			this.#status = status;
			this.say(status);
			if (status !== "") return; // a page said at once would take its place before anybody has heard it
		}
		const selected = (state.openPage === undefined ? list : pages)?.frame.selected;
		const page = state.selectedPage;
		if (!state.pageChosen || !selected || page === undefined) {
			this.#page = "";
			return;
		}
		if (page < selected.startPage || page >= selected.endPage) return;
		const facts = this.pages.get(page);
		const text = `${visibleText(selected.label)}, ${announcePage(page, selected, facts?.state)}`;
		if (!facts || text === this.#page) return;
		this.#page = text;
		this.say(text);
	}

	say(text: string): void {
		setText(this.node, text);
	}
}
