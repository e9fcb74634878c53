import { button, iconButton } from "../../ui/controls";
import { element, setHidden } from "../../ui/element";
import { icon } from "../../ui/icons";
import type { ViewContext } from "../context";
import { newestFrame, type Snapshot } from "../store";
import {
	accessWays,
	crowdedNotice,
	errorWords,
	incompleteNotice,
	type Notice,
	type NoticeAction,
	statusNotice,
	watchNextAction,
} from "../words/view";

/** How long the first frame may take before the view says that it is reading, ms. */
const patience = 200;

/**
 * Sentences where the data would be, or above it: how the process and the reading of it fare. Also what is shown before
 * the first frame has come.
 */
export class Notices {
	/** Above the picture. */
	readonly bar = element("div", { class: "notices", role: "status" });
	/** In the place of the picture. */
	readonly instead = element("div", { class: "instead", role: "status", hidden: true });
	#shown = "";
	#explained = false;
	/** Texts of the notices that were closed. */
	readonly #closed = new Set<string>();
	#patient = true;

	constructor(private readonly context: ViewContext) {
		setTimeout(() => {
			this.#patient = false;
			context.store.redraw();
		}, patience);
	}

	update(snapshot: Snapshot): void {
		const notices = this.#collect(snapshot);
		const key = JSON.stringify([notices, this.#explained]);
		if (key === this.#shown) return;
		this.#shown = key;
		const whole = notices.find(({ instead }) => instead);
		setHidden(this.instead, whole === undefined);
		this.instead.replaceChildren(...(whole ? [this.#node(whole)] : []));
		this.bar.replaceChildren(...notices.filter(({ instead }) => !instead).map((notice) => this.#node(notice)));
	}

	#collect(snapshot: Snapshot): Notice[] {
		const frame = newestFrame(snapshot);
		const { failure, remark } = snapshot;
		const notices: Notice[] = [];
		if (frame) {
			const told = [
				statusNotice(frame.status, frame.process),
				incompleteNotice(frame.sample),
				crowdedNotice(frame.totals),
			];
			notices.push(...told.filter((notice) => notice !== undefined));
		}
		if (!frame && !failure && !this.#patient) {
			notices.push({ icon: "history", text: "Reading mappings…", instead: true, severity: "info" });
		}
		if (failure) {
			const gone = failure.code === "processGone";
			const action = gone ? watchNextAction : ({ label: "Try again", id: "retry" } as const);
			notices.push({
				icon: "error",
				text: errorWords(failure),
				action,
				instead: frame === undefined,
				severity: "error",
			});
		}
		if (remark !== undefined)
			notices.push({ icon: "info", text: remark, instead: false, severity: "info", closes: true });
		return notices.filter(({ text }) => !this.#closed.has(text) || text === remark);
	}

	#node(notice: Notice): HTMLElement {
		const { action, detail, severity } = notice;
		const text = element("div", { class: "notice-text" }, element("span", {}, notice.text));
		if (detail !== undefined) text.append(" ", element("span", { class: "notice-detail" }, detail));
		if (action?.id === "explainAccess" && this.#explained) {
			text.append(element("ul", {}, ...accessWays.map((way) => element("li", {}, way))));
		}
		const node = element("div", { class: `notice ${severity}` }, icon(notice.icon), text);
		if (action) {
			const control = button(action.label);
			control.addEventListener("click", () => this.#act(action.id));
			node.append(control);
		}
		if (notice.closes === true) {
			const close = iconButton("close", "Close");
			close.addEventListener("click", () => this.#close(notice.text));
			node.append(close);
		}
		return node;
	}

	#close(text: string): void {
		const { store } = this.context;
		if (store.snapshot.remark === text) store.remark(undefined);
		else this.#closed.add(text);
		store.redraw();
	}

	#act(action: NoticeAction): void {
		const { store, service, perform } = this.context;
		switch (action) {
			case "retry":
				store.retry();
				break;
			case "explainAccess":
				this.#explained = !this.#explained;
				store.redraw();
				break;
			case "watchNext":
				perform(service.watchNext());
				break;
		}
	}
}
