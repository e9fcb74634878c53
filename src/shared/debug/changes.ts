import type { MappingKind } from "../mappingKinds";
import type { MappingBrief, PageRange } from "./mappingBrief";

/** What became of a mapping between two stops. */
export const mappingChangeKinds = ["new", "gone", "grown", "shrunk", "reprotected"] as const;
export type MappingChangeKind = (typeof mappingChangeKinds)[number];

/**
 * One change of the address space. The kernel merges and splits mappings as it likes, so a change is told of the pages
 * that it concerns, and names the mapping that these are part of.
 */
export interface MappingChange extends PageRange {
	readonly kind: MappingChangeKind;
	/** The mapping at the later stop; for `gone` and `shrunk`, at the earlier one. */
	readonly mapping: MappingBrief;
	/** For `reprotected`: the permissions at the earlier stop. */
	readonly formerPermissions?: string;
}

/**
 * Why it is not known whether pages were written: the time for comparing was over (`budget`); they are swapped out, or
 * cannot be read (`unreadable`); nothing of them is known from the earlier stop (`notSeenBefore`), since they were not
 * in the page table then or were not looked at.
 */
export const unknownReasons = ["budget", "swapped", "unreadable", "notSeenBefore"] as const;
export type UnknownReason = (typeof unknownReasons)[number];

/** What was written to in one mapping, as it is at the later stop. */
export interface MappingPages {
	readonly mapping: MappingBrief;
	/** Pages whose contents are others than at the earlier stop, or that came into being since. */
	readonly written: number;
	/** Which they are, in address order; at most {@link mostRangesTold}. */
	readonly ranges: readonly PageRange[];
	/** Pages in memory of which it is not known whether they were written to. Nobody may call them unchanged. */
	readonly unknown: number;
	/** Why, for the most of them. */
	readonly unknownWhy?: UnknownReason;
}

/** Ranges that one mapping tells at most; the Memory Map at a stop marks all of them. */
export const mostRangesTold = 256;

/** Mappings with changes, and changed pages, by number. */
export interface ChangeTotals {
	readonly mappings: Readonly<Record<MappingChangeKind, number>>;
	readonly written: number;
	/** Mappings with written pages. */
	readonly writtenMappings: number;
	/** Pages of code without write access whose contents changed: breakpoints that the debugger put in or took out. */
	readonly patched: number;
	readonly unknown: number;
	readonly unknownWhy?: UnknownReason;
	/** Written and unknown pages by kind of mapping, the most written first; kinds with neither are left out. */
	readonly byKind: readonly { readonly kind: MappingKind; readonly written: number; readonly unknown: number }[];
}

/** How written pages were found: the kernel keeps note of them (`softDirty`), or contents were compared. */
export type ChangeSource = "softDirty" | "contents";

/** All that is different at stop `to` from stop `from`, which is the earlier one. */
export interface StopChanges {
	readonly from: number;
	readonly to: number;
	readonly source: ChangeSource;
	readonly totals: ChangeTotals;
	/** In address order; at most {@link mostChangesTold}. */
	readonly mappings: readonly MappingChange[];
	/** Mappings with written or unknown pages, in address order; at most {@link mostChangesTold}. */
	readonly pages: readonly MappingPages[];
	/** There was more of either list than is told. */
	readonly cut: boolean;
}

/** A program can map 65,530 pieces in a step; nobody reads them, and totals count them all. */
export const mostChangesTold = 2000;
