import type { Disposable } from "../../base/disposable";
import type { LoopClock } from "../liveLoop";
import type { TreeChange } from "./treeDiff";

/**
 * Lets changes of the tree through, or keeps them for a while: VS Code draws changed rows anew, which takes away the
 * tooltip that somebody is reading.
 */
export class ChangeGate implements Disposable {
	readonly #clock: LoopClock;
	readonly #pass: (change: TreeChange) => void;
	#kept: TreeChange = { kind: "none" };
	#cancel: (() => void) | undefined;

	/** `pass` gets each change that is let through, those that were kept as one. */
	constructor(clock: LoopClock, pass: (change: TreeChange) => void) {
		this.#clock = clock;
		this.#pass = pass;
	}

	/** Keeps what comes during the next `milliseconds`. */
	hold(milliseconds: number): void {
		this.#cancel?.();
		this.#cancel = this.#clock.setTimer(() => this.release(), milliseconds);
	}

	/** Lets through what was kept, and what comes from now on. */
	release(): void {
		this.#cancel?.();
		this.#cancel = undefined;
		const kept = this.#kept;
		this.#kept = { kind: "none" };
		if (kept.kind !== "none") this.#pass(kept);
	}

	offer(change: TreeChange): void {
		if (this.#cancel) this.#kept = together(this.#kept, change);
		else this.#pass(change);
	}

	dispose(): void {
		this.#cancel?.();
	}
}

function together(former: TreeChange, later: TreeChange): TreeChange {
	if (former.kind === "all" || later.kind === "none") return former;
	if (later.kind === "all" || former.kind === "none") return later;
	return { kind: "rows", ids: [...new Set([...former.ids, ...later.ids])] };
}
