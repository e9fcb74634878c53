import type { DemoStep } from "../../../shared/labDemo";
import type { StepResult } from "../../../shared/labResult";
import { visibleText } from "../../../shared/text";
import { element } from "../../ui/element";
import { icon } from "../../ui/icons";
import { proseNodes } from "../codeView";
import { section } from "../section";
import { checkWords } from "../words/checks";

/** What to look at, and what was expected against what was seen. What differs is said as loudly as what is met. */
export function checksView(step: DemoStep, result: StepResult): HTMLElement {
	const { checks, excused, otherwise } = result;
	const look = element("p", { class: "look" }, ...proseNodes(step.look));
	if (excused !== undefined) {
		const note = "not held against each other here";
		return section("Expected and seen", note, { class: "checks" }, look, remark(excused));
	}
	if (checks.length === 0) return section("What to look at", undefined, { class: "checks" }, look);
	const missed = checks.filter(({ met }) => !met).length;
	const note = missed === 0 ? "as expected" : missed === 1 ? "1 differs" : `${missed} differ`;
	const rows = checks.map((check) => {
		const { subject, expected, seen, met } = checkWords(check, result);
		const differs = !met || expected !== seen;
		const value = differs
			? [
					element("span", { class: "check-word" }, "expected "),
					element("span", { class: "code" }, expected),
					element("span", { class: "check-word" }, ", seen "),
					element("span", { class: "code" }, seen),
				]
			: [element("span", { class: "code" }, seen)];
		const mark = icon(met ? "pass" : "warning");
		return element(
			"div",
			{ class: met ? "check met" : "check differs", role: "listitem" },
			mark,
			element("span", { class: "visually-hidden" }, met ? "As expected: " : "Differs: "),
			element("span", { class: "check-subject" }, subject),
			element("span", { class: "check-value" }, ...value),
		);
	});
	const remarks = otherwise === undefined ? [] : [remark(otherwise)];
	const list = element("div", { role: "list" }, ...rows);
	return section("Expected and seen", note, { class: "checks" }, look, ...remarks, list);
}

/** Why this kernel does not do what the step's text speaks of. */
function remark(text: string): HTMLElement {
	return element("p", { class: "remark" }, icon("info"), element("span", {}, visibleText(text)));
}
