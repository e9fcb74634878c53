import { rowIcons } from "../../../shared/rowIcons";
import { visibleText } from "../../../shared/text";
import { formatBytes, formatCount, hexAddress } from "../../../shared/units";
import { viewItems } from "../../contributions";
import type { GroupedMapping, MappingGroup, ProcessGroups } from "../../sampler/protocol";
import { processId, type TreeNode } from "./treeNode";

export type Family = MappingGroup["family"];

/** Families in the order they stand under a process, and what they are called. */
export const families: readonly { readonly family: Family; readonly name: string; readonly icon: string }[] = [
	{ family: "modules", name: "Modules", icon: "library" },
	{ family: "heap", name: "Heap", icon: "layers" },
	{ family: "stacks", name: "Stacks", icon: "list-flat" },
	{ family: "anonymous", name: "Anonymous", icon: "symbol-array" },
	{ family: "shared", name: "Shared memory", icon: "references" },
	{ family: "files", name: "Files", icon: "file" },
	{ family: "kernel", name: "Kernel", icon: "gear" },
	{ family: "reserved", name: "Reserved", icon: "dash" },
	{ family: "other", name: "Other", icon: "symbol-misc" },
];

/** Families whose mappings have names that say more than their addresses. */
export const namedFamilies: ReadonlySet<Family> = new Set(["stacks", "shared", "files", "kernel"]);

/** The row of a family; `groups` are all of it. */
export function familyRow(of: ProcessGroups, family: Family, groups: readonly MappingGroup[]): TreeNode {
	const { name = family, icon = "symbol-misc" } = families.find((entry) => entry.family === family) ?? {};
	const mappings = groups.reduce((sum, group) => sum + group.count, 0);
	const files = family === "modules" ? [counted(groups.length, "file")] : [];
	const size = groups.reduce((total, group) => total + group.size, 0);
	const counts = [...files, counted(mappings, "mapping")];
	return {
		id: `${processId(of.process)}/${family}`,
		parent: processId(of.process),
		label: name,
		description: [residentShare(size, residentOf(groups)), ...counts].join(" · "),
		icon,
		context: viewItems.group,
		expandable: true,
		spoken: [name, spokenShare(size, residentOf(groups)), ...counts].join(", "),
		subject: { kind: "group", process: of.process, name, groups },
	};
}

/** The row of a program or library. */
export function moduleRow(of: ProcessGroups, group: MappingGroup, parent: string): TreeNode {
	const name = visibleText(group.name);
	return {
		id: `${parent}/${group.key}`,
		parent,
		label: name,
		description: residentShare(group.size, group.resident),
		icon: rowIcons[group.icon],
		context: viewItems.group,
		expandable: true,
		spoken: [name, spokenShare(group.size, group.resident), counted(group.count, "mapping")].join(", "),
		subject: { kind: "group", process: of.process, name: group.name, groups: [group] },
	};
}

/** The row of a mapping: by address, or by name where that tells more. */
export function mappingRow(of: ProcessGroups, family: Family, grouped: GroupedMapping, parent: string): TreeNode {
	const { mapping, resident } = grouped;
	const address = hexAddress(mapping.start);
	const label = visibleText(mapping.label);
	const size = Number(mapping.end - mapping.start);
	const text = `${mapping.permissions} ${residentShare(size, resident)}`;
	const spokenSize = spokenShare(size, resident);
	const byName = namedFamilies.has(family) && label !== "";
	return {
		id: `${parent}/${address}`,
		parent,
		label: byName ? label : address,
		description: byName ? `${address} ${text}` : text,
		icon: rowIcons[mapping.kind],
		context: viewItems.mapping,
		expandable: false,
		spoken: [label, `address ${address}`, `permissions ${mapping.permissions}`, spokenSize].filter(Boolean).join(", "),
		subject: { kind: "mapping", process: of.process, pageSize: of.pageSize, mapping: grouped },
	};
}

/** The row that stands for `count` rows of memory not shown under `parent`, and what is resident of them together. */
export function moreRow(parent: string, count: number, resident: number | undefined): TreeNode {
	const label = `${formatCount(count)} more`;
	const description = resident === undefined ? "" : formatBytes(resident);
	return {
		id: `${parent}/more`,
		parent,
		label,
		description,
		icon: "",
		context: viewItems.more,
		expandable: false,
		spoken: [label, description, "press Enter to show them"].filter(Boolean).join(", "),
		subject: { kind: "more", of: parent },
	};
}

/** Resident bytes of groups or mappings; `undefined` when any is unknown. */
export function residentOf(parts: readonly { readonly resident?: number }[]): number | undefined {
	return parts.reduce<number | undefined>(
		(total, { resident }) => (total === undefined || resident === undefined ? undefined : total + resident),
		0,
	);
}

/** `68.3 MiB of 225 MiB`: what is resident of the size. The size alone where residency is not known. */
function residentShare(size: number, resident: number | undefined): string {
	return resident === undefined ? formatBytes(size) : `${formatBytes(resident)} of ${formatBytes(size)}`;
}

/** {@link residentShare} for those who cannot see that the tooltip explains it. */
function spokenShare(size: number, resident: number | undefined): string {
	return resident === undefined ? `size ${formatBytes(size)}` : `${residentShare(size, resident)} resident`;
}

function counted(count: number, noun: string): string {
	return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
