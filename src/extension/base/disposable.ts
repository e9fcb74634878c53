/** Something that must be let go of. Structurally the same as `vscode.Disposable`, so both can be owned. */
export interface Disposable {
	dispose(): void;
}

/** Owns what it creates: `add` at the line of creation, one `dispose` lets go of all, last first. */
export class DisposableStore implements Disposable {
	readonly #owned = new Set<Disposable>();
	#disposed = false;

	/** Takes ownership and returns the item; what arrives after `dispose` is let go of at once. */
	add<T extends Disposable>(item: T): T {
		if (this.#disposed) item.dispose();
		else this.#owned.add(item);
		return item;
	}

	get disposed(): boolean {
		return this.#disposed;
	}

	/** Lets go of all, also when one fails; then throws what the first that failed has thrown. */
	dispose(): void {
		if (this.#disposed) return;
		this.#disposed = true;
		const failures: unknown[] = [];
		for (const item of [...this.#owned].reverse()) {
			try {
				item.dispose();
			} catch (error) {
				failures.push(error);
			}
		}
		this.#owned.clear();
		if (failures.length > 0) throw failures[0];
	}
}

/** A disposable out of a function, called at most once. */
export function toDisposable(release: () => void): Disposable {
	let released = false;
	return {
		dispose() {
			if (released) return;
			released = true;
			release();
		},
	};
}
