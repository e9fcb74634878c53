import type { Mapping, ProcessSummary } from "../../../src/extension/memory/model";
import type { MappingGroup, ProcessGroups } from "../../../src/extension/sampler/protocol";

/** A process with what a test cares about. */
export function process(pid: number, fields: Partial<ProcessSummary> = {}): ProcessSummary {
	return {
		pid,
		parentPid: 1,
		startTime: BigInt(pid) * 10n,
		name: `program${pid}`,
		commandLine: [`/usr/bin/program${pid}`],
		uid: 1000,
		user: "ada",
		state: "S",
		kernelThread: false,
		rss: pid * 1024 * 1024,
		readable: true,
		...fields,
	};
}

/** A group of one-page mappings from `start` on, each wholly resident. */
export function group(key: string, start: bigint, count: number, fields: Partial<MappingGroup> = {}): MappingGroup {
	const mappings = Array.from({ length: count }, (_, index) => {
		const from = start + BigInt(index) * 0x1000n;
		return { mapping: mapping(from), line: `${from.toString(16)} line`, resident: 4096 };
	});
	return {
		key,
		family: "modules",
		name: `lib${key}.so`,
		icon: "library",
		size: count * 4096,
		resident: count * 4096,
		count,
		mappings,
		...fields,
	};
}

export function groups(of: ProcessSummary, list: readonly MappingGroup[]): ProcessGroups {
	return { process: of, pageSize: 4096, groups: list };
}

export function mapping(start: bigint, fields: Partial<Mapping> = {}): Mapping {
	return {
		start,
		end: start + 0x1000n,
		permissions: "r-xp",
		offset: 0n,
		device: "08:01",
		inode: 42n,
		name: "/usr/lib/libx.so",
		deleted: false,
		kind: "code",
		label: "Code",
		...fields,
	};
}
