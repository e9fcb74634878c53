import type { DebuggeeInfo, ElsewhereReason, StopInfo, StopReason } from "../../../../shared/debug/stops";
import type { ErrorData } from "../../../../shared/errors";
import { visibleText } from "../../../../shared/text";
import { formatDuration } from "../../../../shared/units";
import { errorText } from "../../errorText";
import { changesInShort, counted } from "./changeWords";

/** What a person may do about the state of a debuggee. */
export type DebuggeeAction = "choose" | "turnOn";

/** A sentence where the mappings would be, or above them. */
export interface DebuggeeNotice {
	readonly icon: string;
	readonly sentence: string;
	readonly action?: { readonly id: DebuggeeAction; readonly label: string };
}

/** What is to be said of a debuggee besides its mappings; undefined when these say everything. */
export function debuggeeNotice(debuggee: DebuggeeInfo): DebuggeeNotice | undefined {
	const { status, stops } = debuggee;
	switch (status.kind) {
		case "waiting":
			return { icon: "loading~spin", sentence: "Waiting for the debugger to say which process it starts." };
		case "unknown":
			return {
				icon: "question",
				sentence: "The debugger does not say which process it debugs.",
				action: { id: "choose", label: "Choose Process…" },
			};
		case "ready":
			if (stops.length > 0) return undefined;
			return debuggee.reading
				? { icon: "loading~spin", sentence: "Reading mappings…" }
				: { icon: "debug-start", sentence: "The program runs. Its memory is read when it stops." };
		case "off":
			return {
				icon: "circle-slash",
				sentence: "Memory is not read at stops.",
				action: { id: "turnOn", label: "Turn On" },
			};
		case "elsewhere": {
			const choose = status.why === "noSuchProcess" || status.why === "otherProgram";
			return {
				icon: "remote",
				sentence: elsewhereSentence(status.why, status.pid, status.name),
				...(choose ? { action: { id: "choose", label: "Choose Process…" } } : {}),
			};
		}
		case "failed":
			return { icon: "warning", sentence: failedSentence(status.error, stops.at(-1)) };
		case "ended":
			return { icon: "circle-slash", sentence: `Ended at ${clockTime(status.time)}.${lastStop(stops)}` };
		case "detached":
			return {
				icon: "debug-disconnect",
				sentence: `The debugger let go of it at ${clockTime(status.time)}.${lastStop(stops)}`,
			};
	}
}

/** Why a stop could not be read, and what is shown instead: an earlier one, if any is. */
export function failedSentence(error: ErrorData, shown: StopInfo | undefined): string {
	const instead = shown === undefined ? "" : ` What is shown is stop ${shown.number}.`;
	return `${errorText(error).sentence}${instead} The next stop tries again.`;
}

function lastStop(stops: readonly StopInfo[]): string {
	return stops.length === 0 ? " It never stopped." : " This is its last stop.";
}

function elsewhereSentence(why: ElsewhereReason, pid: number | undefined, name: string | undefined): string {
	const shown = visibleText(name ?? "").trim();
	switch (why) {
		case "remote":
			return `The program runs on another machine${shown && ` (${shown})`}. Connect VS Code to that machine to see its memory.`;
		case "noSuchProcess":
			return `No process here has the PID ${pid ?? "that the debugger names"}: it runs in another container, in an emulator or on another machine.`;
		case "otherProgram":
			return `PID ${pid ?? ""} is ${shown || "another program"} here: the program runs in another container, in an emulator or on another machine.`;
		case "emulated":
			return "The program runs in an emulator, whose addresses are not those of the program.";
		case "noProcess":
			return "What is debugged is no process of its own, but a page of a browser.";
	}
}

/** `14:02:11`, in the person's own time. */
export function clockTime(milliseconds: number): string {
	const date = new Date(milliseconds);
	return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** What a debuggee is called: its program's name, else its session's. */
export function debuggeeName({ process, session }: DebuggeeInfo): string {
	return visibleText(process?.name ?? session.name).trim() || session.type;
}

const elsewhereInShort: Readonly<Record<ElsewhereReason, string>> = {
	remote: "on another machine",
	noSuchProcess: "not here",
	otherProgram: "not here",
	emulated: "in an emulator",
	noProcess: "no process",
};

/** `13111, stop 3, 28 mappings, 2 new, 140 pages written`; `on another machine`. */
export function debuggeeDescription(debuggee: DebuggeeInfo): string {
	const { process, stops, running, status } = debuggee;
	if (status.kind === "elsewhere") return elsewhereInShort[status.why];
	if (status.kind === "unknown") return "process not known";
	const last = stops.at(-1);
	const over = status.kind === "ended" ? ["ended"] : status.kind === "detached" ? ["detached"] : [];
	const parts = [
		...(process ? [String(process.pid)] : []),
		...over,
		...(running && over.length === 0 && last ? ["running"] : []),
		...(last ? [`stop ${last.number}`, counted(last.mappings, "mapping")] : []),
		...(last?.totals ? [changesInShort(last.totals) ?? "unchanged"] : []),
	];
	return parts.join(", ");
}

/** Beside the name of the view: `Stop 3 · read in 6 ms`. */
export function stopDescription(stop: StopInfo): string {
	return `Stop ${stop.number} · ${costInShort(stop)}`;
}

/** `read in 6 ms`. */
export function costInShort({ cost }: StopInfo): string {
	return `read in ${formatDuration(Math.max(1, Math.round(cost.latency)))}`;
}

/** Why the program stopped, as the name of a stop: `Breakpoint`. */
export const reasonNames: Readonly<Record<StopReason, string>> = {
	breakpoint: "Breakpoint",
	step: "Step",
	pause: "Pause",
	exception: "Exception",
	entry: "Entry",
	goto: "Goto",
	evaluate: "Changed in the debugger",
	restart: "Restart",
	exec: "Another program",
	other: "Stop",
};
