import type { Strips } from "../../shared/debug/stopLayer";
import type { Location, MapFrame, MapQuery, PageCells, RowIcon } from "../../shared/mapFrame";
import type { PageBytes } from "../../shared/pageBytes";
import type { PageFrame } from "../../shared/pageFrame";
import type { PagePlace } from "../../shared/pagePlace";
import type { Relations } from "../../shared/relations";
import type { AddressDescription, AddressSpace, FileResidency, PageRun, ProcessSummary } from "../memory/model";
import type { DebuggeeService } from "./debuggeeProtocol";

/**
 * What the extension host may ask of the sampler, the worker thread that owns every read of `/proc` and every native
 * query. Every call may reject with a `MapscopeError`.
 */
export interface SamplerService extends DebuggeeService {
	/** Bytes of a base page of this machine. */
	pageSize(): Promise<number>;
	listProcesses(options: { readonly kernelThreads: boolean }): Promise<ProcessSummary[]>;
	/**
	 * As {@link listProcesses}, but only what is other than in the answer with the number `since`, when that was the last one
	 * that anybody got; else all.
	 */
	processChanges(options: { readonly kernelThreads: boolean; readonly since: number }): Promise<ProcessChanges>;
	readAddressSpace(pid: number, detail: "maps" | "smaps"): Promise<AddressSpace>;
	/** Runs that cover [start, end) exactly; addresses in bytes. */
	scanPages(pid: number, start: bigint, end: bigint): Promise<PageRun[]>;
	fileResidency(path: string): Promise<FileResidency>;
	/** What lies at a byte address: mapping, file, section, symbol, thread; or the gap and its neighbours. */
	describeAddress(pid: number, address: bigint): Promise<AddressDescription>;
	/**
	 * The groups of a process for the Processes view, with the resident bytes of each mapping: of modules all groups, of
	 * each other family the first `limit` and one without mappings for the rest, of each group the first `limit` mappings.
	 * 65,000 mappings would keep the extension host from all else for 300 ms.
	 */
	readGroups(pid: number, limit: number): Promise<ProcessGroups>;
	/** Raw text of `/proc/PID/maps` or `smaps`, as the kernel wrote it. */
	readText(pid: number, file: "maps" | "smaps"): Promise<Uint8Array>;
	/** Pid of the foreground process (group leader) of the terminal whose shell is `shellPid`. */
	foregroundProcess(shellPid: number): Promise<number>;
	/**
	 * Takes the lock of a file that the extension host has open (flock(2)), and resolves with whether it could. The host
	 * keeps the lock until it closes the descriptor: the sampler is a thread of the same process, and makes the native call.
	 * Rejects with `unsupported` where the file system has no locks, or this platform no native calls.
	 */
	tryLock(descriptor: number): Promise<boolean>;

	/** Starts watching a process; the number returned names the watch in the calls below. */
	watch(pid: number, startTime?: string): Promise<number>;
	unwatch(watch: number): Promise<void>;
	/** Takes a sample now; `smaps` asks for the expensive tier whatever it costs. */
	sample(watch: number, options: { readonly smaps: "never" | "cheap" | "always" }): Promise<SampleOutcome>;
	frame(watch: number, query: MapQuery): Promise<MapFrame>;
	/** The strips of the mappings that begin at these pages, with room for so many columns or cells of one page. */
	strips(
		watch: number,
		startPages: readonly number[],
		room: { readonly stripColumns: number; readonly stripCells: number },
	): Promise<Strips>;
	pages(watch: number, startPage: number, endPage: number): Promise<PageCells>;
	locate(watch: number, page: number): Promise<Location>;
	bytes(watch: number, page: number): Promise<PageBytes>;
	/** Who else maps what lies at a page, and what of it is shared since a fork: looks at every process. */
	relations(watch: number, page: number): Promise<Relations>;
	/** The physical memory behind a page, as far as this user may know. */
	pageFrame(watch: number, page: number): Promise<PageFrame>;
	/** As {@link describeAddress}, in the last picture of a watch: cheap enough for every key that somebody types. */
	describe(watch: number, address: bigint): Promise<AddressDescription>;
	/** Sections and symbols of a page, for processes that live. */
	describePage(watch: number, page: number): Promise<PagePlace>;
}

/** How the list of processes differs from one that was given earlier. */
export interface ProcessChanges {
	/** Of this answer: the next question's `since`. */
	readonly number: number;
	/** `processes` are all there are, whatever was told earlier. */
	readonly complete: boolean;
	/** Those that are new or have changed. */
	readonly processes: readonly ProcessSummary[];
	/** Pids of those that have gone. */
	readonly gone: readonly number[];
}

export interface SampleOutcome {
	/** What the sample and the frame before it cost, ms of processor time. */
	readonly cost: number;
	/** What `smaps` would cost, ms, when it was left out as too expensive. */
	readonly smapsEstimate?: number;
	/** No further sample will differ: the process is gone or has no address space. */
	readonly final: boolean;
}

/** Folded mappings of a process, by resident bytes. */
export interface ProcessGroups {
	readonly process: ProcessSummary;
	readonly pageSize: number;
	/** Resident bytes could be read; otherwise `resident` is absent everywhere. */
	readonly groups: readonly MappingGroup[];
}

export interface MappingGroup {
	readonly key: string;
	/** The family under which the tree files it. */
	readonly family: "modules" | "heap" | "stacks" | "anonymous" | "shared" | "files" | "kernel" | "reserved" | "other";
	readonly name: string;
	readonly icon: RowIcon;
	readonly size: number;
	readonly resident?: number;
	/** Mappings in all; size and resident are theirs, too. */
	readonly count: number;
	/** The first of them in address order. */
	readonly mappings: readonly GroupedMapping[];
}

export interface GroupedMapping {
	readonly mapping: AddressSpace["mappings"][number];
	readonly line: string;
	readonly resident?: number;
}

export type SamplerEvents = Record<never, never>;
