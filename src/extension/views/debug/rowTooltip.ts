import { formatBytes, formatCount, hexPage } from "../../../shared/units";
import { codeSpan, plainMarkdown } from "../hostileText";
import { isWritableExecutable, permissionWords } from "../permissionWords";
import type { DebuggeeRow } from "./debuggeeRows";

/** The tooltip of a row, as Markdown. Names in it are escaped. */
export function rowTooltip(row: DebuggeeRow): string {
	const { subject } = row;
	if (subject.kind !== "mapping") return plainMarkdown([row.label, row.description].filter(Boolean).join(": "));
	const { mapping, pageSize, gone } = subject;
	const { startPage, endPage, permissions } = mapping;
	const size = (endPage - startPage) * pageSize;
	const warning = isWritableExecutable(permissions) ? " **Writable and executable.**" : "";
	const facts = [
		`Range: \`${hexPage(startPage, pageSize)}–${hexPage(endPage, pageSize)}\``,
		`Size: ${formatBytes(size)}, ${formatCount(endPage - startPage)} pages`,
		`Permissions: \`${permissions}\` ${permissionWords(permissions)}.${warning}`,
		...(mapping.name === "" ? [] : [`Name: ${codeSpan(mapping.name)}`]),
		...(mapping.module === undefined ? [] : [`Module: ${codeSpan(mapping.module)}`]),
		...(mapping.threadId === undefined ? [] : [`Thread: ${mapping.threadId}`]),
	];
	return [
		`**${codeSpan(mapping.label)}**`,
		facts.join("  \n"),
		gone ? "It is gone since the stop before." : plainMarkdown(row.description),
	].join("\n\n");
}
