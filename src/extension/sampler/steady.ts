import { MapscopeError } from "../../shared/errors";
import { readStat, type Stat } from "../proc/stat";
import { hasEnded, memoryOwner } from "./memoryOwner";

/** Tries until a process that calls `exec` again and again is given up. */
const mostTries = 4;

/** What was read of a process, and whether it was the same process with the same address space all the while. */
export interface Reading<T> {
	readonly value: T;
	readonly steady: boolean;
}

/**
 * Reads a process, again when it called `exec` meanwhile: what was read before and after belongs to different address
 * spaces, and a file of `/proc` that was open then ends early, as if there were no more.
 *
 * @param read gets the id whose `/proc` shows the memory, see `memoryOwner`.
 * Errors: as `read`; `processGone`, `io`.
 */
export function readSteadily<T>(pid: number, read: (owner: number) => T): Reading<T> {
	for (let tries = 1; ; tries++) {
		const before = identify(pid);
		const value = read(before.owner);
		const steady = before.identity !== undefined && identityAfter(pid) === before.identity;
		if (steady || tries === mostTries) return { value, steady };
	}
}

/** {@link readSteadily} for what means nothing when it is of two address spaces: `processGone`, or `io` (EAGAIN). */
export function readOneSpace<T>(pid: number, read: (owner: number) => T): T {
	const { value, steady } = readSteadily(pid, read);
	if (steady) return value;
	identify(pid);
	throw new MapscopeError({ code: "io", path: `/proc/${pid}`, errno: "EAGAIN" });
}

/** Whose memory it is, and what identifies it; undefined in the midst of an `exec`. */
function identify(pid: number): { readonly owner: number; readonly identity: string | undefined } {
	const stat = readStat(pid);
	if (stat === undefined) return { owner: pid, identity: undefined };
	const owner = memoryOwner(pid, stat);
	const living = owner === pid ? stat : readStat(owner);
	const settled = living === undefined || isSettled(living);
	return { owner, identity: settled ? `${stat.startTime} ${living?.image ?? ""}` : undefined };
}

let imagesTold: boolean | undefined;

/**
 * Whether the address space of a process is as `exec` leaves it: until then it has only some of its mappings, and `stat`
 * does not tell where they begin. Of what has no memory, or where this kernel tells it of no process, that is no sign.
 */
export function isSettled(stat: Pick<Stat, "image" | "kernelThread" | "state">): boolean {
	if (stat.image !== undefined || stat.kernelThread || hasEnded(stat)) return true;
	imagesTold ??= readStat(process.pid)?.image !== undefined;
	return !imagesTold;
}

function identityAfter(pid: number): string | undefined {
	try {
		return identify(pid).identity;
	} catch (error) {
		if (error instanceof MapscopeError && error.code === "processGone") return undefined;
		throw error;
	}
}
