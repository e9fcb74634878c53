import { rank } from "./rank";
import type { Tree, TreeNode } from "./treeNode";

/** Row id of the roots' parent, which has no row. */
export const rootId = "";

/** A tree being built: takes rows, keeps the order of the tree shown before, and leaves out what is too much to show. */
export class TreeDraft {
	readonly #nodes = new Map<string, TreeNode>();
	readonly #children = new Map<string, readonly string[]>();
	readonly #orders = new Map<string, readonly string[]>();
	readonly #previous: Tree;
	readonly #limits: ReadonlyMap<string, number>;

	/** `limits`: rows to show under a row, where the person asked for more than the default. */
	constructor(previous: Tree, limits: ReadonlyMap<string, number>) {
		this.#previous = previous;
		this.#limits = limits;
	}

	/** The row that the tree shown before has under this id. */
	former(id: string): TreeNode | undefined {
		return this.#previous.nodes.get(id);
	}

	add(node: TreeNode): string {
		this.#nodes.set(node.id, node);
		return node.id;
	}

	setChildren(id: string, children: readonly string[]): void {
		this.#children.set(id, children);
	}

	/** Parts of `parent` by size, see {@link rank}; `section` tells apart lists under the same row. */
	ranked<T>(
		parent: string,
		section: string,
		parts: readonly T[],
		idOf: (part: T) => string,
		sizeOf: (part: T) => number,
	): T[] {
		const key = `${parent} ${section}`;
		const ordered = rank(parts, idOf, sizeOf, this.#previous.orders.get(key) ?? []);
		this.#orders.set(key, ordered.map(idOf));
		return ordered;
	}

	/** How many rows to show under `parent`: `usual`, or as many as the person asked for. */
	limit(parent: string, usual: number): number {
		return this.#limits.get(parent) ?? usual;
	}

	/** Rows of the first `limit` parts (or of as many as the person asked for), and one that stands for the rest. */
	limited<T>(
		parent: string,
		limit: number,
		parts: readonly T[],
		rowOf: (part: T) => string,
		moreOf: (rest: readonly T[]) => TreeNode,
	): string[] {
		const shown = this.limit(parent, limit);
		// “1 more” would take the place of the one row it hides.
		if (parts.length <= shown + 1) return parts.map(rowOf);
		return [...parts.slice(0, shown).map(rowOf), this.add(moreOf(parts.slice(shown)))];
	}

	finish(roots: readonly string[]): Tree {
		return { roots, nodes: this.#nodes, children: this.#children, orders: this.#orders };
	}
}
