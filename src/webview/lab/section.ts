import { element } from "../ui/element";

/** A part of the details under a head: its name, and a remark beside it. */
export function section(
	title: string,
	note: string | undefined,
	options: { readonly class?: string; readonly aside?: string },
	...children: (Node | string)[]
): HTMLElement {
	const head = element("h2", { class: "section-head" }, element("span", { class: "section-title" }, title));
	if (note !== undefined) head.append(element("span", { class: "section-note" }, note));
	if (options.aside !== undefined) head.append(element("span", { class: "section-aside" }, options.aside));
	return element(
		"section",
		{ class: ["part", options.class].filter(Boolean).join(" "), "aria-label": title },
		head,
		...children,
	);
}

/** A row of the table of facts: a name, what it is, and a remark of lesser weight. */
export function factRow(
	name: string,
	tip: string | undefined,
	value: readonly (Node | string)[],
	note?: string,
): HTMLElement {
	const cell = element("span", { class: "fact-value" }, ...value);
	if (note !== undefined && note !== "") cell.append(" ", element("span", { class: "fact-note" }, note));
	return element(
		"div",
		{ class: "fact", role: "row" },
		element("span", { class: "fact-name", role: "rowheader", "data-tip": tip }, name),
		element("span", { role: "cell" }, cell),
	);
}
