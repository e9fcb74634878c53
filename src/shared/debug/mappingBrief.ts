import type { MappingKind } from "../mappingKinds";

/** A mapping as the debug room's types name it: enough for a row, a sentence, and a way to the Memory Map. */
export interface MappingBrief {
	readonly startPage: number;
	/** Exclusive. */
	readonly endPage: number;
	/** As in `maps`: `rw-p`. */
	readonly permissions: string;
	readonly kind: MappingKind;
	/** What it is, for people. Hostile text. */
	readonly label: string;
	/** As the kernel names it; "" for anonymous memory. Hostile text. */
	readonly name: string;
	/** The program or library it belongs to. Hostile text. */
	readonly module?: string;
	/** The thread whose stack it is. */
	readonly threadId?: number;
}

/** Pages, half open. */
export interface PageRange {
	readonly startPage: number;
	readonly endPage: number;
}
