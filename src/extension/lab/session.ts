import { type ErrorData, MapscopeError, toErrorData } from "../../shared/errors";
import type { Demo, ParameterValues } from "../../shared/labDemo";
import { mainProcess } from "../../shared/labDemo";
import type { LabState, StepState } from "../../shared/labPanel";
import type { CallResult, ReplayResult, StepResult } from "../../shared/labResult";
import { type Disposable, toDisposable } from "../base/disposable";
import { checkStep } from "./checks";
import type { LabProcessOptions } from "./labProcess";
import { readDemo } from "./language/variables";
import type { LabEyes } from "./observe";
import { compareRegions } from "./regionSides";
import { compareFiles, ScratchFiles, type ScratchOptions } from "./scratch/scratchFiles";
import { Stage } from "./stage";
import { returnedAlike, stepState } from "./stepState";
import type { LabRegion } from "./wire";

export interface SessionOptions extends LabProcessOptions {
	/** The sampler, through which everything is seen. */
	readonly eyes: LabEyes;
	readonly scratch: ScratchOptions;
	readonly pageSize: number;
	/** Whether the lab runs as root. */
	readonly root: boolean;
}

/**
 * A demo that somebody has opened: runs its steps, one after the other, looks at the kernel before and after each, and
 * keeps the results. Calls queue: each starts when the one before has ended.
 */
export class LabSession implements Disposable {
	#demo: Demo;
	#chosen: ParameterValues;
	#parameters: ParameterValues;
	#results: StepResult[] = [];
	#stage: Stage | undefined;
	#activity: LabState["activity"] = "idle";
	#trouble: ErrorData | undefined;
	/** The step of those that have run after which this lab process could not be brought further. */
	#lost: number | undefined;
	/** Start of the hinted addresses: that of the first lab process, so that a replay finds the same. */
	#arena: string | undefined;
	#queue: Promise<unknown> = Promise.resolve();
	/** Times that somebody has stopped what ran: what was asked for before the last of them does not go on. */
	#stops = 0;
	#disposed = false;
	#setClosed: () => void = () => undefined;
	/** Resolves when the session has been disposed and its scratch files are gone. */
	readonly closed = new Promise<void>((resolve) => {
		this.#setClosed = resolve;
	});
	readonly #scratch: ScratchFiles;
	readonly #listeners = new Set<() => void>();

	constructor(
		demo: Demo,
		private readonly options: SessionOptions,
		parameters: ParameterValues = {},
	) {
		this.#demo = demo;
		this.#chosen = parameters;
		this.#parameters = parameters;
		this.#scratch = new ScratchFiles(demo, options.scratch);
	}

