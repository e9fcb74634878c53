import type { ProcessSummary } from "../memory/model";
import { listProcesses } from "./processes";
import type { ProcessChanges } from "./protocol";
import type { SystemInfo } from "./system";

/** Remembers the last list of processes that it gave, to tell the next time only what is other. */
export class ProcessMemory {
	/** Begins with the time: an answer of a sampler that has ended meanwhile is none of ours. */
	#number = Date.now();
	#kernelThreads = false;
	#byPid = new Map<number, ProcessSummary>();

	constructor(private readonly system: SystemInfo) {}

	/** Reads the list; see `SamplerService.processChanges`. Errors: `io`. */
	changes(kernelThreads: boolean, since: number): ProcessChanges {
		const before = since === this.#number && kernelThreads === this.#kernelThreads ? this.#byPid : undefined;
		const now = new Map(listProcesses(this.system, kernelThreads).map((process) => [process.pid, process]));
		this.#byPid = now;
		this.#kernelThreads = kernelThreads;
		this.#number++;
		const number = this.#number;
		if (before === undefined) return { number, complete: true, processes: [...now.values()], gone: [] };
		const processes = [...now.values()].filter((process) => !sameProcess(process, before.get(process.pid)));
		const gone = [...before.keys()].filter((pid) => !now.has(pid));
		return { number, complete: false, processes, gone };
	}
}

function sameProcess(one: ProcessSummary, other: ProcessSummary | undefined): boolean {
	if (other === undefined) return false;
	const { commandLine, ...rest } = one;
	const fields = Object.keys(rest) as (keyof typeof rest)[];
	return (
		fields.length + 1 === Object.keys(other).length &&
		fields.every((field) => one[field] === other[field]) &&
		commandLine.length === other.commandLine.length &&
		commandLine.every((word, index) => word === other.commandLine[index])
	);
}
