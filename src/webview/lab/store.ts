import { type ErrorData, toErrorData } from "../../shared/errors";
import type { LabPanelService, LabState } from "../../shared/labPanel";
import type { StepResult } from "../../shared/labResult";

/** What the page shows. */
export interface LabSnapshot {
	readonly state: LabState;
	/** Step whose details are shown; -1 for a lab without steps. */
	readonly selected: number;
	/** What it has shown, once it has run and the answer is here. */
	readonly result?: StepResult;
	/** The last call that failed. */
	readonly failure?: ErrorData;
}

/** Keeps the lab's state, which step is chosen, and results. */
export class LabStore {
	readonly #service: LabPanelService;
	readonly #listeners = new Set<(snapshot: LabSnapshot) => void>();
	readonly #results = new Map<number, StepResult>();
	#asked = new Set<number>();
	#state: LabState | undefined;
	#selected = 0;
	#failure: ErrorData | undefined;

	constructor(service: LabPanelService) {
		this.#service = service;
	}

	get state(): LabState | undefined {
		return this.#state;
	}

	get selected(): number {
		return this.#selected;
	}

	/** Calls `listener` with each snapshot from now on. */
	subscribe(listener: (snapshot: LabSnapshot) => void): void {
		this.#listeners.add(listener);
	}

	/** Takes over a state of the host's. A step that has just run is chosen; after a way back, the last one that has. */
	receive(state: LabState): void {
		const former = this.#state;
		this.#state = state;
		const runs = (of: LabState | undefined) => of?.processes.map(({ pid }) => pid).join();
		// A step back, or a replay in new processes: what was shown is no longer what the kernel said.
		if (former === undefined || state.done < former.done || runs(state) !== runs(former)) this.#forget(state.done);
		if (former === undefined || state.done !== former.done) this.#selected = Math.max(0, state.done - 1);
		if (former !== undefined && former.demo.id !== state.demo.id) this.#forget(0);
		this.#selected = Math.min(this.#selected, state.steps.length - 1);
		this.#ask();
		this.#tell();
	}

	/** Chooses the step whose details are shown. */
	select(step: number): void {
		const last = (this.#state?.steps.length ?? 0) - 1;
		const next = Math.max(0, Math.min(last, step));
		if (next === this.#selected || last < 0) return;
		this.#selected = next;
		this.#ask();
		this.#tell();
	}

	/** Lets a call run whose result nobody waits for; a failure becomes a notice. */
	perform(call: Promise<unknown>): void {
		call.then(
			() => this.#setFailure(undefined),
			(error: unknown) => this.#setFailure(toErrorData(error)),
		);
	}

	/** The page could not be set up at all. */
	fail(error: unknown): void {
		this.#setFailure(toErrorData(error));
	}

	get failure(): ErrorData | undefined {
		return this.#failure;
	}

	/** Draws everything again: the theme or the room there is has changed. */
	redraw(): void {
		this.#tell();
	}

	#setFailure(failure: ErrorData | undefined): void {
		if (failure === undefined && this.#failure === undefined) return;
		this.#failure = failure;
		this.#tell();
	}

	#forget(done: number): void {
		this.#asked = new Set();
		for (const step of this.#results.keys()) if (step >= done) this.#results.delete(step);
	}

	/** Asks for the chosen step's result, once. */
	#ask(): void {
		const step = this.#selected;
		const state = this.#state;
		if (!state || step < 0 || step >= state.done || this.#results.has(step) || this.#asked.has(step)) return;
		const asked = this.#asked;
		asked.add(step);
		this.#service.result(step).then(
			(result) => {
				// Meanwhile the lab may have gone back.
				if (asked !== this.#asked) return;
				this.#results.set(step, result);
				this.#tell();
			},
			(error: unknown) => {
				if (asked !== this.#asked) return;
				asked.delete(step);
				this.#setFailure(toErrorData(error));
			},
		);
	}

	#tell(): void {
		const state = this.#state;
		if (!state) return;
		const result = this.#results.get(this.#selected);
		const snapshot: LabSnapshot = {
			state,
			selected: this.#selected,
			...(result === undefined ? {} : { result }),
			...(this.#failure === undefined ? {} : { failure: this.#failure }),
		};
		for (const listener of this.#listeners) listener(snapshot);
	}
}
