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
