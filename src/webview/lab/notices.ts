import { button } from "../ui/controls";
import { element, setHidden } from "../ui/element";
import { icon } from "../ui/icons";
import type { LabContext } from "./context";
import type { LabSnapshot } from "./store";
import { troubleWords } from "./words/trouble";

/** A line above the panel: why the lab cannot run, what failed, or that the window was reloaded. */
export class Notices {
	readonly node = element("div", { class: "notices", role: "status" });
	#drawn = "";

	constructor(private readonly context: LabContext) {}

	update({ state, failure }: LabSnapshot): void {
		const { trouble, formerlyDone = 0, done } = state;
		const drawn = JSON.stringify([trouble, failure, formerlyDone, done]);
		if (drawn === this.#drawn) return;
		this.#drawn = drawn;
		const notices: HTMLElement[] = [];
		if (trouble) notices.push(notice("warning", troubleWords(trouble)));
		else if (failure) notices.push(notice("error", troubleWords(failure)));
		if (formerlyDone > 0 && done === 0 && !trouble) notices.push(this.#reloaded(formerlyDone));
		this.node.replaceChildren(...notices);
		setHidden(this.node, notices.length === 0);
	}

	#reloaded(steps: number): HTMLElement {
		const { service, store } = this.context;
		const again = button(steps === 1 ? "Run it again" : "Run them again");
		again.addEventListener("click", () => store.perform(service.rerun()));
		const ran = steps === 1 ? "1 step had run" : `${steps} steps had run`;
		return notice("info", `The window was loaded anew, and the lab process ended with the old one. ${ran}.`, again);
	}
}

function notice(severity: "info" | "warning" | "error", text: string, ...rest: Node[]): HTMLElement {
	return element(
		"div",
		{ class: `notice ${severity}` },
		icon(severity),
		element("span", { class: "notice-text" }, text),
		...rest,
	);
}
