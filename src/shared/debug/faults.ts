import type { MappingBrief } from "./mappingBrief";

/** A fault of the debuggee, looked up. Addresses are hexadecimal text without `0x`. */
export interface FaultExplanation {
	readonly signal: "SIGSEGV" | "SIGBUS";
	/** Absent when neither the adapter nor the kernel gives it: then `cause` is `unknown`. */
	readonly address?: string;
	/** What was tried there; `unknown` where nobody tells. */
	readonly access: "read" | "write" | "execute" | "unknown";
	/** The thread that did it, as the kernel numbers threads. */
	readonly thread?: { readonly tid: number; readonly name: string };
	readonly cause: FaultCause;
}

/** All explanations there are. `distance` and other amounts are bytes. */
export type FaultCause =
	/** Through a pointer that is null, or a member of what one points to. */
	| { readonly kind: "nullPointer"; readonly offset: number }
	/** Below the stack of a thread: in its guard, `distance` bytes below the stack's lowest byte. */
	| {
			readonly kind: "threadStackOverflow";
			readonly tid: number;
			readonly name: string;
			readonly guard: MappingBrief;
			readonly stack?: MappingBrief;
			readonly distance: number;
	  }
	/** Below the main thread's stack, which may not grow further: `limit` is RLIMIT_STACK, absent when unlimited. */
	| {
			readonly kind: "mainStackOverflow";
			readonly stack: MappingBrief;
			readonly size: number;
			readonly limit?: number;
			readonly distance: number;
	  }
	/** Written to memory without write access. `place`: what of the program or library is there. */
	| { readonly kind: "readOnly"; readonly mapping: MappingBrief; readonly place?: FaultPlace }
	/** Memory without any access (PROT_NONE). */
	| { readonly kind: "noAccess"; readonly mapping: MappingBrief }
	/** Memory that may be written only, or whose access a protection key takes away. */
	| { readonly kind: "noRead"; readonly mapping: MappingBrief }
	/** The processor was to run what is no code. */
	| { readonly kind: "notExecutable"; readonly mapping: MappingBrief }
	/** A page that was made a guard, by the C library or `madvise(MADV_GUARD_INSTALL)`, and is no stack's. */
	| { readonly kind: "guardPage"; readonly mapping: MappingBrief }
	/** Nothing is mapped there. The address lies `distance` bytes past the end of `below`, or before the start of `above`. */
	| {
			readonly kind: "unmapped";
			readonly below?: { readonly mapping: MappingBrief; readonly distance: number };
			readonly above?: { readonly mapping: MappingBrief; readonly distance: number };
	  }
	/** No address that the processor knows (x86-64: bits 47 to 63 differ). */
	| { readonly kind: "nonCanonical" }
	/**
	 * A page of a mapping that the file has no byte for. `fileSize` is the file's size now, `offset` where in the file the
	 * access was; `truncated`: an earlier stop saw the page in memory, so the file was cut off while it was mapped.
	 */
	| {
			readonly kind: "beyondEndOfFile";
			readonly mapping: MappingBrief;
			readonly fileSize?: number;
			readonly offset: number;
			readonly truncated: boolean;
	  }
	/** No huge page was free: `free` of the pool now, absent where it cannot be read. */
	| {
			readonly kind: "noHugePage";
			readonly mapping: MappingBrief;
			readonly hugePageSize?: number;
			readonly free?: number;
	  }
	/** The mapping gives no reason (a device, an error of the disk), or there is no address to look up. */
	| { readonly kind: "unknown"; readonly mapping?: MappingBrief };

/** What of a program or library an address is. Hostile text. */
export interface FaultPlace {
	readonly module?: string;
	readonly section?: string;
	readonly symbol?: string;
}
