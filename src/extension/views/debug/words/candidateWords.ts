import type { DebuggeeCandidate } from "../../../../shared/debug/stops";
import { clockTime } from "./debuggeeWords";

/** A process that may be chosen as a debuggee, for a list: name, pid and why it is likely, command line. */
export function candidateText(candidate: DebuggeeCandidate): {
	readonly label: string;
	readonly description: string;
	readonly detail: string;
} {
	const { pid, name, commandLine, started, traced } = candidate;
	const parts = [
		String(pid),
		...(traced ? ["held by a debugger"] : []),
		...(started === undefined ? [] : [`started at ${clockTime(started)}`]),
	];
	return { label: name, description: parts.join(" · "), detail: commandLine.join(" ").slice(0, 300) };
}
