import type { StopChanges } from "../../shared/debug/changes";
import type { StopDenial } from "../../shared/debug/stops";
import { MapscopeError, toErrorData } from "../../shared/errors";
import { alignMappings } from "../memory/alignMappings";
import { type Fingerprints, noFingerprints } from "../memory/fingerprints";
import { type IndexedChange, mappingChanges } from "../memory/mappingChanges";
import { markPages, type PageMarks, type StopPages } from "../memory/pageMarks";
import type { PageRuns } from "../memory/pageRuns";
import type { Snapshot } from "../memory/snapshot";
import { summarizeChanges } from "../memory/stopChanges";
import { SpaceHandle } from "../proc/spaceHandle";
import { readStat, type Stat } from "../proc/stat";
import type { StopOptions, StopReading } from "./debuggeeProtocol";
import { memoryOwner } from "./memoryOwner";
import { type FingerprintReading, readFingerprints, zeroPageSum } from "./readFingerprints";
import { kernelNotesWrites, noteWritesFromNow } from "./softDirty";
import type { SystemInfo } from "./system";
import { readProgram, takeSample, unmarked } from "./takeSample";
import { stoodStill } from "./threadStates";

/** A stop that is kept. */
export interface StopRecord extends StopPages {
	readonly number: number;
	/** Stops of the same address space have the same number: `exec` begins another. */
	readonly space: number;
	readonly denied?: StopDenial;
	/** From then on, the kernel has kept note of what was written. */
	readonly noting: boolean;
	/** About what it keeps in memory, bytes. */
	readonly weight: number;
}

/** What differs between two stops, as far as it is worked out. */
export interface ComparedStops {
	readonly before: StopRecord;
	readonly after: StopRecord;
	readonly changes: readonly IndexedChange[];
	readonly marks: PageMarks;
}

/** Stops that are kept of a debuggee, and what they may weigh together: 65,000 mappings are some 10 MB a stop. */
const mostStops = 100;
const mostWeight = 96 * 2 ** 20;

/** The page cache is asked file by file, and changes slowly: it rests fifty times as long as it took. */
const cacheRest = 50;

/** The stops of one process: read while it stands still, kept in a bounded history, comparable with one another. */
export class StopHistory {
	readonly #stops: StopRecord[] = [];
	#next = 1;
	#cacheDue = 0;
	#space = 0;
	#handle: SpaceHandle | undefined;
	/** The last comparison: its summary, its tree and its picture are asked for one after the other. */
	#compared: ComparedStops | undefined;

	constructor(
		readonly pid: number,
		readonly startTime: string,
		private readonly system: SystemInfo,
		private readonly limits = { stops: mostStops, weight: mostWeight },
	) {}

	/**
	 * Reads the process now and appends what it found. Errors: `processGone` (also when the pid is another process's by
	 * now, or the process has no memory left), `permissionDenied` (not even the mappings may be read), `io`.
	 */
	read({ budget, onlyIfChanged }: StopOptions): StopReading {
		const begin = performance.now();
		const stat = this.#stat();
		const owner = memoryOwner(this.pid, stat);
		this.#followSpace(owner);
		const last = this.#stops.at(-1);
		const replaced = last !== undefined && last.space !== this.#space;
		const still = stoodStill(this.pid);
		const snapshot = this.#sample(replaced ? undefined : last?.snapshot);
		const runs = unmarked(snapshot);
		const read = performance.now();
		const noted = last?.noting === true && !replaced ? last.fingerprints : undefined;
		const contents = readContents(owner, snapshot, runs, budget, noted);
		// What is written between the reading and the beginning of new notes would be in neither.
		const renewed = still && kernelNotesWrites(this.system.pageSize) && noteWritesFromNow(owner);
		const stillNow = still && stoodStill(this.pid);
		const record: StopRecord = {
			number: this.#next,
			snapshot,
			runs,
			space: this.#space,
			fingerprints: contents.fingerprints,
			...(contents.denied ? { denied: contents.denied } : {}),
			noting: renewed && stillNow,
			weight: weigh(snapshot, last?.snapshot) + runs.count * 18 + contents.fingerprints.pages * 4,
		};
		const changes = last && !replaced ? this.#compare(last, record) : undefined;
		const totals = changes && summarize(changes).totals;
		const unchanged =
			totals !== undefined && totals.written === 0 && Object.values(totals.mappings).every((count) => count === 0);
		const drop = onlyIfChanged && unchanged;
		if (!drop) this.#append(record);
		const executable = readProgram(owner);
		return {
			...(drop ? {} : { number: record.number }),
			oldest: this.#stops[0]?.number ?? record.number,
			mappings: snapshot.maps.count,
			still: stillNow,
			reading: read - begin,
			comparing: contents.took,
			comparedBytes: contents.bytes,
			...(totals ? { totals } : {}),
			...(replaced ? { formerName: last.snapshot.process.name } : {}),
			...(contents.denied ? { denied: contents.denied } : {}),
			name: snapshot.process.name,
			...(executable === undefined ? {} : { executable }),
		};
	}

