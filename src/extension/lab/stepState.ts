import type { StepState } from "../../shared/labPanel";
import type { CallResult, StepResult } from "../../shared/labResult";

/** The mark of a step that has run, with as much of its result as stands under its code. */
export function stepState(result: StepResult): StepState {
	const { calls, signal, refusal, replay } = result;
	const met = isMet(result);
	return {
		status: refusal ? "refused" : signal ? "killed" : met ? "met" : "differs",
		met,
		calls,
		...(signal === undefined ? {} : { signal }),
		...(refusal === undefined ? {} : { refusal }),
		...(replay === undefined ? {} : { replay }),
	};
}

/** Everything was as expected: also a signal counts as unexpected when nothing says that it should come. */
function isMet({ signal, refusal, excused, checks }: StepResult): boolean {
	const signalExpected = checks.some(({ expectation }) => expectation.kind === "killed");
	if (refusal !== undefined || (signal !== undefined && !signalExpected)) return false;
	return excused !== undefined || checks.every(({ met }) => met);
}

/** Whether calls returned the same twice, but for what is another one in each process: addresses, pids, descriptors. */
export function returnedAlike(before: readonly CallResult[], after: readonly CallResult[]): boolean {
	return returnsOf(before) === returnsOf(after);
}

function returnsOf(calls: readonly CallResult[]): string {
	return JSON.stringify(
		calls.map(({ value, errno, printed }) => [value?.kind === "number" ? value.number : value?.kind, errno, printed]),
	);
}
