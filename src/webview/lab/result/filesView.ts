import type { FileResult, FileSide } from "../../../shared/labResult";
import { visibleText } from "../../../shared/text";
import { formatCount } from "../../../shared/units";
import { element } from "../../ui/element";
import { filePieces, sameSide } from "../model/fileModel";
import { section } from "../section";
import { errnoSentence } from "../words/errno";

/** A file of the demo as every other program reads it, before and after. */
export function fileView(file: FileResult): HTMLElement {
	const { before, after } = file;
	const path = visibleText(file.path);
	if (sameSide(before, after)) {
		return section(
			"File on disk",
			path,
			{ class: "file", aside: "unchanged" },
			side("Before and after", after, undefined),
		);
	}
	const aside =
		"size" in before && "size" in after && before.size !== after.size
			? `${sizeWords(before.size)} → ${sizeWords(after.size)}`
			: "changed";
	const sides = element("div", { class: "sides" }, side("Before", before, after), side("After", after, before));
	return section("File on disk", path, { class: "file", aside }, sides);
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
		own.size > own.head.length
			? `the first ${formatCount(own.head.length)} of ${sizeWords(own.size)}`
			: sizeWords(own.size);
	return element(
		"div",
		{ class: "side" },
		element("div", { class: "side-head" }, title, " ", element("span", { class: "fact-note" }, cut)),
		element("pre", { class: "file-text", tabindex: 0, "aria-label": `${title}, content of the file` }, ...pieces),
	);
}

/** A size to the byte: the last byte of a file matters here. */
export function sizeWords(size: number): string {
	return size === 1 ? "1 byte" : `${formatCount(size)} bytes`;
}
