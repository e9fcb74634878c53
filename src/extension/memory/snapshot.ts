import type { Measure, PageCacheKnowledge, ProcessHeader, SampleInfo, ViewStatus } from "../../shared/mapFrame";
import { mappingKinds } from "../../shared/mappingKinds";
import { stateCode } from "../../shared/pageStates";
import type { MapsColumns } from "../proc/maps";
import type { SmapsColumns } from "../proc/smaps";
import type { Classification } from "./classify";
import { derived } from "./derived";
import type { Group } from "./groups";
import type { MappingCache } from "./mergeRuns";
import { counterCount, countRanges, type PageRuns, residentPages } from "./pageRuns";

/** Everything one sample knows of a process: the model that frames are made of. */
export interface Snapshot {
	readonly sample: SampleInfo;
	readonly process: ProcessHeader;
	readonly status: ViewStatus;
	readonly pageSize: number;
	readonly maps: MapsColumns;
	readonly classification: Classification;
	readonly groups: readonly Group[];
	readonly runs: PageRuns;
	/** What is known of the page cache, per mapping. */
	readonly cache: readonly PageCacheKnowledge[];
	/** The cached runs themselves, per mapping. */
	readonly caches: readonly MappingCache[];
	/** What pages are that the page table leaves in doubt, per mapping; see `sampler/zeroPages.ts`. */
	readonly doubts?: Uint8Array;
	/** The `smaps` tier, aligned with `maps`; absent when it was not read. */
	readonly smaps?: SmapsColumns;
	/** `smaps_rollup`, bytes by field; absent where the kernel has none or refuses. */
	readonly rollup?: ReadonlyMap<string, number>;
	/** `VmRSS` of `status`: what is left to say of RSS when the rollup may not be read. */
	readonly statusResident?: number;
	readonly mappingLimit?: number;
	/** The page table may not be read: nothing is known of the pages, and `smaps` alone tells amounts. */
	readonly pagesHidden?: true;
}

/** Pages of the hugetlb pool, which the kernel leaves out of RSS (proc_pid_smaps(5)): `Private_Hugetlb` counts them. */
export const hugetlb = mappingKinds.indexOf("hugetlb");

/** Page counts of every mapping, {@link counterCount} a mapping; mapping `i` at `i * counterCount`. */
export function mappingCounts(snapshot: Snapshot): Float64Array {
	return derived(snapshot, "counts", "", () => {
		const { maps, runs } = snapshot;
		return countRanges(runs, maps.startPages, maps.endPages);
	});
}

/** Bytes of a measure per mapping; NaN where it is not known. */
export function mappingMeasure(snapshot: Snapshot, measure: Measure): Float64Array {
	return derived(snapshot, `measure ${measure}`, "", () => computeMeasure(snapshot, measure));
}

/** What `smaps` says of a measure; it knows nothing of what is cached and not mapped. */
const smapsFields = {
	pss: "Pss",
	privateDirty: "Private_Dirty",
	resident: "Rss",
	swap: "Swap",
	cached: "",
} as const satisfies Partial<Record<Measure, string>>;

function computeMeasure(snapshot: Snapshot, measure: Measure): Float64Array {
	const { maps, pageSize, smaps, pagesHidden } = snapshot;
	if (measure === "pss" || measure === "privateDirty" || (pagesHidden && measure !== "virtual")) {
		return smaps?.fields.get(smapsFields[measure]) ?? new Float64Array(maps.count).fill(Number.NaN);
	}
	const counts = mappingCounts(snapshot);
	const values = new Float64Array(maps.count);
	const { kinds } = snapshot.classification;
	for (let index = 0; index < maps.count; index++) {
		if (measure === "virtual") {
			values[index] = ((maps.endPages[index] ?? 0) - (maps.startPages[index] ?? 0)) * pageSize;
		} else if (measure === "resident" && kinds[index] === hugetlb) {
			values[index] = 0;
		} else {
			values[index] = measuredPages(counts, index * counterCount, measure) * pageSize;
		}
	}
	return values;
}

/** Pages among `counts` that a measure adds up. */
function measuredPages(counts: Float64Array, offset: number, measure: "resident" | "cached" | "swap"): number {
	switch (measure) {
		case "resident":
			return residentPages(counts, offset);
		case "cached":
			return counts[offset + stateCode.cached] ?? 0;
		case "swap":
			return counts[offset + stateCode.swapped] ?? 0;
	}
}

/** States that add up to a measure; undefined for measures without a state. */
export function statesOfMeasure(measure: Measure): readonly number[] | undefined {
	switch (measure) {
		case "virtual":
			return Object.values(stateCode);
		case "resident":
			return [stateCode.file, stateCode.shmem, stateCode.anonymous];
		case "cached":
			return [stateCode.cached];
		case "swap":
			return [stateCode.swapped];
		case "pss":
		case "privateDirty":
			return undefined;
	}
}
