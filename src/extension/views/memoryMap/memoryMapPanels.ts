import { type Uri, ViewColumn, type WebviewPanel, window } from "vscode";
import { MapscopeError } from "../../../shared/errors";
import type { PanelState } from "../../../shared/mapPanel";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { panels } from "../../contributions";
import type { DebugSessions } from "../../debug/debugSessions";
import type { ProcessSummary } from "../../memory/model";
import { debuggeeOf } from "../debug/currentDebuggee";
import type { Notifier } from "../notify";
import type { SamplerAccess } from "../samplerAccess";
import { MemoryMapPanel, type PanelActions, panelTitle } from "./memoryMapPanel";
import { panelState } from "./panelArguments";
import { identity, type SavedViews } from "./savedViews";

export interface MemoryMapPanelsOptions {
	readonly sampler: SamplerAccess;
	readonly notifier: Notifier;
	readonly extensionUri: Uri;
	readonly savedViews: SavedViews;
	readonly debuggees: DebugSessions;
	readonly actions: PanelActions;
}

/** What a restored tab shows when nobody knows any more which process it was about. */
const emptyPage = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'"><title>Memory Map</title></head>
<body><p>It is not known any more which process this tab was about. Run “Mapscope: Show Memory Map of Process…”.</p></body></html>
`;

/** The Memory Map tabs: one for each process, restored after a window reload. */
export class MemoryMapPanels implements Disposable {
	readonly #store = new DisposableStore();
	readonly #options: MemoryMapPanelsOptions;
	/** By identity of the process, the one used last at the end. */
	readonly #panels = new Map<string, MemoryMapPanel>();
	/** Processes of debug sessions that were met already, by identity. */
	readonly #runs = new Set<string>();
	/** What was open when the window was closed or reloaded. */
	readonly #formerlyOpen: readonly PanelState[];

	constructor(options: MemoryMapPanelsOptions) {
		this.#options = options;
		this.#formerlyOpen = options.savedViews.open;
		this.#store.add(options.debuggees.onDidChange(() => this.#followRuns()));
		this.#store.add(
			window.registerWebviewPanelSerializer(panels.memoryMap, {
				deserializeWebviewPanel: async (tab, state: unknown) => this.#restore(tab, state),
			}),
		);
	}

	/** The tab a command is meant for: the active one, else the one used last. */
	get current(): MemoryMapPanel | undefined {
		const open = [...this.#panels.values()];
		return open.find(({ tab }) => tab.active) ?? open.at(-1);
	}

	/**
	 * A program that is debugged again gets the place of its former run, whose tab nobody needs any more: a configuration
	 * is known by its type and name. A tab that is hidden stays what it is, since the new one would come to the front.
	 */
	#followRuns(): void {
		for (const { process, session } of this.#options.debuggees.list()) {
			if (!process || this.#runs.has(identity(process))) continue;
			this.#runs.add(identity(process));
			const former = [...this.#panels.values()].findLast(({ tab, stops }) => {
				const over = stops.formerSession;
				return tab.visible && over?.type === session.type && over.name === session.name;
			});
			if (!former || this.#panels.has(identity(process))) continue;
			const { pid, startTime, name } = process;
			this.#adopt(this.#createTab(former.tab.viewColumn ?? ViewColumn.Beside, true), { pid, startTime, name });
			former.tab.dispose();
		}
	}

	/** Opens or reveals the memory map of a process, at `address` when given. */
	show(process: ProcessSummary | PanelState, address?: bigint): void {
		const { pid, name } = process;
		const target = { pid, startTime: String(process.startTime), name };
		const known = this.#panels.get(identity(target));
		const panel = known ?? this.#adopt(this.#createTab(this.#columnFor(target)), target);
		if (known) known.tab.reveal();
		if (address !== undefined) panel.goTo(address);
	}

	/** Shows one stop of a debuggee as compared with another. */
	async showStops(process: PanelState, stop: number, against: number): Promise<void> {
		this.show(process);
		await this.#panels.get(identity(process))?.stops.show(stop, against);
	}

	/** {@link show} by pid, for the API. Rejects with `processGone` when there is no such process. */
	async showPid(pid: number, address: bigint | undefined): Promise<void> {
		const processes = await this.#options.sampler.call.listProcesses({ kernelThreads: true });
		const process = processes.find((other) => other.pid === pid);
		if (!process) throw new MapscopeError({ code: "processGone", path: `/proc/${pid}` });
		this.show(process, address);
	}

	dispose(): void {
		this.#store.dispose();
		for (const panel of this.#panels.values()) panel.dispose();
		this.#panels.clear();
	}

	#columnFor(target: PanelState): ViewColumn {
		// At every stop the debugger brings its source to the front: the map of a debuggee belongs beside it.
		const debugged = debuggeeOf(this.#options.debuggees.list(), target) !== undefined;
		return this.current?.tab.viewColumn ?? (debugged ? ViewColumn.Beside : ViewColumn.Active);
	}

	/** With `preserveFocus` the person goes on typing where they are. */
	#createTab(viewColumn: ViewColumn, preserveFocus = false): WebviewPanel {
		return window.createWebviewPanel(
			panels.memoryMap,
			"Memory Map",
			{ viewColumn, preserveFocus },
			{ enableScripts: true },
		);
	}

	#restore(tab: WebviewPanel, state: unknown): void {
		const target = panelState(state) ?? this.#openTarget(tab.title);
		if (target && !this.#panels.has(identity(target))) this.#adopt(tab, target);
		else tab.webview.html = emptyPage;
	}

	/**
	 * The process that a tab showed which kept none: one with its title that no other tab shows. VS Code restores the tabs
	 * in front first, so of several it is the one used last.
	 */
	#openTarget(title: string): PanelState | undefined {
		return this.#formerlyOpen.findLast((target) => !this.#panels.has(identity(target)) && panelTitle(target) === title);
	}

	#keepOpen(): void {
		const targets = [...this.#panels.values()].map(({ target }) => target);
		this.#options.notifier.inBackground("The open tabs could not be kept.", this.#options.savedViews.setOpen(targets));
	}

	#adopt(tab: WebviewPanel, target: PanelState): MemoryMapPanel {
		const panel = new MemoryMapPanel({ ...this.#options, panel: tab, target });
		const id = identity(target);
		this.#panels.set(id, panel);
		this.#keepOpen();
		this.#store.add(
			tab.onDidChangeViewState(() => {
				if (!tab.active || !this.#panels.delete(id)) return;
				this.#panels.set(id, panel);
				this.#keepOpen();
			}),
		);
		this.#store.add(
			tab.onDidDispose(() => {
				this.#panels.delete(id);
				panel.dispose();
				this.#keepOpen();
			}),
		);
		return panel;
	}
}
