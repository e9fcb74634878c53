import { debug, StatusBarAlignment, type StatusBarItem, window } from "vscode";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { commands } from "../../contributions";
import type { DebugSessions } from "../../debug/debugSessions";
import { currentDebuggee } from "./currentDebuggee";
import { stopStatus } from "./words/statusWords";

/** The entry of the status bar: what the program did to its memory up to this stop. A click shows it in the Memory Map. */
export class StopStatus implements Disposable {
	readonly #store = new DisposableStore();
	readonly #item: StatusBarItem;

	constructor(private readonly debuggees: DebugSessions) {
		this.#item = this.#store.add(window.createStatusBarItem("mapscope.stop", StatusBarAlignment.Left, 0));
		this.#item.name = "Memory at This Stop";
		this.#item.command = commands.showDebuggee;
		this.#store.add(debuggees.onDidChange(() => this.#update()));
		this.#store.add(debug.onDidChangeActiveDebugSession(() => this.#update()));
	}

	dispose(): void {
		this.#store.dispose();
	}

	#update(): void {
		const debuggee = currentDebuggee(this.debuggees.list(), debug.activeDebugSession?.id);
		const status = debuggee && stopStatus(debuggee);
		if (!status) {
			this.#item.hide();
			return;
		}
		this.#item.text = status.text;
		this.#item.tooltip = status.tooltip;
		this.#item.show();
	}
}
