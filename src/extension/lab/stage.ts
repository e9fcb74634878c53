import type { Demo, ParameterValues } from "../../shared/labDemo";
import { mainProcess } from "../../shared/labDemo";
import type { LabProcessState } from "../../shared/labResult";
import type { Disposable } from "../base/disposable";
import { LabProcess, type LabProcessOptions, type ReadyLabProcess, type RunOutcome } from "./labProcess";
import { type LabEyes, observe, type Sight } from "./observe";
import type { LabRegion } from "./wire";

/** A lab process at work on a demo, with what it has told of its regions, its processes and its variables. */
export class Stage implements Disposable {
	readonly pid: number;
	/** Start of the addresses that are hinted: handed to the next stage, it finds the same. */
	readonly arena: string;
	#regions: readonly LabRegion[] = [];
	#processes: readonly LabProcessState[];
	#values: Readonly<Record<string, string>> = {};
	readonly #process: LabProcess;

	private constructor({ process, pid, arena }: ReadyLabProcess) {
		this.#process = process;
		this.pid = pid;
		this.arena = arena;
		this.#processes = [{ name: mainProcess, pid, state: "alive" }];
	}

	/** Starts a lab process that knows the demo's parameters and data. Rejects as `LabProcess.start` does. */
	static async start(
		options: LabProcessOptions,
		{ parameters = [], data = [] }: Pick<Demo, "parameters" | "data">,
		values: ParameterValues,
		arena: string | undefined,
	): Promise<Stage> {
		const numeric = new Set(parameters.filter(({ kind }) => kind === "number").map(({ name }) => name));
		const entries = Object.entries(values).map(([name, value]) => [name, String(value)] as const);
		const order = {
			texts: Object.fromEntries(entries.filter(([name]) => !numeric.has(name))),
			numbers: Object.fromEntries(entries.filter(([name]) => numeric.has(name))),
			data,
			...(arena === undefined ? {} : { arena }),
		};
		return new Stage(await LabProcess.start(options, order));
	}

	get ended(): boolean {
		return this.#process.ended;
	}

	/** The ranges of the variables that hold one. */
	get regions(): readonly LabRegion[] {
		return this.#regions;
	}

	/** The lab process and those that it has forked. */
	get processes(): readonly LabProcessState[] {
		return this.#processes;
	}

	/** Integers of the process that has run the last statement, decimal, by name. */
	get values(): Readonly<Record<string, string>> {
		return this.#values;
	}

	/** Pid of one of the processes by its name; 0 for one that there is not. */
	pidOf(process: string): number {
		return this.#processes.find(({ name }) => name === process)?.pid ?? 0;
	}

	/** Runs statements in one of the processes. Rejects as `LabProcess.run` does. */
	async run(code: string, process: string): Promise<RunOutcome> {
		const outcome = await this.#process.run(code, process);
		if (outcome.finished) {
			this.#regions = outcome.finished.regions;
			this.#processes = outcome.finished.processes;
			this.#values = outcome.finished.values;
		}
		return outcome;
	}

	/** Looks at all its processes and the pages of their regions, as the kernel shows them now. */
	async look(eyes: LabEyes, pageSize: number): Promise<Sight> {
		return await observe(eyes, this.#processes, this.#regions, pageSize);
	}

	/** Kills the lab process, and with it every process that it has forked. */
	dispose(): void {
		this.#process.dispose();
	}
}
