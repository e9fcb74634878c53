import { sameSide } from "../../../shared/labFiles";
import type { FileResult, FileSide } from "../../../shared/labResult";
import { visibleText } from "../../../shared/text";
import { element } from "../../ui/element";
import { icon } from "../../ui/icons";
import { filePieces } from "../model/fileModel";
import { section } from "../section";
import { errnoSentence } from "../words/errno";
import { earlierWords, sizeWords } from "../words/files";

/** A file of the demo as every other program reads it, before and after. */
export function fileView(file: FileResult): HTMLElement {
	const { before, after } = file;
	const path = visibleText(file.path);
	const earlier = earlierWords(file);
	const meanwhile = earlier === undefined ? [] : [element("p", { class: "file-meanwhile" }, icon("warning"), earlier)];
	if (sameSide(before, after)) {
		return section(
			"File on disk",
			path,
			{ class: "file", aside: "unchanged" },
			...meanwhile,
			side("Before and after", after, undefined),
		);
	}
	const aside =
		"size" in before && "size" in after && before.size !== after.size
			? `${sizeWords(before.size)} → ${sizeWords(after.size)}`
			: "changed";
	const sides = element("div", { class: "sides" }, side("Before", before, after), side("After", after, before));
	return section("File on disk", path, { class: "file", aside }, ...meanwhile, sides);
}

function side(title: string, own: FileSide, other: FileSide | undefined): HTMLElement {
	if ("error" in own) {
		const errno = own.error.errno ?? own.error.code;
		const text =
			errno === "ENOENT"
				? "There is no such file."
				: `${errno}: ${errnoSentence("open", errno) ?? "It cannot be read."}`;
		return element(
			"div",
			{ class: "side" },
			element("div", { class: "side-head" }, title),
			element("p", { class: "file-none" }, text),
		);
	}
	const otherHead = other !== undefined && "head" in other ? other.head : undefined;
	const pieces = filePieces(own.head, otherHead).map(({ text, changed }) => {
		const shown = text.split("\n").map(visibleText).join("\n");
		return changed ? element("mark", {}, shown) : shown;
	});
	if (pieces.length === 0) pieces.push(element("span", { class: "fact-note" }, "empty"));
	const cut =
		own.size > own.head.length ? `the first ${own.head.length} of ${sizeWords(own.size)}` : sizeWords(own.size);
	return element(
		"div",
		{ class: "side" },
		element("div", { class: "side-head" }, title, " ", element("span", { class: "fact-note" }, cut)),
		element("pre", { class: "file-text", tabindex: 0, "aria-label": `${title}, content of the file` }, ...pieces),
	);
}
