/** Owns the listeners, observers and timers of a part of the page; `dispose` lets go of all of them. */
export class Lifetime {
	readonly #controller = new AbortController();

	/** For `addEventListener`'s `signal`. */
	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	/** Runs `release` on dispose, or at once when that is already over. */
	add(release: () => void): void {
		if (this.signal.aborted) release();
		else this.signal.addEventListener("abort", release, { once: true });
	}

	/** Takes ownership of something with a `dispose` method and returns it. */
	own<T extends { dispose(): void }>(item: T): T {
		this.add(() => item.dispose());
		return item;
	}

	/** Listens on an element, the document or the window. */
	listen<K extends keyof HTMLElementEventMap>(
		target: EventTarget,
		type: K,
		listener: (event: HTMLElementEventMap[K]) => void,
		options: AddEventListenerOptions = {},
	): void {
		target.addEventListener(type, listener as EventListener, { ...options, signal: this.signal });
	}

	/** Calls `listener` with the content size of `target` now and whenever it changes. */
	observeSize(target: Element, listener: (width: number, height: number) => void): void {
		const observer = new ResizeObserver(([entry]) => {
			if (entry) listener(entry.contentRect.width, entry.contentRect.height);
		});
		observer.observe(target);
		this.add(() => observer.disconnect());
	}

	dispose(): void {
		this.#controller.abort();
	}
}
