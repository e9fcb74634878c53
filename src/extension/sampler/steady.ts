import { MapscopeError } from "../../shared/errors";
import { readStat } from "../proc/stat";
import { memoryOwner } from "./memoryOwner";

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
		const steady = identityAfter(pid) === before.identity;
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

function identify(pid: number): { readonly owner: number; readonly identity: string } {
	const stat = readStat(pid);
	if (stat === undefined) return { owner: pid, identity: "" };
	const owner = memoryOwner(pid, stat);
	const image = owner === pid ? stat.image : readStat(owner)?.image;
	return { owner, identity: `${stat.startTime} ${image ?? ""}` };
}

function identityAfter(pid: number): string | undefined {
	try {
		return identify(pid).identity;
	} catch (error) {
		if (error instanceof MapscopeError && error.code === "processGone") return undefined;
		throw error;
	}
}
