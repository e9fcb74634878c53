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
import type { Demo } from "../../../shared/labDemo";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { commands, demoDoneKey, views } from "../../contributions";
import { setContextKey } from "../contextKey";
import { plainMarkdown } from "../hostileText";
import type { Notifier } from "../notify";
import type { LabProgress } from "./labProgress";
import { childRows, type LabRow, rowText } from "./labRows";

export interface LabViewOptions {
	readonly demos: readonly Demo[];
	readonly progress: LabProgress;
	readonly notifier: Notifier;
	/** The lab can run here; else the view's welcome says what it needs. */
	readonly linux: boolean;
}

/** The Lab view: the demos, what each teaches, and marks for what has run. */
export class LabView implements TreeDataProvider<LabRow>, Disposable {
	readonly #store = new DisposableStore();
	readonly #changes = this.#store.add(new EventEmitter<LabRow | undefined>());
	readonly onDidChangeTreeData = this.#changes.event;
	readonly #options: LabViewOptions;
	readonly #view: TreeView<LabRow>;
	/** Demos that the walkthrough knows to be done. */
	readonly #told = new Set<string>();

	constructor(options: LabViewOptions) {
		this.#options = options;
		this.#view = this.#store.add(window.createTreeView(views.lab, { treeDataProvider: this, showCollapseAll: true }));
		this.#store.add(
			options.progress.onDidChange(() => {
				this.#changes.fire(undefined);
				this.#describe();
			}),
		);
		this.#describe();
	}

	getChildren(row?: LabRow): LabRow[] {
		return this.#options.linux ? childRows(this.#options.demos, row) : [];
	}

	getParent(row: LabRow): LabRow | undefined {
		return row.kind === "step" ? { kind: "demo", demo: row.demo } : undefined;
	}

	getTreeItem(row: LabRow): TreeItem {
		const { id, label, description, icon, done, spoken } = rowText(row, this.#options.progress);
		const folded = row.kind === "demo" && row.demo.steps.length > 0;
		const item = new TreeItem(label, folded ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None);
		item.id = id;
		item.description = description;
		item.iconPath = done ? new ThemeIcon(icon, new ThemeColor("charts.green")) : new ThemeIcon(icon);
		item.tooltip = tooltipOf(row);
		item.accessibilityInformation = { label: spoken };
		const parameters = row.kind === "demo" ? [row.demo.id] : [row.demo.id, row.step];
		item.command = { command: commands.openLab, title: "Open Lab", arguments: parameters };
		return item;
	}

	dispose(): void {
		this.#store.dispose();
	}

	/** How many of the demos are done, beside the view's name, and in the walkthrough. */
	#describe(): void {
		const { demos, progress, notifier } = this.#options;
		for (const demo of demos) {
			if (!progress.isDone(demo) || this.#told.has(demo.id)) continue;
			this.#told.add(demo.id);
			notifier.inBackground("A context key could not be set.", setContextKey(demoDoneKey(demo.id), true));
		}
		const real = demos.filter(({ steps }) => steps.length > 0);
		const done = real.filter((demo) => progress.isDone(demo)).length;
		this.#view.description = done === 0 ? "" : `${done} of ${real.length} done`;
	}
}

function tooltipOf(row: LabRow): MarkdownString {
	const { demo } = row;
	if (row.kind === "demo")
		return new MarkdownString(`**${plainMarkdown(demo.title)}**\n\n${plainMarkdown(demo.teaches)}`);
	const step = demo.steps[row.step];
	const text = new MarkdownString(`**${plainMarkdown(step?.title ?? "")}**\n\n`);
	text.appendCodeblock(step?.code ?? "", "c");
	return text.appendMarkdown(plainMarkdown((step?.look ?? "").replaceAll("`", "")));
}
