import type { Expectation } from "../../../shared/labDemo";
import type { CheckResult, StepResult } from "../../../shared/labResult";
import { visibleText } from "../../../shared/text";
import { fieldValue } from "./region";

/** An expectation and what became of it, for a line of the list. */
export interface CheckWords {
	/** What was looked at: `permissions of p`. */
	readonly subject: string;
	readonly expected: string;
	readonly seen: string;
	readonly met: boolean;
}

/** The step that a check belongs to: who ran it, and what there was to look at. */
type CheckedStep = Pick<StepResult, "process" | "regions">;

/** What an expectation looks at; where there are several processes, in which of them. */
export function subjectWords(expectation: Expectation, step: CheckedStep): string {
	const several = new Set(step.regions.map(({ process }) => process)).size > 1;
	const whose = (what: string) => {
		const { of, process = step.process } = expectation as { readonly of?: string; readonly process?: string };
		const where = !several ? "" : process === "main" ? " in the lab process" : ` in ${process}`;
		return `${what} of ${of ?? "it"}${where}`;
	};
	switch (expectation.kind) {
		case "returns":
			return "the call returns";
		case "succeeds":
			return "the call";
		case "fails":
			return expectation.of === undefined ? "the call" : `the call for ${expectation.of}`;
		case "killed":
			return "the process";
		case "permissions":
			return whose("permissions");
		case "mappings":
			return whose("lines in maps");
		case "exclusive":
			return whose("exclusive pages");
		case "present":
			return whose("pages present");
		case "smaps":
			return whose(expectation.field);
		case "flag":
			return whose(`VmFlag ${expectation.flag}`);
		case "value":
			return expectation.of;
		case "prints":
			return "printed";
		case "inCore":
			return "pages that mincore finds in memory";
		case "file":
			return `${expectation.of} on disk starts with`;
		case "unchanged":
			return `${expectation.of} on disk`;
		case "process":
			return `process ${expectation.of}`;
	}
}

/** A check in words; both sides come from other processes and are made visible. */
export function checkWords({ expectation, expected, seen, met }: CheckResult, step: CheckedStep): CheckWords {
	// `rw-s*64 r--s*128`: permissions with the pages that have them.
	const words = (text: string) => {
		if (expectation.kind === "permissions") return text.replace(/(\S+)\*(\d+) ?/g, "$2 × $1, ").replace(/, $/, "");
		return expectation.kind === "smaps" && /^\d+$/.test(text) ? fieldValue(expectation.field, Number(text)) : text;
	};
	const sides = { expected: visibleText(words(expected)), seen: visibleText(words(seen)) };
	return { subject: subjectWords(expectation, step), ...sides, met };
}

/** All checks in one sentence, for screen readers. */
export function checksSentence(result: Pick<StepResult, "checks" | "excused" | "otherwise"> & CheckedStep): string {
	const { checks, excused } = result;
	if (excused !== undefined) return `Not as planned: ${visibleText(excused)}`;
	if (checks.length === 0) return "";
	const missed = checks.filter(({ met }) => !met).map((check) => checkWords(check, result));
	if (missed.length === 0)
		return result.otherwise ? `Otherwise here: ${visibleText(result.otherwise)}` : "As expected.";
	return missed
		.map(({ subject, expected, seen }) => `Differs: ${subject}, expected ${expected}, seen ${seen}.`)
		.join(" ");
}
