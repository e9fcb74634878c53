import type { DemoStep, Expectation, ExpectedText, Expression, ParameterValues } from "../../shared/labDemo";
import { sameSide } from "../../shared/labFiles";
import type {
	CallResult,
	CheckResult,
	FileResult,
	FileSide,
	LabProcessState,
	PermissionRun,
	RegionResult,
	SignalResult,
} from "../../shared/labResult";
import { stateCode } from "../../shared/pageStates";
import { evaluateConstant, type Values } from "./language/evaluate";
import { LabSyntaxError } from "./language/syntax";

/** What a step has shown, as far as expectations are about it. */
export interface Shown {
	readonly process: string;
	readonly calls: readonly CallResult[];
	readonly signal?: SignalResult;
	readonly regions: readonly RegionResult[];
	readonly files: readonly FileResult[];
	readonly processes: readonly LabProcessState[];
	/** What the reader chose. */
	readonly parameters: ParameterValues;
	/** Integers of the process that ran the step. */
	readonly values: Values;
	/** Whether the lab runs as root. */
	readonly root: boolean;
}

/** What stands for something that there is none of. */
const none = "–";

/**
 * Holds a step's expectations against what it has shown, or says why they do not apply: a call failed in a way
 * that the step allows for (`excused`), or the kernel may not do what they speak of, so that others apply (`otherwise`).
 */
export function checkStep(
	step: Pick<DemoStep, "expect" | "mayFail" | "withoutZeroPage">,
	shown: Shown,
): { readonly checks: CheckResult[]; readonly excused?: string; readonly otherwise?: string } {
	const excuse = step.mayFail?.find(({ of, errno }) => callOf(of, shown)?.errno === errno);
	if (excuse !== undefined) return { checks: [], excused: excuse.because };
	const user = shown.root ? "root" : "user";
	const other = showsZeroPage(step, shown) ? undefined : step.withoutZeroPage;
	const checks = (other?.expect ?? step.expect)
		.filter(({ only }) => only === undefined || only === user)
		.filter(({ when }) => when === undefined || evaluated(when, shown) !== 0n)
		.map((expectation) => {
			const { expected, seen, met = expected === seen } = compare(expectation, shown);
			return { expectation, expected, seen, met };
		});
	return { checks, ...(other === undefined ? {} : { otherwise: other.because }) };
}

/** Whether the region that should hold the zero page after the step does, or may: to some users some kernels do not tell. */
function showsZeroPage({ withoutZeroPage }: Pick<DemoStep, "withoutZeroPage">, { regions, process }: Shown): boolean {
	const region = regions.find(({ name, process: owner }) => name === withoutZeroPage?.of && owner === process);
	return region?.after.pages.some(({ state }) => state === stateCode.zero || state === stateCode.unknown) ?? false;
}

interface Compared {
	readonly expected: string;
	readonly seen: string;
	/** Where it is not that they are the same. */
	readonly met?: boolean;
}

function compare(expectation: Expectation, shown: Shown): Compared {
	const number = (value: Expression): string => String(evaluated(value, shown) ?? value);
	const last = shown.calls.at(-1);
	switch (expectation.kind) {
		case "returns":
			return { expected: returnText(expectation.value, last, shown), seen: returnedText(last) };
		case "succeeds": {
			const seen = last?.errno ?? (last?.value === undefined ? none : "succeeds");
			return { expected: "succeeds", seen };
		}
		case "fails": {
			const { errno, of } = expectation;
			const call = callOf(of, shown);
			return { expected: errno, seen: call?.errno ?? returnedText(call) };
		}
		case "killed":
			return compareSignal(expectation, shown);
		case "value": {
			const value = shown.values(expectation.of);
			return { expected: number(expectation.is), seen: value === undefined ? none : String(value) };
		}
		case "prints": {
			const seen = shown.calls.flatMap((call) => call.printed ?? []).join("\n");
			const expected = textOf(expectation.text, shown);
			return { expected, seen: typeof expectation.text === "string" ? seen : seen.slice(0, expected.length) };
		}
		case "inCore": {
			const vector = shown.calls.findLast((call) => call.inCore !== undefined)?.inCore;
			const found = vector?.filter((bit) => bit === 1).length;
			return compareCount(expectation, number(expectation.pages), found);
		}
		case "file":
			return compareFile(expectation, shown);
		case "unchanged": {
			const file = shown.files.find(({ name }) => name === expectation.of);
			const same = file !== undefined && sameSide(file.before, file.after);
			return { expected: "unchanged", seen: same ? "unchanged" : "changed" };
		}
		case "process": {
			const state = shown.processes.find(({ name }) => name === expectation.of)?.state;
			return { expected: expectation.is, seen: state ?? none };
		}
		case "permissions":
		case "mappings":
		case "present":
		case "exclusive":
		case "smaps":
		case "flag":
			return compareRegion(expectation, shown, number);
	}
}

/** The last call whose result was assigned to a variable, or the last of all. */
function callOf(variable: string | undefined, { calls }: Shown): CallResult | undefined {
	return variable === undefined ? calls.at(-1) : calls.findLast(({ code }) => code.startsWith(`${variable} =`));
}

