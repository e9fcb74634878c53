import type { Memento } from "vscode";
import type { PanelState, SavedView } from "../../../shared/mapPanel";
import { panelState, savedView } from "./panelArguments";

const viewsKey = "memoryMap.views";
const openKey = "memoryMap.open";
/** Processes come and go; only the views that may still be open are worth keeping. */
const kept = 30;

/** The views' own states by process, newest last, so that a panel looks after a reload as it did before. */
export class SavedViews {
	readonly #memento: Memento;

	constructor(memento: Memento) {
		this.#memento = memento;
	}

	get(target: PanelState): SavedView | undefined {
		const found = this.#entries().find(([id]) => id === identity(target))?.[1];
		try {
			return found === undefined ? undefined : savedView(found);
		} catch {
			return undefined; // kept by a version that knew other views
		}
	}

	async set(target: PanelState, view: SavedView): Promise<void> {
		const others = this.#entries().filter(([id]) => id !== identity(target));
		await this.#memento.update(viewsKey, [...others, [identity(target), view]].slice(-kept));
	}

	/**
	 * The processes whose tabs are open. VS Code keeps that for each tab, too, but in a browser it may lose what a page
	 * said in its last seconds.
	 */
	get open(): PanelState[] {
		const stored: unknown = this.#memento.get(openKey);
		return Array.isArray(stored) ? stored.flatMap((entry: unknown) => panelState(entry) ?? []) : [];
	}

	async setOpen(targets: readonly PanelState[]): Promise<void> {
		await this.#memento.update(openKey, targets);
	}

	#entries(): (readonly [string, unknown])[] {
		const stored: unknown = this.#memento.get(viewsKey);
		if (!Array.isArray(stored)) return [];
		return stored.filter(
			(entry): entry is [string, unknown] => Array.isArray(entry) && entry.length === 2 && typeof entry[0] === "string",
		);
	}
}

/** A process over its whole life: pids are used again. */
export function identity({ pid, startTime }: Pick<PanelState, "pid" | "startTime">): string {
	return `${pid}:${startTime}`;
}
