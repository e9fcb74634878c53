import type { ProcessSummary } from "../../memory/model";
import { processId } from "./treeNode";

/** Processes under their parents. Ids are of {@link processId}; each list is in the order of the input. */
export interface ProcessForest {
	readonly roots: readonly ProcessSummary[];
	readonly children: ReadonlyMap<string, readonly ProcessSummary[]>;
}

/**
 * Folds children under their parents. A process is a root when its parent is not in `processes`, or is init or the
 * kernel's thread daemon, whose children have nothing in common; and so that a reused pid or a list taken while
 * processes changed cannot make a cycle, when its parent started after it.
 */
export function foldChildren(processes: readonly ProcessSummary[]): ProcessForest {
	const byPid = new Map(processes.map((process) => [process.pid, process]));
	const roots: ProcessSummary[] = [];
	const children = new Map<string, ProcessSummary[]>();
	for (const process of processes) {
		const parent = process.parentPid > 2 ? byPid.get(process.parentPid) : undefined;
		if (!parent || parent === process || isOlder(process, parent)) {
			roots.push(process);
			continue;
		}
		const siblings = children.get(processId(parent));
		if (siblings) siblings.push(process);
		else children.set(processId(parent), [process]);
	}
	return { roots, children };
}

function isOlder(process: ProcessSummary, other: ProcessSummary): boolean {
	if (process.startTime !== other.startTime) return process.startTime < other.startTime;
	return process.pid < other.pid;
}

/** The largest resident size in each process's subtree, by id: a small parent stands where its large child would. */
export function largestResident(forest: ProcessForest): ReadonlyMap<string, number> {
	const largest = new Map<string, number>();
	const visit = (process: ProcessSummary): number => {
		const below = (forest.children.get(processId(process)) ?? []).map(visit);
		const size = Math.max(process.rss ?? 0, ...below);
		largest.set(processId(process), size);
		return size;
	};
	forest.roots.forEach(visit);
	return largest;
}
