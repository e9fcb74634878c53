import type { StepResult } from "../../../shared/labResult";
import { element } from "../../ui/element";
import { icon } from "../../ui/icons";
import { replayWords, signalWords } from "../words/calls";
import { deadOf } from "../words/view";

/** The signal that ended the step, explained: what, where, why, and what became of the lab. */
export function signalView(result: StepResult): HTMLElement {
	const { signal } = result;
	if (!signal) return element("div", {});
	const { place, cause } = signalWords(signal);
	const head = element(
		"p",
		{ class: "signal-head" },
		icon("error"),
		element("strong", { class: "signal" }, signal.name),
		element("span", { class: "code" }, place),
	);
	const who = `Process ${signal.pid} was killed.`;
	return element(
		"section",
		{ class: "part signal-card", "aria-label": "Signal" },
		head,
		element("p", {}, [cause, who, replayWords(result.replay, deadOf(result))].filter(Boolean).join(" ")),
	);
}
