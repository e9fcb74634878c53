import type { DemoStep } from "../../shared/labDemo";
import type { LabState, StepState } from "../../shared/labPanel";
import { visibleText } from "../../shared/text";
import { element, setAttributes } from "../ui/element";
import type { FocusBlock } from "../ui/focusBlocks";
import { type IconName, icon } from "../ui/icons";
import type { Lifetime } from "../ui/lifetime";
import { codeBlock } from "./codeView";
import type { LabContext } from "./context";
import type { LabSnapshot } from "./store";
import { callWords, refusalWords, replayWords, signalWords } from "./words/calls";
import { isPlayground } from "./words/view";

/** The steps: C, and below it what came of it. Arrows choose, Enter and Space run the next one. */
export class StepList implements FocusBlock {
	readonly node: HTMLElement;
	#drawn = "";
	#options: HTMLElement[] = [];

	constructor(
		lifetime: Lifetime,
		private readonly context: LabContext,
	) {
		this.node = element("div", { class: "steps", role: "listbox", tabindex: 0, "aria-label": "Steps" });
		lifetime.listen(this.node, "keydown", (event) => this.#onKey(event));
		lifetime.listen(this.node, "click", (event) => {
			const step = this.#options.findIndex((option) => option.contains(event.target as Node));
			// Selecting text in the code is no choice of a step.
			if (step >= 0 && getSelection()?.isCollapsed !== false) this.context.store.select(step);
		});
	}

	update(snapshot: LabSnapshot): void {
		const { state, selected } = snapshot;
		const drawn = JSON.stringify([state.demo.id, state.demo.steps, state.steps, state.done, state.activity]);
		if (drawn !== this.#drawn) {
			this.#drawn = drawn;
			this.#options = state.demo.steps.map((step, index) => stepNode(state, step, index));
			const rest = this.#options.length === 0 ? [emptyNode(state)] : [];
			this.node.replaceChildren(...this.#options, ...rest);
			this.#mark(selected, true);
		} else this.#mark(selected, false);
	}

	focus(): boolean {
		this.node.focus();
		return true;
	}

	#mark(selected: number, redrawn: boolean): void {
		for (const [index, option] of this.#options.entries()) {
			setAttributes(option, { "aria-selected": String(index === selected) });
		}
		const option = this.#options[selected];
		const former = this.node.getAttribute("aria-activedescendant");
		setAttributes(this.node, { "aria-activedescendant": option?.id });
		if (option && (redrawn || former !== option.id)) option.scrollIntoView({ block: "nearest" });
	}

	#onKey(event: KeyboardEvent): void {
		const { store, service } = this.context;
		const { state, selected } = store;
		if (!state || event.altKey || event.ctrlKey || event.metaKey) return;
		const { key } = event;
		if (key === "ArrowDown") store.select(selected + 1);
		else if (key === "ArrowUp") store.select(selected - 1);
		else if (key === "Home") store.select(0);
		else if (key === "End") store.select(state.steps.length - 1);
		else if (key === "Enter" || key === " ") {
			if (!event.repeat && state.activity === "idle" && state.done < state.steps.length) store.perform(service.step());
		} else return;
		event.preventDefault();
		event.stopPropagation();
	}
}

const icons: Readonly<Record<StepState["status"], IconName>> = {
	toCome: "circle",
	running: "loading",
	met: "pass-filled",
	differs: "warning",
	killed: "error",
	refused: "circle-slash",
};

const words: Readonly<Record<StepState["status"], string>> = {
	toCome: "to come",
	running: "running",
	met: "done, as expected",
	differs: "done, differs from what was expected",
	killed: "ended by a signal",
	refused: "not run",
};

function stepNode(state: LabState, step: DemoStep, index: number): HTMLElement {
	const known = state.steps[index] ?? { status: "toCome" };
	// The playground expects nothing: there a call that fails is no success.
	const failed = isPlayground(state.demo) ? known.calls?.find(({ errno }) => errno !== undefined)?.errno : undefined;
	const word = failed === undefined ? words[known.status] : `done, failed with ${failed}`;
	const next = index === state.done && state.activity === "idle";
	const results = resultLines(state, known, index);
	const title = element(
		"div",
		{ class: "step-title" },
		element("span", { class: "step-number" }, String(index + 1)),
		element("span", {}, visibleText(step.title)),
	);
	if (step.process !== undefined && step.process !== "main") {
		title.append(element("span", { class: "step-process" }, `in ${step.process}`));
	}
	const said = [`Step ${index + 1}`, step.title, word, next ? "next" : ""].filter(Boolean).join(", ");
	return element(
		"div",
		{
			class: "step",
			role: "option",
			id: `step-${index}`,
			"data-status": known.status,
			"data-failed": failed !== undefined,
			"data-met": known.met,
			"data-next": next,
			"aria-label": [said, step.code, ...results.map(({ textContent }) => textContent ?? "")].join(". "),
		},
		icon(failed === undefined ? icons[known.status] : "error"),
		element("div", { class: "step-body" }, title, codeBlock(step.code), ...results),
	);
}

/** What stands below the code of a step that has run. */
function resultLines(state: LabState, known: StepState, index: number): HTMLElement[] {
	const lines: HTMLElement[] = callWords(known.calls ?? []).map(
		({ call, value, errno, sentence, note, hint, failed }) => {
			const line = element("div", { class: failed ? "step-result failed" : "step-result" });
			if (call !== undefined) line.append(element("span", { class: "step-call" }, call));
			if (value !== "") line.append(element("span", { class: "code" }, `= ${value}`));
			if (errno !== undefined) line.append(" ", element("strong", { class: "errno" }, errno));
			if (sentence !== undefined) line.append(" ", element("span", { class: "step-note" }, sentence));
			if (note !== undefined) line.append(" ", element("span", { class: "step-note" }, note));
			if (hint !== undefined) line.append(" ", element("span", { class: "step-hint", "data-tip": hint }, "hinted"));
			return line;
		},
	);
	if (known.signal) lines.push(...signalLines(known, index === state.done - 1 && state.activity === "replaying"));
	if (known.refusal) lines.push(element("div", { class: "step-result refused" }, refusalWords(known.refusal)));
	return lines;
}

function signalLines({ signal, replay }: StepState, replaying: boolean): HTMLElement[] {
	if (!signal) return [];
	const { place } = signalWords(signal);
	const dead = signal.process === "main" ? "lab" : "child";
	const after =
		replaying && replay === undefined ? "The lab process died. It is started again…" : replayWords(replay, dead);
	return [
		element(
			"div",
			{ class: "step-result" },
			element("strong", { class: "signal" }, signal.name),
			" ",
			element("span", { class: "code" }, place),
		),
		element("div", { class: "step-result step-note" }, after),
	];
}

function emptyNode({ demo }: LabState): HTMLElement {
	return element(
		"p",
		{ class: "steps-empty" },
		isPlayground(demo)
			? "Compose a call below and run it. What it did is shown on the right, step by step."
			: "This demo has no steps.",
	);
}
