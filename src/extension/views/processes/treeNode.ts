import type { viewItems } from "../../contributions";
import type { ProcessSummary } from "../../memory/model";
import type { GroupedMapping, MappingGroup } from "../../sampler/protocol";

/**
 * A row of the Processes view as plain data. Rows are known by their id, which is what VS Code keeps selection and
 * expansion by; a later tree has new rows with the same ids.
 */
export interface TreeNode {
	readonly id: string;
	/** Id of the row above it in the tree; absent for roots. */
	readonly parent?: string;
	/** Hostile text made visible. */
	readonly label: string;
	readonly description: string;
	/** Name of a codicon. */
	readonly icon: string;
	readonly context: (typeof viewItems)[keyof typeof viewItems];
	readonly expandable: boolean;
	/** What a screen reader says instead of label and description. */
	readonly spoken: string;
	readonly subject: NodeSubject;
}

/** What a row is about: what its tooltip tells and its commands act on. */
export type NodeSubject =
	| { readonly kind: "process"; readonly process: ProcessSummary; readonly childProcesses: number }
	| {
			readonly kind: "group";
			readonly process: ProcessSummary;
			readonly name: string;
			readonly groups: readonly MappingGroup[];
	  }
	| {
			readonly kind: "mapping";
			readonly process: ProcessSummary;
			readonly pageSize: number;
			readonly mapping: GroupedMapping;
	  }
	/** `of`: id of the row whose rest it is; "" for the roots. */
	| { readonly kind: "more"; readonly of: string }
	| { readonly kind: "notice"; readonly process: ProcessSummary; readonly sentence: string };

/** Rows by id, and their order. Children are listed for the rows whose content was read. */
export interface Tree {
	readonly roots: readonly string[];
	readonly nodes: ReadonlyMap<string, TreeNode>;
	readonly children: ReadonlyMap<string, readonly string[]>;
	/** The order of each ranked list, of which only a beginning may be shown. */
	readonly orders: ReadonlyMap<string, readonly string[]>;
}

/** A tree before anything was read. */
export const emptyTree: Tree = { roots: [], nodes: new Map(), children: new Map(), orders: new Map() };

const idOf = new WeakMap<object, string>();

/**
 * Identity of a process as a row id; what lies below it starts with this and a slash. Made once for each object: a tree of
 * 2,000 processes asks 20,000 times.
 */
export function processId(process: Pick<ProcessSummary, "pid" | "startTime">): string {
	let id = idOf.get(process);
	if (id === undefined) {
		id = `${process.pid}:${process.startTime}`;
		idOf.set(process, id);
	}
	return id;
}