/** Value of an expression; undefined where the step was killed before it had set a variable in it. */
function evaluated(expression: Expression, { values }: Shown): bigint | undefined {
	try {
		return evaluateConstant(expression, values);
	} catch (error) {
		if (error instanceof LabSyntaxError) return undefined;
		throw error;
	}
}

/** An integer as a call would have returned it: an address, where it did return one. */
function returnText(expression: Expression, call: CallResult | undefined, shown: Shown): string {
	const value = evaluated(expression, shown);
	if (value === undefined) return String(expression);
	return call?.value?.kind === "address" && value !== -1n ? `0x${value.toString(16)}` : String(value);
}

function returnedText(call: CallResult | undefined): string {
	const value = call?.value;
	switch (value?.kind) {
		case "number":
			return value.number;
		case "descriptor":
		case "pid":
			return String(value.number);
		case "address":
			return value.failed ? "-1" : `0x${value.address}`;
		case "nothing":
		case undefined:
			return none;
	}
}

function compareSignal(wanted: Extract<Expectation, { kind: "killed" }>, shown: Shown): Compared {
	const { signal } = shown;
	const detail = signal?.detail;
	const expected = [wanted.signal];
	const seen = [signal?.name ?? none];
	if (wanted.code !== undefined && detail !== undefined) {
		expected.push(wanted.code);
		seen.push(detail.code);
	}
	if (wanted.address !== undefined && detail !== undefined) {
		const address = evaluated(wanted.address, shown);
		expected.push(address === undefined ? String(wanted.address) : `0x${address.toString(16)}`);
		seen.push(`0x${detail.address}`);
	}
	return { expected: expected.join(" "), seen: seen.join(" ") };
}

function compareFile({ of, starts }: Extract<Expectation, { kind: "file" }>, shown: Shown): Compared {
	const expected = textOf(starts, shown);
	const after = shown.files.find(({ name }) => name === of)?.after;
	if (after === undefined || "error" in after) return { expected, seen: after?.error.errno ?? none };
	return { expected, seen: headText(after).slice(0, expected.length) };
}

function textOf(text: ExpectedText, { parameters, files }: Shown): string {
	if (typeof text === "string") return text;
	if ("parameter" in text) return String(parameters[text.parameter] ?? none);
	const side = files.find(({ name }) => name === text.file)?.after;
	return side === undefined ? none : headText(side);
}

/** The first bytes as text, without a character that is cut at their end. */
function headText(side: FileSide): string {
	if ("error" in side) return side.error.errno ?? none;
	return new TextDecoder("utf-8", { ignoreBOM: true }).decode(side.head).replace(/\ufffd+$/, "");
}

type RegionExpectation = Extract<
	Expectation,
	{ kind: "permissions" | "mappings" | "present" | "exclusive" | "smaps" | "flag" }
>;

function compareRegion(
	wanted: RegionExpectation,
	{ regions, process }: Shown,
	number: (value: Expression) => string,
): Compared {
	const owner = wanted.process ?? process;
	const region = regions.find((candidate) => candidate.name === wanted.of && candidate.process === owner);
	const side = region?.after;
	if (wanted.kind === "permissions") {
		const seen = permissionsText(side?.permissions ?? []);
		if (typeof wanted.are === "string") return { expected: wanted.are, seen };
		const runs = wanted.are.map(({ permissions, pages }) => ({ permissions, pages: Number(number(pages)) }));
		return { expected: permissionsText(runs), seen };
	}
	if (wanted.kind === "flag") {
		const [has, hasNot] = [`${wanted.flag} is set`, `${wanted.flag} is not set`];
		const seen = side === undefined ? none : side.vmFlags.includes(wanted.flag) ? has : hasNot;
		return { expected: wanted.set ? has : hasNot, seen };
	}
	if (wanted.kind === "mappings") return { expected: String(wanted.count), seen: String(side?.mappings ?? none) };
	if (wanted.kind === "present") return compareCount(wanted, number(wanted.pages), side?.present);
	if (wanted.kind === "exclusive") return { expected: number(wanted.pages), seen: String(side?.exclusive ?? none) };
	return { expected: number(wanted.bytes), seen: String(side?.smaps[wanted.field] ?? none) };
}

function compareCount(
	{ least }: Extract<Expectation, { kind: "present" | "inCore" }>,
	pages: string,
	found: number | undefined,
): Compared {
	const seen = String(found ?? none);
	if (!least) return { expected: pages, seen };
	return { expected: `at least ${pages}`, seen, met: found !== undefined && found >= Number(pages) };
}

/** `rw-p`, or with several runs `rw-p*2 none*1 rw-p*13`. */
export function permissionsText(runs: readonly PermissionRun[]): string {
	if (runs.length === 1) return runs[0]?.permissions ?? none;
	return runs.length === 0 ? none : runs.map(({ permissions, pages }) => `${permissions}*${pages}`).join(" ");
}
