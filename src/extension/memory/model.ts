import type { MappingKind } from "../../shared/mappingKinds";
import type { ModuleUnknown } from "../../shared/pagePlace";
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
	/** False when the process ended, or called `exec` again and again, while it was read, or lines could not be read. */
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
	/** It is deleted, and another file has its path. */
	readonly replaced?: true;
	readonly kind: MappingKind;
	/** What it is, for people. */
	readonly label: string;
	readonly threadId?: number;
	/** The program or library it belongs to. */
	readonly module?: string;
	/**
	 * Every field of `smaps` in camelCase, in bytes; a field is absent when the kernel has none. What is no amount of memory
	 * (`thpEligible`, `protectionKey`) is the number that the kernel prints.
	 */
	readonly usage?: MappingUsage;
	/** Two-letter codes, see proc_pid_smaps(5). */
	readonly vmFlags?: readonly string[];
}

/** `smaps` accounting of one mapping, bytes; absent is what this kernel does not tell. */
export interface MappingUsage {
	readonly size?: number;
	readonly rss?: number;
	readonly pss?: number;
	readonly [field: string]: number | undefined;
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

/** Where an address lies. Addresses and sizes in bytes. */
export type AddressDescription = MappedAddress | UnmappedAddress;

/** An address within a mapping. */
export interface MappedAddress {
	readonly kind: "mapping";
	readonly address: bigint;
	readonly mapping: Mapping;
	/** From the start of the mapping. */
	readonly offset: bigint;
	/** The thread whose stack it is; the main thread's id is the process's. */
	readonly thread?: { readonly tid: number; readonly name: string };
	/** The mapped file as the kernel names it, and which of its bytes this is; absent for memory without a file. */
	readonly file?: { readonly name: string; readonly offset: bigint };
	/** What of a program or library it is; absent for memory that belongs to none. */
	readonly module?: ModulePlace;
}

/** An address that nothing is mapped at, with what is next to it. */
export interface UnmappedAddress {
	readonly kind: "gap";
	readonly address: bigint;
	/** The mapping below; `distance` bytes lie between its end and the address, which may be 0. */
	readonly below?: { readonly mapping: Mapping; readonly distance: bigint };
	/** The mapping above, which starts `distance` bytes after the address. */
	readonly above?: { readonly mapping: Mapping; readonly distance: bigint };
}

/** What an ELF file says of an address. */
export interface ModulePlace {
	/** The address as the file counts, which `nm` and `objdump` print; absent where the loader put nothing. */
	readonly fileAddress?: bigint;
	/** What the loader added to the file's addresses; 0 for a program at fixed addresses. */
	readonly loadBias?: bigint;
	/** Hostile text; absent between sections, and where there are none. */
	readonly section?: string;
	readonly symbol?: SymbolPlace;
	/** Why nothing is known: then all else is absent. */
	readonly unknown?: ModuleUnknown;
}

/** A symbol near an address. */
export interface SymbolPlace {
	/** As the file has it: mangled. Hostile text. */
	readonly name: string;
	/** Bytes from the symbol's start to the address. */
	readonly offset: number;
	/** Bytes; 0 when the file does not say. */
	readonly size: number;
	/** False when the symbol ends before the address, and nothing else is known to be there. */
	readonly inside: boolean;
}
