import { type ErrorData, MapscopeError, toErrorData } from "../../shared/errors";
import type { Demo, ParameterValues } from "../../shared/labDemo";
import { mainProcess } from "../../shared/labDemo";
import type { LabState, StepState } from "../../shared/labPanel";
import type { FileResult, LabProcessState, ReplayResult, StepResult } from "../../shared/labResult";
import { type Disposable, toDisposable } from "../base/disposable";
import { checkStep } from "./checks";
import { LabProcess, type LabProcessOptions, type RunOutcome } from "./labProcess";
import { readDemo } from "./language/variables";
import { type LabEyes, observe, type Sight } from "./observe";
import { compareRegions } from "./regionSides";
import { ScratchFiles } from "./scratchFiles";
import type { LabRegion } from "./wire";

export interface SessionOptions extends LabProcessOptions {
	/** The sampler, through which everything is seen. */
	readonly eyes: LabEyes;
	/** Folder for scratch files. */
	readonly scratchParent: string;
	readonly pageSize: number;
	/** Whether the lab runs as root. */
	readonly root: boolean;
}

/** A lab process at work, with what is known of its regions and processes. */
interface Stage {
	readonly process: LabProcess;
	regions: readonly LabRegion[];
	processes: readonly LabProcessState[];
	values: Readonly<Record<string, string>>;
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
	/** Start of the hinted addresses: that of the first lab process, so that a replay finds the same. */
	#arena: string | undefined;
	#queue: Promise<unknown> = Promise.resolve();
	#disposed = false;
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
		this.#scratch = new ScratchFiles(demo, options.scratchParent);
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
		return this.#enqueue(() => this.#step());
	}

	/** Runs all steps that are left. */
	runAll(): Promise<void> {
		return this.#enqueue(async () => {
			while (this.#results.length < this.#demo.steps.length && !this.#disposed) await this.#step();
		});
	}

	/** Makes `step` the last that has run: a fresh lab process in which all up to it have run again; -1 for none. */
	backTo(step: number): Promise<void> {
		return this.#enqueue(async () => {
			this.#results = this.#results.slice(0, step + 1);
			this.#leaveStage();
			if (this.#results.length > 0) await this.#replay();
			else await this.#scratch.remove();
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
		return this.#enqueue(async () => {
			const kept = this.#demo.steps.slice(0, this.#results.length);
			const step = { title: "", code, process, look: "", expect: [], why: "", man: [] };
			const demo = { ...this.#demo, steps: [...kept, step] };
			readDemo(demo);
			this.#demo = demo;
			await this.#step();
		});
	}

	/** Ends whatever runs: the lab process is killed, and the next call starts another. */
	stop(): void {
		this.#leaveStage();
	}

	dispose(): void {
		this.#disposed = true;
		this.#leaveStage();
		this.#listeners.clear();
		const gone = this.#queue.then(() => this.#scratch.remove());
		gone.catch((error: unknown) => this.options.log.warn(`scratch files: ${error}`));
	}

	#enqueue(work: () => Promise<void>): Promise<void> {
		const run = this.#queue.then(async () => {
			if (this.#disposed) throw new MapscopeError({ code: "bug", detail: "the lab was closed" });
			this.#trouble = undefined;
			this.#setActivity("running");
			try {
				await work();
			} catch (error) {
				this.#leaveStage();
				this.#trouble = toErrorData(error);
				throw error;
			} finally {
				this.#setActivity("idle");
			}
		});
		this.#queue = run.catch(() => undefined);
		return run;
	}

	/** Runs the next step; once more in a fresh lab when the process has been killed since the last one. */
	async #step(): Promise<void> {
		try {
			await this.#attempt();
		} catch (error) {
			if (!(error instanceof MapscopeError) || error.code !== "processGone") throw error;
			this.#leaveStage();
			await this.#attempt();
		}
	}

	async #attempt(): Promise<void> {
		const index = this.#results.length;
		const step = this.#demo.steps[index];
		if (step === undefined) return;
		if (this.#stage === undefined || this.#stage.process.ended) await this.#replay();
		const stage = this.#living();
		const process = step.process ?? mainProcess;
		const [before, filesBefore] = [await this.#look(stage), await this.#scratch.look(this.#parameters)];
		const pid = stage.processes.find(({ name }) => name === process)?.pid ?? 0;
		const outcome = this.#hasEnded()
			? { calls: [], finished: { ...stage, refusal: { code: step.code, why: "endedBefore" as const } } }
			: await stage.process.run(step.code, process);
		const values = outcome.finished?.values ?? stage.values;
		const replay = outcome.signal ? await this.#replay() : undefined;
		if (outcome.finished) Object.assign(stage, outcome.finished);
		const now = this.#living();
		const after = await this.#look(now);
		const signal = outcome.signal ?? outcome.finished?.signal;
		const shown = {
			process,
			calls: outcome.calls,
			...(signal === undefined ? {} : { signal }),
			regions: compareRegions(before, after, now.regions, now.processes, replay !== undefined),
			files: await this.#compareFiles(filesBefore),
		};
		const lookUp = this.#values(values);
		const checked = checkStep(outcome.finished?.refusal?.why === "endedBefore" ? { expect: [] } : step, {
			...shown,
			values: lookUp,
			root: this.options.root,
			processes: now.processes,
			parameters: this.#parameters,
		});
		this.#results.push({
			step: index,
			pid,
			...shown,
			...checked,
			...(outcome.finished?.refusal === undefined ? {} : { refusal: outcome.finished.refusal }),
			...(replay === undefined ? {} : { replay }),
		});
		this.#changed();
	}

	/** A fresh lab process in which all steps that have a result have run again, but for those that killed it. */
	async #replay(): Promise<ReplayResult> {
		const restarted = this.#results.length > 0;
		if (restarted) this.#setActivity("replaying");
		this.#leaveStage();
		this.#parameters = await this.#scratch.make(this.#chosen, this.options.pageSize);
		const ready = await LabProcess.start(this.options, {
			...this.#surroundings(),
			...(this.#arena === undefined ? {} : { arena: this.#arena }),
		});
		this.#arena = ready.arena;
		const main: LabProcessState = { name: mainProcess, pid: ready.pid, state: "alive" };
		const stage: Stage = { process: ready.process, regions: [], processes: [main], values: {} };
		this.#stage = stage;
		const steps: number[] = [];
		const differing: number[] = [];
		for (const { step, process, signal, calls } of this.#results) {
			if (signal?.process === mainProcess) continue;
			const outcome = await stage.process.run(this.#demo.steps[step]?.code ?? "", process);
			if (!outcome.finished) throw new MapscopeError({ code: "io", detail: `step ${step + 1} was not survived again` });
			Object.assign(stage, outcome.finished);
			steps.push(step);
			if (returnsOf(outcome.calls) !== returnsOf(calls)) differing.push(step);
		}
		if (restarted) this.#setActivity("running");
		return { steps, pid: ready.pid, differing };
	}

	/** A call has failed that all later steps build on. */
	#hasEnded(): boolean {
		return this.#results.some(({ step, calls }) => this.#demo.steps[step]?.ends && calls.at(-1)?.errno !== undefined);
	}

	#surroundings(): Pick<Parameters<typeof LabProcess.start>[1], "texts" | "numbers" | "data"> {
		const values = Object.entries(this.#parameters);
		const numeric = new Set(
			(this.#demo.parameters ?? []).filter(({ kind }) => kind === "number").map(({ name }) => name),
		);
		return {
			texts: Object.fromEntries(
				values.filter(([name]) => !numeric.has(name)).map(([name, value]) => [name, String(value)]),
			),
			numbers: Object.fromEntries(
				values.filter(([name]) => numeric.has(name)).map(([name, value]) => [name, String(value)]),
			),
			data: this.#demo.data ?? [],
		};
	}

	#values(values: Readonly<Record<string, string>>): (name: string) => bigint | undefined {
		const page = BigInt(this.options.pageSize);
		return (name) => {
			const value = values[name];
			return name === "page" ? page : value === undefined ? undefined : BigInt(value);
		};
	}

	async #look(stage: Stage): Promise<Sight> {
		return await observe(this.options.eyes, stage.processes, stage.regions, this.options.pageSize);
	}

	async #compareFiles(before: Awaited<ReturnType<ScratchFiles["look"]>>): Promise<FileResult[]> {
		const after = await this.#scratch.look(this.#parameters);
		return [...after].map(([name, { path, side }]) => ({
			name,
			path,
			before: before.get(name)?.side ?? side,
			after: side,
		}));
	}

	#living(): Stage {
		if (this.#stage === undefined) throw new MapscopeError({ code: "io", detail: "the lab was stopped" });
		return this.#stage;
	}

	#leaveStage(): void {
		this.#stage?.process.dispose();
		this.#stage = undefined;
	}

	#stepState(index: number): StepState {
		const result = this.#results[index];
		if (result === undefined) {
			return { status: this.#activity === "running" && index === this.#results.length ? "running" : "toCome" };
		}
		const { calls, signal, refusal, checks, replay } = result;
		const met = isMet(result, checks);
		return {
			status: refusal ? "refused" : signal ? "killed" : met ? "met" : "differs",
			met,
			calls,
			...(signal === undefined ? {} : { signal }),
			...(refusal === undefined ? {} : { refusal }),
			...(replay === undefined ? {} : { replay }),
		};
	}

	#setActivity(activity: LabState["activity"]): void {
		this.#activity = activity;
		this.#changed();
	}

	#changed(): void {
		for (const listener of [...this.#listeners]) listener();
	}
}

/** Everything was as expected: also a signal counts as unexpected when nothing says that it should come. */
function isMet({ signal, refusal, excused }: StepResult, checks: StepResult["checks"]): boolean {
	const signalExpected = checks.some(({ expectation }) => expectation.kind === "killed");
	if (refusal !== undefined || (signal !== undefined && !signalExpected)) return false;
	return excused !== undefined || checks.every(({ met }) => met);
}

/** What calls returned, without what is another one in each process: addresses, pids, descriptors. */
function returnsOf(calls: RunOutcome["calls"]): string {
	return JSON.stringify(
		calls.map(({ value, errno, printed }) => [value?.kind === "number" ? value.number : value?.kind, errno, printed]),
	);
}
