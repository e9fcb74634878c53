import type { SourcePlace, StopInfo } from "../../../../shared/debug/stops";
import { visibleText } from "../../../../shared/text";
import { changesInShort, counted } from "./changeWords";
import { reasonNames } from "./debuggeeWords";

/** `Stop 3 chain.c:22`. Holds names of the program. */
export function stopTitle(stop: StopInfo): string {
	const place = stopPlace(stop);
	return `Stop ${stop.number}${place === undefined ? "" : ` ${place}`}`;
}

/** Where a stop is: `chain.c:22`, the function where there is no line, undefined where nothing is known. */
export function stopPlace({ place }: StopInfo): string | undefined {
	return place && placeInShort(place);
}

function placeInShort({ path, line, function: name }: SourcePlace): string | undefined {
	const file = path === undefined ? undefined : fileName(path);
	if (file !== undefined && line > 0) return visibleText(`${file}:${line}`);
	return name === "" ? undefined : visibleText(name);
}

/** The last part of a path or URI. */
function fileName(path: string): string | undefined {
	const name = path.split(/[/\\]/).at(-1);
	return name === "" ? undefined : name;
}

/** `2 new, 140 pages written`; `23 mappings` where there is nothing to compare with. */
export function stopDetail(stop: StopInfo): string {
	if (stop.formerName !== undefined) return `was ${visibleText(stop.formerName)}, ${counted(stop.mappings, "mapping")}`;
	if (stop.totals === undefined) return counted(stop.mappings, "mapping");
	return changesInShort(stop.totals) ?? (stop.totals.unknown > 0 ? "no change known" : "nothing changed");
}

/** Why it stopped, in a word or two, with what the adapter says where that is more. */
export function stopReason({ reason, description }: StopInfo): string {
	return description === undefined || description === "" ? reasonNames[reason] : visibleText(description);
}
