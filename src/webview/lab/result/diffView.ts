import type { DiffLine } from "../../../shared/labResult";
import { visibleText } from "../../../shared/text";
import { element } from "../../ui/element";
import { markedPieces } from "../model/regionModel";

/** The kernel pads lines so that names begin at column 74: more room than a panel has. */
const padding = / {4,}/g;

const signs: Readonly<Record<DiffLine["kind"], string>> = { same: " ", removed: "−", added: "+" };
const spoken: Readonly<Record<DiffLine["kind"], string>> = { same: "", removed: "before: ", added: "after: " };

/** Lines of maps as a diff; what changed within a line is marked. */
export function diffView(lines: readonly DiffLine[], label: string): HTMLElement {
	if (lines.length === 0) return element("p", { class: "diff-none" }, "Nothing is mapped there.");
	const rows = lines.map((line) =>
		element(
			"div",
			{ class: `diff-line ${line.kind}`, "data-inside": String(line.inside), role: "listitem" },
			element("span", { class: "diff-sign", "aria-hidden": "true" }, signs[line.kind]),
			element("span", { class: "visually-hidden" }, spoken[line.kind]),
			element("span", { class: "diff-text" }, ...pieces(line)),
		),
	);
	return element(
		"div",
		{ class: "diff", role: "list", tabindex: 0, "aria-label": label },
		element("div", { class: "diff-lines", role: "presentation" }, ...rows),
	);
}

function pieces({ text, changed, kind }: DiffLine): (Node | string)[] {
	// Marks go by the characters that the kernel wrote; each piece is made visible by itself.
	return markedPieces(text, kind === "same" ? [] : changed).map((piece) =>
		piece.marked ? element("mark", {}, visibleText(piece.text)) : visibleText(piece.text).replace(padding, "   "),
	);
}
