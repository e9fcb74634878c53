import type { Row, SelectedMapping } from "../../../shared/mapFrame";
import { visibleText } from "../../../shared/text";
import { formatBytes, formatCount, hexPage, pagesToBytes } from "../../../shared/units";
import { isWritableAndExecutable, permissionsInWords } from "../../words/names";
import { mappingCount, pageCount, percent } from "../../words/phrases";
import type { Fact } from "./page";
import { mappedPages, pagesIn } from "./pageCounts";

/** The first facts of a mapping: what it costs, what may be done with it, what it maps. */
export function mappingFacts(mapping: SelectedMapping, pageSize: number): Fact[] {
	const total = pagesToBytes(mapping.endPage - mapping.startPage, pageSize);
	const counted = pagesToBytes(mappedPages(mapping.statePages) - pagesIn(mapping.statePages, "zero"), pageSize);
	const { usage } = mapping;
	const field = (name: string): number | undefined => usage[name];
	const hugetlb = mapping.kind === "hugetlb";
	const resident = hugetlb ? counted : (field("Rss") ?? counted);
	const pss = field("Pss");
	const facts: Fact[] = [
		{
			name: hugetlb ? "In use" : "Resident",
			value: `${formatBytes(resident)} of ${formatBytes(total)}, ${percent(resident, total)}`,
			...(hugetlb ? { note: "huge pages, which are in no resident size" } : {}),
		},
	];
	if (pss !== undefined) facts.push({ name: "PSS", value: formatBytes(pss), note: "after dividing shared pages" });
	const dirty = sum(usage, ["Private_Dirty", "Shared_Dirty"]);
	if (dirty !== undefined) facts.push({ name: "Dirty", value: formatBytes(dirty) });
	for (const [key, name] of [
		["Swap", "Swap"],
		["Locked", "Locked"],
		["AnonHugePages", "Huge pages"],
	] as const) {
		const bytes = field(key) ?? 0;
		if (bytes > 0) facts.push({ name, value: formatBytes(bytes) });
	}
	facts.push({
		name: "Permissions",
		value: permissionsInWords(mapping.permissions),
		...(isWritableAndExecutable(mapping.permissions) ? { warn: true } : {}),
	});
	if (mapping.inode !== "0") {
		facts.push({ name: "File offset", value: `0x${mapping.fileOffset.replace(/^0x/, "")}`, code: true });
		facts.push({
			name: "File",
			value: visibleText(mapping.name),
			note: `device ${mapping.device}, inode ${mapping.inode}`,
		});
		if (mapping.fileCounts) {
			const { cached, dirty, writeback } = mapping.fileCounts;
			facts.push({
				name: "Page cache",
				value: `${pageCount(cached)} cached`,
				note: `of these ${formatCount(dirty)} dirty, ${formatCount(writeback)} being written`,
			});
		}
	}
	if (mapping.threadId !== undefined) {
		facts.push({ name: "Thread", value: `${mapping.threadId}`, note: visibleText(mapping.threadName ?? "") });
	}
	return facts;
}

/** Every field of `smaps` as the kernel names it, for the list below the facts. */
export function usageFacts(mapping: SelectedMapping): Fact[] {
	return Object.entries(mapping.usage).map(([name, value]) => ({
		name: visibleText(name),
		value: name === "THPeligible" || name === "ProtectionKey" ? String(value) : formatBytes(value),
	}));
}

function sum(usage: SelectedMapping["usage"], fields: readonly string[]): number | undefined {
	const known = fields.flatMap((field) => usage[field] ?? []);
	return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}

/** What a group row stands for, in a sentence. */
export function describeGroup(row: Row, measureName: string): string {
	const size = formatBytes(row.size);
	const count = mappingCount(row.count ?? 1);
	const of = row.value === undefined ? "" : `, ${formatBytes(row.value)} ${measureName.toLowerCase()}`;
	switch (row.icon) {
		case "program":
			return `The program itself: ${count}, ${size}${of}.`;
		case "library":
			return `A library with the memory for its variables: ${count}, ${size}${of}.`;
		case "region":
			return `A region of memory without a file: ${count} side by side, ${size} reserved${of}.`;
		case "stack":
			return `The stacks of the threads, with their guards: ${count}, ${size}${of}.`;
		default:
			return `${count}, ${size}${of}.`;
	}
}

/** Facts of a group row. */
export function groupFacts(row: Row, pageSize: number, measureName: string): Fact[] {
	return [
		{ name: "Mappings", value: formatCount(row.count ?? 1) },
		{ name: "From", value: hexPage(row.startPage, pageSize), code: true },
		{ name: "To", value: hexPage(row.endPage, pageSize), code: true },
		{ name: "Size", value: formatBytes(row.size) },
		...(row.value === undefined ? [] : [{ name: measureName, value: formatBytes(row.value) }]),
	];
}