	/** A stop by its number. Errors: `bug` for one that is not, or no longer, known. */
	stop(number: number): StopRecord {
		const found = this.#stops.find((stop) => stop.number === number);
		if (found === undefined) throw new MapscopeError({ code: "bug", detail: `stop ${number} is not known` });
		return found;
	}

	/** Stops before `number` that are still known, the latest first. */
	before(number: number): readonly StopRecord[] {
		return this.#stops.filter((stop) => stop.number < number).reverse();
	}

	/** What differs between two stops; the earlier is `before`, in whichever order they are named. */
	compare(one: number, other: number): ComparedStops {
		return this.#compare(this.stop(Math.min(one, other)), this.stop(Math.max(one, other)));
	}

	/** {@link compare} as told to others. */
	changes(one: number, other: number): StopChanges {
		return summarize(this.compare(one, other));
	}

	/** Whose `/proc` shows the memory now; see `memoryOwner`. Errors: `processGone`. */
	owner(): number {
		return memoryOwner(this.pid, this.#stat());
	}

	/** Lets go of the process; its stops may still be looked at. */
	dispose(): void {
		this.#handle?.close();
		this.#handle = undefined;
	}

	#compare(before: StopRecord, after: StopRecord): ComparedStops {
		if (this.#compared?.before !== before || this.#compared.after !== after) {
			const pieces = alignMappings(before.snapshot.maps, after.snapshot.maps);
			this.#compared = {
				before,
				after,
				changes: mappingChanges(pieces, before.snapshot, after.snapshot),
				marks: markPages(before, after, pieces, {
					zeroSum: zeroPageSum(this.system.pageSize),
					noted: isNoted(before, after),
				}),
			};
		}
		return this.#compared;
	}

	#sample(before: Snapshot | undefined): Snapshot {
		const cache = performance.now() >= this.#cacheDue;
		const snapshot = takeSample(this.pid, this.system, { cache, smaps: () => false }, this.#next, before);
		if (cache) this.#cacheDue = performance.now() + snapshot.sample.cost.cache * cacheRest;
		if (snapshot.status.kind === "denied") throw new MapscopeError(snapshot.status.error);
		if (snapshot.status.kind === "empty") throw this.#gone();
		return snapshot;
	}

	#append(record: StopRecord): void {
		this.#stops.push(record);
		this.#next++;
		let weight = this.#stops.reduce((sum, stop) => sum + stop.weight, 0);
		// The last two always stay: a step is what most people look at.
		while (this.#stops.length > 2 && (this.#stops.length > this.limits.stops || weight > this.limits.weight)) {
			weight -= this.#stops.shift()?.weight ?? 0;
		}
	}

	#stat(): Stat {
		const stat = readStat(this.pid);
		if (stat === undefined || String(stat.startTime) !== this.startTime) throw this.#gone();
		return stat;
	}

	/** Notices when the process has another address space than at the last stop. */
	#followSpace(owner: number): void {
		if (this.#handle?.isGone() === false) return;
		this.#handle?.close();
		this.#handle = undefined;
		this.#handle = new SpaceHandle(owner);
		this.#space++;
	}

	#gone(): MapscopeError {
		return new MapscopeError({ code: "processGone", path: `/proc/${this.pid}` });
	}
}

/** Whether the kernel's notes at the later stop tell of what was written since the earlier one. */
function isNoted(before: StopRecord, after: StopRecord): boolean {
	return before.noting && before.number + 1 === after.number;
}

function summarize({ before, after, changes, marks }: ComparedStops): StopChanges {
	const source = isNoted(before, after) ? "softDirty" : "contents";
	const stops = { from: before.number, to: after.number, source } as const;
	return summarizeChanges(stops, before.snapshot, after.snapshot, changes, marks);
}

/** Contents of the pages of a stop, as far as they may be read and the time suffices. */
function readContents(
	owner: number,
	snapshot: Snapshot,
	runs: PageRuns,
	budget: number,
	noted: Fingerprints | undefined,
): FingerprintReading & { readonly took: number; readonly denied?: StopDenial } {
	const none = { fingerprints: noFingerprints, bytes: 0, cut: false, took: 0 };
	if (snapshot.status.kind === "partlyDenied")
		return { ...none, denied: { what: "pages", error: snapshot.status.error } };
	if (budget <= 0) return none;
	const begin = performance.now();
	try {
		return { ...readFingerprints(owner, snapshot, runs, budget, noted), took: performance.now() - begin };
	} catch (error) {
		if (!(error instanceof MapscopeError) || error.code !== "permissionDenied") throw error;
		return { ...none, denied: { what: "contents", error: toErrorData(error) } };
	}
}

/** What the mappings of a snapshot weigh beyond those of the one before, with which it shares what is equal. */
function weigh({ maps, groups }: Snapshot, before: Snapshot | undefined): number {
	if (before?.maps === maps) return 0;
	return maps.text.length + maps.count * 80 + groups.length * 200;
}
