import {
	type Button,
	provideVSCodeDesignSystem,
	type TextField,
	vsCodeButton,
	vsCodeTextField,
} from "@vscode/webview-ui-toolkit";
import { type Attributes, element, setAttributes } from "./element";
import { type IconName, icon } from "./icons";

/**
 * The controls of VS Code's look. The toolkit behind them is archived upstream: nothing outside this folder knows it,
 * so its successor changes this file only.
 */
export function registerControls(): void {
	provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeTextField());
}

export type { Button, TextField };

function control<T extends HTMLElement>(tag: string, attributes: Attributes, ...children: (Node | string)[]): T {
	const node = document.createElement(tag) as T;
	setAttributes(node, attributes);
	node.append(...children);
	return node;
}

/** A push button with text and, when given, an icon before it. */
export function button(
	text: string,
	options: { readonly icon?: IconName; readonly appearance?: "primary" | "secondary"; readonly class?: string } = {},
): Button {
	const { icon: name, appearance = "secondary" } = options;
	const start = name === undefined ? [] : [slotted(icon(name), "start")];
	return withStates(control<Button>("vscode-button", { appearance, class: options.class }, ...start, text));
}

/** A button that is only an icon; `label` is its name and tooltip. */
export function iconButton(name: IconName, label: string, options: { readonly class?: string } = {}): Button {
	const attributes = { appearance: "icon", "aria-label": label, "data-tip": label, class: options.class };
	return withStates(control<Button>("vscode-button", attributes, icon(name)));
}

/**
 * Hands states on to the button inside the toolkit's, which is the one that screen readers see: by itself it hands on
 * its name only.
 */
function withStates(node: Button): Button {
	const states = () => {
		node.ariaPressed = node.getAttribute("aria-pressed");
		node.ariaExpanded = node.getAttribute("aria-expanded");
		const popup = node.getAttribute("aria-haspopup");
		if (popup !== null) node.ariaHaspopup = popup;
	};
	new MutationObserver(states).observe(node, { attributeFilter: ["aria-pressed", "aria-expanded", "aria-haspopup"] });
	return node;
}

/** A line of text to edit, named `label`, with nodes before and after the text inside its frame. */
export function textField(options: {
	readonly label: string;
	readonly placeholder: string;
	readonly start?: Node;
	readonly end?: Node;
}): TextField {
	const field = control<TextField>("vscode-text-field", { placeholder: options.placeholder, class: "text-field" });
	// Whenever it is attached, the toolkit names a field by all the text in it: by what stands before and after the text.
	const name = () => setAttributes(field, { "aria-label": options.label });
	new MutationObserver(name).observe(field, { attributeFilter: ["aria-label"] });
	name();
	if (options.start) field.append(slotted(options.start, "start"));
	if (options.end) field.append(slotted(options.end, "end"));
	return field;
}

function slotted<T extends Node>(node: T, slot: string): T | HTMLElement {
	if (node instanceof Element) {
		node.slot = slot;
		return node;
	}
	return element("span", { slot }, node);
}
