import type { Demo } from "../../../shared/labDemo";
import { type LabState, playgroundId } from "../../../shared/labPanel";
import type { StepResult } from "../../../shared/labResult";
import { listed } from "../../words/phrases";
import { callWords, refusalWords, replayWords, signalWords } from "./calls";
import { checksSentence } from "./checks";
import { earlierWords } from "./files";
import { regionSentence } from "./region";

/** Whether the steps are made as one goes. */
export function isPlayground({ id }: Pick<Demo, "id">): boolean {
	return id === playgroundId;
}

/** How far one has come: `step 3 of 6`. */
export function progressWords({ done, steps, activity, demo }: LabState): string {
	if (activity === "replaying") return "starting the lab again";
	if (isPlayground(demo)) return done === 0 ? "" : done === 1 ? "1 call" : `${done} calls`;
	if (done === 0) return steps.length === 1 ? "1 step" : `${steps.length} steps`;
	return `step ${done} of ${steps.length}`;
}

/** What stands below the steps: that this is no film. */
export function processesWords({ processes, activity, done }: LabState): string {
	if (activity === "replaying") return "The lab is started again and the steps before are replayed.";
	const [lab, ...others] = processes.filter(({ state }) => state !== "ended");
	if (lab === undefined) {
		return done > 0
			? "The lab process has ended. The next step starts it again."
			: "The first step starts a process of its own, in which the calls run for real.";
	}
	const children =
		others.length === 0
			? ""
			: ` and ${listed(others.map(({ name, pid, state }) => `${name} ${pid}${state === "executed" ? " (another program now)" : ""}`))}`;
	return `These calls run for real in lab process ${lab.pid}${children}. Everything on the right is read from the kernel.`;
}

/** A result in a few sentences, for screen readers. */
export function resultSentence(state: LabState, result: StepResult): string {
	const title = state.demo.steps[result.step]?.title ?? "";
	const calls = callWords(result.calls).map(({ call, value, errno, sentence }) =>
		[call === undefined ? "Returned" : `${call} returned`, value, errno, sentence].filter(Boolean).join(" "),
	);
	const parts = [`Step ${result.step + 1}, ${title}`, ...calls];
	if (result.signal) {
		const { place, cause } = signalWords(result.signal);
		parts.push(`${result.signal.name} ${place}`, cause, replayWords(result.replay, deadOf(result)));
	}
	if (result.refusal) parts.push(refusalWords(result.refusal));
	parts.push(...result.files.map((file) => earlierWords(file) ?? ""));
	parts.push(checksSentence(result));
	parts.push(...result.regions.slice(0, 3).map(regionSentence));
	return parts
		.filter(Boolean)
		.map((part) => part.replace(/\.?$/, "."))
		.join(" ");
}

/** Who died of the result's signal. */
export function deadOf({ signal }: Pick<StepResult, "signal">): "lab" | "child" {
	return signal?.process === "main" ? "lab" : "child";
}
