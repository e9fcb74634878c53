import type { ErrorData } from "./errors";
import type { MappingKind } from "./mappingKinds";
import { stateCount } from "./pageStates";

/**
 * What the Memory Map asks and what it gets. A {@link MapQuery} says what is on screen, a {@link MapFrame} holds just
 * that, so a frame's size follows the pixels and not the process: 740 or 65,000 mappings cost the same to show.
 * Pages are page numbers (address ÷ page size), exact in a double; sizes are bytes; ranges are half open.
 */

/** What the bars by kind and the list's number column show. */
export const measures = ["virtual", "resident", "pss", "privateDirty", "cached", "swap"] as const;
export type Measure = (typeof measures)[number];

/** Order of the list: by address, or groups by size of a measure with a group's mappings by address. */
export type ListOrder = "address" | "resident" | "size";

export interface MapQuery {
	readonly measure: Measure;
	readonly order: ListOrder;
	/** Fold what belongs together (modules, regions, stacks) into group rows. */
	readonly grouped: boolean;
	/** Text of the find box; see `memory/filter.ts` for its grammar. */
	readonly filter: string;
	/** Kinds to show; empty means all. */
	readonly kinds: readonly MappingKind[];
	/** Keys of the groups that are unfolded. */
	readonly unfolded: readonly string[];
	/** Window of rows wanted, and how many columns or one-page cells a strip has room for. */
	readonly rows: {
		readonly first: number;
		readonly count: number;
		readonly stripColumns: number;
		readonly stripCells: number;
	};
	/** Width of the overview in CSS pixels; 0 when it is not shown. */
	readonly overviewWidth: number;
	/** The selected mapping: any page of it. */
	readonly selectedPage?: number;
	/** How many cells the inspector's grid has room for; 0 when it is closed. */
	readonly inspectorCells: number;
}

export interface MapFrame {
	readonly sample: SampleInfo;
	readonly process: ProcessHeader;
	readonly status: ViewStatus;
	readonly pageSize: number;
	readonly totals: Totals;
	readonly kinds: readonly KindTotal[];
	/** Pages in each state over the whole address space; index = state code. */
	readonly statePages: Float64Array;
	readonly overview: Overview;
	readonly rows: RowWindow;
	readonly selected?: SelectedMapping;
}

export interface SampleInfo {
	/** Counts up with each sample of this process. */
	readonly number: number;
	/** Wall clock, ms since the epoch. */
	readonly time: number;
	/** What taking the sample cost the sampler, in ms of processor time, by tier. */
	readonly cost: {
		readonly total: number;
		readonly maps: number;
		readonly rollup: number;
		readonly pages: number;
		readonly cache: number;
		readonly smaps: number;
	};
	/** Pages whose state is other than in the sample before. */
	readonly changedPages: number;
	/** PSS, private dirty and swap per mapping are known (the `smaps` tier was read). */
	readonly smaps: boolean;
	/** Lines of `maps` and `smaps` that could not be read, and are missing in the picture; absent when it is complete. */
	readonly unreadLines?: number;
	/** The process called `exec` whenever it was read: what is shown may be of two address spaces. */
	readonly unsteady?: boolean;
}

export interface ProcessHeader {
	readonly pid: number;
	/** Clock ticks since boot, decimal; with the pid it identifies the process. */
	readonly startTime: string;
	readonly name: string;
	readonly commandLine: readonly string[];
	/** One letter of `/proc/PID/stat`: R, S, D, Z, T, t, X, I; of a living thread when the main thread has ended. */
	readonly state: string;
	/** The main thread has called `pthread_exit` and the process lives on in its other threads. */
	readonly mainThreadEnded?: boolean;
	readonly threads: number;
	readonly user: string;
	readonly parentPid: number;
}

/**
 * - `ok`: everything was read. `ended`: the process is gone, the picture is its last sample. `replaced`: it called exec
 *   and this is a new address space. `denied`: nothing may be read. `partlyDenied`: mappings yes, pages no.
 * - `empty`: no address space (kernel thread, zombie). `restarted`: the sampler died and was started again.
 */
