import { MapscopeError } from "../../shared/errors";
import { ElfFiles } from "../elf/elfFiles";
import { tryLock } from "../native/fileLock";
import { readProcFile } from "../proc/procFile";
import { readAddressSpace, readGroups } from "./addressSpace";
import { createDebuggeeService } from "./debuggees";
import { describeAddress, describeIn, describePage } from "./describeAddress";
import { readFileResidency } from "./fileResidency";
import { findMemoryOwner } from "./memoryOwner";
import { readPageFrame } from "./pageFrame";
import { ProcessMemory } from "./processChanges";
import { foregroundProcess, listProcesses } from "./processes";
import type { SamplerService } from "./protocol";
import { findRelations } from "./relations";
import { scanPages } from "./scanPages";
import type { SystemInfo } from "./system";
import { Watch } from "./watch";

/** The sampler's service, free of threads: the worker serves it over its port, a unit test calls it. */
export function createSamplerService(system: SystemInfo): SamplerService {
	const watches = new Map<number, Watch>();
	const elfFiles = new ElfFiles();
	const processes = new ProcessMemory(system);
	let nextWatch = 1;
	const find = (id: number): Watch => {
		const watch = watches.get(id);
		if (watch === undefined) throw new MapscopeError({ code: "bug", detail: `no watch ${id}` });
		return watch;
	};
	const addWatch = (watch: Watch): number => {
		const id = nextWatch++;
		watches.set(id, watch);
		return id;
	};
	return {
		...createDebuggeeService(system, elfFiles, addWatch),
		pageSize: async () => system.pageSize,
		listProcesses: async ({ kernelThreads }) => listProcesses(system, kernelThreads),
		processChanges: async ({ kernelThreads, since }) => processes.changes(kernelThreads, since),
		readAddressSpace: async (pid, detail) => readAddressSpace(pid, detail, system),
		scanPages: async (pid, start, end) => scanPages(pid, start, end, system),
		fileResidency: async (path) => readFileResidency(path, system),
		describeAddress: async (pid, address) => describeAddress(pid, address, system, elfFiles),
		readGroups: async (pid, limit) => readGroups(pid, limit, system),
		readText: async (pid, file) => new Uint8Array(readProcFile(`/proc/${findMemoryOwner(pid)}/${file}`)),
		foregroundProcess: async (shellPid) => foregroundProcess(shellPid),
		tryLock: async (descriptor) => tryLock(descriptor),
		watch: async (pid, startTime) => addWatch(new Watch(pid, startTime, system)),
		unwatch: async (id) => {
			watches.delete(id);
		},
		sample: async (id, { smaps }) => find(id).sample(smaps),
		frame: async (id, query) => find(id).frame(query),
		strips: async (id, startPages, room) => find(id).strips(startPages, room),
		pages: async (id, startPage, endPage) => find(id).pages(startPage, endPage),
		locate: async (id, page) => find(id).locate(page),
		bytes: async (id, page) => find(id).bytes(page),
		relations: async (id, page) => findRelations(find(id).known(), page, system),
		pageFrame: async (id, page) => readPageFrame(find(id).known().owner, page),
		describe: async (id, address) => describeIn(find(id).known(), address, system, elfFiles),
		describePage: async (id, page) => describePage(find(id).known(), page, system, elfFiles),
	};
}
