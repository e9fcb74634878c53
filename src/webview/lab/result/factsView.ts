import type { RegionResult } from "../../../shared/labResult";
import { vmFlagMeaning } from "../../../shared/vmFlags";
import { element } from "../../ui/element";
import { flagMarks } from "../model/regionModel";
import { factRow } from "../section";
import { fieldTip, fieldValue, flagWords, mappingsWords, permissionsWords } from "../words/region";

/** What changed of a region besides its lines: flags, fields of smaps, how many mappings it is. */
export function factsView(region: RegionResult): HTMLElement {
	const { before, after, isNew } = region;
	const rows: HTMLElement[] = [];
	const was = permissionsWords(before.permissions);
	const is = permissionsWords(after.permissions);
	const mappings = mappingsWords(region);
	if (mappings !== undefined) {
		const value = changedValue(lineCount(before.mappings), lineCount(after.mappings));
		rows.push(factRow("Mappings", "Lines of maps that overlap the region", value, mappings));
	}
	if (after.permissions.length > 1 && (isNew || was !== is)) {
		rows.push(factRow("Permissions", "Along the region, in pages", [element("span", { class: "code" }, is)]));
	}
	const marks = flagMarks(before, after);
	if (marks.length > 0) {
		const codes = marks.map(({ code, mark }) =>
			element(
				"span",
				{ class: `vm-flag ${isNew ? "same" : mark}`, "data-tip": `${code}: ${vmFlagMeaning(code)}` },
				mark === "removed" && !isNew ? element("s", {}, code) : code,
			),
		);
		rows.push(factRow("VmFlags", "Properties of the mapping, from smaps", codes, isNew ? "" : flagWords(marks)));
	}
	for (const { name, before: from, after: to } of region.fields) {
		const value = isNew ? [fieldValue(name, to)] : changedValue(fieldValue(name, from), fieldValue(name, to));
		rows.push(factRow(name, fieldTip(name), value));
	}
	if (!isNew && region.fields.length === 0) {
		const rss = after.smaps["Rss"];
		if (rss !== undefined) {
			rows.push(factRow("Rss", fieldTip("Rss"), [fieldValue("Rss", rss)], "no field of smaps changed"));
		}
	}
	return element("div", { class: "facts", role: "table", "aria-label": "What changed" }, ...rows);
}

function lineCount(lines: number): string {
	return lines === 1 ? "1 line" : `${lines} lines`;
}

function changedValue(before: string, after: string): (Node | string)[] {
	return [
		element("span", { class: "former" }, before),
		element("span", { class: "arrow", "aria-label": "to" }, " → "),
		element("span", { class: "now" }, after),
	];
}
