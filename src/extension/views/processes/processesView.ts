import { uptime } from "node:os";
import {
	type CancellationToken,
	EventEmitter,
	type Memento,
	type TreeDataProvider,
	type TreeItem,
	type TreeView,
	window,
	workspace,
} from "vscode";
import { toErrorData } from "../../../shared/errors";
import { visibleText } from "../../../shared/text";
import { formatCount } from "../../../shared/units";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { contextKeys, settings, views } from "../../contributions";
import { processesRefreshInterval } from "../configuration";
import { setContextKey } from "../contextKey";
import { errorText } from "../errorText";
import { LiveLoop } from "../liveLoop";
import type { Notifier } from "../notify";
import type { SamplerAccess } from "../samplerAccess";
import { systemClock } from "../systemClock";
import { ChangeGate } from "./changeGate";
import { KnownProcesses } from "./knownProcesses";
import { ProcessesModel, type ProcessesOptions, type ProcessReads } from "./processesModel";
import type { TreeChange } from "./treeDiff";
import { tooltip, treeItem, vanishedItem } from "./treeItems";
import type { TreeNode } from "./treeNode";

/** Milliseconds that a tooltip stays when rows below it change. */
const readingTime = 4000;

const foldedKey = "processes.folded";
const kernelThreadsKey = "processes.kernelThreads";

export interface ProcessesViewOptions {
	readonly sampler: SamplerAccess;
	readonly notifier: Notifier;
	/** Keeps the choices of the view. */
	readonly memento: Memento;
	/** Live processes can be read here. */
	readonly linux: boolean;
	/** User id of the extension host; `undefined` where the system has none. */
	readonly ownUid: number | undefined;
}

/** The Processes view: VS Code's tree over {@link ProcessesModel}. Its elements are the ids of rows. */
export class ProcessesView implements TreeDataProvider<string>, Disposable {
	readonly #store = new DisposableStore();
	readonly #changes = this.#store.add(new EventEmitter<string[] | undefined>());
	readonly onDidChangeTreeData = this.#changes.event;
	readonly #options: ProcessesViewOptions;
	readonly #model: ProcessesModel;
	readonly #loop: LiveLoop;
	readonly #view: TreeView<string>;
	readonly #gate: ChangeGate;
	#failure: string | undefined;

