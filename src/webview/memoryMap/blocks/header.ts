import type { ProcessHeader } from "../../../shared/mapFrame";
import { visibleText } from "../../../shared/text";
import { type Button, iconButton } from "../../ui/controls";
import { element, setAttributes, setHidden, setText } from "../../ui/element";
import { icon } from "../../ui/icons";
import type { Lifetime } from "../../ui/lifetime";
import { openMenu } from "../../ui/menu";
import { processStateWord } from "../../words/names";
import type { Block, ViewContext } from "../context";
import { newestFrame, type Snapshot } from "../store";
import { processType } from "../words/view";
import { FindBox } from "./findBox";
import { LiveControl } from "./liveControl";
import { moreMenu } from "./moreMenu";

/** Who the process is, the find box, and what may be done with the whole view. */
export class Header implements Block {
	readonly node: HTMLElement;
	readonly find: FindBox;
	readonly #context: ViewContext;
	readonly #name = element("h1", { class: "process-name" });
	readonly #type = element("span", { class: "process-type" });
	readonly #pid = element("span", { class: "process-pid" });
	readonly #rest = element("span", { class: "process-rest" });
	readonly #live: LiveControl;
	readonly #more: Button;

	/** `readable` is what stood in the page before the first frame: the process's name and pid. */
	constructor(lifetime: Lifetime, context: ViewContext, first: { readonly name: string; readonly pid: string }) {
		this.#context = context;
		this.find = new FindBox(lifetime, context);
		this.#live = new LiveControl(lifetime, context);
		const refresh = iconButton("refresh", "Refresh");
		lifetime.listen(refresh, "click", () => context.perform(context.service.refresh()));
		this.#more = iconButton("ellipsis", "More actions");
		this.#more.setAttribute("aria-haspopup", "menu");
		lifetime.listen(this.#more, "click", () => this.#openMore());
		const process = element(
			"div",
			{ class: "process" },
			icon("server-process"),
			this.#name,
			this.#type,
			this.#pid,
			this.#rest,
		);
		this.node = element(
			"header",
			{ class: "header" },
			process,
			this.find.opener,
			this.find.node,
			this.#live.node,
			refresh,
			this.#more,
		);
		setText(this.#name, visibleText(first.name));
		setText(this.#pid, first.pid === "" ? "" : `PID ${first.pid}`);
	}

	update(snapshot: Snapshot): void {
		const frame = newestFrame(snapshot);
		if (frame) this.#describe(frame.process, frame.status.kind === "ended");
		this.#live.update(snapshot);
		this.find.update(snapshot);
	}

	focus(): boolean {
		this.find.focus();
		return true;
	}

	#describe(process: ProcessHeader, ended: boolean): void {
		const type = processType(process.commandLine);
		setText(this.#name, visibleText(process.name));
		setText(this.#type, type ?? "");
		setHidden(this.#type, type === undefined);
		setText(this.#pid, `PID ${process.pid}`);
		const threads = process.threads === 1 ? "1 thread" : `${process.threads} threads`;
		const state = ended ? ["ended"] : [processStateWord(process.state)];
		if (process.mainThreadEnded && !ended) state.push("main thread has ended");
		const words = [...state, threads, visibleText(process.user)];
		setText(this.#rest, words.map((word) => `· ${word}`).join(" "));
		const commandLine = process.commandLine.map(visibleText).join(" ");
		setAttributes(this.#name, { "data-tip": commandLine.length > 600 ? `${commandLine.slice(0, 600)}…` : commandLine });
	}

	#openMore(): void {
		openMenu(this.#more, "More actions", moreMenu(this.#context));
	}
}
