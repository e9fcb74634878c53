import type { Memento } from "vscode";
import type { ParameterValues } from "../../../shared/labDemo";

const labsKey = "lab.labs";
const openKey = "lab.open";
const detailWidthKey = "lab.detailWidth";
/** Calls of the playground that are kept. */
const mostCalls = 200;

/** What is kept of a lab over a reload of the window: enough to run it again when asked. */
export interface SavedLab {
	readonly parameters: ParameterValues;
	/** Steps that had run. */
	readonly done: number;
	/** The playground's own steps. */
	readonly calls?: readonly { readonly code: string; readonly process: string }[];
}

/** The labs that are open, in this workspace. */
export class SavedLabs {
	readonly #memento: Memento;

	constructor(memento: Memento) {
		this.#memento = memento;
	}

	/** What was kept of a demo; `undefined` when nothing was, or by a version that kept it otherwise. */
	get(demo: string): SavedLab | undefined {
		const saved: unknown = this.#all()[demo];
		return isSavedLab(saved) ? saved : undefined;
	}

	async set(demo: string, lab: SavedLab): Promise<void> {
		const calls = lab.calls?.slice(-mostCalls);
		await this.#memento.update(labsKey, {
			...this.#all(),
			[demo]: { ...lab, ...(calls === undefined ? {} : { calls }) },
		});
	}

	/** Forgets a lab whose tab was closed. */
	async remove(demo: string): Promise<void> {
		const { [demo]: _, ...others } = this.#all();
		await this.#memento.update(labsKey, others);
	}

	/** Demos whose tabs are open: VS Code in a browser may lose what a page said in its last seconds. */
	get open(): string[] {
		const stored: unknown = this.#memento.get(openKey);
		return Array.isArray(stored) ? stored.filter((id): id is string => typeof id === "string") : [];
	}

	async setOpen(demos: readonly string[]): Promise<void> {
		await this.#memento.update(openKey, demos);
	}

	/** How wide the details of a lab are, CSS pixels; `undefined` until somebody has moved their edge. */
	get detailWidth(): number | undefined {
		const stored: unknown = this.#memento.get(detailWidthKey);
		return typeof stored === "number" && stored > 0 ? stored : undefined;
	}

	async setDetailWidth(width: number): Promise<void> {
		await this.#memento.update(detailWidthKey, width);
	}

	#all(): Readonly<Record<string, unknown>> {
		const stored: unknown = this.#memento.get(labsKey);
		return typeof stored === "object" && stored !== null ? (stored as Record<string, unknown>) : {};
	}
}

function isSavedLab(value: unknown): value is SavedLab {
	if (typeof value !== "object" || value === null) return false;
	const { parameters, done, calls } = value as Record<string, unknown>;
	const isCall = (call: unknown) =>
		typeof call === "object" && call !== null && "code" in call && typeof call.code === "string" && "process" in call;
	const isValue = (entry: unknown) => typeof entry === "string" || typeof entry === "number";
	return (
		typeof parameters === "object" &&
		parameters !== null &&
		Object.values(parameters).every(isValue) &&
		Number.isInteger(done) &&
		(calls === undefined || (Array.isArray(calls) && calls.every(isCall)))
	);
}
