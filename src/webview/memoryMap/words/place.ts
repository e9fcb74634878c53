import type { ModuleUnknown, PagePlace } from "../../../shared/pagePlace";
import { visibleText } from "../../../shared/text";
import { formatCount } from "../../../shared/units";
import type { Fact } from "./page";

const whyUnknown: Readonly<Partial<Record<ModuleUnknown, string>>> = {
	notReachable: "the file is gone or out of reach",
	replaced: "another file has its name by now",
	malformed: "the headers of the file make no sense",
};

/** What of a program or library lies in a page: its sections, the symbol at its start, and how many begin in it. */
export function placeFacts({ sections, symbol, first, starts, unknown }: PagePlace): Fact[] {
	if (unknown !== undefined) {
		// Of files that are no programs there is nothing to say.
		const why = whyUnknown[unknown];
		return why === undefined ? [] : [{ name: "Section", value: "not known", note: why }];
	}
	const facts: Fact[] = [];
	if (sections.length > 0) {
		const value = sections.map((name) => visibleText(name) || "unnamed").join(", ");
		facts.push({ name: sections.length > 1 ? "Sections" : "Section", value, code: true });
	}
	if (symbol?.inside) {
		const more = symbol.offset === 0 ? starts - 1 : starts;
		const value = `${visibleText(symbol.name)}${symbol.offset === 0 ? "" : ` + ${hex(symbol.offset)}`}`;
		facts.push({ name: "Symbol", value, code: true, note: more > 0 ? `and ${formatCount(more)} more` : "" });
	} else if (first !== undefined) {
		const order = starts > 1 ? `, the first of ${formatCount(starts)}` : "";
		const note = first.at === 0 ? order.slice(2) : `at + ${hex(first.at)}${order}`;
		facts.push({ name: "Symbol", value: visibleText(first.name), code: true, note });
	} else if (symbol !== undefined) {
		facts.push({ name: "Symbol", value: "none", note: `${visibleText(symbol.name)} ends before this page` });
	}
	return facts;
}

function hex(value: number): string {
	return `0x${value.toString(16)}`;
}