export type ViewStatus =
	| { readonly kind: "ok" }
	| { readonly kind: "ended"; readonly time: number }
	| { readonly kind: "replaced"; readonly time: number; readonly formerName: string }
	| { readonly kind: "denied"; readonly error: ErrorData }
	| { readonly kind: "partlyDenied"; readonly error: ErrorData }
	| { readonly kind: "empty"; readonly why: "kernelThread" | "zombie" | "exiting" }
	| { readonly kind: "restarted"; readonly time: number };

/** Bytes, from the kernel's own totals; a field is absent where the kernel does not tell. */
export interface Totals {
	/** Sum of the mappings' sizes (`VmSize` leaves out the kernel's own). */
	readonly virtual: number;
	/** The part of `virtual` that is not PROT_NONE. */
	readonly accessible: number;
	readonly resident?: number;
	readonly pss?: number;
	readonly privateDirty?: number;
	readonly cached?: number;
	/** Of some file the kernel hides what is cached: `cached` is the rest. */
	readonly cacheHidden?: true;
	readonly swap?: number;
	readonly mappings: number;
	/** The largest range of addresses without a mapping, between two or below the first. */
	readonly largestGap?: number;
	/** `vm.max_map_count`. */
	readonly mappingLimit?: number;
	/** What most of the mappings are of, the most frequent first. Hostile text; memory without a name by its kind. */
	readonly mostMappings: readonly { readonly name: string; readonly mappings: number }[];
}

export interface KindTotal {
	readonly kind: MappingKind;
	readonly mappings: number;
	/** Sum of the mappings' sizes, bytes: all there is to say of kinds without pages. */
	readonly size: number;
	/** Bytes of the query's measure; absent when it is not known. */
	readonly bytes?: number;
	/** Bytes by page state (index = state code), for the measures that have a state: virtual, resident, cached, swap. */
	readonly byState?: Float64Array;
}

/** The whole used address space, low to high, in CSS pixels of the query's width. */
export interface Overview {
	readonly segments: readonly OverviewSegment[];
	/** Shares per column of 2 CSS px, {@link stripStride} bytes each, for the mapping segments in order. */
	readonly columns: Uint8Array;
	/** First page of each column: what a click there means. Linear interpolation would land in gaps of joined mappings. */
	readonly columnPages: Float64Array;
}

export interface OverviewSegment {
	/** `mapping` covers one mapping or a run of mappings too small to tell apart. */
	readonly kind: "mapping" | "gap" | "reservation";
	readonly x: number;
	readonly width: number;
	readonly startPage: number;
	readonly endPage: number;
	/** First column in {@link Overview.columns}, and how many; 0 for gaps and reservations. */
	readonly firstColumn: number;
	readonly columnCount: number;
	/** Hostile text; for labels and the tooltip. Segments of one group share a label. */
	readonly label: string;
	/** Kind of the largest mapping in it; absent for gaps. */
	readonly mappingKind?: MappingKind;
	readonly residentBytes: number;
	/** Filtered out by the query's kinds or text: drawn at 25 %. */
	readonly dimmed: boolean;
}

/**
 * Bytes per strip column: shares of its pages, 0…255, at least 1 for any page. Index `code - 1` for the states 1…8
 * (`cached` … `unknown`), then {@link stripFileCached} (private copies whose original is cached) and {@link stripChanged}.
 * The lane's height is cached + file + shmem + fileCached; the bodies stack the states from `file` on.
 */
export const stripStride = 10;
export const stripFileCached = 8;
export const stripChanged = 9;

export type RowIcon = MappingKind | "program" | "library" | "region";

export interface RowWindow {
	/** Rows in the whole list, and the mappings that match out of all. */
	readonly total: number;
	readonly matching: number;
	readonly first: number;
	readonly rows: readonly Row[];
	/** Strip columns of the rows, {@link stripStride} bytes each. */
	readonly columns: Uint8Array;
}

export interface Row {
	readonly type: "group" | "mapping" | "gap";
	/** Identity over samples: `g:…` for a group, `m:<start page hex>` for a mapping. */
	readonly key: string;
	readonly depth: number;
	readonly icon: RowIcon;
	/** Hostile text. */
	readonly name: string;
	/** A word after the name: `relocated`, `deleted`, `replaced`. */
	readonly note?: string;
	/** Mappings in a group. */
	readonly count?: number;
	readonly startPage: number;
	readonly endPage: number;
	/** `rw-p`; absent for groups whose mappings differ. */
	readonly permissions?: string;
	readonly size: number;
	/** Bytes of the query's measure; absent when it is not known or means nothing here. */
	readonly value?: number;
	readonly unfolded?: boolean;
	readonly strip: readonly StripSegment[];
}

