import { type Demo, mainProcess } from "../../shared/labDemo";
import type { CallResult, FileResult, RegionResult, SignalResult, StepResult } from "../../shared/labResult";
import { flagNames, pageStates } from "../../shared/pageStates";
import type { PageRun } from "../memory/model";
import { permissionsText } from "./checks";

/** A run of a demo, as the exported API hands it out. */
export interface DemoReport {
	readonly id: string;
	/** Pid of the lab process; of the last one, when steps have killed others. */
	readonly pid: number;
	readonly steps: readonly DemoStepReport[];
}

export interface DemoStepReport {
	readonly title: string;
	/** C. */
	readonly call: string;
	/** What the statements returned, one a line. */
	readonly result: string;
	/** Name of the first errno that a call failed with. */
	readonly errno?: string;
	/** Name of the signal that killed the step's process. */
	readonly signal?: string;
	/** Lines of `maps` of the demo's regions, in the process that ran the step. */
	readonly mapsBefore: readonly string[];
	readonly mapsAfter: readonly string[];
	/** Pages of these regions afterwards. */
	readonly pages?: readonly PageRun[];
	/** What the step should show, and what the kernel showed. */
	readonly checks: readonly {
		readonly expected: string;
		readonly seen: string;
		readonly met: boolean;
		readonly of: string;
	}[];
	/** Why the expectations do not apply here. */
	readonly excused?: string;
	/** Why others were checked than the step's text speaks of. */
	readonly otherwise?: string;
	/** The lines that the exported C program prints for the step, on the same machine for the same user. */
	readonly lines: readonly string[];
}

/** The report of a demo whose steps have run. */
export function reportDemo(demo: Demo, results: readonly StepResult[], pid: number, pageSize: number): DemoReport {
	return {
		id: demo.id,
		pid,
		steps: results.map((result) => reportStep(demo, result, pageSize)),
	};
}

function reportStep(demo: Demo, result: StepResult, pageSize: number): DemoStepReport {
	const { calls, signal, regions, process, checks, excused, otherwise } = result;
	const own = regions.filter((region) => region.process === process);
	const errno = calls.find((call) => call.errno !== undefined)?.errno;
	const step = demo.steps[result.step];
	const texts = (kind: "removed" | "added") => [
		...new Set(
			own.flatMap(({ diff }) => diff.filter((line) => line.inside && (line.kind === "same" || line.kind === kind))),
		),
	];
	return {
		title: step?.title ?? "",
		call: step?.code ?? "",
		result: calls.map(resultText).join("\n"),
		...(errno === undefined ? {} : { errno }),
		...(signal === undefined ? {} : { signal: signal.name }),
		mapsBefore: unique(texts("removed").map(({ text }) => text)),
		mapsAfter: unique(texts("added").map(({ text }) => text)),
		pages: own.flatMap((region) => pageRuns(region, pageSize)),
		checks: checks.map(({ expectation, expected, seen, met }) => ({ expected, seen, met, of: expectation.kind })),
		...(excused === undefined ? {} : { excused }),
		...(otherwise === undefined ? {} : { otherwise }),
		lines: stepLines(demo, result, pageSize),
	};
}

const unique = (lines: readonly string[]): string[] => [...new Set(lines)];

function pageRuns({ after }: RegionResult, pageSize: number): PageRun[] {
	const size = BigInt(pageSize);
	return after.pages.map(({ start, end, state, flags }) => ({
		start: BigInt(start) * size,
		end: BigInt(end) * size,
		state: pageStates[state] ?? "unknown",
		flags: flagNames(flags),
	}));
}

/** What a statement returned: `0`, `0x7f…`, `-1 EACCES`, `MAP_FAILED ENOMEM`, what it printed; empty for none. */
export function resultText({ value, errno, printed }: CallResult): string {
	if (printed !== undefined) return printed;
	const failure = errno === undefined ? "" : ` ${errno}`;
	switch (value?.kind) {
		case "number":
			return value.number + failure;
		case "address":
			return value.failed ? `MAP_FAILED${failure}` : `0x${value.address}`;
		case "descriptor":
		case "pid":
			return String(value.number) + failure;
		case "nothing":
		case undefined:
			return "";
	}
}

