import type { DemoParameter, ParameterValues } from "../../shared/labDemo";
import { isWithin } from "../../shared/labParameters";
import { visibleText } from "../../shared/text";
import { type Button, button, type TextField, textField } from "../ui/controls";
import { element, setAttributes, setHidden, setText } from "../ui/element";
import type { FocusBlock } from "../ui/focusBlocks";
import type { Lifetime } from "../ui/lifetime";
import type { LabContext } from "./context";
import type { LabSnapshot } from "./store";
import { numberComplaint, wholeNumber } from "./words/parameters";

/** What the reader may choose before the first step. A choice starts the demo again, and says so. */
export class Parameters implements FocusBlock {
	readonly node = element("form", { class: "parameters", "aria-label": "Choices", hidden: true });
	#drawn = "";
	#fields: {
		readonly parameter: DemoParameter;
		read(): string;
		show(value: string): void;
		/** Shows whether what stands there is wrong. */
		mark(wrong: boolean): void;
		readonly control: HTMLElement;
	}[] = [];
	#values: ParameterValues = {};
	readonly #note = element("p", { class: "fact-note" });
	readonly #complaint = element("p", { class: "complaint", role: "alert" });

	constructor(
		private readonly lifetime: Lifetime,
		private readonly context: LabContext,
	) {
		lifetime.listen(this.node, "submit", (event) => {
			event.preventDefault();
			this.#apply();
		});
	}

	update({ state }: LabSnapshot): void {
		const { demo, parameters, done, activity } = state;
		const shown = demo.parameters ?? [];
		setHidden(this.node, shown.length === 0);
		const drawn = JSON.stringify([demo.id, shown]);
		if (drawn !== this.#drawn) {
			this.#drawn = drawn;
			this.#fields = shown.map((parameter) => this.#field(parameter));
			this.node.replaceChildren(...this.#fields.map(({ control }) => control), this.#complaint, this.#note);
		}
		this.#values = parameters;
		for (const field of this.#fields) {
			field.show(String(parameters[field.parameter.name] ?? ""));
			const inputs = field.control.querySelectorAll("vscode-text-field, vscode-button");
			for (const input of inputs) setAttributes(input, { disabled: activity !== "idle" });
		}
		setText(this.#note, done > 0 ? "Another choice starts the demo again." : "");
	}

	focus(): boolean {
		const first = this.node.querySelector<HTMLElement>("vscode-text-field, vscode-button");
		first?.focus();
		return first !== null;
	}

	#apply(): void {
		const values: Record<string, string | number> = { ...this.#values };
		let refused = "";
		for (const { parameter, read, mark } of this.#fields) {
			const { kind, name } = parameter;
			const text = read();
			// A number that nobody has changed may still be an expression.
			if (kind === "file" || text === String(this.#values[name] ?? "")) {
				mark(false);
				continue;
			}
			const value = kind === "text" ? text : wholeNumber(text);
			const wrong = kind === "number" && !isWithin(parameter, value);
			mark(wrong);
			if (wrong) refused ||= numberComplaint(parameter);
			else if (value !== undefined) values[name] = value;
		}
		setText(this.#complaint, refused);
		if (refused !== "" || JSON.stringify(values) === JSON.stringify(this.#values)) return;
		const { store, service } = this.context;
		store.perform(service.setParameters(values));
	}

	#field(parameter: DemoParameter) {
		return parameter.kind === "file" ? this.#file(parameter.name, parameter) : this.#line(parameter);
	}

	#file(name: string, parameter: DemoParameter) {
		const { store, service } = this.context;
		const path = element("bdi", { class: "code", dir: "ltr" });
		const choose: Button = button("Choose a file…", { icon: "folder-opened" });
		this.lifetime.listen(choose, "click", () => store.perform(service.pickFile(name)));
		const control = element(
			"div",
			{ class: "parameter", role: "group", "aria-label": parameter.title },
			element("span", { class: "parameter-name" }, parameter.title),
			element("span", { class: "parameter-place" }, path),
			choose,
		);
		return {
			parameter,
			control,
			read: () => "",
			mark: () => undefined,
			show: (value: string) => setText(path, value === "" ? "a scratch file" : visibleText(value)),
		};
	}

	/** A text or a number on a line: Enter or leaving it takes it over, Escape takes it back. */
	#line(parameter: DemoParameter) {
		const field: TextField = textField({ label: parameter.title, placeholder: "" });
		let given: string | undefined;
		this.lifetime.listen(field, "change", () => this.#apply());
		this.lifetime.listen(field, "keydown", (event) => {
			if (event.key === "Escape") field.value = given ?? "";
			if (event.key === "Enter" || event.key === "Escape") this.#apply();
		});
		const control = element(
			"div",
			{ class: "parameter" },
			element("span", { class: "parameter-name", "aria-hidden": "true" }, parameter.title),
			field,
		);
		const show = (value: string) => {
			// What is being typed is not typed over.
			if (value === given) return;
			given = value;
			field.value = value;
		};
		const mark = (wrong: boolean) => setAttributes(field, { "aria-invalid": wrong ? "true" : undefined });
		return { parameter, control, read: () => field.value, mark, show };
	}
}