	constructor(options: ProcessesViewOptions) {
		this.#options = options;
		const { sampler, notifier, memento, ownUid } = options;
		const choices: ProcessesOptions = {
			filter: "",
			folded: memento.get(foldedKey) === true,
			kernelThreads: memento.get(kernelThreadsKey) === true,
		};
		this.#gate = this.#store.add(new ChangeGate(systemClock, (change) => this.#fire(change)));
		const known = new KnownProcesses(sampler.call);
		const reads: ProcessReads = {
			listProcesses: (options) => known.listProcesses(options),
			readGroups: (pid, limit) => sampler.call.readGroups(pid, limit),
		};
		this.#model = new ProcessesModel(reads, ownUid, choices, (change) => this.#gate.offer(change));
		const period = processesRefreshInterval();
		this.#loop = this.#store.add(
			new LiveLoop({
				round: () => this.#round(),
				onError: (error) => notifier.logError("The Processes view could not be refreshed.", error),
				clock: systemClock,
				period: period ?? Number.POSITIVE_INFINITY,
				live: period !== undefined,
			}),
		);
		this.#view = this.#store.add(
			window.createTreeView(views.processes, { treeDataProvider: this, showCollapseAll: true, canSelectMany: false }),
		);
		this.#store.add(this.#view.onDidChangeSelection(() => this.#gate.release()));
		this.#store.add(this.#view.onDidChangeVisibility(() => this.#followVisibility()));
		this.#store.add(this.#view.onDidExpandElement(({ element }) => this.#expanded(element)));
		this.#store.add(this.#view.onDidCollapseElement(({ element }) => this.#model.setExpanded(element, false)));
		this.#store.add(workspace.onDidChangeConfiguration((event) => this.#followSettings(event)));
		this.#followVisibility();
		this.#syncChoices();
	}

	get options(): ProcessesOptions {
		return this.#model.options;
	}

	get visible(): boolean {
		return this.#view.visible;
	}

	/** The row of an id, or the selected row; `undefined` when it has vanished. */
	row(id: unknown): TreeNode | undefined {
		const wanted = typeof id === "string" ? id : this.#view.selection[0];
		return wanted === undefined ? undefined : this.#model.node(wanted);
	}

	/** Reads everything that is shown again. Rejects when the list could not be read. */
	async refresh(): Promise<void> {
		this.#gate.release();
		if (this.#options.linux) await this.#loop.now();
	}

	/** Changes what is shown, and remembers all but the filter. */
	async choose(choices: Partial<ProcessesOptions>): Promise<void> {
		const { memento } = this.#options;
		this.#gate.release();
		this.#model.setOptions(choices);
		this.#syncChoices();
		if (choices.folded !== undefined) await memento.update(foldedKey, choices.folded);
		if (choices.kernelThreads === undefined) return;
		await memento.update(kernelThreadsKey, choices.kernelThreads);
		await this.refresh();
	}

	/** Shows the rows that “n more” stands for and goes to the first of them. */
	async showMore(id: string): Promise<void> {
		this.#gate.release();
		const first = await this.#model.showMore(id);
		if (first !== undefined) await this.#view.reveal(first, { select: true, focus: true });
	}

	getTreeItem(id: string): TreeItem {
		const node = this.#model.node(id);
		return node ? treeItem(node) : vanishedItem(id);
	}

	async getChildren(id?: string): Promise<string[]> {
		if (!this.#options.linux) return [];
		if (id === undefined) {
			if (!this.#model.listed) await this.#loop.first().catch(() => undefined); // the view's message says it
			return [...(this.#model.children() ?? [])];
		}
		this.#model.setExpanded(id, true);
		return [...(this.#model.children(id) ?? (await this.#model.load(id)))];
	}

	getParent(id: string): string | undefined {
		return this.#model.node(id)?.parent;
	}

	resolveTreeItem(item: TreeItem, id: string, _token: CancellationToken): TreeItem {
		// VS Code resolves a row when it is hovered, and also when it is selected.
		if (!this.#view.selection.includes(id)) this.#gate.hold(readingTime);
		const node = this.#model.node(id);
		const bootTime = Date.now() - uptime() * 1000;
		if (node) item.tooltip = tooltip(node.subject, { bootTime, ownUid: this.#options.ownUid });
		return item;
	}

	dispose(): void {
		this.#store.dispose();
	}

	async #round(): Promise<{ cost: number; final: boolean }> {
		const start = systemClock.now();
		const cpu = process.cpuUsage();
		try {
			await this.#model.refresh();
			this.#failure = undefined;
		} catch (error) {
			this.#failure = errorText(toErrorData(error)).sentence;
			throw error;
		} finally {
			this.#describe();
		}
		// Time spent waiting for a processor costs nothing: on a busy machine it would slow refreshing down forty times over.
		const { user, system } = process.cpuUsage(cpu);
		return { cost: Math.min(systemClock.now() - start, (user + system) / 1000), final: false };
	}

	#fire(change: TreeChange): void {
		if (change.kind === "rows") this.#changes.fire([...change.ids]);
		else this.#changes.fire(undefined);
		this.#describe();
	}

	/** Above the rows: what went wrong, and what the filter leaves out. */
	#describe(): void {
		const { filter } = this.options;
		const { shown, all } = this.#model.counts;
		const filtered = `${formatCount(shown)} of ${formatCount(all)} match “${visibleText(filter)}”`;
		const message = this.#failure ?? (filter === "" || shown === 0 ? "" : filtered);
		if (this.#view.message !== message) this.#view.message = message;
	}

	/** Without refreshing by itself, a process that was read before is read again when it is opened again. */
	#expanded(id: string): void {
		this.#model.setExpanded(id, true);
		if (!this.#loop.live && this.#model.children(id) && this.#model.node(id)?.subject.kind === "process") {
			this.#options.notifier.inBackground("A process could not be read.", this.#model.load(id));
		}
	}

	#followVisibility(): void {
		this.#loop.setVisible(this.#view.visible && this.#options.linux);
	}

	#followSettings(event: { affectsConfiguration(section: string): boolean }): void {
		if (!event.affectsConfiguration(settings.processesRefreshInterval)) return;
		const period = processesRefreshInterval();
		if (period !== undefined) this.#loop.setPeriod(period);
		this.#loop.setLive(period !== undefined);
	}

	#syncChoices(): void {
		const { filter, folded, kernelThreads } = this.options;
		const keys = Promise.all([
			setContextKey(contextKeys.processesFiltered, filter !== ""),
			setContextKey(contextKeys.processesFolded, folded),
			setContextKey(contextKeys.kernelThreadsShown, kernelThreads),
		]);
		this.#options.notifier.inBackground("Context keys could not be set.", keys);
		this.#describe();
	}
}