export interface StripSegment {
	/** `cells`: one column is one page. `columns`: a column is a share. `reserved`: PROT_NONE without any page. */
	readonly kind: "cells" | "columns" | "reserved";
	readonly startPage: number;
	readonly endPage: number;
	readonly firstColumn: number;
	readonly columnCount: number;
	/** `hidden`: the kernel does not tell us about the page cache here, so there is no lane. */
	readonly cache: "known" | "hidden" | "none";
}

export interface SelectedMapping {
	readonly key: string;
	/** The line as `maps` has it (hostile text), rebuilt byte for byte. */
	readonly line: string;
	readonly kind: MappingKind;
	readonly label: string;
	readonly note?: string;
	readonly module?: string;
	/** Hostile text; "" for anonymous. */
	readonly name: string;
	readonly deleted: boolean;
	/** Another file has its path by now. */
	readonly replaced?: true;
	readonly threadId?: number;
	readonly threadName?: string;
	readonly startPage: number;
	readonly endPage: number;
	readonly permissions: string;
	readonly fileOffset: string /* hex bytes */;
	readonly device: string;
	readonly inode: string;
	/** Pages per state, index = state code. */
	readonly statePages: Float64Array;
	readonly fileCachedPages: number;
	readonly cache: PageCacheKnowledge;
	/** The page cache behind it, where `cachestat` tells (Linux 6.5). */
	readonly fileCounts?: FileCounts;
	/** `smaps` fields as the kernel names them, in bytes; empty when the tier was not read. */
	readonly usage: Readonly<Record<string, number>>;
	/** Fields of `usage` that are no amounts of memory, but numbers: `THPeligible`. */
	readonly unitless: readonly string[];
	/** Lines of `smaps` that are no number, as the kernel wrote them (hostile text); absent where there are none. */
	readonly usageTexts?: readonly string[];
	/** Where its pages are on a machine of several memory nodes, and its policy; absent without NUMA. */
	readonly numa?: NumaPlacement;
	readonly vmFlags?: readonly string[];
	readonly cells: ShareCells;
}

/** Memory nodes of a mapping, from `numa_maps`. */
export interface NumaPlacement {
	/** As the kernel writes it: `default`, `bind:0-1`. */
	readonly policy: string;
	/** Bytes by node, in the order of the nodes. */
	readonly nodes: readonly { readonly node: number; readonly bytes: number }[];
	/** The machine has more than one node. */
	readonly several: boolean;
}

/** Pages of a file that are in the page cache, in the range that a mapping maps. */
export interface FileCounts {
	readonly cached: number;
	/** Written to, and not yet to the disk. */
	readonly dirty: number;
	/** Being written to the disk now. */
	readonly writeback: number;
}

/** Whether the page cache of a mapping's file could be asked, and why not. */
export type PageCacheKnowledge =
	| { readonly known: true }
	| {
			readonly known: false;
			readonly why: "notAFile" | "notOwner" | "notReachable" | "replaced" | "unsupported" | "notAsked";
	  };

/** Exact page counts of equal shares of a range. */
export interface ShareCells {
	readonly startPage: number;
	readonly endPage: number;
	readonly pagesPerCell: number;
	/** {@link cellStride} counts per cell: states 0…8, then private copies with a cached original, then changed. */
	readonly counts: Uint32Array;
}
export const cellStride = stateCount + 2;
export const cellFileCached = stateCount;
export const cellChanged = stateCount + 1;

/** One page per cell: state code and flag bits. */
export interface PageCells {
	readonly startPage: number;
	readonly states: Uint8Array;
	readonly flags: Uint8Array;
	/** Whether `exclusive`, `softDirty` and `writeProtected` were asked of the page table. */
	readonly detailed: boolean;
}

/** Where an address is. */
export type Location =
	| {
			readonly kind: "mapping";
			readonly startPage: number;
			readonly endPage: number;
			readonly row: number;
			readonly unfold?: string;
	  }
	| { readonly kind: "gap"; readonly below?: number /* end page */; readonly above?: number /* start page */ };
