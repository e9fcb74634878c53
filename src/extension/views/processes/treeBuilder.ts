import type { ErrorData } from "../../../shared/errors";
import type { ProcessSummary } from "../../memory/model";
import type { MappingGroup, ProcessGroups } from "../../sampler/protocol";
import { families, familyRow, mappingRow, moduleRow, moreRow, residentOf } from "./groupRows";
import { matchesFilter } from "./processFilter";
import { foldChildren, largestResident, type ProcessForest } from "./processForest";
import { failureNotice, hasEnded, noticeRow, processNotice, processRow } from "./processRows";
import { rank } from "./rank";
import { processId, type Tree, type TreeNode } from "./treeNode";

/** What was read below an expanded process. */
export type ProcessContent =
	| { readonly kind: "groups"; readonly groups: ProcessGroups }
	| { readonly kind: "failed"; readonly error: ErrorData };

export interface TreeInput {
	readonly processes: readonly ProcessSummary[];
	/** By process id, for the processes that were expanded. */
	readonly contents: ReadonlyMap<string, ProcessContent>;
	readonly filter: string;
	/** Children under their parents instead of a flat list. */
	readonly folded: boolean;
	/** How many rows to show under a row, where that is not the default. */
	readonly limits: ReadonlyMap<string, number>;
	/** Whose processes come first; `undefined` where the system has no users. */
	readonly ownUid: number | undefined;
	/** The tree shown before, whose order is kept as long as it is nearly right. */
	readonly previous: Tree;
}

/** Modules shown at first: those with most in memory are what a person looks for. */
const shownModules = 4;
/** Mappings shown at first under one row, so that a process with 65,000 of them opens at once. */
const shownMappings = 200;

/** Rows shown at first under `id`; a click on “n more” adds to it. */
export function defaultLimit(id: string): number {
	return id.endsWith("/modules") ? shownModules : shownMappings;
}

/** The Processes view as data: a pure function of what was read and what the person chose. */
export function buildTree(input: TreeInput): Tree {
	const forest = shownForest(input);
	const largest = largestResident(forest);
	const nodes = new Map<string, TreeNode>();
	const children = new Map<string, readonly string[]>();
	const add = (node: TreeNode) => {
		nodes.set(node.id, node);
		return node.id;
	};

	const ranked = (processes: readonly ProcessSummary[], former: readonly string[]) =>
		rank(processes, processId, (process) => largest.get(processId(process)) ?? 0, former);

	const addProcess = (process: ProcessSummary, parent?: string): string => {
		const below = forest.children.get(processId(process)) ?? [];
		const id = add(processRow(process, input.ownUid, below.length, parent));
		const content = contentRows(process, input, add, children);
		const former = input.previous.children.get(id) ?? [];
		const processesBelow = ranked(below, former).map((child) => addProcess(child, id));
		// Child processes are known at once, the rest when the process was read; until then the row is unread.
		if (content) children.set(id, [...content, ...processesBelow]);
		return id;
	};

	const own = forest.roots.filter(({ uid }) => uid === input.ownUid);
	const others = forest.roots.filter(({ uid }) => uid !== input.ownUid);
	const former = input.previous.roots;
	const roots = [...ranked(own, former), ...ranked(others, former)].map((process) => addProcess(process));
	return { roots, nodes, children };
}

/** While a filter is on, matches stand in a flat list: below a parent that is not open nobody would see them. */
function shownForest({ processes, filter, folded }: TreeInput): ProcessForest {
	if (folded && filter === "") return foldChildren(processes);
	return { roots: processes.filter((process) => matchesFilter(process, filter)), children: new Map() };
}

type Add = (node: TreeNode) => string;

/** Ids of the rows with a process's memory; `undefined` while it was not read. */
function contentRows(
	process: ProcessSummary,
	input: TreeInput,
	add: Add,
	children: Map<string, readonly string[]>,
): string[] | undefined {
	const notice = processNotice(process, input.ownUid);
	if (notice !== undefined)
		return [add(noticeRow(process, notice, hasEnded(process) || process.kernelThread ? "info" : "lock"))];
	const content = input.contents.get(processId(process));
	if (!content) return undefined;
	if (content.kind === "failed") {
		return [add(noticeRow(process, failureNotice(content.error, process, input.ownUid), "warning"))];
	}
	const { groups } = content;
	if (groups.groups.length === 0) {
		return [add(noticeRow(process, "This process has no mappings: it is ending or starting a program.", "info"))];
	}
	return families.flatMap(({ family }) => {
		const members = groups.groups.filter((group) => group.family === family);
		if (members.length === 0) return [];
		const id = add(familyRow(groups, family, members));
		children.set(
			id,
			family === "modules"
				? moduleRows(groups, members, id, input, add, children)
				: mappingRows(groups, members, id, input, add),
		);
		return [id];
	});
}

function moduleRows(
	of: ProcessGroups,
	modules: readonly MappingGroup[],
	parent: string,
	input: TreeInput,
	add: Add,
	children: Map<string, readonly string[]>,
): string[] {
	const former = input.previous.children.get(parent) ?? [];
	const ordered = rank(
		modules,
		({ key }) => `${parent}/${key}`,
		({ resident, size }) => resident ?? size,
		former,
	);
	return limited(ordered, parent, of, input, add, (module) => {
		const id = add(moduleRow(of, module, parent));
		children.set(id, mappingRows(of, [module], id, input, add));
		return id;
	});
}

function mappingRows(
	of: ProcessGroups,
	groups: readonly MappingGroup[],
	parent: string,
	input: TreeInput,
	add: Add,
): string[] {
	const mappings = groups
		.flatMap((group) => group.mappings.map((mapping) => ({ ...mapping, family: group.family })))
		.sort((a, b) => (a.mapping.start < b.mapping.start ? -1 : 1));
	return limited(mappings, parent, of, input, add, ({ family, ...mapping }) =>
		add(mappingRow(of, family, mapping, parent)),
	);
}

/** Rows of the first parts up to the limit, then one that stands for the rest. */
function limited<T extends { readonly resident?: number }>(
	parts: readonly T[],
	parent: string,
	of: ProcessGroups,
	{ limits }: TreeInput,
	add: Add,
	rowOf: (part: T) => string,
): string[] {
	const limit = limits.get(parent) ?? defaultLimit(parent);
	// “1 more” would take the place of the one row it hides.
	if (parts.length <= limit + 1) return parts.map(rowOf);
	const rest = parts.slice(limit);
	return [...parts.slice(0, limit).map(rowOf), add(moreRow(of, parent, rest.length, residentOf(rest)))];
}
