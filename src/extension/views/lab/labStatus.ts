import { StatusBarAlignment, type StatusBarItem, window } from "vscode";
import type { LabState } from "../../../shared/labPanel";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { commands, contextKeys } from "../../contributions";
import { setContextKey } from "../contextKey";
import type { Notifier } from "../notify";
import type { LabPanels } from "./labPanels";
import { statusText } from "./statusText";

/** The status bar item: says that a lab process lives, and leads to its tab. Beside it, whether there is anything to stop. */
export class LabStatus implements Disposable {
	readonly #store = new DisposableStore();
	readonly #item: StatusBarItem;
	readonly #panels: LabPanels;

	#running = false;

	constructor(
		panels: LabPanels,
		private readonly notifier: Notifier,
	) {
		this.#panels = panels;
		this.#item = this.#store.add(window.createStatusBarItem("mapscope.lab", StatusBarAlignment.Left));
		this.#item.name = "Mapscope Lab";
		this.#item.command = commands.showLab;
		this.#store.add(panels.onDidChange(() => this.#update()));
		this.#update();
	}

	dispose(): void {
		this.#store.dispose();
	}

	#update(): void {
		const states = this.#panels.all.map(({ state }): LabState => state);
		this.#setRunning(states.some(({ activity }) => activity !== "idle"));
		const text = statusText(states);
		if (text === undefined) {
			this.#item.hide();
			return;
		}
		this.#item.text = `$(beaker) ${text.label}`;
		this.#item.tooltip = text.tooltip;
		this.#item.accessibilityInformation = { label: text.label, role: "button" };
		this.#item.show();
	}

	#setRunning(running: boolean): void {
		if (running === this.#running) return;
		this.#running = running;
		this.notifier.inBackground("A context key could not be set.", setContextKey(contextKeys.labRunning, running));
	}
}
