import type { DebuggeeInfo } from "../../../shared/debug/stops";

/** The debuggee that is this process, the one of the newest session when several debug it. */
export function debuggeeOf(
	all: readonly DebuggeeInfo[],
	{ pid, startTime }: { readonly pid: number; readonly startTime: string },
): DebuggeeInfo | undefined {
	return all.findLast(({ process }) => process?.pid === pid && process.startTime === startTime);
}

/**
 * The debuggee that a command without further words means: that of the active session (js-debug's parent sessions have
 * none, but their children do), else the one with a stop that began last, else any with a process.
 */
export function currentDebuggee(
	all: readonly DebuggeeInfo[],
	activeSession: string | undefined,
): DebuggeeInfo | undefined {
	const known = all.filter(({ process }) => process !== undefined);
	return (
		known.find(({ session }) => session.id === activeSession) ??
		known.findLast(({ session }) => activeSession !== undefined && session.parentId === activeSession) ??
		known.findLast(({ stops }) => stops.length > 0) ??
		known.at(-1)
	);
}
