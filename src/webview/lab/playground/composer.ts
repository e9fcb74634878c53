import type { RegionResult } from "../../../shared/labResult";
import { type Button, button } from "../../ui/controls";
import { element, setAttributes, setHidden, setText } from "../../ui/element";
import type { FocusBlock } from "../../ui/focusBlocks";
import type { Lifetime } from "../../ui/lifetime";
import { codeBlock } from "../codeView";
import type { LabContext } from "../context";
import type { LabSnapshot } from "../store";
import { isPlayground } from "../words/view";
import { type FormCall, formCalls } from "./calls";
import { composeCode, type FormValues, initialValues, type Surroundings, suggestions } from "./compose";
import { fieldControl } from "./fields";

/** The playground's form: choose a call, fill it in, run it. What it would run stands below as C, and can be edited. */
export class Composer implements FocusBlock {
	readonly node = element("form", { class: "composer", "aria-label": "Next call", hidden: true });
	readonly #select = element("select", { class: "select", "aria-label": "Call" });
	readonly #fields = element("div", { class: "composer-fields" });
	readonly #preview = element("div", { class: "composer-preview" });
	readonly #complaint = element("p", { class: "complaint", role: "alert" });
	readonly #process = element("select", { class: "select", "aria-label": "Process" });
	readonly #processField: HTMLElement;
	readonly #run: Button;
	readonly #undo: Button;
	#call: FormCall = formCalls[0] as FormCall;
	/** What was filled in, by call: a change of the call forgets nothing. */
	readonly #values = new Map<string, FormValues>();
	#surroundings: Surroundings = { regions: [], history: [], texts: [] };
	#drawn = "";
	#busy = false;
	#done = 0;

	constructor(
		lifetime: Lifetime,
		private readonly context: LabContext,
	) {
		const groups = [...new Set(formCalls.map(({ group }) => group))];
		for (const group of groups) {
			const options = formCalls
				.filter((call) => call.group === group)
				.map(({ id, meaning }) => element("option", { value: id }, `${id}: ${meaning}`));
			this.#select.append(element("optgroup", { label: group }, ...options));
		}
		this.#run = button("Run", { icon: "play", appearance: "primary" });
		this.#undo = button("Undo", { icon: "discard" });
		this.#undo.setAttribute("data-tip", "Start the lab again and run all but the last call");
		this.#processField = element(
			"label",
			{ class: "composer-field" },
			element("span", {}, "In process"),
			this.#process,
		);
		this.node.append(
			element(
				"div",
				{ class: "composer-head" },
				element("span", { class: "section-title" }, "Next call"),
				this.#select,
			),
			this.#fields,
			this.#processField,
			element(
				"div",
				{ class: "composer-foot" },
				this.#preview,
				this.#complaint,
				element("div", { class: "composer-buttons" }, this.#run, this.#undo),
			),
		);
		lifetime.listen(this.#select, "change", () => {
			this.#call = formCalls.find(({ id }) => id === this.#select.value) ?? this.#call;
			this.#draw();
		});
		lifetime.listen(this.#run, "click", () => this.#append());
		lifetime.listen(this.#undo, "click", () => this.#takeBack());
		lifetime.listen(this.node, "submit", (event) => {
			event.preventDefault();
			this.#append();
		});
		lifetime.listen(this.node, "keydown", (event) => {
			if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
			event.preventDefault();
			this.#append();
		});
		this.#draw();
	}

	update({ state, result }: LabSnapshot): void {
		const shown = isPlayground(state.demo);
		setHidden(this.node, !shown);
		if (!shown) return;
		this.#busy = state.activity !== "idle";
		this.#done = state.done;
		const texts = (state.demo.parameters ?? []).filter(({ kind }) => kind !== "number").map(({ name }) => name);
		const regions = result && result.step === state.done - 1 ? regionsOf(result.regions) : this.#surroundings.regions;
		this.#surroundings = {
			regions: state.done === 0 ? [] : regions,
			history: state.demo.steps.slice(0, state.done).map(({ code }) => code),
			texts: [...texts, '"hello"'],
		};
		const processes = state.processes
			.filter((process) => process.state === "alive")
			.map(({ name, pid }) => ({ name, pid }));
		const drawn = JSON.stringify([this.#surroundings, processes]);
		if (drawn !== this.#drawn) {
			this.#drawn = drawn;
			const chosen = this.#process.value;
			this.#process.replaceChildren(
				...processes.map(({ name, pid }) =>
					element(
						"option",
						{ value: name, selected: name === chosen },
						`${name === "main" ? "lab process" : name} (${pid})`,
					),
				),
			);
			setHidden(this.#processField, processes.length < 2);
			this.#draw();
		}
		setAttributes(this.#undo, { disabled: this.#busy || state.done === 0 });
		this.#enableRun();
	}

	focus(): boolean {
		this.#select.focus();
		return true;
	}

	#current(): FormValues {
		return this.#values.get(this.#call.id) ?? initialValues(this.#call);
	}

	#draw(): void {
		const call = this.#call;
		const focused = document.activeElement?.getAttribute("data-field");
		const values = this.#current();
		const change = (name: string, value: string | readonly string[]) => {
			this.#values.set(call.id, { ...this.#current(), [name]: value });
			this.#show();
		};
		const controls = call.fields.map((field) =>
			fieldControl(field, values[field.name] ?? "", suggestions(field, this.#surroundings), (value) =>
				change(field.name, value),
			),
		);
		if (call.result !== undefined) {
			const field = {
				kind: "expression",
				name: "result",
				label: "Keep as",
				initial: call.result,
				suggest: "none",
			} as const;
			controls.push(fieldControl(field, values["result"] ?? "", [], (value) => change("result", value)));
		}
		this.#fields.replaceChildren(...controls);
		if (focused) this.#fields.querySelector<HTMLElement>(`[data-field="${focused}"]`)?.focus();
		this.#show();
	}

	#show(): void {
		const code = composeCode(this.#call, this.#current());
		this.#preview.replaceChildren(
			code === undefined ? element("p", { class: "fact-note" }, "A field is empty.") : codeBlock(code),
		);
		setText(this.#complaint, "");
		this.#enableRun();
	}

	#enableRun(): void {
		setAttributes(this.#run, { disabled: this.#busy || composeCode(this.#call, this.#current()) === undefined });
	}

	#append(): void {
		const code = composeCode(this.#call, this.#current());
		if (code === undefined || this.#busy) return;
		const { service, store } = this.context;
		const process = this.#process.value === "" ? "main" : this.#process.value;
		const run = async () => {
			const complaint = await service.append(code, process);
			setText(this.#complaint, complaint === undefined ? "" : `Not understood: ${complaint}.`);
		};
		store.perform(run());
	}

	#takeBack(): void {
		const { service, store } = this.context;
		store.perform(service.backTo(this.#done - 2));
	}
}

function regionsOf(regions: readonly RegionResult[]): { name: string; pages: number }[] {
	const byName = new Map(regions.map(({ name, startPage, endPage }) => [name, endPage - startPage]));
	return [...byName].map(([name, pages]) => ({ name, pages }));
}
