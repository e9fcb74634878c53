import { MapscopeError, toErrorData } from "../shared/errors";
import type { DemoSummary } from "../shared/labDemo";
import type { Lab } from "./lab/lab";
import type { DemoReport } from "./lab/report";
import type { AddressSpace, FileResidency, PageRun, ProcessSummary } from "./memory/model";
import type { SamplerService } from "./sampler/protocol";

export type { ErrorCode } from "../shared/errors";
export { MapscopeError } from "../shared/errors";
export type { DemoSummary } from "../shared/labDemo";
export type { DemoReport, DemoStepReport } from "./lab/report";
export type { AddressSpace, FileResidency, Mapping, MappingUsage, PageRun, ProcessSummary } from "./memory/model";

/** What other extensions get from `extensions.getExtension("mapscope.mapscope").activate()`. */
export interface MapscopeApi {
	readonly version: 1;
	/** Processes visible to this user; kernel threads left out. */
	listProcesses(): Promise<ProcessSummary[]>;
	/** Mappings of a process; `detail: "smaps"` adds the per-mapping accounting (bytes). Rejects with `MapscopeError`. */
	readAddressSpace(pid: number, options?: { readonly detail?: "maps" | "smaps" }): Promise<AddressSpace>;
	/** Page states of [start, end), as runs in address order that cover the range exactly. */
	scanPages(pid: number, start: bigint, end: bigint): Promise<PageRun[]>;
	/** Page-cache residency of a file, as runs; `known: false` with a reason where the kernel hides it. */
	fileResidency(path: string): Promise<FileResidency>;
	/** Opens or reveals the memory map; at `address` when given. */
	showMemoryMap(pid: number, options?: { readonly address?: bigint }): Promise<void>;
	/** The lab's demos, in the order of its programme. */
	listDemos(): DemoSummary[];
	/** Runs a demo to its end; `options` are values of its parameters by name, a file by its path. */
	runDemo(id: string, options?: Readonly<Record<string, unknown>>): Promise<DemoReport>;
}

/** Builds the exported API on the sampler. Arguments come from other extensions: they are checked here. */
export function createApi(
	sampler: SamplerService,
	lab: Pick<Lab, "list" | "run">,
	showMemoryMap: (pid: number, address: bigint | undefined) => Promise<void>,
): MapscopeApi {
	return {
		version: 1,
		listProcesses: async () => guard(sampler.listProcesses({ kernelThreads: false })),
		readAddressSpace: async (pid, options) =>
			guard(sampler.readAddressSpace(checkedPid(pid), options?.detail ?? "maps")),
		scanPages: async (pid, start, end) => guard(sampler.scanPages(checkedPid(pid), start, end)),
		fileResidency: async (path) => guard(sampler.fileResidency(path)),
		showMemoryMap: async (pid, options) => guard(showMemoryMap(checkedPid(pid), options?.address)),
		listDemos: () => lab.list(),
		runDemo: async (id, options) => guard(lab.run(String(id), options ?? {})),
	};
}

function checkedPid(pid: number): number {
	if (!Number.isInteger(pid) || pid <= 0) throw new MapscopeError({ code: "bug", detail: `no pid: ${pid}` });
	return pid;
}

async function guard<T>(result: Promise<T>): Promise<T> {
	try {
		return await result;
	} catch (error) {
		throw error instanceof MapscopeError ? error : new MapscopeError(toErrorData(error));
	}
}
