import type { DebuggeeInfo } from "../../../../shared/debug/stops";
import { changesInFull, changesInShort } from "./changeWords";
import { costInShort } from "./debuggeeWords";
import { faultSentence } from "./faultWords";

/** What the status bar says of a debuggee that stands still; undefined while it runs, and where nothing was read. */
export function stopStatus(debuggee: DebuggeeInfo): { readonly text: string; readonly tooltip: string } | undefined {
	const stop = debuggee.stops.at(-1);
	if (!stop || debuggee.running || debuggee.status.kind !== "ready") return undefined;
	const { totals, fault } = stop;
	const changes =
		totals === undefined ? `${stop.mappings} mappings` : (changesInShort(totals) ?? unchanged(totals.unknown));
	const sentences = [
		`Stop ${stop.number}, ${costInShort(stop)}: ${totals === undefined ? changes : changesInFull(totals)}.`,
		...(fault ? [faultSentence(fault)] : []),
		"Click to show the Memory Map.",
	];
	return { text: `$(layers) This stop: ${changes}`, tooltip: sentences.join("\n") };
}

function unchanged(unknown: number): string {
	return unknown > 0 ? "no change known" : "nothing changed";
}
