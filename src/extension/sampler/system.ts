import type { ReadAhead } from "../proc/procFile";
import { threadCpuMilliseconds } from "../proc/schedstat";
import { hasCapability, readStatus } from "../proc/status";
import { countMemoryNodes, readPageSize, readUserNames } from "../proc/system";

/** What does not change while the sampler runs. */
export interface SystemInfo {
	readonly pageSize: number;
	readonly userNames: ReadonlyMap<number, string>;
	/** Effective user of the sampler. */
	readonly uid: number;
	/** CAP_FOWNER: may see the page cache of anybody's files. */
	readonly ownsAllFiles: boolean;
	/** Memory nodes of this machine; 0 where the kernel has no NUMA. */
	readonly memoryNodes: number;
	/** Reads the text of huge address spaces while it is parsed; without one the calling thread does both. */
	readonly ahead?: ReadAhead;
}

/** `CAP_FOWNER` of linux/capability.h. */
const capFowner = 3;

/** Reads {@link SystemInfo} of this machine and user. */
export function readSystemInfo(): SystemInfo {
	return {
		pageSize: readPageSize(),
		userNames: readUserNames(),
		uid: process.geteuid?.() ?? -1,
		ownsAllFiles: hasCapability(readStatus("self"), capFowner),
		memoryNodes: countMemoryNodes(),
	};
}

/** Milliseconds of processor time that sampling has cost until now, in this thread and in the one that reads ahead. */
export function samplerCpuMilliseconds({ ahead }: SystemInfo): number {
	return threadCpuMilliseconds() + (ahead?.spentMilliseconds ?? 0);
}
