import { EventEmitter, type Uri, ViewColumn, type WebviewPanel, window } from "vscode";
import type { Demo } from "../../../shared/labDemo";
import type { LabState } from "../../../shared/labPanel";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { panels } from "../../contributions";
import type { Lab } from "../../lab/lab";
import type { Notifier } from "../notify";
import type { SamplerAccess } from "../samplerAccess";
import { labPanelState } from "./labArguments";
import { LabPanel, labTitle } from "./labPanel";
import type { LabProgress } from "./labProgress";
import type { SavedLabs } from "./savedLabs";

export interface LabPanelsOptions {
	readonly lab: Lab;
	/** Every demo, the playground included. */
	readonly demos: readonly Demo[];
	readonly sampler: SamplerAccess;
	readonly notifier: Notifier;
	readonly extensionUri: Uri;
	readonly saved: SavedLabs;
	readonly progress: LabProgress;
	readonly showMap: (pid: number, address: bigint | undefined) => Promise<void>;
}

/** What a restored tab shows when nobody knows any more which demo it was about. */
const emptyPage = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'"><title>Lab</title></head>
<body><p>It is not known any more which demo this tab was about. Run “Mapscope: Open Lab…”.</p></body></html>
`;

/** The Lab tabs: one for each demo, restored after a window reload. */
export class LabPanels implements Disposable {
	readonly #store = new DisposableStore();
	readonly #changes = this.#store.add(new EventEmitter<void>());
	/** Fires when a lab was opened or closed, came to the front, or has another state. */
	readonly onDidChange = this.#changes.event;
	readonly #options: LabPanelsOptions;
	/** By demo, the one used last at the end. */
	readonly #panels = new Map<string, LabPanel>();
	readonly #formerlyOpen: readonly string[];

	constructor(options: LabPanelsOptions) {
		this.#options = options;
		this.#formerlyOpen = options.saved.open;
		this.#store.add(
			window.registerWebviewPanelSerializer(panels.lab, {
				deserializeWebviewPanel: async (tab, state: unknown) => this.#restore(tab, state),
			}),
		);
	}

	/** The tab a command is meant for: the active one, else the one used last. */
	get current(): LabPanel | undefined {
		const open = [...this.#panels.values()];
		return open.find(({ tab }) => tab.active) ?? open.at(-1);
	}

	/** The tab whose lab runs something; of several, the active one, else the one used last. */
	get running(): LabPanel | undefined {
		const running = [...this.#panels.values()].filter(({ state }) => state.activity !== "idle");
		return running.find(({ tab }) => tab.active) ?? running.at(-1);
	}

	/** All labs, the one used last at the end. */
	get all(): readonly LabPanel[] {
		return [...this.#panels.values()];
	}

	/** Opens or reveals the lab of a demo, at a step when given. */
	show(demo: Demo, step?: number): LabPanel {
		const known = this.#panels.get(demo.id);
		const panel = known ?? this.#adopt(this.#createTab(demo), demo, false);
		if (known) known.tab.reveal();
		if (step !== undefined) panel.select(step);
		return panel;
	}

	dispose(): void {
		for (const panel of this.#panels.values()) panel.dispose();
		this.#panels.clear();
		this.#store.dispose();
	}

	#createTab(demo: Demo): WebviewPanel {
		const column = this.current?.tab.viewColumn ?? ViewColumn.Active;
		return window.createWebviewPanel(panels.lab, labTitle(demo), column, { enableScripts: true });
	}

	#restore(tab: WebviewPanel, state: unknown): void {
		const id = labPanelState(state)?.demo ?? this.#formerId(tab.title);
		const demo = this.#options.demos.find((each) => each.id === id);
		if (demo && !this.#panels.has(demo.id)) this.#adopt(tab, demo, true);
		else tab.webview.html = emptyPage;
	}

	/** The demo of a tab that kept none, by its title. */
	#formerId(title: string): string | undefined {
		return this.#formerlyOpen.find((id) => {
			const demo = this.#options.demos.find((each) => each.id === id);
			return demo !== undefined && labTitle(demo) === title && !this.#panels.has(id);
		});
	}

	#adopt(tab: WebviewPanel, demo: Demo, restored: boolean): LabPanel {
		const { progress, notifier, saved } = this.#options;
		const onState = (state: LabState) => {
			progress.record(state);
			this.#changes.fire();
		};
		const panel = new LabPanel({ ...this.#options, panel: tab, demo, restored, onState });
		this.#panels.set(demo.id, panel);
		this.#keepOpen();
		const listeners = this.#store.add(new DisposableStore());
		listeners.add(
			tab.onDidChangeViewState(() => {
				if (tab.active && this.#panels.delete(demo.id)) this.#panels.set(demo.id, panel);
				this.#changes.fire();
			}),
		);
		listeners.add(
			tab.onDidDispose(() => {
				this.#panels.delete(demo.id);
				panel.dispose();
				listeners.dispose();
				this.#keepOpen();
				notifier.inBackground("A closed lab could not be forgotten.", saved.remove(demo.id));
			}),
		);
		return panel;
	}

	#keepOpen(): void {
		this.#changes.fire();
		const { notifier, saved } = this.#options;
		notifier.inBackground("The open labs could not be kept.", saved.setOpen([...this.#panels.keys()]));
	}
}
