import { element } from "../../ui/element";
import type { FormField } from "./calls";

let nextList = 0;

/** The control of a field: a line of text with suggestions, check boxes with their meaning, or a list. */
export function fieldControl(
	field: FormField,
	value: string | readonly string[],
	suggested: readonly string[],
	change: (value: string | readonly string[]) => void,
): HTMLElement {
	switch (field.kind) {
		case "expression":
			return textControl(field.name, field.label, String(value), suggested, change);
		case "flags":
			return flagsControl(field, new Set(value), change);
		case "one":
			return oneControl(field, String(value), change);
	}
}

function textControl(
	name: string,
	label: string,
	value: string,
	suggested: readonly string[],
	change: (value: string) => void,
): HTMLElement {
	const id = `suggestions-${nextList++}`;
	const input = element("input", {
		class: "input",
		type: "text",
		value,
		list: suggested.length === 0 ? undefined : id,
		spellcheck: "false",
		autocomplete: "off",
		"data-field": name,
	});
	input.addEventListener("input", () => change(input.value));
	const list = element("datalist", { id }, ...suggested.map((text) => element("option", { value: text })));
	return element("label", { class: "composer-field" }, element("span", {}, label), input, list);
}

function flagsControl(
	field: Extract<FormField, { kind: "flags" }>,
	chosen: Set<string>,
	change: (value: readonly string[]) => void,
): HTMLElement {
	const boxes = field.choices.map(({ name, meaning }) => {
		const box = element("input", {
			type: "checkbox",
			checked: chosen.has(name),
			"data-field": `${field.name}.${name}`,
		});
		box.addEventListener("change", () => {
			if (box.checked) chosen.add(name);
			else chosen.delete(name);
			change([...chosen]);
		});
		return element(
			"label",
			{ class: "composer-flag", "data-tip": meaning },
			box,
			element("code", {}, name),
			element("span", { class: "fact-note" }, meaning),
		);
	});
	return element("fieldset", { class: "composer-flags" }, element("legend", {}, field.label), ...boxes);
}

function oneControl(
	field: Extract<FormField, { kind: "one" }>,
	chosen: string,
	change: (value: string) => void,
): HTMLElement {
	const select = element("select", { class: "select", "data-field": field.name });
	for (const { name, meaning } of field.choices) {
		select.append(element("option", { value: name, selected: name === chosen }, `${name}: ${meaning}`));
	}
	select.addEventListener("change", () => change(select.value));
	return element("label", { class: "composer-field" }, element("span", {}, field.label), select);
}
