import type { RowIcon, StripSegment } from "../mapFrame";

/**
 * What the Memory Map of a debuggee shows of its stops, worded and ready to be drawn. Texts hold names of the program,
 * with control characters made visible; addresses are hexadecimal text; pages are page numbers.
 */
export interface StopLayer {
	readonly state: "paused" | "running" | "ended";
	/** The stop that is shown and the one it is compared with, if any; absent while the process itself is shown. */
	readonly shown?: ShownStop;
	/** Oldest first. */
	readonly chips: readonly StopChip[];
	/** What reading the stop cost, in short and in full. */
	readonly cost?: { readonly short: string; readonly full: string };
	/** What is to be said above the changes. */
	readonly sentences: readonly StopSentence[];
	/** Why a signal stopped the program. */
	readonly card?: FaultCard;
	readonly lists: readonly ChangeList[];
}

export interface ShownStop {
	readonly stop: number;
	readonly against?: number;
}

export interface StopSentence {
	readonly icon: "info" | "warning";
	readonly text: string;
}

/** A stop in the history. */
export interface StopChip {
	readonly number: number;
	readonly icon: "circle-filled" | "debug-step-over" | "debug-pause" | "error" | "edit" | "debug-stop";
	readonly title: string;
	/** `chain.c:22` */
	readonly place?: string;
	readonly detail: string;
	/** Why it stopped; for the tooltip. */
	readonly reason: string;
}

/** A piece of a sentence. */
export interface Phrase {
	readonly text: string;
	readonly style?: "code" | "strong";
}

/** What {@link FaultCard.links} lead to. */
export const cardLinks = ["map", "source", "recursion", "explain"] as const;
export type CardLink = (typeof cardLinks)[number];
/** Those that lead out of the page. */
export type CardPlace = Exclude<CardLink, "explain">;

/** The explanation of a fault. */
export interface FaultCard {
	readonly title: string;
	readonly text: readonly Phrase[];
	readonly drawing?: FaultDrawing;
	readonly links: readonly { readonly link: CardLink; readonly label: string }[];
	/** What the link `explain` unfolds. */
	readonly lesson?: string;
}

/** The place of a fault among its neighbours in memory, low addresses to the left. */
export interface FaultDrawing {
	readonly parts: readonly DrawingPart[];
	/** The part that holds the address: at which of its pages, or else how far into it, 0…1. */
	readonly marker: { readonly part: number; readonly at: number; readonly page?: number; readonly text: string };
	readonly caption: string;
}

export type DrawingPart =
	| { readonly kind: "mapping"; readonly startPage: number; readonly endPage: number }
	| { readonly kind: "guard" }
	| { readonly kind: "gap"; readonly text: string };

/** Changed mappings. */
export interface ChangeList {
	readonly title: string;
	readonly note: string;
	readonly rows: readonly ChangeRow[];
	/** Rows that are left out. */
	readonly more: number;
}

export interface ChangeRow {
	readonly letter: "N" | "G" | "R" | "W" | "D" | "?";
	readonly icon: RowIcon;
	readonly name: string;
	readonly startPage: number;
	readonly endPage: number;
	readonly address: string;
	/** `rw-p`, `rw-p → r--p`. */
	readonly permissions: string;
	readonly size: string;
	/** `1 page`, `–`. */
	readonly pages: string;
	/** What a screen reader says. */
	readonly spoken: string;
}

/** Strips of mappings, in the order in which they were asked for; an empty one for what is not mapped. */
export interface Strips {
	readonly strips: readonly (readonly StripSegment[])[];
	/** As `RowWindow.columns`. */
	readonly columns: Uint8Array;
}

/** Most strips that one call asks for. */
export const mostStrips = 512;
