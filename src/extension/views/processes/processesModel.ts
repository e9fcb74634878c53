import { toErrorData } from "../../../shared/errors";
import type { ProcessSummary } from "../../memory/model";
import type { SamplerService } from "../../sampler/protocol";
import { type ProcessContent, shownMappings } from "./contentRows";
import { matchesFilter } from "./processFilter";
import { buildTree } from "./treeBuilder";
import { type TreeChange, treeChange } from "./treeDiff";
import { rootId } from "./treeDraft";
import { emptyTree, processId, type Tree, type TreeNode } from "./treeNode";

/** What the person chose in the view. */
export interface ProcessesOptions {
	readonly filter: string;
	readonly folded: boolean;
	readonly kernelThreads: boolean;
}

/** What the view reads. */
export type ProcessReads = Pick<SamplerService, "listProcesses" | "readGroups">;

/** How many rows a click on “n more” adds. */
const moreStep = 1000;

/**
 * The Processes view without VS Code: reads through the sampler, keeps the tree, and reports the smallest change. Only
 * what is expanded is read again.
 */
export class ProcessesModel {
	#tree: Tree = emptyTree;
	#processes: readonly ProcessSummary[] = [];
	#options: ProcessesOptions;
	readonly #contents = new Map<string, ProcessContent>();
	readonly #expanded = new Set<string>();
	readonly #limits = new Map<string, number>();
	readonly #sampler: ProcessReads;
	readonly #ownUid: number | undefined;
	readonly #onChange: (change: TreeChange) => void;
	#listed = false;

	constructor(
		sampler: ProcessReads,
		ownUid: number | undefined,
		options: ProcessesOptions,
		onChange: (change: TreeChange) => void,
	) {
		this.#sampler = sampler;
		this.#ownUid = ownUid;
		this.#options = options;
		this.#onChange = onChange;
	}

	get options(): ProcessesOptions {
		return this.#options;
	}

	/** The list was read at least once. */
	get listed(): boolean {
		return this.#listed;
	}

	/** Processes that pass the filter, and all that were read. */
	get counts(): { readonly shown: number; readonly all: number } {
		const shown = this.#processes.filter((process) => matchesFilter(process, this.#options.filter)).length;
		return { shown, all: this.#processes.length };
	}

	node(id: string): TreeNode | undefined {
		return this.#tree.nodes.get(id);
	}

	/** Ids below a row, or the roots; `undefined` when they must be read first, see {@link load}. */
	children(id?: string): readonly string[] | undefined {
		return id === undefined ? this.#tree.roots : this.#tree.children.get(id);
	}

	/** Reads the list and what is expanded. Rejects when the list could not be read; the tree then stays as it was. */
	async refresh(): Promise<void> {
		const { kernelThreads } = this.#options;
		const processes = await this.#sampler.listProcesses({ kernelThreads });
		this.#processes = processes;
		this.#listed = true;
		const alive = new Map(processes.map((process) => [processId(process), process]));
		this.#forget((id) => !alive.has(id));
		for (const id of this.#expanded) {
			const process = alive.get(id);
			if (process?.readable && this.#isShown(id)) await this.#read(process);
		}
		this.#rebuild();
	}

	/** Reads what is below a process that is being expanded, and returns the ids of the rows. */
	async load(id: string): Promise<readonly string[]> {
		const process = this.#processOf(id);
		if (process) await this.#read(process);
		// The rows below this one are being asked for right now, so only changes elsewhere are worth an event.
		this.#rebuild();
		return this.#tree.children.get(id) ?? [];
	}

	/** VS Code shows the rows below `id`, or no longer does. */
	setExpanded(id: string, expanded: boolean): void {
		if (expanded) this.#expanded.add(id);
		else this.#expanded.delete(id);
	}

	setOptions(options: Partial<ProcessesOptions>): void {
		this.#options = { ...this.#options, ...options };
		this.#rebuild();
	}

	/** Shows more rows under `id` ("" for the roots), reading them where need be; returns the first of them. */
	async showMore(id: string): Promise<string | undefined> {
		const rows = () => (id === rootId ? this.#tree.roots : this.#tree.children.get(id));
		const shown = (rows() ?? []).findIndex((row) => this.#tree.nodes.get(row)?.subject.kind === "more");
		if (shown < 0) return undefined;
		this.#limits.set(id, shown + moreStep);
		const process = this.#processOf(id.split("/", 1)[0] ?? "");
		if (process && this.#contents.has(processId(process))) await this.#read(process);
		this.#rebuild();
		return rows()?.[shown];
	}

	/** The most mappings that a row of a process shows, and one, which may stand instead of “1 more”. */
	#rowsBelow(id: string): number {
		let most = shownMappings;
		for (const [row, limit] of this.#limits) if (row.startsWith(`${id}/`)) most = Math.max(most, limit);
		return most + 1;
	}

	async #read(process: ProcessSummary): Promise<void> {
		const id = processId(process);
		try {
			this.#contents.set(id, {
				kind: "groups",
				groups: await this.#sampler.readGroups(process.pid, this.#rowsBelow(id)),
			});
		} catch (error) {
			this.#contents.set(id, { kind: "failed", error: toErrorData(error) });
		}
	}

	#rebuild(): void {
		const before = this.#tree;
		this.#tree = buildTree({
			processes: this.#processes,
			contents: this.#contents,
			...this.#options,
			limits: this.#limits,
			ownUid: this.#ownUid,
			previous: before,
		});
		const change = treeChange(before, this.#tree);
		if (change.kind !== "none") this.#onChange(change);
	}

	#processOf(id: string): ProcessSummary | undefined {
		const subject = this.#tree.nodes.get(id)?.subject;
		return subject?.kind === "process" ? subject.process : undefined;
	}

	/** A row is on screen or could be scrolled to: everything above it is expanded. */
	#isShown(id: string): boolean {
		let node = this.#tree.nodes.get(id);
		if (!node) return false;
		while (node?.parent !== undefined) {
			if (!this.#expanded.has(node.parent)) return false;
			node = this.#tree.nodes.get(node.parent);
		}
		return true;
	}

	/** Drops what is kept for processes that are gone. */
	#forget(isGone: (id: string) => boolean): void {
		for (const kept of [this.#contents, this.#expanded, this.#limits]) {
			for (const key of [...kept.keys()]) if (key !== rootId && isGone(key.split("/", 1)[0] ?? "")) kept.delete(key);
		}
	}
}
