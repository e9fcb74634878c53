/** Attribute values: `true` sets an empty attribute, `false` and `undefined` leave it out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Builds an element. Strings become text nodes, never markup, so text from another process cannot do anything here;
 * what is hostile goes through `visibleText` first.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	attributes: Attributes = {},
	...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
	const node = document.createElement(tag);
	setAttributes(node, attributes);
	node.append(...children);
	return node;
}

/** Sets, changes or removes attributes; writes only what differs, so that a live update does not disturb the page. */
export function setAttributes(node: Element, attributes: Attributes): void {
	for (const [name, value] of Object.entries(attributes)) {
		if (value === undefined || value === false) node.removeAttribute(name);
		else {
			const text = value === true ? "" : String(value);
			if (node.getAttribute(name) !== text) node.setAttribute(name, text);
		}
	}
}

/** Replaces the text of a node when it differs. */
export function setText(node: Node, text: string): void {
	if (node.textContent !== text) node.textContent = text;
}

/** Shows or hides an element by its `hidden` attribute. */
export function setHidden(node: HTMLElement, hidden: boolean): void {
	if (node.hidden !== hidden) node.hidden = hidden;
}
