import { readlinkSync } from "node:fs";
import { MapscopeError, toErrorData } from "../../shared/errors";
import type { ProcessHeader, SampleInfo, ViewStatus } from "../../shared/mapFrame";
import { PageRunList } from "../base/pageCategories";
import { type Classification, classify, kindOf } from "../memory/classify";
import { groupMappings } from "../memory/groups";
import { type MappingCache, markChanged, mergeRuns } from "../memory/mergeRuns";
import { noRuns, type PageRuns } from "../memory/pageRuns";
import { hidesPages } from "../memory/pseudoNames";
import type { Snapshot } from "../memory/snapshot";
import { internalHugetlbDevices } from "../native/hugetlbDevices";
import { readCmdline } from "../proc/cmdline";
import { type MapsColumns, parseMaps, permission, readMaps } from "../proc/maps";
import { readSpecialDevices, type SpecialDevices } from "../proc/mountinfo";
import { readSmaps, readSmapsRollup, unreadLines } from "../proc/smaps";
import { readStat, type Stat } from "../proc/stat";
import { readEffectiveUser, readStatus, statusBytes } from "../proc/status";
import { readMaxMapCount } from "../proc/system";
import { alignSmaps } from "./alignSmaps";
import { type FileCaches, keptWhereSame, readFileCaches } from "./fileCache";
import { memoryOwner } from "./memoryOwner";
import { readPageTable, userEndPage, zeroPagesInDoubt } from "./pageTable";
import { resolveNames } from "./resolveNames";
import { type SystemInfo, samplerCpuMilliseconds } from "./system";
import { readThreadStacks } from "./threadStacks";
import { judgeDoubts, settleDoubts } from "./zeroPages";

/** Which of the dearer tiers a sample reads; mappings, rollup and page table it always reads. */
export interface Tiers {
	/** Ask the page cache anew; otherwise keep what `before` knew while the mappings are the same. */
	readonly cache: boolean;
	/** Read `smaps` of a process with so many mappings and resident bytes. */
	readonly smaps: (mappings: number, residentBytes: number) => boolean;
}

