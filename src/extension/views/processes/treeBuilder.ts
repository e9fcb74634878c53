import type { ProcessSummary } from "../../memory/model";
import { addContent, type ProcessContent } from "./contentRows";
import { matchesFilter } from "./processFilter";
import { foldChildren, largestResident, type ProcessForest } from "./processForest";
import { moreProcessesRow, processRow, sameProcess } from "./processRows";
import { rootId, TreeDraft } from "./treeDraft";
import { processId, type Tree } from "./treeNode";

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

/**
 * Processes shown at first in one list. VS Code asks for all rows of a list at once whenever their order changes: 300
 * cost the extension host less than 10 ms, 2,000 some 60 ms.
 */
const shownProcesses = 300;

/** The Processes view as data: a pure function of what was read and what the person chose. */
export function buildTree(input: TreeInput): Tree {
	const { ownUid, contents } = input;
	const forest = shownForest(input);
	const largest = largestResident(forest);
	const draft = new TreeDraft(input.previous, input.limits);
	const sizeOf = (process: ProcessSummary) => largest.get(processId(process)) ?? 0;
	const below = (process: ProcessSummary) => forest.children.get(processId(process)) ?? [];

	const addProcess = (process: ProcessSummary, parent?: string): string => {
		const id = processId(process);
		const former = draft.former(id);
		const kept = former && former.parent === parent && sameProcess(former.subject, process, below(process).length);
		draft.add(kept ? former : processRow(process, ownUid, below(process).length, parent));
		const content = addContent(draft, process, contents.get(id), ownUid);
		const processes = addProcesses(id, draft.ranked(id, "processes", below(process), processId, sizeOf));
		// Child processes are known at once, the rest when the process was read; until then the row is unread.
		if (content) draft.setChildren(id, [...content, ...processes]);
		return id;
	};
	const addProcesses = (parent: string, processes: readonly ProcessSummary[]) =>
		draft.limited(
			parent,
			shownProcesses,
			processes,
			(process) => addProcess(process, parent === rootId ? undefined : parent),
			(rest) => moreProcessesRow(parent, rest),
		);

	const own = forest.roots.filter(({ uid }) => uid === ownUid);
	const others = forest.roots.filter(({ uid }) => uid !== ownUid);
	const roots = [
		...draft.ranked(rootId, "own", own, processId, sizeOf),
		...draft.ranked(rootId, "others", others, processId, sizeOf),
	];
	return draft.finish(addProcesses(rootId, roots));
}

/** While a filter is on, matches stand in a flat list: below a parent that is not open nobody would see them. */
function shownForest({ processes, filter, folded }: TreeInput): ProcessForest {
	if (folded && filter === "") return foldChildren(processes);
	return { roots: processes.filter((process) => matchesFilter(process, filter)), children: new Map() };
}
