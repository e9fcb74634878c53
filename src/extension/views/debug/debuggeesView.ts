import {
	EventEmitter,
	MarkdownString,
	ThemeColor,
	ThemeIcon,
	type TreeDataProvider,
	TreeItem,
	TreeItemCollapsibleState,
	type TreeView,
	window,
} from "vscode";
import type { StopGroups } from "../../../shared/debug/stopGroups";
import type { DebuggeeInfo } from "../../../shared/debug/stops";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { contextKeys, views } from "../../contributions";
import type { DebugSessions } from "../../debug/debugSessions";
import { setContextKey } from "../contextKey";
import { plainMarkdown } from "../hostileText";
import type { Notifier } from "../notify";
import { changeUri } from "./changeDecorations";
import { type DebuggeeRow, type DebuggeeTree, debuggeeTree } from "./debuggeeRows";
import { rowTooltip } from "./rowTooltip";
import { stopDescription } from "./words/debuggeeWords";

/** What was read of a debuggee's last stop. */
interface ReadStop {
	readonly stop: number;
	readonly groups: StopGroups;
}

/** The Debuggee Mappings view of the Run and Debug container: a tree over {@link debuggeeTree}. Its elements are row ids. */
export class DebuggeesView implements TreeDataProvider<string>, Disposable {
	readonly #store = new DisposableStore();
	readonly #changes = this.#store.add(new EventEmitter<undefined>());
	readonly onDidChangeTreeData = this.#changes.event;
	readonly #view: TreeView<string>;
	/** By the debuggee's id. */
	readonly #read = new Map<number, ReadStop>();
	#tree: DebuggeeTree = { roots: [], rows: new Map(), children: new Map() };
	#reading = false;

	constructor(
		private readonly debuggees: DebugSessions,
		private readonly notifier: Notifier,
	) {
		this.#view = this.#store.add(
			window.createTreeView(views.debuggees, { treeDataProvider: this, showCollapseAll: true }),
		);
		this.#store.add(debuggees.onDidChange(() => this.#follow()));
		this.#store.add(this.#view.onDidChangeVisibility(() => this.#follow()));
		this.#follow();
	}

	/** The row of an id, or the selected row; `undefined` when it has vanished. */
	row(id: unknown): DebuggeeRow | undefined {
		const wanted = typeof id === "string" ? id : this.#view.selection[0];
		return wanted === undefined ? undefined : this.#tree.rows.get(wanted);
	}

	getTreeItem(id: string): TreeItem {
		const row = this.#tree.rows.get(id);
		return row ? treeItem(row) : new TreeItem("Ended");
	}

	getChildren(id?: string): string[] {
		return [...(id === undefined ? this.#tree.roots : (this.#tree.children.get(id) ?? []))];
	}

	getParent(id: string): string | undefined {
		return this.#tree.rows.get(id)?.parent;
	}

	resolveTreeItem(item: TreeItem, id: string): TreeItem {
		const row = this.#tree.rows.get(id);
		if (row) item.tooltip = new MarkdownString(rowTooltip(row));
		return item;
	}

	dispose(): void {
		this.#store.dispose();
	}

	#follow(): void {
		const all = this.debuggees.list();
		this.notifier.inBackground(
			"The context key could not be set.",
			setContextKey(contextKeys.debugging, all.length > 0),
		);
		for (const id of this.#read.keys()) if (!all.some((debuggee) => debuggee.id === id)) this.#read.delete(id);
		this.#draw();
		if (!this.#reading && this.#view.visible) this.notifier.inBackground("A stop could not be shown.", this.#readAll());
	}

	/** Reads what is not read yet, one after the other; stops that come meanwhile are seen in the next round. */
	async #readAll(): Promise<void> {
		this.#reading = true;
		try {
			for (let due = this.#due(); due; due = this.#due()) {
				const { id, stop } = due;
				try {
					this.#read.set(id, { stop, groups: await this.debuggees.debuggee(id).groups(stop) });
				} catch (error) {
					// The stop is not known any more: those who took it away will say so.
					this.#read.delete(id);
					throw error;
				}
				this.#draw();
			}
		} finally {
			this.#reading = false;
		}
	}

	#due(): { readonly id: number; readonly stop: number } | undefined {
		for (const { id, stops } of this.debuggees.list()) {
			const stop = stops.at(-1)?.number;
			if (stop !== undefined && this.#read.get(id)?.stop !== stop) return { id, stop };
		}
		return undefined;
	}

	#draw(): void {
		const all = this.debuggees.list();
		this.#tree = debuggeeTree(all, (id) => this.#read.get(id)?.groups);
		this.#view.description = description(all);
		this.#changes.fire(undefined);
	}
}

/** Beside the view's name: the last stop of the only debuggee that has any. */
function description(all: readonly DebuggeeInfo[]): string {
	const stopped = all.filter(({ stops }) => stops.length > 0);
	const stop = stopped.length === 1 ? stopped[0]?.stops.at(-1) : undefined;
	return stop ? stopDescription(stop) : "";
}

const expansions = {
	expanded: TreeItemCollapsibleState.Expanded,
	collapsed: TreeItemCollapsibleState.Collapsed,
} as const;

function treeItem(row: DebuggeeRow): TreeItem {
	const item = new TreeItem(row.label, row.expansion ? expansions[row.expansion] : TreeItemCollapsibleState.None);
	item.id = row.id;
	item.description = row.description;
	item.contextValue = row.context;
	item.accessibilityInformation = { label: row.spoken };
	item.iconPath = new ThemeIcon(row.icon, new ThemeColor("icon.foreground"));
	if (row.letter) item.resourceUri = changeUri(row.letter);
	if (row.command) item.command = { command: row.command.id, title: row.command.title, arguments: [row.id] };
	if (row.subject.kind === "notice") item.tooltip = new MarkdownString(plainMarkdown(row.label));
	return item;
}
