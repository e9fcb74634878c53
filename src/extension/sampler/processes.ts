import { closeSync, readdirSync } from "node:fs";
import { MapscopeError } from "../../shared/errors";
import type { ProcessSummary } from "../memory/model";
import { readCmdline } from "../proc/cmdline";
import { openProcFile, procError } from "../proc/procFile";
import { readStat } from "../proc/stat";
import { readEffectiveUser } from "../proc/status";
import { hasEnded, memoryOwner } from "./memoryOwner";
import type { SystemInfo } from "./system";

/** Ids of all processes of this pid namespace, in no order. Errors: `io`. */
export function listPids(): number[] {
	try {
		return readdirSync("/proc")
			.map(Number)
			.filter((pid) => Number.isInteger(pid) && pid > 0);
	} catch (error) {
		throw procError(error, "/proc");
	}
}

/** Every process this user can see; those that end while the list is read are left out. */
export function listProcesses(system: SystemInfo, kernelThreads: boolean): ProcessSummary[] {
	const processes: ProcessSummary[] = [];
	for (const pid of listPids()) {
		try {
			const process = readProcess(system, pid);
			if (kernelThreads || !process.kernelThread) processes.push(process);
		} catch (error) {
			if (!(error instanceof MapscopeError) || (error.code !== "processGone" && error.code !== "permissionDenied"))
				throw error;
		}
	}
	return processes;
}

/** One process. Errors: `processGone`; `permissionDenied` where `/proc` is mounted with hidepid; `io`. */
export function readProcess(system: SystemInfo, pid: number): ProcessSummary {
	const stat = readStat(pid);
	if (stat === undefined) throw new MapscopeError({ code: "io", path: `/proc/${pid}/stat`, detail: "malformed" });
	const uid = readEffectiveUser(pid) ?? -1;
	const owner = memoryOwner(pid, stat);
	const living = owner === pid ? stat : (readStat(owner) ?? stat);
	const zombie = hasEnded(living);
	const denied = stat.kernelThread || zombie ? undefined : mapsDenial(owner);
	const user = system.userNames.get(uid) ?? String(uid);
	return {
		pid,
		parentPid: stat.parentPid,
		startTime: stat.startTime,
		name: stat.name,
		commandLine: stat.kernelThread ? [] : readCmdline(owner),
		uid,
		user,
		state: living.state,
		kernelThread: stat.kernelThread,
		...(stat.kernelThread || zombie ? {} : { rss: living.residentPages * system.pageSize }),
		readable: !stat.kernelThread && !zombie && denied === undefined,
		...(stat.kernelThread
			? { reason: "kernelThread" }
			: zombie
				? { reason: "zombie" }
				: denied === undefined
					? {}
					: { reason: denied }),
	};
}

/** errno name with which the kernel refuses `maps`; undefined when it may be read. */
function mapsDenial(pid: number): string | undefined {
	try {
		closeSync(openProcFile(`/proc/${pid}/maps`));
		return undefined;
	} catch (error) {
		if (error instanceof MapscopeError && error.code === "permissionDenied") return error.errno ?? "EACCES";
		throw error;
	}
}

/**
 * The foreground process of the terminal whose shell is `shellPid`: the leader of the terminal's foreground process
 * group, or the shell itself at its prompt. Errors: `processGone`.
 */
export function foregroundProcess(shellPid: number): number {
	const group = readStat(shellPid)?.terminalGroup ?? -1;
	if (group <= 0) return shellPid;
	try {
		readStat(group);
		return group;
	} catch {
		// The leader of a pipeline may have ended before its members.
		return shellPid;
	}
}
