import { formatBytes } from "../../shared/units";
import type { ProcessSummary } from "../memory/model";
import { withoutIcons } from "./hostileText";
import { commandHint } from "./processes/commandHint";
import { processNotice } from "./processes/processRows";

/** A process that was picked before. */
export interface RecentProcess {
	readonly pid: number;
	/** Clock ticks since boot, decimal. */
	readonly startTime: string;
	readonly name: string;
	/** First word of the command line: what tells the next run of the same program. */
	readonly program: string;
}

/** A line of the process pick, as plain data. */
export type PickEntry =
	| { readonly kind: "separator"; readonly label: string }
	| {
			readonly kind: "process";
			readonly label: string;
			readonly description: string;
			readonly detail: string;
			readonly process: ProcessSummary;
	  };

const keptRecent = 5;

/**
 * The list: processes picked before (or the newest with the same program, when the one picked has ended), then one's
 * own, then others, each by resident size. Kernel threads have no memory map and are left out.
 */
export function pickEntries(
	processes: readonly ProcessSummary[],
	recent: readonly RecentProcess[],
	ownUid: number | undefined,
): PickEntry[] {
	const listed = processes.filter(({ kernelThread }) => !kernelThread).sort((a, b) => (b.rss ?? 0) - (a.rss ?? 0));
	const again = recentProcesses(listed, recent);
	const rest = listed.filter((process) => !again.includes(process));
	return [
		...section("Recent", again, ownUid),
		...section(
			"Yours",
			rest.filter(({ uid }) => uid === ownUid),
			ownUid,
		),
		...section(
			"Others",
			rest.filter(({ uid }) => uid !== ownUid),
			ownUid,
		),
	];
}

/** The line for one process. */
export function pickEntry(process: ProcessSummary, ownUid: number | undefined): PickEntry & { kind: "process" } {
	const { pid, name, commandLine, rss, uid, user } = process;
	const hint = commandHint(process);
	const notice = processNotice(process, ownUid);
	const facts = [
		pid,
		...(rss === undefined ? [] : [formatBytes(rss)]),
		...(uid === ownUid ? [] : [withoutIcons(user)]),
		...(hint ? [withoutIcons(hint)] : []),
	];
	return {
		kind: "process",
		label: `${notice === undefined ? "$(server-process)" : "$(lock)"} ${withoutIcons(name) || `(unnamed ${pid})`}`,
		description: facts.join(" · "),
		detail: withoutIcons(notice ?? commandLine.join(" ")).slice(0, 300),
		process,
	};
}

/** The listed process whose whole pid was typed. */
export function processByPid(typed: string, processes: readonly ProcessSummary[]): ProcessSummary | undefined {
	return processes.find(({ pid, kernelThread }) => !kernelThread && String(pid) === typed.trim());
}

/** A sentence for a typed pid that no entry has; `undefined` while what was typed is no pid or is listed. */
export function unknownPidSentence(typed: string, processes: readonly ProcessSummary[]): string | undefined {
	const text = typed.trim();
	if (!/^\d{1,10}$/.test(text)) return undefined;
	// While a pid is being typed it is the beginning of others.
	if (processes.some(({ pid, kernelThread }) => !kernelThread && String(pid).startsWith(text))) return undefined;
	const thread = processes.find(({ pid, kernelThread }) => kernelThread && pid === Number(text));
	if (thread) return `PID ${text} is a kernel thread: it has no address space.`;
	return `No process with PID ${text} is visible here. It may have ended, or belong to another container or user.`;
}

/** The list of recent picks with `process` in front. */
export function withRecent(recent: readonly RecentProcess[], process: ProcessSummary): RecentProcess[] {
	const { pid, startTime, name, commandLine } = process;
	const entry = { pid, startTime: String(startTime), name, program: commandLine[0] ?? name };
	const others = recent.filter((other) => other.name !== name || other.program !== entry.program);
	return [entry, ...others].slice(0, keptRecent);
}

/** Narrows what a memento kept. */
export function toRecent(stored: unknown): RecentProcess[] {
	if (!Array.isArray(stored)) return [];
	return stored.filter((entry: unknown): entry is RecentProcess => {
		if (typeof entry !== "object" || entry === null) return false;
		const { pid, startTime, name, program } = entry as Record<string, unknown>;
		const texts = [startTime, name, program].every((text) => typeof text === "string");
		return typeof pid === "number" && texts;
	});
}

function recentProcesses(listed: readonly ProcessSummary[], recent: readonly RecentProcess[]): ProcessSummary[] {
	const found = recent.flatMap((entry) => {
		const same = listed.find(({ pid, startTime }) => pid === entry.pid && String(startTime) === entry.startTime);
		const successors = listed
			.filter(({ name, commandLine }) => name === entry.name && (commandLine[0] ?? name) === entry.program)
			.sort((a, b) => (a.startTime < b.startTime ? 1 : -1));
		return same ?? successors[0] ?? [];
	});
	return [...new Set(found)];
}

function section(label: string, processes: readonly ProcessSummary[], ownUid: number | undefined): PickEntry[] {
	if (processes.length === 0) return [];
	return [{ kind: "separator", label }, ...processes.map((process) => pickEntry(process, ownUid))];
}