	/** Calls `listener` whenever {@link state} has changed. */
	readonly onDidChange = (listener: () => void): Disposable => {
		this.#listeners.add(listener);
		return toDisposable(() => this.#listeners.delete(listener));
	};

	get state(): LabState {
		return {
			demo: this.#demo,
			parameters: this.#parameters,
			steps: this.#demo.steps.map((_, index) => this.#stepState(index)),
			done: this.#results.length,
			activity: this.#activity,
			processes: this.#stage?.processes ?? [],
			pageSize: this.options.pageSize,
			...(this.#trouble === undefined ? {} : { trouble: this.#trouble }),
		};
	}

	/** Everything that a step has shown; undefined when it has not run. */
	result(step: number): StepResult | undefined {
		return this.#results[step];
	}

	/** The regions as they are now, for finding the address that a variable holds. */
	get regions(): readonly LabRegion[] {
		return this.#stage?.regions ?? [];
	}

	/** Runs the next step; does nothing after the last. Rejects with a `MapscopeError` when the lab cannot run. */
	step(): Promise<void> {
		return this.#enqueue((goOn) => this.#step(goOn));
	}

	/** Runs all steps that are left. */
	runAll(): Promise<void> {
		return this.#enqueue(async (goOn) => {
			while (this.#results.length < this.#demo.steps.length) await this.#step(goOn);
		});
	}

	/** Makes `step` the last that has run: a fresh lab process in which all up to it have run again; -1 for none. */
	backTo(step: number): Promise<void> {
		return this.#enqueue(async (goOn) => {
			this.#results = this.#results.slice(0, step + 1);
			this.#leaveStage();
			if (this.#results.length === 0) await this.#scratch.remove();
			else if (!(await this.#prepare(goOn))) await this.#step(goOn);
		});
	}

	/** Sets what the reader chose, and forgets what has run. */
	setParameters(parameters: ParameterValues): Promise<void> {
		this.#chosen = parameters;
		this.#parameters = parameters;
		return this.backTo(-1);
	}

	/**
	 * Appends a step of the reader's own after the last one that has run, dropping those to come, and runs it. Rejects with
	 * what the language says of code that it does not understand.
	 */
	append(code: string, process: string): Promise<void> {
		return this.#enqueue(async (goOn) => {
			const kept = this.#demo.steps.slice(0, this.#results.length);
			const step = { title: "", code, process, look: "", expect: [], why: "", man: [] };
			const demo = { ...this.#demo, steps: [...kept, step] };
			readDemo(demo);
			this.#demo = demo;
			await this.#step(goOn);
		});
	}

	/**
	 * Ends whatever runs, and what waits to run: the lab process is killed, and calls that were made before reject with `io`.
	 * The next call starts another lab process. What has run keeps its results. Does nothing when nothing runs.
	 */
	stop(): void {
		if (this.#activity === "idle") return;
		this.#stops++;
		this.#leaveStage();
	}

	dispose(): void {
		if (this.#disposed) return;
		this.#disposed = true;
		this.#leaveStage();
		this.#listeners.clear();
		this.#queue
			.then(() => this.#scratch.remove())
			.catch((error: unknown) => this.options.log.error("scratch files", error))
			.finally(this.#setClosed);
	}

	#enqueue(work: (goOn: () => void) => Promise<void>): Promise<void> {
		const stops = this.#stops;
		const goOn = (): void => {
			if (this.#disposed) throw new MapscopeError({ code: "bug", detail: "the lab was closed" });
			if (this.#stops !== stops) throw new MapscopeError({ code: "io", detail: "the lab was stopped" });
		};
		const run = this.#queue.then(async () => {
			goOn();
			this.#trouble = undefined;
			this.#setActivity("running");
			try {
				await work(goOn);
			} catch (error) {
				this.#leaveStage();
				this.#trouble = toErrorData(error);
				if (this.#stops === stops && !this.#disposed) this.options.log.warn(`${this.#demo.id}: ${error}`);
				throw error;
			} finally {
				this.#setActivity("idle");
			}
		});
		this.#queue = run.catch(() => undefined);
		return run;
	}

	/** Runs the next step; once more in a fresh lab when the process has been killed since the last one. */
	async #step(goOn: () => void): Promise<void> {
		try {
			await this.#attempt(goOn);
		} catch (error) {
			if (!(error instanceof MapscopeError) || error.code !== "processGone") throw error;
			this.#leaveStage();
			await this.#attempt(goOn);
		}
	}

	/** `goOn` throws when the lab was stopped meanwhile; asked wherever something else may have run. */
	async #attempt(goOn: () => void): Promise<void> {
		const { eyes, pageSize, root } = this.options;
		if (this.#results.length === this.#demo.steps.length) return;
		const isFresh = this.#stage === undefined || this.#stage.ended;
		if (isFresh) await this.#prepare(goOn);
		const index = this.#results.length;
		const step = this.#demo.steps[index];
		if (step === undefined) return;
		const stage = this.#living(goOn);
		// What the steps before have just done to a file again was nobody else.
		const former = isFresh ? [] : (this.#results.at(-1)?.files ?? []);
		const process = step.process ?? mainProcess;
		const [before, filesBefore] = [await stage.look(eyes, pageSize), await this.#scratch.look(this.#parameters)];
		goOn();
		const pid = stage.pidOf(process);
		const endedBefore = this.#hasEnded();
		const outcome = endedBefore ? { calls: [] } : await stage.run(step.code, process);
		const refusal = endedBefore ? { code: step.code, why: "endedBefore" as const } : outcome.finished?.refusal;
		const { values } = stage;
		const replay = outcome.signal ? await this.#replay(goOn) : undefined;
		const now = this.#living(goOn);
		const after = await now.look(eyes, pageSize);
		const signal = outcome.signal ?? outcome.finished?.signal;
		const shown = {
			process,
			calls: outcome.calls,
			...(signal === undefined ? {} : { signal }),
			regions: compareRegions(before, after, now.regions, now.processes, replay !== undefined),
			files: compareFiles(filesBefore, await this.#scratch.look(this.#parameters), former),
		};
		goOn(); // what was seen of a process that was killed meanwhile is no result
		const checked = checkStep(endedBefore ? { expect: [] } : step, {
			...shown,
			values: this.#lookUp(values),
			root,
			processes: now.processes,
			parameters: this.#parameters,
		});
		this.#results.push({
			step: index,
			pid,
			...shown,
			...checked,
			...(refusal === undefined ? {} : { refusal }),
			...(replay === undefined ? {} : { replay }),
		});
		this.#changed();
	}

	/**
	 * Gets a fresh lab process to where the last one was. Resolves with false when that cannot be done, say because somebody
	 * has deleted a file since: then the step that fails this time is the next one to run.
	 */
	async #prepare(goOn: () => void): Promise<boolean> {
		await this.#replay(goOn);
		if (this.#lost === undefined) return true;
		this.#results = this.#results.slice(0, this.#lost);
		this.#lost = undefined;
		this.#changed();
		return false;
	}

	/**
	 * A fresh lab process in which the first `count` steps have run again, but for those that killed it. A step that now
	 * fails or kills it, and did not before, is the last one, and lost.
	 */
	async #replay(goOn: () => void, count = this.#results.length): Promise<ReplayResult> {
		const restarted = this.#results.length > 0;
		if (restarted) this.#setActivity("replaying");
		this.#leaveStage();
		this.#parameters = await this.#scratch.make(this.#chosen, this.options.pageSize);
		goOn();
		const stage = await Stage.start(this.options, this.#demo, this.#parameters, this.#arena);
		this.#stage = stage;
		this.#arena = stage.arena;
		this.#lost = undefined;
		const steps: number[] = [];
		const differing: number[] = [];
		for (const { step, process, signal, calls } of this.#results.slice(0, count)) {
			if (signal?.process === mainProcess) continue;
			goOn();
			const outcome = await stage.run(this.#demo.steps[step]?.code ?? "", process);
			if (!outcome.finished) {
				const replay = await this.#replay(goOn, step);
				this.#lost ??= step;
				return { ...replay, differing: [...replay.differing, step] };
			}
			steps.push(step);
			if (!returnedAlike(outcome.calls, calls)) differing.push(step);
			if (!this.#isEnd(step, outcome.calls)) continue;
			if (!this.#isEnd(step, calls)) this.#lost = step;
			break;
		}
		goOn();
		if (restarted) this.#setActivity("running");
		return { steps, pid: stage.pid, differing };
	}

	/** A call has failed that all later steps build on. */
	#hasEnded(): boolean {
		return this.#lost !== undefined || this.#results.some(({ step, calls }) => this.#isEnd(step, calls));
	}

	#isEnd(step: number, calls: readonly CallResult[]): boolean {
		return this.#demo.steps[step]?.ends === true && calls.at(-1)?.errno !== undefined;
	}

	#lookUp(values: Readonly<Record<string, string>>): (name: string) => bigint | undefined {
		const page = BigInt(this.options.pageSize);
		return (name) => {
			const value = values[name];
			return name === "page" ? page : value === undefined ? undefined : BigInt(value);
		};
	}

	#living(goOn: () => void): Stage {
		goOn();
		if (this.#stage === undefined) throw new MapscopeError({ code: "io", detail: "the lab was stopped" });
		return this.#stage;
	}

	#leaveStage(): void {
		this.#stage?.dispose();
		this.#stage = undefined;
	}

	#stepState(index: number): StepState {
		const result = this.#results[index];
		if (result === undefined) {
			return { status: this.#activity === "running" && index === this.#results.length ? "running" : "toCome" };
		}
		return stepState(result);
	}

	#setActivity(activity: LabState["activity"]): void {
		this.#activity = activity;
		this.#changed();
	}

	#changed(): void {
		for (const listener of [...this.#listeners]) listener();
	}
}
