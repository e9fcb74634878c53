import { type UnknownReason, unknownReasons } from "../../shared/debug/changes";
import { flagBit, stateCode } from "../../shared/pageStates";
import { permission } from "../proc/maps";
import type { Piece } from "./alignMappings";
import type { Fingerprints } from "./fingerprints";
import { type PageRuns, PageRunsBuilder } from "./pageRuns";
import type { Snapshot } from "./snapshot";

/**
 * What is known of pages since an earlier stop. `written`: other contents, or came into being. `patched`: other contents
 * in code that the program itself may not write, so the debugger's breakpoints. Codes from `unknown` on, plus the index
 * of an `UnknownReason`: nobody knows. Pages without a mark are as they were.
 */
export const pageMark = { written: 1, patched: 2, unknown: 3 } as const;

/** Mark of pages that are unknown for a reason. */
function unknownMark(reason: UnknownReason): number {
	return pageMark.unknown + unknownReasons.indexOf(reason);
}

/** Marked pages as sorted, disjoint runs. */
export interface PageMarks {
	readonly starts: Float64Array;
	readonly ends: Float64Array;
	readonly marks: Uint8Array;
	/** Index of the later stop's mapping that a run lies in. */
	readonly mappings: Uint32Array;
}

/** How marks are made of two stops. */
export interface MarkOptions {
	/** The checksum of a page of zeros: what pages hold that came with a neighbour (huge pages), or were only read. */
	readonly zeroSum: number;
	/**
	 * The kernel kept note of what was written between these two stops: the flag `softDirty` of the later one. It tells of pages
	 * that were written, *or* are of a mapping that the kernel made, or made larger, meanwhile (VM_SOFTDIRTY).
	 */
	readonly noted: boolean;
}

/** What marks are made of: the pages of a stop as they are (without marks), and what is known of their contents. */
export interface StopPages {
	readonly snapshot: Snapshot;
	readonly runs: PageRuns;
	readonly fingerprints: Fingerprints;
}

/**
 * Marks of all pages at stop `after` since stop `before`.
 *
 * @param pieces the mappings of both, see `alignMappings`.
 */
export function markPages(
	before: StopPages,
	after: StopPages,
	pieces: readonly Piece[],
	{ zeroSum, noted }: MarkOptions,
): PageMarks {
	const builder = new MarksBuilder();
	const former = before.fingerprints.cursor();
	const latter = after.fingerprints.cursor();
	let run = 0;
	let formerRun = 0;
	for (const piece of pieces) {
		if (piece.after < 0) continue;
		const judge = judgeOf(piece, before, after, noted);
		const { runs } = after;
		while (run < runs.count && (runs.ends[run] ?? 0) <= piece.startPage) run++;
		let page = piece.startPage;
		for (let at = run; page < piece.endPage && at < runs.count; ) {
			const start = Math.max(page, runs.starts[at] ?? 0);
			if (start >= piece.endPage) break;
			while (formerRun < before.runs.count && (before.runs.ends[formerRun] ?? 0) <= start) formerRun++;
			const wasStart = before.runs.starts[formerRun] ?? Number.POSITIVE_INFINITY;
			const inFormer = piece.same && wasStart <= start;
			const was = inFormer ? (before.runs.states[formerRun] ?? 0) : stateCode.notPresent;
			const wasEnd = inFormer ? (before.runs.ends[formerRun] ?? 0) : piece.same ? wasStart : Number.POSITIVE_INFINITY;
			const end = Math.min(piece.endPage, runs.ends[at] ?? 0, wasEnd);
			const verdict = judge(was, runs.states[at] ?? 0, runs.flags[at] ?? 0);
			if (typeof verdict === "number") {
				if (verdict !== 0) builder.push(start, end, verdict, piece.after);
			} else {
				for (let each = start; each < end; each++) {
					const mark = verdict(former(each), latter(each), zeroSum);
					if (mark !== 0) builder.push(each, each + 1, mark, piece.after);
				}
			}
			page = end;
			if ((runs.ends[at] ?? 0) <= page) at++;
		}
	}
	return builder.finish();
}

/** A mark for pages alike in state, or how to find each one's by its checksums. */
type Verdict = number | ((was: number | undefined, is: number | undefined, zeroSum: number) => number);
type Judge = (was: number, is: number, flags: number) => Verdict;

const untouched = 0;

