import type { MappingKind } from "../../shared/mappingKinds";
import type { PageFlag, PageState } from "../../shared/pageStates";

/** The types of the exported API; the bulk of the work inside is on columns, see `columns.ts`. */

/** A process visible to this user. Sizes in bytes. */
export interface ProcessSummary {
	readonly pid: number;
	readonly parentPid: number;
	/** Clock ticks since boot (field 22 of `/proc/PID/stat`); with the pid it identifies the process. */
	readonly startTime: bigint;
	readonly name: string;
	/** `argv`; empty for kernel threads and zombies. */
	readonly commandLine: readonly string[];
	/** Effective user. */
	readonly uid: number;
	readonly user: string;
	/** One letter of `/proc/PID/stat`; of a living thread when the main thread has ended. */
	readonly state: string;
	readonly kernelThread: boolean;
	readonly rss?: number;
	/** Its mappings may be read. */
	readonly readable: boolean;
	/** Why not, for people. */
	readonly reason?: string;
}

/** The mappings of a process in address order. */
export interface AddressSpace {
	readonly process: ProcessSummary;
	/** Bytes. */
	readonly pageSize: number;
	readonly mappings: readonly Mapping[];
	/** False when the process changed its mappings or ended while they were read. */
	readonly complete: boolean;
}

/** One mapping (VMA): a line of `/proc/PID/maps`. Byte addresses, half open. */
export interface Mapping {
	readonly start: bigint;
	readonly end: bigint;
	/** As in `maps`: `rw-p`. */
	readonly permissions: string;
	/** File offset in bytes. */
	readonly offset: bigint;
	/** `major:minor`, hexadecimal as in `maps`. */
	readonly device: string;
	readonly inode: bigint;
	/** As the kernel names it, decoded, without " (deleted)"; "" for anonymous memory. */
	readonly name: string;
	/** A file that was really unlinked. */
	readonly deleted: boolean;
	readonly kind: MappingKind;
	/** What it is, for people. */
	readonly label: string;
	readonly threadId?: number;
	/** The program or library it belongs to. */
	readonly module?: string;
	/** Every field of `smaps` in camelCase, in bytes; a field is absent when the kernel has none. */
	readonly usage?: MappingUsage;
	/** Two-letter codes, see proc_pid_smaps(5). */
	readonly vmFlags?: readonly string[];
}

/** `smaps` accounting of one mapping, bytes. */
export interface MappingUsage {
	readonly size: number;
	readonly rss: number;
	readonly pss: number;
	readonly [field: string]: number;
}

/** Pages of one state and the same flags. Byte addresses, half open. */
export interface PageRun {
	readonly start: bigint;
	readonly end: bigint;
	readonly state: PageState;
	readonly flags: readonly PageFlag[];
	/** For `unknown`: why the kernel will not say. */
	readonly reason?: string;
}

/** Which parts of a file are in the page cache. Byte offsets, half open. */
export interface FileResidency {
	readonly path: string;
	readonly size: bigint;
	readonly pageSize: number;
	/** False where the kernel hides or fakes the answer; then `runs` is empty. */
	readonly known: boolean;
	readonly reason?: string;
	readonly runs: readonly { readonly start: bigint; readonly end: bigint; readonly cached: boolean }[];
}