/** Reads a process and builds its snapshot. Tiers left out keep what `before` knew. */
export function takeSample(
	pid: number,
	system: SystemInfo,
	tiers: Tiers,
	number: number,
	before: Snapshot | undefined,
): Snapshot {
	const clock = new TierClock(system);
	const stat = readStat(pid);
	if (stat === undefined) throw new MapscopeError({ code: "io", path: `/proc/${pid}/stat`, detail: "malformed" });
	const owner = memoryOwner(pid, stat);
	const process = readHeader(pid, owner, stat, system);
	const { maps, error } = readMapsOrDenial(owner, system.pageSize, before?.maps);
	// A process at rest prints the same text again: then all that follows from it alone is known.
	const same = before !== undefined && maps.count > 0 && maps === before.maps ? before : undefined;
	clock.lap("maps");
	const classification =
		same?.classification ?? classifyProcess(pid, owner, maps, system.pageSize, before?.classification);
	const groups = same?.groups ?? groupMappings(maps, classification, readProgram(owner));
	let status: ViewStatus = error
		? { kind: "denied", error: toErrorData(error) }
		: maps.count === 0
			? { kind: "empty", why: stat.kernelThread ? "kernelThread" : stat.state === "Z" ? "zombie" : "exiting" }
			: { kind: "ok" };
	clock.lap("maps");
	const rollup = maps.count > 0 ? tryRead(() => readSmapsRollup(owner, system.pageSize)) : undefined;
	const statusResident = statusBytes(readStatus(owner), "VmRSS");
	clock.lap("rollup");
	const fresh =
		maps.count > 0 && tiers.smaps(maps.count, rollup?.get("Rss") ?? statusResident ?? 0)
			? tryRead(() => alignSmaps(readSmaps(owner, system.pageSize, system.ahead), maps))
			: undefined;
	const smaps = fresh ?? same?.smaps ?? (before?.smaps ? alignSmaps(before.smaps, maps) : undefined);
	clock.lap("smaps");
	let table = new PageRunList();
	let doubts: Uint8Array | undefined;
	let opaque = false;
	if (maps.count > 0) {
		try {
			table = readPageTable(owner, maps, 0, Number.POSITIVE_INFINITY, system.pageSize, false);
			if (fresh && zeroPagesInDoubt()) {
				doubts = judgeDoubts(table, maps, classification, fresh, system.pageSize);
				table = settleDoubts(table, maps, doubts);
			}
		} catch (thrown) {
			if (!(thrown instanceof MapscopeError) || thrown.code === "processGone") throw thrown;
			status = { kind: "partlyDenied", error: toErrorData(thrown) };
			opaque = true;
		}
	}
	clock.lap("pages");
	const former: FileCaches | undefined = same && { knowledge: same.cache, caches: same.caches };
	let files = former;
	if (files === undefined || tiers.cache) {
		const read = readFileCaches(owner, maps, classification, system);
		files = former ? keptWhereSame(former, read) : read;
	}
	clock.lap("cache");
	const sameRest = same !== undefined && files === former;
	const merge = () => mergeSnapshotRuns(maps, classification, files.caches, table, opaque, system.pageSize);
	const { runs, changedPages, plain } = mergeWithBefore(before, sameRest, { table, opaque }, merge);
	sources.set(runs, { plain, table, opaque });
	clock.lap("pages");
	const unread = unreadLines(maps, fresh);
	const sample: SampleInfo = {
		number,
		time: Date.now(),
		cost: clock.cost(),
		changedPages,
		smaps: smaps !== undefined,
		...(unread > 0 ? { unreadLines: unread } : {}),
	};
	const mappingLimit = readMaxMapCount();
	return {
		sample,
		process,
		status,
		pageSize: system.pageSize,
		maps,
		classification,
		groups,
		runs,
		cache: files.knowledge,
		caches: files.caches,
		...(doubts ? { doubts } : {}),
		...(smaps ? { smaps } : {}),
		...(rollup ? { rollup } : {}),
		...(statusResident === undefined ? {} : { statusResident }),
		...(mappingLimit === undefined ? {} : { mappingLimit }),
		...(opaque ? { pagesHidden: true } : {}),
	};
}

/** What the runs of a snapshot were made of: the next sample compares with it. */
interface RunSources {
	/** The runs before the marks of change were put in. */
	readonly plain: PageRuns;
	readonly table: PageRunList;
	/** The page table could not be read. */
	readonly opaque: boolean;
}

const sources = new WeakMap<PageRuns, RunSources>();

/**
 * The runs of a sample, with marks where they differ from the sample before.
 *
 * @param sameRest all that `merge` looks at besides the page table is as before: then the same table makes the same runs.
 */
function mergeWithBefore(
	before: Snapshot | undefined,
	sameRest: boolean,
	{ table, opaque }: Omit<RunSources, "plain">,
	merge: () => PageRuns,
): { readonly runs: PageRuns; readonly changedPages: number; readonly plain: PageRuns } {
	const former = before && sources.get(before.runs);
	if (former && sameRest && former.opaque === opaque && former.table.equals(table)) {
		return { runs: former.plain, changedPages: 0, plain: former.plain };
	}
	const plain = merge();
	if (before === undefined || before.maps.count === 0) return { runs: plain, changedPages: 0, plain };
	return { ...markChanged(former?.plain ?? before.runs, plain), plain };
}

/** The pages of a snapshot as they are, without the marks of what changed since the sample before. */
export function unmarked(snapshot: Snapshot): PageRuns {
	return sources.get(snapshot.runs)?.plain ?? snapshot.runs;
}

