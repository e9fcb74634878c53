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
function codeSpans(source: string): (Node | string)[] {
	return colourCode(source).map(({ text, kind }) =>
		kind === "plain" ? text : element("span", { class: `c-${kind}` }, text),
	);
}

/** What stands in the editor's font within prose: backticks, permissions as maps writes them, names of the headers. */
const codeInProse = /`([^`]+)`|(?<![\w-])([r-][w-][x-][sp])(?![\w-])|\b([A-Z]+_[A-Z0-9_]+)\b/g;

/** A paragraph of ours, with the code in it told apart. */
export function proseNodes(text: string): (Node | string)[] {
	const nodes: (Node | string)[] = [];
	let end = 0;
	for (const match of text.matchAll(codeInProse)) {
		nodes.push(text.slice(end, match.index), element("code", {}, match[1] ?? match[0]));
		end = match.index + match[0].length;
	}
	return [...nodes, text.slice(end)];
}
