import type { DemoTable } from "../../../shared/labDemo";
import type { CallResult } from "../../../shared/labResult";
import { visibleText } from "../../../shared/text";
import { formatCount } from "../../../shared/units";
import { element } from "../../ui/element";
import { section } from "../section";

/** Most characters of output on the screen. */
const most = 20_000;

/** What the step printed, in its table where it has one, and what mincore said; nothing for a step without either. */
export function outputViews(calls: readonly CallResult[], table: DemoTable | undefined): HTMLElement[] {
	const views: HTMLElement[] = [];
	if (table) views.push(section("What was read", undefined, { class: "printed" }, tableView(table, calls)));
	const printed = calls.flatMap(({ printed }) => printed ?? []).join("\n");
	if (printed !== "" && !table) {
		const cut = printed.length > most;
		const text = printed.slice(0, most).split("\n").map(visibleText).join("\n");
		const note = cut ? `the first ${formatCount(most)} of ${formatCount(printed.length)} characters` : undefined;
		const pre = element("pre", { class: "output", tabindex: 0, "aria-label": "What the step printed" }, text);
		views.push(section("Printed", note, { class: "printed" }, pre));
	}
	for (const { inCore } of calls) {
		if (!inCore) continue;
		const present = inCore.filter((byte) => (byte & 1) === 1).length;
		const note = `${formatCount(present)} of ${formatCount(inCore.length)} pages in memory`;
		views.push(section("What mincore says", note, { class: "in-core" }, element("p", {}, inCoreWords(inCore))));
	}
	return views;
}

function tableView({ columns, rows, cells }: DemoTable, calls: readonly CallResult[]): HTMLElement {
	const texts = calls.flatMap(({ printed }) => printed ?? []);
	const head = columns.map((column) => element("th", { scope: "col" }, column));
	const body = rows.map((row, index) => {
		const values = (cells[index] ?? []).map((cell) => {
			const text = texts[cell];
			if (text === undefined) return element("td", { class: "fact-note" }, "not read");
			return text === "" ? element("td", { class: "fact-note" }, "(empty)") : element("td", {}, visibleText(text));
		});
		return element("tr", {}, element("th", { scope: "row" }, row), ...values);
	});
	return element("table", { class: "read-table" }, element("tr", {}, element("td", {}), ...head), ...body);
}

/** Runs of equal bytes: `pages 0–2 in memory, 3–255 not`. */
export function inCoreWords(bytes: readonly number[]): string {
	const runs: { from: number; to: number; present: boolean }[] = [];
	for (const [page, byte] of bytes.entries()) {
		const present = (byte & 1) === 1;
		const last = runs.at(-1);
		if (last?.present === present) last.to = page;
		else runs.push({ from: page, to: page, present });
	}
	const shown = runs.slice(0, 12).map(({ from, to, present }) => {
		const range = from === to ? `page ${from}` : `pages ${from}–${to}`;
		return `${range} ${present ? "in memory" : "not"}`;
	});
	if (runs.length > 12) shown.push("and so on");
	return `${shown.join(", ")}.`.replace(/^p/, "P");
}
