import type { Strips } from "../../shared/debug/stopLayer";
import { MapscopeError } from "../../shared/errors";
import type { Location, MapFrame, MapQuery, PageCells } from "../../shared/mapFrame";
import { maxPagesPerCall } from "../../shared/mapPanel";
import type { PageBytes } from "../../shared/pageBytes";
import { inheritDerived } from "../memory/derived";
import { locatePage, makeFrame } from "../memory/frame";
import { drawStrips, OrderMemory, type StripRoom } from "../memory/rows";
import type { Snapshot } from "../memory/snapshot";
import { pageBytes } from "../memory/tiles";
import { threadCpuMilliseconds } from "../proc/schedstat";
import { readStat, type Stat } from "../proc/stat";
import { SelectedFileCounts } from "./fileCounts";
import { hasEnded, memoryOwner } from "./memoryOwner";
import type { KnownProcess } from "./moduleImage";
import { SelectedNuma } from "./numaPlacement";
import { readPageBytes } from "./pageBytes";
import type { SampleOutcome } from "./protocol";
import { readPagesDetailed } from "./scanPages";
import { cheapSmapsMilliseconds, usualSmapsCost } from "./smapsCost";
import { isSettled } from "./steady";
import type { SystemInfo } from "./system";
import { takeSample } from "./takeSample";

/** The page cache changes slowly and is asked file by file: it rests fifty times as long as it took (2 %). */
const cacheRest = 50;

/** Samples taken anew in a row while the process calls `exec` again and again. */
const mostTries = 4;

/** One process being watched: its last snapshot, and the pictures made of it. */
export class Watch {
	#snapshot: Snapshot | undefined;
	#number = 0;
	/** Tells the address space from the one after an `exec`; see `Stat`. */
	#image: string | undefined;
	#startTime: string | undefined;
	#query: MapQuery | undefined;
	/** Least that `smaps` has cost: the first read also pays for warming up. */
	#cheapestSmaps: number | undefined;
	/** What the last frame cost, ms: each live sample is followed by one, and both count as looking. */
	#frameCost = 0;
	/** When the page cache may be asked again, by the monotonic clock in ms. */
	#cacheDue = 0;
	readonly #ranks = new OrderMemory();
	readonly #fileCounts = new SelectedFileCounts();
	readonly #numa: SelectedNuma;

	constructor(
		readonly pid: number,
		startTime: string | undefined,
		private readonly system: SystemInfo,
		/** A picture of the past, which is never taken anew: a stop of a debuggee. */
		private readonly past?: Snapshot,
	) {
		this.#numa = new SelectedNuma(system.memoryNodes);
		this.#startTime = startTime;
		this.#snapshot = past;
	}

