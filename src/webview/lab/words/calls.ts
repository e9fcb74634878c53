import type { CallResult, CallValue, Refusal, ReplayResult, SignalResult } from "../../../shared/labResult";
import { visibleText } from "../../../shared/text";
import { formatCount } from "../../../shared/units";
import { listed } from "../../words/phrases";
import { calledFunction } from "../model/cCode";
import { errnoSentence } from "./errno";

/** What a statement gave, in the line below it. */
export interface CallWords {
	/** Where a step has several statements: `mmap`, or the variable that keeps the value; else nothing. */
	readonly call?: string;
	/** `0x7f3d1c1d5000`, `0`, `−1`. */
	readonly value: string;
	/** `EACCES`, with its meaning. */
	readonly errno?: string;
	readonly sentence?: string;
	readonly note?: string;
	/** An address was hinted where the code says NULL. */
	readonly hint?: string;
	readonly failed: boolean;
}

/** The value of a call as C would print it; `undefined` for one that has none. */
export function valueWords(value: CallValue | undefined): string | undefined {
	switch (value?.kind) {
		case "number":
			return value.number.replace("-", "−");
		case "address":
			return value.failed ? "MAP_FAILED" : `0x${value.address}`;
		case "descriptor":
		case "pid":
			return String(value.number).replace("-", "−");
		case undefined:
		case "nothing":
			return undefined;
	}
}

/** Lines below the code of a step: one for each call that returned something, or said why not. */
export function callWords(calls: readonly CallResult[]): CallWords[] {
	const told = calls.filter(
		({ value, errno, times }) => errno !== undefined || times !== undefined || valueWords(value) !== undefined,
	);
	return told.map((call) => {
		const name = calledFunction(call.code);
		const value = valueWords(call.value) ?? "";
		const sentence = call.errno === undefined ? undefined : errnoSentence(name, call.errno);
		return {
			...(calls.length > 1 ? { call: nameOf(call, told) } : {}),
			value,
			...(call.errno === undefined ? {} : { errno: call.errno }),
			...(sentence === undefined ? {} : { sentence }),
			...(call.times === undefined ? {} : { note: `${formatCount(call.times)} times` }),
			...(call.hint === undefined ? {} : { hint: hintWords(call.hint) }),
			failed: call.errno !== undefined,
		};
	});
}

/** That the lab does not quite run what stands there, and why. */
function hintWords(address: string): string {
	return `Where the code says NULL, the lab hints 0x${address.replace(/^0x/, "")}, far from everything else: so nothing merges with the mappings of the program that runs it, and a replay finds the same address.`;
}

/**
 * A number is known by the variable that keeps it: of `n = strtol(…)`, n is what later steps speak of. So are the
 * addresses and descriptors that several calls of a function have returned.
 */
function nameOf({ code, value, errno }: CallResult, told: readonly CallResult[]): string {
	const name = calledFunction(code);
	const isKept = /^\s*[\w.]+\s*=[^=]/.test(code);
	const isOneOfSeveral = told.filter((call) => calledFunction(call.code) === name).length > 1;
	const tells = value?.kind === "number" ? errno === undefined : isOneOfSeveral;
	return name === undefined || (isKept && tells) ? statementName(code) : name;
}

/** What a statement without a call is about: the variable that it sets. */
function statementName(code: string): string {
	const assigned = /^\s*([A-Za-z_][\w.]*(?:\[[^\]]*\])?)\s*=/.exec(code)?.[1];
	return assigned ?? code.replace(/;\s*$/, "");
}

const signalCauses: Readonly<Record<string, string>> = {
	SEGV_MAPERR: "Nothing is mapped at this address.",
	SEGV_ACCERR: "The mapping does not allow this access.",
	SEGV_BNDERR: "The address lies outside its bounds.",
	SEGV_PKUERR: "A protection key forbids the access.",
	BUS_ADRALN: "The address is not aligned.",
	BUS_ADRERR:
		"There is no page behind this address: it lies beyond the end of the file, or no memory could be found for it.",
	BUS_OBJERR: "The hardware reports an error of this memory.",
	ILL_ILLOPN: "The processor does not know this instruction.",
	ILL_ILLOPC: "The processor does not know this instruction.",
};

const signalNames: Readonly<Record<string, string>> = {
	SIGSEGV: "segmentation fault",
	SIGBUS: "bus error",
	SIGILL: "illegal instruction",
	SIGKILL: "killed",
	SIGTRAP: "breakpoint",
};

/** A signal's own line: `SEGV_ACCERR at 0x7f3d1c1d5000`, and why. */
export function signalWords(signal: SignalResult): { readonly place: string; readonly cause: string } {
	const { detail } = signal;
	if (detail === undefined) return { place: signalNames[signal.name] ?? "", cause: "" };
	return { place: `${detail.code} at 0x${detail.address}`, cause: signalCauses[detail.code] ?? "" };
}

/** What became of the lab after a signal. `dead` is who died: the lab process itself, or a child of it. */
export function replayWords(replay: ReplayResult | undefined, dead: "lab" | "child"): string {
	if (replay === undefined) return dead === "lab" ? "The lab process died." : "The child process died.";
	const who = dead === "lab" ? "The lab process died" : "The process died";
	const again = `${who} and was started again as process ${replay.pid}`;
	const steps = replay.steps.map((step) => step + 1);
	const differing =
		replay.differing.length === 0
			? ""
			: ` ${replay.differing.length === 1 ? "Step" : "Steps"} ${listed(replay.differing.map((step) => String(step + 1)))} gave something else this time.`;
	if (steps.length === 0) return `${again}.`;
	return `${again}; ${stepRange(steps)} replayed.${differing}`;
}

/** `step 1 was`, `steps 1 and 2 were`, `steps 1 to 5 were`. */
function stepRange(steps: readonly number[]): string {
	const [first = 0] = steps;
	const last = steps.at(-1) ?? first;
	if (steps.length === 1) return `step ${first} was`;
	if (steps.length > 2 && last - first === steps.length - 1) return `steps ${first} to ${last} were`;
	return `steps ${listed(steps.map(String))} were`;
}

/** Why a statement was not run. */
export function refusalWords({ why, detail }: Refusal): string {
	switch (why) {
		case "lowAddress":
			return "Not run: it would touch memory at or near address 0, which the lab never does.";
		case "notTheLabs":
			return "Not run: this memory belongs to the program that runs the lab, which would break.";
		case "residentLimit":
			return "Not run: the lab would hold more than 256 MiB of memory.";
		case "wholeProcess":
			return "Not run here: it would change the whole program that runs the lab. Run it in a child: fork first.";
		case "endedBefore":
			return "Not run: a call that it builds on has failed. A program would have ended there.";
		case "processGone":
			return "Not run: the process that should run it has ended.";
		case "tooLong":
			return "Not run: string too long. It does not fit into the mapping, so nothing was written.";
		case "noFork":
			return "Not run: there is no lab of several processes here, for this processor or by a rule of this system.";
		case "syntax":
			return `Not run: ${detail === undefined ? "this is not understood" : visibleText(detail)}.`;
	}
}