/** Merges what the page table and the page cache say into one state a page. */
export function mergeSnapshotRuns(
	maps: MapsColumns,
	classification: Classification,
	caches: readonly MappingCache[],
	table: PageRunList,
	denied: boolean,
	pageSize: number,
): PageRuns {
	if (maps.count === 0) return noRuns;
	const userEnd = userEndPage(maps, pageSize);
	const anonymous = maps.nameTable.map((name) => name === "" || /^\[(heap\]|stack|anon:)/.test(name));
	return mergeRuns(
		maps.count,
		(index) => {
			const startPage = maps.startPages[index] ?? 0;
			const kind = kindOf(classification, index);
			return {
				mapping: {
					startPage,
					endPage: maps.endPages[index] ?? 0,
					offsetPage: maps.offsetPages[index] ?? 0,
					sharedMemory: classification.sharedMemory[index] === 1,
					hugetlb: kind === "hugetlb",
					anonymous: anonymous[maps.names[index] ?? 0] === true && maps.inodes[index] === 0n,
					opaque: denied || startPage >= userEnd,
					hidesPages: hidesPages(kind, classification.names[maps.names[index] ?? 0]?.name ?? ""),
					shared: ((maps.permissions[index] ?? 0) & permission.shared) !== 0,
				},
				cache: caches[index] ?? { kind: "none" },
			};
		},
		table,
	);
}

function readMapsOrDenial(
	pid: number,
	pageSize: number,
	before: MapsColumns | undefined,
): { maps: MapsColumns; error?: MapscopeError } {
	try {
		return { maps: readMaps(pid, pageSize, before) };
	} catch (error) {
		if (!(error instanceof MapscopeError) || error.code !== "permissionDenied") throw error;
		return { maps: parseMaps(Buffer.alloc(0), pageSize), error };
	}
}

/** What identifies a process and tells its state, for the head of the view. */
function readHeader(pid: number, owner: number, stat: Stat, system: SystemInfo): ProcessHeader {
	const mainThreadEnded = owner !== pid;
	const uid = readEffectiveUser(pid) ?? -1;
	return {
		pid,
		startTime: String(stat.startTime),
		name: stat.name,
		commandLine: stat.kernelThread ? [] : readCmdline(owner),
		state: (mainThreadEnded ? readStat(owner) : stat)?.state ?? stat.state,
		...(mainThreadEnded ? { mainThreadEnded } : {}),
		threads: stat.threads,
		user: system.userNames.get(uid) ?? String(uid),
		parentPid: stat.parentPid,
	};
}

/**
 * Classifies with everything that can be looked up besides `maps`: mounts, ambiguous names, thread stacks.
 *
 * @param owner see `memoryOwner`.
 */
export function classifyProcess(
	pid: number,
	owner: number,
	maps: MapsColumns,
	pageSize: number,
	before?: Classification,
): Classification {
	const stacks = maps.count > 0 ? readThreadStacks(pid, pageSize, [...(before?.threads.values() ?? [])]) : [];
	const { memory, hugetlb } = specialDevices(owner);
	return classify(maps, memory, pageSize, resolveNames(owner, maps), stacks, hugetlb);
}

/** Path of the program, as its mappings name it; undefined where it may not be asked. */
export function readProgram(pid: number): string | undefined {
	try {
		return readlinkSync(`/proc/${pid}/exe`);
	} catch {
		return undefined;
	}
}

/** Devices of the process's own mounts, where they may be read, and of the kernel's own mounts, which nobody sees. */
function specialDevices(pid: number): SpecialDevices {
	const { memory, hugetlb } = tryRead(() => readSpecialDevices(pid)) ?? { memory: [], hugetlb: [] };
	return { memory: new Set(memory), hugetlb: new Set([...hugetlb, ...internalHugetlbDevices()]) };
}

/** Undefined where the kernel refuses; a process that is gone is passed on. */
function tryRead<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch (error) {
		if (error instanceof MapscopeError && error.code !== "bug") return undefined;
		throw error;
	}
}

/** Measures what each tier costs, in processor time of this thread and of the one that reads for it. */
class TierClock {
	#last: number;
	readonly #cost = { total: 0, maps: 0, rollup: 0, pages: 0, cache: 0, smaps: 0 };

	constructor(private readonly system: SystemInfo) {
		this.#last = samplerCpuMilliseconds(system);
	}

	lap(tier: "maps" | "rollup" | "pages" | "cache" | "smaps"): void {
		const now = samplerCpuMilliseconds(this.system);
		this.#cost[tier] += now - this.#last;
		this.#cost.total += now - this.#last;
		this.#last = now;
	}

	cost(): SampleInfo["cost"] {
		return { ...this.#cost };
	}
}
