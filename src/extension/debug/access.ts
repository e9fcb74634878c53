import type { AddressExplanation, FrameExplanation } from "../../shared/debug/addresses";
import type { StopChanges } from "../../shared/debug/changes";
import type { StopGroups } from "../../shared/debug/stopGroups";
import type { DebuggeeCandidate, DebuggeeInfo } from "../../shared/debug/stops";
import type { Disposable } from "../base/disposable";

/**
 * What the views ask of the debug room. Debuggees and stops are named by their numbers (`DebuggeeInfo.id`,
 * `StopInfo.number`); every promise may reject with a `MapscopeError`.
 */
export interface DebuggeesAccess {
	/** The oldest first; sessions that have ended stay until the next one begins. */
	readonly all: readonly DebuggeeInfo[];
	/** Calls `listener` whenever {@link all} is another. */
	readonly onDidChange: (listener: () => void) => Disposable;
	/** Processes that may be the debuggee of a session that does not say which it is, likely ones first. */
	candidates(debuggee: number): Promise<readonly DebuggeeCandidate[]>;
	/** A person has chosen the process of a debuggee. */
	choose(debuggee: number, pid: number): Promise<void>;
	/** What is different between two stops, in either order. */
	compare(debuggee: number, one: number, other: number): Promise<StopChanges>;
	/** The mappings of a stop, with their changes since `against`; without it, since the stop before. */
	groups(debuggee: number, stop: number, against?: number): Promise<StopGroups>;
	/** A watch of the sampler that shows a stop as it was; the view ends it by `unwatch`. */
	watchStop(debuggee: number, stop: number, against?: number): Promise<number>;
	/** What an address is, as of now. */
	explainAddress(debuggee: number, address: bigint): Promise<AddressExplanation>;
	/** A stack frame in memory: `thread` as the protocol names it, `frame` from 0, the innermost, on. */
	explainFrame(debuggee: number, thread: number, frame: number): Promise<FrameExplanation>;
	/** Sends a request to the adapter of the debuggee's session; rejects when the session is over. */
	request(debuggee: number, command: string, parameters: object): Promise<unknown>;
}
