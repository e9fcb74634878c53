import type { StopChanges } from "../../../../shared/debug/changes";
import type { ShownStop, StopChip, StopLayer, StopSentence } from "../../../../shared/debug/stopLayer";
import type { DebuggeeInfo, StopInfo, StopReason } from "../../../../shared/debug/stops";
import { visibleText } from "../../../../shared/text";
import { formatBytes, formatDuration } from "../../../../shared/units";
import { changeList } from "./changeRows";
import { patchedSentence, unknownSentence, writtenSentence } from "./changeWords";
import { clockTime, costInShort, failedSentence } from "./debuggeeWords";
import { faultCard } from "./faultWords";
import { stopDetail, stopPlace, stopReason } from "./stopWords";

/** What of a stop is read for the layer besides what the debuggee says of it. */
export interface ReadLayer {
	readonly shown: ShownStop;
	readonly pageSize: number;
	/** Since the stop compared with; absent at the first. */
	readonly changes?: StopChanges;
	/** What had changed before, from one stop to the next. */
	readonly earlier?: StopChanges;
}

/** The layer in words. `budget`: milliseconds that comparing may take, as the setting says. */
export function stopLayer(debuggee: DebuggeeInfo, read: ReadLayer | undefined, budget: number): StopLayer {
	const stop = read && debuggee.stops.find(({ number }) => number === read.shown.stop);
	const over = debuggee.status.kind === "ended" || debuggee.status.kind === "detached";
	const common = {
		state: over ? "ended" : debuggee.running ? "running" : "paused",
		chips: debuggee.stops.map(chip),
	} as const;
	if (!read || !stop) return { ...common, sentences: [], lists: [] };
	const { changes, earlier, pageSize, shown } = read;
	return {
		...common,
		shown,
		cost: { short: costInShort(stop), full: costInFull(stop) },
		sentences: sentences(debuggee, stop, changes, budget),
		...(stop.fault
			? { card: faultCard(stop.fault, { place: stopPlace(stop), recursion: stop.recursion }, pageSize) }
			: {}),
		lists: [
			...(changes ? [changeList(listTitle(changes, stop), changes, pageSize)] : []),
			...(earlier ? [changeList(`Between stops ${earlier.from} and ${earlier.to}`, earlier, pageSize)] : []),
		],
	};
}

function listTitle(changes: StopChanges, stop: StopInfo): string {
	const adjacent = changes.to === stop.number && changes.from === stop.number - 1;
	return adjacent ? `Since stop ${changes.from}` : `Between stops ${changes.from} and ${changes.to}`;
}

const chipIcons: Readonly<Record<StopReason, StopChip["icon"]>> = {
	breakpoint: "circle-filled",
	step: "debug-step-over",
	pause: "debug-pause",
	exception: "error",
	entry: "debug-stop",
	goto: "debug-step-over",
	evaluate: "edit",
	restart: "debug-stop",
	exec: "debug-stop",
	other: "debug-stop",
};

function chip(stop: StopInfo): StopChip {
	const place = stopPlace(stop);
	return {
		number: stop.number,
		icon: chipIcons[stop.reason],
		title: `Stop ${stop.number}`,
		...(place === undefined ? {} : { place }),
		detail: stopDetail(stop),
		reason: `${stopReason(stop)}, at ${clockTime(stop.time)}`,
	};
}

function sentences(
	debuggee: DebuggeeInfo,
	stop: StopInfo,
	changes: StopChanges | undefined,
	budget: number,
): StopSentence[] {
	const info = (text: string | undefined): StopSentence[] => (text ? [{ icon: "info", text }] : []);
	const warning = (text: string | undefined): StopSentence[] => (text ? [{ icon: "warning", text }] : []);
	const totals = changes?.totals;
	const step = stop.reason === "step" && changes?.to === stop.number && changes.from === stop.number - 1;
	const { status } = debuggee;
	return [
		...warning(status.kind === "failed" ? failedSentence(status.error, stop) : undefined),
		...info(debuggee.running ? lastStopSentence(debuggee, stop) : undefined),
		...info(
			stop.formerName === undefined
				? undefined
				: `It called exec and is ${visibleText(stop.formerName)} no more: this is a new address space.`,
		),
		...info(
			changes && totals ? writtenSentence(totals, step ? { step } : { step: false, from: changes.from }) : undefined,
		),
		...info(totals && patchedSentence(totals)),
		...warning(totals && unknownSentence(totals, budget)),
		...warning(deniedSentence(stop)),
		...warning(stop.still ? undefined : "It went on while it was read: what is shown may be of several moments."),
		...info(changes === undefined && stop.formerName === undefined ? firstSentence(debuggee, stop) : undefined),
	];
}

function lastStopSentence({ status }: DebuggeeInfo, { number }: StopInfo): string {
	if (status.kind === "ended") return `The program has ended. What is shown is stop ${number}.`;
	if (status.kind === "detached") return `The debugger has let go of the program. What is shown is stop ${number}.`;
	return `The program runs. What is shown is stop ${number}.`;
}

function deniedSentence({ denied }: StopInfo): string | undefined {
	if (!denied) return undefined;
	return denied.what === "pages"
		? "The page table may not be read: nothing is known of written pages."
		: "What pages hold may not be read (ptrace): nothing is known of written pages.";
}

function firstSentence({ stops }: DebuggeeInfo, stop: StopInfo): string {
	return stops[0] === stop
		? "This is the first stop that is known: the next one shows what has changed."
		: "Nothing is known that this stop could be compared with.";
}

/** `Read in 6.1 ms: mappings and page table 4 ms, contents of 4 KiB 2 ms.` */
function costInFull({ cost }: StopInfo): string {
	const { latency, reading, comparing, comparedBytes } = cost;
	const contents = comparing > 0 ? `, contents of ${formatBytes(comparedBytes)} ${formatDuration(comparing)}` : "";
	return `Known ${formatDuration(latency)} after the stop: mappings and page table ${formatDuration(reading)}${contents}.`;
}
