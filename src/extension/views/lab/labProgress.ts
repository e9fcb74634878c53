import { EventEmitter, type Memento } from "vscode";
import type { Demo } from "../../../shared/labDemo";
import type { LabState } from "../../../shared/labPanel";
import { type Disposable, DisposableStore } from "../../base/disposable";
import type { Notifier } from "../notify";

const doneKey = "lab.done";

/** Which steps the reader has seen run, ever: kept for all windows, and shown as marks in the Lab view. */
export class LabProgress implements Disposable {
	readonly #store = new DisposableStore();
	readonly #changes = this.#store.add(new EventEmitter<string>());
	/** Fires with the id of a demo whose marks have changed. */
	readonly onDidChange = this.#changes.event;
	readonly #memento: Memento;
	readonly #notifier: Notifier;

	constructor(memento: Memento, notifier: Notifier) {
		this.#memento = memento;
		this.#notifier = notifier;
	}

	/** Titles of the steps of a demo that have run; by title, since a later version may have other steps. */
	steps(demo: Pick<Demo, "id">): ReadonlySet<string> {
		return new Set(this.#all()[demo.id] ?? []);
	}

	/** How many of a demo's steps have run. */
	count(demo: Demo): number {
		const done = this.steps(demo);
		return demo.steps.filter(({ title }) => done.has(title)).length;
	}

	/** All steps have run. */
	isDone(demo: Demo): boolean {
		return demo.steps.length > 0 && this.count(demo) === demo.steps.length;
	}

	/** Takes note of what has run. */
	record({ demo, done }: Pick<LabState, "demo" | "done">): void {
		const known = this.steps(demo);
		const ran = demo.steps.slice(0, done).map(({ title }) => title);
		const fresh = ran.filter((title) => title !== "" && !known.has(title));
		if (fresh.length === 0) return;
		const all = { ...this.#all(), [demo.id]: [...known, ...fresh] };
		const kept = Promise.resolve(this.#memento.update(doneKey, all)).then(() => this.#changes.fire(demo.id));
		this.#notifier.inBackground("A mark of the lab could not be kept.", kept);
	}

	/** Forgets all marks. */
	async clear(): Promise<void> {
		const ids = Object.keys(this.#all());
		await this.#memento.update(doneKey, undefined);
		for (const id of ids) this.#changes.fire(id);
	}

	dispose(): void {
		this.#store.dispose();
	}

	#all(): Readonly<Record<string, readonly string[]>> {
		const stored: unknown = this.#memento.get(doneKey);
		if (typeof stored !== "object" || stored === null) return {};
		const entries = Object.entries(stored).filter(
			(entry): entry is [string, string[]] =>
				Array.isArray(entry[1]) && entry[1].every((title) => typeof title === "string"),
		);
		return Object.fromEntries(entries);
	}
}