function judgeOf(piece: Piece, before: StopPages, after: StopPages, noted: boolean): Judge {
	const { maps, classification } = after.snapshot;
	const bits = maps.permissions[piece.after] ?? 0;
	const bitsBefore = piece.same ? (before.snapshot.maps.permissions[piece.before] ?? 0) : 0;
	const file = (maps.inodes[piece.after] ?? 0n) !== 0n;
	const shared = (bits & permission.shared) !== 0;
	const writable = ((bits | bitsBefore) & permission.write) !== 0;
	const code = file && !shared && !writable && (bits & permission.execute) !== 0;
	const touched = code ? pageMark.patched : pageMark.written;
	/** A page of shared memory that was not seen was not there: the page cache was asked, or it is anonymous and new. */
	const absentBefore = piece.same
		? before.snapshot.cache[piece.before]?.known === true
		: classification.names[maps.names[piece.after] ?? 0]?.name === "/dev/zero";
	/** A note on every page of the mapping may be one on the mapping: then a page's own is not known. */
	const blurred = noted && isWhollyNoted(after, piece.after);
	return (was, is, flags) => {
		/** What is known of a page whose contents do not tell: the kernel's note, or nothing for a reason. */
		const otherwise = (mark: number, reason: UnknownReason): number =>
			!noted || !piece.same
				? unknownMark(reason)
				: flags & flagBit.softDirty
					? blurred
						? unknownMark(reason)
						: mark
					: shared // Others may have written it: the notes are this process's.
						? unknownMark(reason)
						: untouched;
		switch (is) {
			case stateCode.anonymous:
				return judgeAnonymous(was, flags, touched, otherwise);
			case stateCode.shmem:
				if (!shared) return untouched;
				if (was === stateCode.shmem) return compared(pageMark.written, otherwise(pageMark.written, "budget"));
				return was === stateCode.notPresent && absentBefore
					? cameIntoBeing
					: otherwise(pageMark.written, "notSeenBefore");
			case stateCode.file:
				if (!shared || !writable) return untouched;
				return was === stateCode.file
					? compared(pageMark.written, otherwise(pageMark.written, "budget"))
					: otherwise(pageMark.written, "notSeenBefore");
			case stateCode.swapped:
				return was === stateCode.swapped || !piece.same ? untouched : otherwise(pageMark.written, "swapped");
			case stateCode.unknown:
				// With a file, the page is in no page table. Without one, it is there and the kernel does not say as what.
				return file || was === stateCode.unknown ? untouched : unknownMark("unreadable");
			default:
				return untouched;
		}
	};
}

/** Whether all pages of a mapping that the process maps have the flag `softDirty`. */
function isWhollyNoted({ snapshot: { maps }, runs }: StopPages, index: number): boolean {
	const end = maps.endPages[index] ?? 0;
	for (let run = runs.firstRunEndingAfter(maps.startPages[index] ?? 0); run < runs.count; run++) {
		if ((runs.starts[run] ?? 0) >= end) break;
		const state = runs.states[run];
		const present = state !== stateCode.notPresent && state !== stateCode.cached && state !== stateCode.unknown;
		if (present && ((runs.flags[run] ?? 0) & flagBit.softDirty) === 0) return false;
	}
	return true;
}

function judgeAnonymous(
	was: number,
	flags: number,
	touched: number,
	otherwise: (mark: number, reason: UnknownReason) => number,
): Verdict {
	switch (was) {
		case stateCode.anonymous:
			return compared(touched, otherwise(touched, "budget"));
		case stateCode.swapped:
			return otherwise(touched, "swapped");
		case stateCode.unknown:
		case stateCode.shmem:
		case stateCode.file:
			return touched;
		default:
			// The whole huge page is there once a byte of it was written.
			return flags & flagBit.huge ? cameIntoBeing : touched;
	}
}

/** For pages in memory at both stops; `otherwise` where the contents of one were not read. */
function compared(touched: number, otherwise: number): Verdict {
	return (was, is) => (was === undefined || is === undefined ? otherwise : was === is ? untouched : touched);
}

/** For pages of zeros that appeared: what holds anything else was written. */
const cameIntoBeing: Verdict = (_was, is, zeroSum) =>
	is === undefined ? unknownMark("budget") : is === zeroSum ? untouched : pageMark.written;

class MarksBuilder {
	readonly #starts: number[] = [];
	readonly #ends: number[] = [];
	readonly #marks: number[] = [];
	readonly #mappings: number[] = [];

	push(start: number, end: number, mark: number, mapping: number): void {
		const last = this.#starts.length - 1;
		if (last >= 0 && this.#ends[last] === start && this.#marks[last] === mark && this.#mappings[last] === mapping) {
			this.#ends[last] = end;
			return;
		}
		this.#starts.push(start);
		this.#ends.push(end);
		this.#marks.push(mark);
		this.#mappings.push(mapping);
	}

	finish(): PageMarks {
		return {
			starts: Float64Array.from(this.#starts),
			ends: Float64Array.from(this.#ends),
			marks: Uint8Array.from(this.#marks),
			mappings: Uint32Array.from(this.#mappings),
		};
	}
}

/** How many pages are marked as written. */
export function writtenPages({ starts, ends, marks }: PageMarks): number {
	return marks.reduce(
		(sum, mark, run) => sum + (mark === pageMark.written ? (ends[run] ?? 0) - (starts[run] ?? 0) : 0),
		0,
	);
}

/** `runs` with the flag `changed` on every page that was written, for the picture of a stop. */
export function withWritten(runs: PageRuns, { starts, ends, marks }: PageMarks): PageRuns {
	const builder = new PageRunsBuilder();
	let mark = 0;
	for (let run = 0; run < runs.count; run++) {
		const runEnd = runs.ends[run] ?? 0;
		const state = runs.states[run] ?? 0;
		const flags = (runs.flags[run] ?? 0) & ~flagBit.changed;
		for (let page = runs.starts[run] ?? 0; page < runEnd; ) {
			while (mark < starts.length && ((ends[mark] ?? 0) <= page || marks[mark] !== pageMark.written)) mark++;
			const start = mark < starts.length ? (starts[mark] ?? 0) : runEnd;
			const end = Math.min(runEnd, start <= page ? (ends[mark] ?? 0) : start);
			builder.push(page, end, state, start <= page ? flags | flagBit.changed : flags);
			page = end;
		}
	}
	return builder.finish();
}
