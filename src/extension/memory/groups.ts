import type { RowIcon } from "../../shared/mapFrame";
import { mappingKinds } from "../../shared/mappingKinds";
import type { MapsColumns } from "../proc/maps";
import { type Classification, kindOf, moduleOf, shortLabel } from "./classify";

/** Where a group is filed in the Processes view. */
export type GroupFamily =
	| "modules"
	| "heap"
	| "stacks"
	| "anonymous"
	| "shared"
	| "files"
	| "kernel"
	| "reserved"
	| "other";

/** Mappings that belong together; a group of one stands for itself. */
export interface Group {
	/** Identity over samples. */
	readonly key: string;
	readonly family: GroupFamily;
	readonly icon: RowIcon;
	/** Hostile text. */
	readonly name: string;
	/** Indices of its mappings, in address order. */
	readonly members: number[];
}

const emptyKinds = new Set([mappingKinds.indexOf("guard"), mappingKinds.indexOf("reserved")]);

/**
 * Folds mappings into groups: a module or file with all its mappings (BSS included), a shared-memory object, the heap,
 * the kernel's own, and each region of touching anonymous, PROT_NONE and guard mappings. Every mapping is in one group.
 *
 * @param program path of the program the process runs, to tell it from its libraries.
 */
export function groupMappings(maps: MapsColumns, classification: Classification, program: string | undefined): Group[] {
	const groups: Group[] = [];
	const byKey = new Map<string, Group>();
	let region: Group | undefined;
	for (let index = 0; index < maps.count; index++) {
		const kind = kindOf(classification, index);
		const touches = index > 0 && maps.endPages[index - 1] === maps.startPages[index];
		const file = classification.fileOf[index] ?? -1;
		const member: Membership = isThreadStack(maps, classification, index)
			? threadStacks
			: isArenaReserve(maps, classification, index)
				? heap
				: file >= 0
					? fileMembership(maps, classification, index, file, program)
					: ownMembership(maps, classification, index);
		if (member.key === undefined) {
			// Only memory without a name joins its neighbour: a region of one reservation, split by mprotect.
			if (!touches || region === undefined) {
				region = {
					key: `g:r:${(maps.startPages[index] ?? 0).toString(16)}`,
					family: "anonymous",
					icon: "region",
					name: "Anonymous region",
					members: [],
				};
				groups.push(region);
			}
			region.members.push(index);
			continue;
		}
		region = undefined;
		let group = byKey.get(member.key);
		if (group === undefined) {
			group = { key: member.key, family: member.family, icon: member.icon, name: member.name, members: [] };
			byKey.set(member.key, group);
			groups.push(group);
		} else if (kind === "code" && group.family === "files") {
			Object.assign(group, { family: member.family, icon: member.icon });
		}
		group.members.push(index);
	}
	return groups.map((group) => (group.icon === "region" ? asRegion(group, maps, classification) : group));
}

const threadStacks: Membership = { key: "g:stacks", family: "stacks", icon: "stack", name: "Thread stacks" };

const heap: Membership = { key: "g:heap", family: "heap", icon: "heap", name: "Heap" };

/** What an arena of malloc may grow into, right behind it. */
function isArenaReserve(maps: MapsColumns, classification: Classification, index: number): boolean {
	if (!emptyKinds.has(classification.kinds[index] ?? 0) || maps.names[index - 1] !== 0) return false;
	return maps.endPages[index - 1] === maps.startPages[index] && kindOf(classification, index - 1) === "heap";
}

/** A thread's stack, or the guard right below one. */
function isThreadStack(maps: MapsColumns, classification: Classification, index: number): boolean {
	if (classification.threads.has(index)) return true;
	const below = maps.endPages[index] === maps.startPages[index + 1] && classification.threads.has(index + 1);
	return below && kindOf(classification, index) === "guard";
}

interface Membership {
	/** Undefined for memory that joins its neighbours. */
	readonly key: string | undefined;
	readonly family: GroupFamily;
	readonly icon: RowIcon;
	readonly name: string;
}

function fileMembership(
	maps: MapsColumns,
	classification: Classification,
	index: number,
	file: number,
	program: string | undefined,
): Membership {
	const kind = kindOf(classification, index);
	const path = classification.names[maps.names[file] ?? 0]?.name ?? "";
	const module = kind !== "file" && kind !== "sharedMemory";
	return {
		key: `g:f:${maps.devices[file]}:${maps.inodes[file]}:${path}`,
		family: module ? "modules" : kind === "sharedMemory" ? "shared" : "files",
		icon: module ? (path === program ? "program" : "library") : "file",
		name: moduleOf(maps, classification, index) ?? path,
	};
}

function ownMembership(maps: MapsColumns, classification: Classification, index: number): Membership {
	const kind = kindOf(classification, index);
	const name = shortLabel(maps, classification, index);
	switch (kind) {
		case "heap":
			return heap;
		case "stack":
			return { key: `g:s:${name}`, family: "stacks", icon: "stack", name };
		case "kernel":
			return { key: "g:kernel", family: "kernel", icon: "kernel", name: "Kernel" };
		case "sharedMemory":
			return { key: `g:m:${maps.devices[index]}:${maps.inodes[index]}`, family: "shared", icon: "sharedMemory", name };
		case "device":
		case "hugetlb":
		case "other":
			return { key: `g:d:${maps.inodes[index]}:${name}`, family: "other", icon: kind, name };
		default:
			return { key: undefined, family: "anonymous", icon: "region", name };
	}
}

/** Names a region by what is in it: all guards and reservations, one mapping, code made at run time, or several. */
function asRegion(group: Group, maps: MapsColumns, classification: Classification): Group {
	const [first] = group.members;
	if (first === undefined) return group;
	const empty = group.members.every((index) => emptyKinds.has(classification.kinds[index] ?? 0));
	if (group.members.length === 1) {
		const kind = kindOf(classification, first);
		return {
			...group,
			family: empty ? "reserved" : "anonymous",
			icon: kind,
			name: shortLabel(maps, classification, first),
		};
	}
	if (empty) return { ...group, family: "reserved", icon: "reserved", name: "Reserved" };
	const compiled = group.members.every((index) => {
		return emptyKinds.has(classification.kinds[index] ?? 0) || kindOf(classification, index) === "code";
	});
	return compiled ? { ...group, icon: "code", name: "JIT code" } : group;
}
