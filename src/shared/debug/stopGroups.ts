import type { RowIcon } from "../mapFrame";
import type { MappingChangeKind } from "./changes";
import type { MappingBrief } from "./mappingBrief";

/** The mappings of a stop, folded as in the Processes view, with what changed since an earlier stop. */
export interface StopGroups {
	readonly stop: number;
	/** The stop it is compared with; absent at the first. */
	readonly against?: number;
	readonly pageSize: number;
	readonly groups: readonly StopGroup[];
	/** Mappings of the earlier stop of which nothing is left, in address order. */
	readonly gone: readonly MappingBrief[];
}

export interface StopGroup {
	/** Identity over stops. */
	readonly key: string;
	readonly family: "modules" | "heap" | "stacks" | "anonymous" | "shared" | "files" | "kernel" | "reserved" | "other";
	/** Hostile text. */
	readonly name: string;
	readonly icon: RowIcon;
	/** Bytes. */
	readonly size: number;
	/** Bytes; absent where the page table may not be read. */
	readonly resident?: number;
	/** In address order. */
	readonly mappings: readonly StopMapping[];
}

export interface StopMapping {
	readonly mapping: MappingBrief;
	/** Bytes; absent where the page table may not be read. */
	readonly resident?: number;
	/** What became of it, the most telling first; several when, say, a part of it was reprotected and it grew. */
	readonly changes: readonly Exclude<MappingChangeKind, "gone">[];
	/** The permissions of a reprotected part at the earlier stop. */
	readonly formerPermissions?: string;
	/** Pages written since, and pages of which that is not known. */
	readonly written: number;
	readonly unknown: number;
}
