import type { DebuggeeCandidate } from "../../shared/debug/stops";
import { MapscopeError } from "../../shared/errors";
import { readCmdline } from "../proc/cmdline";
import { readStat, type Stat } from "../proc/stat";
import { readStatus } from "../proc/status";
import { readUptime } from "../proc/system";
import type { ProcessIdentity } from "./debuggeeProtocol";
import { hasEnded } from "./memoryOwner";
import { listPids } from "./processes";
import { readProgram } from "./takeSample";

/** USER_HZ: the unit of times in `/proc/PID/stat`, 100 on every architecture that Linux runs on today. */
const ticksPerSecond = 100;

/** Who a process is. Errors: `processGone`, `io`. */
export function identify(pid: number): ProcessIdentity {
	const stat = requireStat(pid);
	const executable = readProgram(pid);
	const tracer = Number(readStatus(pid).get("TracerPid") ?? 0);
	return {
		pid,
		startTime: String(stat.startTime),
		started: startedAt(stat),
		name: stat.name,
		commandLine: readCmdline(pid),
		...(executable === undefined ? {} : { executable }),
		parentPid: stat.parentPid,
		...(tracer > 0 ? { tracer } : {}),
		ended: hasEnded(stat),
		ancestors: ancestorsOf(stat),
	};
}

/** Who the process is that a thread belongs to, which the kernel numbers `tid`. Errors: `processGone`, `io`. */
export function identifyThread(tid: number): ProcessIdentity {
	return identify(Number(readStatus(tid).get("Tgid") ?? tid));
}

/** Milliseconds since 1970, exact to some hundredths of a second. */
function startedAt({ startTime }: Stat): number {
	const age = (readUptime() - Number(startTime) / ticksPerSecond) * 1000;
	return Date.now() - age;
}

function ancestorsOf(stat: Stat): number[] {
	const ancestors: number[] = [];
	// A chain of parents ends at 0; the bound is for one that changes while it is followed.
	for (let pid = stat.parentPid; pid > 0 && ancestors.length < 256; ) {
		ancestors.push(pid);
		pid = tryStat(pid)?.parentPid ?? 0;
	}
	return ancestors;
}

/**
 * Processes that may be the debuggee of an adapter that does not say: what a debugger holds, and what descends from
 * `ancestor` (the extension host, which starts adapters), the last started first. Those that run no program are left out.
 */
export function debuggeeCandidates(ancestor: number): DebuggeeCandidate[] {
	const stats = new Map<number, Stat>();
	for (const pid of listPids()) {
		const stat = tryStat(pid);
		if (stat !== undefined) stats.set(pid, stat);
	}
	const descends = (pid: number): boolean => {
		for (let at = stats.get(pid)?.parentPid ?? 0, steps = 0; at > 0 && steps < 256; steps++) {
			if (at === ancestor) return true;
			at = stats.get(at)?.parentPid ?? 0;
		}
		return false;
	};
	const candidates: DebuggeeCandidate[] = [];
	for (const [pid, stat] of stats) {
		if (stat.kernelThread || hasEnded(stat)) continue;
		try {
			const traced = Number(readStatus(pid).get("TracerPid") ?? 0) > 0;
			if (!traced && !descends(pid)) continue;
			candidates.push({ pid, name: stat.name, commandLine: readCmdline(pid), started: startedAt(stat), traced });
		} catch (error) {
			if (!(error instanceof MapscopeError) || error.code === "bug") throw error;
		}
	}
	return candidates.sort((a, b) => Number(b.traced) - Number(a.traced) || (b.started ?? 0) - (a.started ?? 0));
}

function requireStat(pid: number): Stat {
	const stat = readStat(pid);
	if (stat === undefined) throw new MapscopeError({ code: "io", path: `/proc/${pid}/stat`, detail: "malformed" });
	return stat;
}

function tryStat(pid: number): Stat | undefined {
	try {
		return readStat(pid);
	} catch (error) {
		if (error instanceof MapscopeError && error.code !== "bug") return undefined;
		throw error;
	}
}
