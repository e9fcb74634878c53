import type { Tree, TreeNode } from "./treeNode";

/** What VS Code has to be told so that it shows `after` where it showed `before`. */
export type TreeChange =
	| { readonly kind: "none" }
	| { readonly kind: "all" }
	| { readonly kind: "rows"; readonly ids: readonly string[] };

/**
 * From this many changed rows under one parent on, refreshing the parent is cheaper: VS Code fetches each row that is
 * named by itself, and a parent's rows in one go.
 */
const rowsWorthTheirParent = 40;

/**
 * The smallest change: rows whose text or children differ; everything when the order of the roots differs. A row below
 * a changed row is left out, since VS Code refreshes what is below a row with it.
 */
export function treeChange(before: Tree, after: Tree): TreeChange {
	if (!sameOrder(before.roots, after.roots) || movedBetweenParents(before, after)) return { kind: "all" };
	const changed = new Set<string>();
	for (const [id, node] of after.nodes) {
		const former = before.nodes.get(id);
		if (former && !(looksSame(former, node) && sameChildren(before, after, id))) changed.add(id);
	}
	if (changed.size === 0) return { kind: "none" };
	const gathered = gather(changed, after);
	if (!gathered) return { kind: "all" };
	return { kind: "rows", ids: [...gathered].filter((id) => !hasAncestorIn(gathered, after, id)) };
}

/** Replaces many rows by their parent; `undefined` when the roots themselves are too many. */
function gather(changed: ReadonlySet<string>, tree: Tree): Set<string> | undefined {
	const perParent = new Map<string | undefined, number>();
	for (const id of changed) {
		const parent = tree.nodes.get(id)?.parent;
		perParent.set(parent, (perParent.get(parent) ?? 0) + 1);
	}
	if ((perParent.get(undefined) ?? 0) > rowsWorthTheirParent * 4) return undefined;
	const gathered = new Set<string>();
	for (const id of changed) {
		const parent = tree.nodes.get(id)?.parent;
		const crowded = parent !== undefined && (perParent.get(parent) ?? 0) > rowsWorthTheirParent;
		gathered.add(crowded ? parent : id);
	}
	return gathered;
}

function hasAncestorIn(ids: ReadonlySet<string>, tree: Tree, id: string): boolean {
	let parent = tree.nodes.get(id)?.parent;
	while (parent !== undefined) {
		if (ids.has(parent)) return true;
		parent = tree.nodes.get(parent)?.parent;
	}
	return false;
}

function looksSame(a: TreeNode, b: TreeNode): boolean {
	return (
		a.label === b.label &&
		a.description === b.description &&
		a.icon === b.icon &&
		a.context === b.context &&
		a.expandable === b.expandable
	);
}

/** Children that are not listed were not read: nothing of them is shown, so nothing can have changed. */
function sameChildren(before: Tree, after: Tree, id: string): boolean {
	const former = before.children.get(id);
	const current = after.children.get(id);
	return former === undefined || current === undefined || sameOrder(former, current);
}

/** VS Code refuses an id that is still registered under another parent, unless the whole tree is fetched again. */
function movedBetweenParents(before: Tree, after: Tree): boolean {
	for (const [id, node] of after.nodes) {
		const former = before.nodes.get(id);
		if (former && former.parent !== node.parent) return true;
	}
	return false;
}

function sameOrder(a: readonly string[], b: readonly string[]): boolean {
	return a.length === b.length && a.every((id, index) => id === b[index]);
}
