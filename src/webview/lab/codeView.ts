import { element } from "../ui/element";
import { colourCode } from "./model/cCode";

/** C in the theme's colours. Lines that are too long are continued further in than they begin. */
export function codeBlock(source: string): HTMLElement {
	const lines = source.split("\n").map((text) => {
		const indent = /^ */.exec(text)?.[0].length ?? 0;
		const line = element("span", { class: "c-line" }, ...codeSpans(text), "\n");
		line.style.setProperty("--indent", `${indent + 4}ch`);
		return line;
	});
	return element("pre", { class: "c-code" }, element("code", {}, ...lines));
}

/** A piece of C within a line of text. */
export function codeSpans(source: string): (Node | string)[] {
	return colourCode(source).map(({ text, kind }) =>
		kind === "plain" ? text : element("span", { class: `c-${kind}` }, text),
	);
}

/** A paragraph of ours, with what stands in backticks in the editor's font. */
export function proseNodes(text: string): (Node | string)[] {
	return text.split("`").map((part, index) => (index % 2 === 1 ? element("code", {}, part) : part));
}
