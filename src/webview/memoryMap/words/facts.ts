import type { NumaPlacement, Row, SelectedMapping } from "../../../shared/mapFrame";
import { visibleText } from "../../../shared/text";
import { formatBytes, formatCount, hexPage, pagesToBytes } from "../../../shared/units";
import { isWritableAndExecutable, permissionsInWords } from "../../words/names";
import { listed, mappingCount, pageCount, percent } from "../../words/phrases";
import type { Fact } from "./page";
import { mappedPages, pagesIn } from "./pageCounts";

/** Amounts that most mappings do not have: name, fields of `smaps`, what it means. */
const seldom: readonly (readonly [name: string, fields: readonly string[], note?: string])[] = [
	["Swap", ["Swap"]],
	["Locked", ["Locked"]],
	["Huge pages", ["AnonHugePages", "ShmemPmdMapped", "FilePmdMapped"]],
	["Merged", ["KSM"], "with equal pages (KSM)"],
	["Freed lazily", ["LazyFree"], "the kernel may take it back without asking"],
];

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
	for (const [name, fields, note] of seldom) {
		const bytes = sum(usage, fields) ?? 0;
		if (bytes > 0) facts.push({ name, value: formatBytes(bytes), ...(note === undefined ? {} : { note }) });
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
	if (mapping.numa && (mapping.numa.several || mapping.numa.policy !== "default")) facts.push(numaFact(mapping.numa));
	if (mapping.threadId !== undefined) {
		facts.push({ name: "Thread", value: `${mapping.threadId}`, note: visibleText(mapping.threadName ?? "") });
	}
	return facts;
}

/** On which memory nodes the pages are: `12 KiB on node 0, 8 KiB on node 1`. */
function numaFact({ nodes, policy }: NumaPlacement): Fact {
	const places = nodes.map(({ node, bytes }) => `${formatBytes(bytes)} on node ${node}`);
	return {
		name: "Memory nodes",
		value: places.length === 0 ? "none" : listed(places),
		note: `policy ${visibleText(policy)}`,
	};
}

/** Every field of `smaps` as the kernel names it, for the list below the facts; then what `numa_maps` adds. */
export function usageFacts(mapping: SelectedMapping): Fact[] {
	const { usage, unitless, usageTexts = [], numa } = mapping;
	const facts = Object.entries(usage).map(
		([name, value]): Fact => ({
			name: visibleText(name),
			value: unitless.includes(name) ? formatCount(value) : formatBytes(value),
		}),
	);
	for (const line of usageTexts) {
		const colon = line.indexOf(":");
		facts.push({
			name: visibleText(line.slice(0, colon)),
			value: visibleText(line.slice(colon + 1).trim()),
			code: true,
		});
	}
	if (numa && facts.length > 0) facts.push(numaFact(numa));
	return facts;
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
