import type { LabState } from "../../../shared/labPanel";

/** What the status bar says of the labs, the one used last at the end; `undefined` when no lab process lives. */
export function statusText(
	states: readonly LabState[],
): { readonly label: string; readonly tooltip: string } | undefined {
	const living = states.filter(({ processes }) => processes.some(({ state }) => state !== "ended"));
	const last = living.at(-1);
	if (last === undefined) return undefined;
	if (living.length > 1) {
		return { label: `${living.length} lab processes`, tooltip: living.map(lineOf).join("\n") };
	}
	return { label: lineOf(last), tooltip: `${last.demo.title}\nClick to show the lab` };
}

function lineOf({ processes, activity, done }: LabState): string {
	const who = `Lab process ${processes[0]?.pid ?? ""}`;
	if (activity === "running") return `${who} runs step ${done + 1}`;
	if (activity === "replaying") return "Lab process is started again";
	return `${who} waiting after step ${done}`;
}
