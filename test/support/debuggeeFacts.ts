import { ok } from "node:assert/strict";
import type { StopChanges } from "../../src/shared/debug/changes";

/** Memory of its own that a debuggee has told of. */
export interface Region {
	readonly name: string;
	readonly start: bigint;
	readonly end: bigint;
}

/** What a debuggee told at a checkpoint; see `test/programs/debuggees/steps.c`. */
export interface Facts {
	/** What happened since the checkpoint before, in the words of the program. */
	readonly lines: readonly string[];
	/** All memory of its own that it has told of so far. */
	readonly regions: readonly Region[];
}

/** What a debuggee wrote of itself, by checkpoint: what is between two is what it did in between. */
export function parseFacts(text: string): Facts[] {
	const checkpoints: Facts[] = [];
	let lines: string[] = [];
	const regions: Region[] = [];
	for (const line of text.split("\n")) {
		const [word, name = "", start = "", end = ""] = line.split(" ");
		if (word === "region") regions.push({ name, start: BigInt(`0x${start}`), end: BigInt(`0x${end}`) });
		else if (word === "checkpoint") {
			checkpoints.push({ lines, regions: [...regions] });
			lines = [];
		} else if (line !== "") lines.push(line);
	}
	// It stands at the entry of the last checkpoint, which it has not told of yet.
	checkpoints.push({ lines, regions });
	return checkpoints;
}

/** Whether a page is of the memory that a debuggee has told of. */
export function isOwn(page: number, facts: Facts | undefined, pageSize: number): boolean {
	const address = BigInt(page) * BigInt(pageSize);
	return facts?.regions.some(({ start, end }) => address >= start && address < end) ?? false;
}

/** Changes of mappings in the program's words: all, or those of its own memory. */
export function changedMappings(changes: StopChanges, pageSize: number, own?: Facts): string[] {
	return changes.mappings
		.filter(({ startPage }) => own === undefined || isOwn(startPage, own, pageSize))
		.map(({ kind, startPage, endPage, formerPermissions, mapping }) => {
			const permissions = formerPermissions === undefined ? [] : [formerPermissions, mapping.permissions];
			return [kind, hex(startPage, pageSize), hex(endPage, pageSize), ...permissions].join(" ");
		})
		.sort();
}

/** Addresses of the written pages of the program's own memory. */
export function ownPages(changes: StopChanges, facts: Facts | undefined, pageSize: number): string[] {
	return changes.pages
		.flatMap(({ ranges }) => ranges)
		.flatMap(({ startPage, endPage }) => Array.from({ length: endPage - startPage }, (_, i) => startPage + i))
		.filter((page) => isOwn(page, facts, pageSize))
		.map((page) => hex(page, pageSize))
		.sort();
}

/** What {@link changedMappings} should be. */
export function toldMappings(facts: Facts | undefined): string[] {
	ok(facts);
	return facts.lines.filter((line) => !/^(written|fault)/.test(line)).sort();
}

/** What {@link ownPages} should be. */
export function toldPages(facts: Facts | undefined): string[] {
	ok(facts);
	return facts.lines.flatMap((line) => /^written (\S+)$/.exec(line)?.[1] ?? []).sort();
}

function hex(page: number, pageSize: number): string {
	return (BigInt(page) * BigInt(pageSize)).toString(16);
}
