import type { ForkedMemory, Relations, Sharer } from "../../../shared/relations";
import { visibleText } from "../../../shared/text";
import { formatCount } from "../../../shared/units";
import { mappingCount } from "../../words/phrases";
import type { Fact } from "./page";

/** Most processes that are named one by one. */
const mostNamed = 8;

/** Who else maps a mapping, and what of it is shared since a fork, as facts. */
export function relationFacts(relations: Relations): Fact[] {
	return [...sharerFacts(relations), ...(relations.forked ? forkFacts(relations.forked) : [])];
}

function sharerFacts({ shareable, own, sharers, sharerCount, unreadable }: Relations): Fact[] {
	if (!shareable) return [{ name: "Shared with", value: "nobody", note: "no file stands behind it" }];
	const facts: Fact[] = sharers.slice(0, mostNamed).map((sharer, index) => ({
		name: index === 0 ? "Shared with" : "",
		value: visibleText(sharer.name),
		note: `PID ${sharer.pid} · ${rangesInWords(sharer.ranges)}`,
	}));
	const more = sharerCount - facts.length;
	if (sharerCount === 0)
		facts.push({ name: "Shared with", value: "nobody", note: unreadable > 0 ? "of those known" : "" });
	else if (more > 0) facts.push({ name: "", value: `${formatCount(more)} more` });
	if (unreadable > 0) {
		facts.push({ name: "Not known", value: processCount(unreadable), note: "whose mappings you may not read" });
	}
	if (own.length > 1) facts.push({ name: "In this process", value: mappingCount(own.length), note: "of the same" });
	return facts;
}

function rangesInWords(ranges: Sharer["ranges"]): string {
	const [first] = ranges;
	const permissions = new Set(ranges.map((range) => range.permissions));
	const kinds = permissions.size === 1 && first ? ` ${first.permissions}` : "";
	return `${mappingCount(ranges.length)}${kinds}`;
}

function processCount(count: number): string {
	return count === 1 ? "1 process" : `${formatCount(count)} processes`;
}

function forkFacts({ present, shared, relatives }: ForkedMemory): Fact[] {
	if (present === 0) return [];
	const of = present === 1 ? "1 page" : `${formatCount(present)} pages`;
	const value = shared === 0 ? "nothing" : `${formatCount(shared)} of ${of}`;
	const facts: Fact[] = [
		{ name: "Since a fork", value, note: shared === 0 ? "is shared" : "shared, until somebody writes to them" },
	];
	for (const { pid, name, isParent, pages } of relatives) {
		if (pages === 0) continue;
		const known = pages === undefined ? "" : ` · ${formatCount(pages)} of them`;
		facts.push({ name: isParent ? "Parent" : "Child", value: visibleText(name), note: `PID ${pid}${known}` });
	}
	return facts;
}
