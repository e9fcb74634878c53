import type { PageFlag, PageState } from "../pageStates";
import type { MappingBrief } from "./mappingBrief";

/** What an address of the debuggee is. Addresses and file offsets are hexadecimal text without `0x`. */
export interface AddressExplanation {
	readonly address: string;
	/** Absent when nothing is mapped there: then `below` and `above` say what is next to it. */
	readonly mapping?: MappingBrief;
	/** Bytes from the start of the mapping. */
	readonly offset?: number;
	/** The mapped file as the kernel names it, and which of its bytes this is. Hostile text. */
	readonly file?: { readonly name: string; readonly offset: string };
	/** Sections and symbols are hostile text; the symbol's `offset` is bytes from its start. */
	readonly section?: string;
	readonly symbol?: { readonly name: string; readonly offset: number; readonly inside: boolean };
	/** The thread whose stack it is in. Hostile text. */
	readonly stackOf?: { readonly tid: number; readonly name: string };
	readonly page: number;
	/** Absent for what is not mapped, and where the page table may not be read. */
	readonly pageState?: PageState;
	readonly pageFlags?: readonly PageFlag[];
	readonly below?: { readonly mapping: MappingBrief; readonly distance: number };
	readonly above?: { readonly mapping: MappingBrief; readonly distance: number };
}

/** A stack frame in memory. */
export interface FrameExplanation {
	/** Where the thread's stack pointer stands in this frame, if the adapter tells or the kernel does. */
	readonly stackPointer?: AddressExplanation;
	/** The instruction that it will go on with. */
	readonly code?: AddressExplanation;
	readonly stack?: StackUse;
}

/** How much of its stack a thread uses. Bytes. */
export interface StackUse {
	readonly tid: number;
	readonly mapping: MappingBrief;
	/** From the stack pointer to the top. */
	readonly used: number;
	/** What may be used: RLIMIT_STACK for the main thread (absent: unlimited), the mapping for others. */
	readonly limit?: number;
}