/** The lines that the exported program prints for a step. Nothing in them depends on where things lie. */
export function stepLines(demo: Demo, result: StepResult, pageSize: number): string[] {
	const { step, calls, signal, regions, files } = result;
	if (result.refusal?.why === "endedBefore") return []; // there the program has ended
	const { title = "", varies = [] } = demo.steps[step] ?? {};
	return [
		`step ${step + 1}: ${title}`,
		...calls.flatMap((call) => callLines(call, varies.includes("values"))),
		...(signal === undefined ? [] : [signalLine(signal, regions, BigInt(pageSize))]),
		...regions.map((region) => regionLine(region, !varies.includes("present"))),
		...files.map(fileLine),
	];
}

function callLines({ code, value, errno, printed, inCore }: CallResult, numbersVary: boolean): string[] {
	if (printed !== undefined) return printed.split("\n");
	const variable = /^([A-Za-z_][\w.]*)\s*=(?!=)/.exec(code)?.[1];
	const isCall = /^(?:[A-Za-z_][\w.]*\s*=\s*)?[A-Za-z_]\w*\s*\(/.test(code);
	const failure = errno === undefined ? "" : ` ${errno}`;
	switch (value?.kind) {
		case "number": {
			const number = numbersVary && errno === undefined && !inCore ? "a number" : value.number;
			const count = inCore?.filter((bit) => bit === 1).length;
			const inMemory = inCore && !numbersVary ? [`  ${count} of ${inCore.length} pages in memory`] : [];
			return [isCall ? `  ${number}${failure}` : `  ${variable ?? "value"} = ${number}`, ...inMemory];
		}
		case "address":
			return [value.failed ? `  MAP_FAILED${failure}` : "  an address"];
		case "descriptor":
			return [errno === undefined ? "  a descriptor" : `  -1${failure}`];
		case "pid":
			return [errno === undefined ? "  a pid" : `  -1${failure}`];
		case "nothing":
			return [];
		case undefined:
			return [];
	}
}

function signalLine(
	{ name, process, detail }: SignalResult,
	regions: readonly RegionResult[],
	pageSize: bigint,
): string {
	if (detail === undefined) return `  killed by ${name}`;
	return `  killed by ${name}, ${detail.code} at ${placeOf(BigInt(`0x${detail.address}`), process, regions, pageSize)}`;
}

function placeOf(address: bigint, process: string, regions: readonly RegionResult[], pageSize: bigint): string {
	for (const { name, startPage, endPage, process: owner } of regions) {
		const [start, end] = [BigInt(startPage) * pageSize, BigInt(endPage) * pageSize];
		if (owner === process && address >= start && address < end) return `${name} + 0x${(address - start).toString(16)}`;
	}
	return "an address elsewhere";
}

function regionLine({ process, name, after }: RegionResult, present: boolean): string {
	const who = process === mainProcess ? "" : `${process} `;
	const lines = `${after.mappings} mapping${after.mappings === 1 ? "" : "s"}`;
	return `  ${who}${name}: ${permissionsText(after.permissions)}; ${lines}${present ? `; ${after.present} present, ${after.exclusive} exclusive` : ""}`;
}

/** Bytes of a file that its line shows. */
const shownBytes = 32;

function fileLine({ name, after }: FileResult): string {
	if ("error" in after) return `  ${name}: ${after.error.errno ?? after.error.code}`;
	const text = Array.from(after.head.subarray(0, shownBytes), (byte) => {
		const plain = byte >= 32 && byte < 127 && byte !== 0x22 && byte !== 0x5c;
		return plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
	});
	return `  ${name}: ${after.size} bytes, "${text.join("")}"`;
}