	/** Takes a sample. A process that is gone keeps its last picture and gets the status `ended`. */
	sample(smaps: "never" | "cheap" | "always"): SampleOutcome {
		const before = this.#snapshot;
		if (this.past) return { cost: 0, final: true };
		this.#number++;
		for (let tries = 1; ; tries++) {
			try {
				return this.#sampleOnce(smaps, before, tries === mostTries);
			} catch (error) {
				if (!isGone(error)) throw error;
				if (!this.#lives()) {
					if (before) return this.#end(before);
					throw error;
				}
				// It calls exec just now, or the thread that it was read through has ended.
				if (tries < mostTries) continue;
				if (before) return { cost: this.#frameCost, final: false };
				throw new MapscopeError({ code: "io", path: `/proc/${this.pid}`, errno: "EAGAIN" });
			}
		}
	}

	/** One try of {@link sample}; rejects with `processGone` when there may be more to see at another one. */
	#sampleOnce(smaps: "never" | "cheap" | "always", before: Snapshot | undefined, last: boolean): SampleOutcome {
		const stat = this.#ownerStat();
		let estimate = 0;
		const affordable = (mappings: number, residentBytes: number): boolean => {
			estimate = this.#estimateSmaps(mappings, residentBytes);
			return smaps === "always" || (smaps === "cheap" && estimate <= cheapSmapsMilliseconds);
		};
		const cache = performance.now() >= this.#cacheDue;
		const taken = takeSample(this.pid, this.system, { cache, smaps: affordable }, this.#number, before);
		this.#noteCosts(taken, cache);
		if (taken.status.kind === "empty" && taken.status.why !== "kernelThread") {
			const had = before !== undefined && before.maps.count > 0;
			if (this.#lives() ? had || !last : had) throw this.#gone();
		}
		if (taken.maps.count > 0 && stat && !isSettled(stat)) throw this.#gone();
		const next = this.#noticeExec(taken, before, stat?.image);
		this.#startTime ??= next.process.startTime;
		if (before) inheritDerived(before, next);
		this.#snapshot = next;
		const final = next.status.kind === "empty" && next.status.why !== "exiting";
		const left = smaps === "cheap" && estimate > cheapSmapsMilliseconds;
		return { cost: next.sample.cost.total + this.#frameCost, final, ...(left ? { smapsEstimate: estimate } : {}) };
	}

	frame(query: MapQuery): MapFrame {
		this.#query = query;
		const start = threadCpuMilliseconds();
		const snapshot = this.#required();
		const plain = makeFrame(snapshot, query, this.#ranks);
		const counted = this.#fileCounts.add(plain, snapshot, () => this.#owner());
		const frame = this.#numa.add(counted, snapshot, () => this.#owner());
		this.#frameCost = threadCpuMilliseconds() - start;
		return frame;
	}

	/** The strips of the mappings that begin at these pages. */
	strips(startPages: readonly number[], room: StripRoom): Strips {
		return drawStrips(this.#required(), startPages, room);
	}

	locate(page: number): Location {
		const query = this.#query;
		if (query === undefined) throw new MapscopeError({ code: "bug", detail: "locate before frame" });
		return locatePage(this.#required(), query, page, this.#ranks);
	}

	/** Pages one by one, asked of the page table anew for the flags that only it tells. */
	pages(startPage: number, endPage: number): PageCells {
		const snapshot = this.#required();
		const end = Math.min(endPage, startPage + maxPagesPerCall);
		if (this.past || snapshot.status.kind === "ended") {
			return { startPage, ...pageBytes(snapshot.runs, startPage, end), detailed: false };
		}
		const runs = readPagesDetailed(this.#owner(), snapshot, startPage, end);
		this.#checkIdentity();
		return { startPage, ...pageBytes(runs, startPage, end), detailed: true };
	}

	/** The bytes of one page. Errors as `readPageBytes`, and `processGone` when the pid is another process's by now. */
	bytes(page: number): PageBytes {
		const bytes = readPageBytes(this.known(), page, this.system);
		this.#checkIdentity();
		return bytes;
	}

	/** The process as it was last read, while it lives. Errors: `processGone`. */
	known(): KnownProcess {
		const { maps, classification } = this.#required();
		return { pid: this.pid, owner: this.#owner(), maps, classification };
	}

	/** What `smaps` would cost, ms: by what it did cost here, else by what it costs elsewhere. */
	#estimateSmaps(mappings: number, residentBytes: number): number {
		return Math.max(usualSmapsCost(mappings, residentBytes, this.system.pageSize), this.#cheapestSmaps ?? 0);
	}

	#noteCosts({ sample }: Snapshot, cacheAsked: boolean): void {
		if (sample.cost.smaps > 1)
			this.#cheapestSmaps = Math.min(this.#cheapestSmaps ?? Number.POSITIVE_INFINITY, sample.cost.smaps);
		if (cacheAsked) this.#cacheDue = performance.now() + sample.cost.cache * cacheRest;
	}

	#required(): Snapshot {
		if (this.#snapshot === undefined) throw this.#gone();
		return this.#snapshot;
	}

	/** The same pid with another start time is another process, and ours is gone. */
	#checkIdentity(): Stat {
		const stat = readStat(this.pid);
		if (stat === undefined || (this.#startTime !== undefined && String(stat.startTime) !== this.#startTime)) {
			throw this.#gone();
		}
		return stat;
	}

	/** Whose `/proc` shows the memory now; see {@link memoryOwner}. */
	#owner(): number {
		return memoryOwner(this.pid, this.#checkIdentity());
	}

	#ownerStat(): Stat | undefined {
		const stat = this.#checkIdentity();
		const owner = memoryOwner(this.pid, stat);
		return owner === this.pid ? stat : readStat(owner);
	}

	/** Whether it has not ended, though it may have no memory to look at for a moment. */
	#lives(): boolean {
		try {
			const stat = this.#ownerStat();
			return stat !== undefined && !hasEnded(stat);
		} catch (error) {
			if (isGone(error)) return false;
			throw error;
		}
	}

	#gone(): MapscopeError {
		return new MapscopeError({ code: "processGone", path: `/proc/${this.pid}` });
	}

	/**
	 * After `exec` the address space is a new one: nothing of it "changed", and the view says what it became.
	 *
	 * @param image as it was before the sample was taken.
	 */
	#noticeExec(next: Snapshot, before: Snapshot | undefined, image: string | undefined): Snapshot {
		const former = this.#image ?? image;
		const now = this.#ownerStat()?.image;
		// In the midst of an exec there is none for a moment: what has been read may be of both.
		if (former !== undefined && now === undefined && next.maps.count > 0) throw this.#gone();
		this.#image = now ?? former;
		if (former === undefined || former === this.#image) {
			const kept = before?.status.kind === "replaced" && next.status.kind === "ok" ? before.status : next.status;
			return { ...next, status: kept };
		}
		const fresh = this.#takeFresh(next.sample.number);
		if (before === undefined || fresh.status.kind !== "ok") return fresh;
		return { ...fresh, status: { kind: "replaced", time: fresh.sample.time, formerName: before.process.name } };
	}

	/** A sample with nothing of those before it; again when the process calls `exec` in the midst of it. */
	#takeFresh(number: number): Snapshot {
		const tiers = { cache: true, smaps: () => false };
		for (let tries = 1; ; tries++) {
			const image = this.#image;
			const fresh = takeSample(this.pid, this.system, tiers, number, undefined);
			const now = this.#ownerStat()?.image;
			this.#image = now ?? image;
			if (now === image) return fresh;
			if (tries === mostTries) return { ...fresh, sample: { ...fresh.sample, unsteady: true } };
		}
	}

	#end(before: Snapshot): SampleOutcome {
		if (before.status.kind !== "ended") {
			this.#snapshot = { ...before, status: { kind: "ended", time: Date.now() } };
		}
		return { cost: 0, final: true };
	}
}

function isGone(error: unknown): boolean {
	return error instanceof MapscopeError && error.code === "processGone";
}
