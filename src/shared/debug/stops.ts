import type { ErrorData } from "../errors";
import type { ChangeTotals } from "./changes";
import type { FaultExplanation } from "./faults";

/**
 * Why the program stands still. `evaluate`: it did already, and what was typed or set in the debugger has changed its
 * memory. `other`: the adapter's reason is none of the protocol's; its own words are in `description`.
 */
export const stopReasons = [
	"breakpoint",
	"step",
	"pause",
	"exception",
	"entry",
	"goto",
	"evaluate",
	"restart",
	"exec",
	"other",
] as const;
export type StopReason = (typeof stopReasons)[number];

/** One stop of a debuggee whose memory was read. */
export interface StopInfo {
	/** From 1 on within its debuggee; stops that were passed too fast to be read have none. */
	readonly number: number;
	readonly reason: StopReason;
	/** What the adapter says of it. Hostile text. */
	readonly description?: string;
	/** As the protocol names threads; for native debuggers the kernel's thread id. */
	readonly threadId?: number;
	readonly place?: SourcePlace;
	/** Milliseconds since 1970. */
	readonly time: number;
	readonly mappings: number;
	/** Every thread stood still from the first byte read to the last. False under adapters whose runtime goes on running. */
	readonly still: boolean;
	readonly cost: StopCost;
	/** What could not be read, so that nothing is known of written pages. */
	readonly denied?: StopDenial;
	/** Against the stop before; absent at the first, and after an `exec`. */
	readonly totals?: ChangeTotals;
	/** The debuggee called `exec`, and is what its former name was no more. Hostile text. */
	readonly formerName?: string;
	/** Why a signal stopped it. */
	readonly fault?: FaultExplanation;
	/** The function that calls itself, where a stack has overflowed. Hostile text. */
	readonly recursion?: string;
}

/** Where in the source a thread stands. Hostile text. */
export interface SourcePlace {
	/** A path, or a URI where the adapter gives one (`vscode-remote://…`). */
	readonly path?: string;
	/** From 1 on; 0 when there is none. */
	readonly line: number;
	readonly function: string;
}

/** The page table (`pages`), or what pages hold (`contents`), may not be read: mappings are all that is known. */
export interface StopDenial {
	readonly what: "pages" | "contents";
	readonly error: ErrorData;
}

/** What reading a stop took. */
export interface StopCost {
	/** From the adapter's word until everything was known, ms. */
	readonly latency: number;
	/** Reading mappings and page table, ms of that. */
	readonly reading: number;
	/** Reading contents, ms of that. */
	readonly comparing: number;
	/** Bytes whose contents were read. */
	readonly comparedBytes: number;
}

/** Which process is debugged. */
export interface DebuggeeProcess {
	readonly pid: number;
	/** Clock ticks since boot, decimal: with the pid it identifies the process. */
	readonly startTime: string;
	/** Hostile text. */
	readonly name: string;
	/** Path of the program; absent where it may not be asked. Hostile text. */
	readonly executable?: string;
}

/** How the pid was learnt. */
export type PidSource = "processEvent" | "evaluate" | "sessionName" | "configuration" | "chosen" | "followed";

/** Why there is no memory to show although there is a session. */
export type ElsewhereReason =
	/** The configuration or the adapter says that the program runs on another machine. */
	| "remote"
	/** The adapter named a pid that no process has here: it counts in another pid namespace, or on another machine. */
	| "noSuchProcess"
	/** The process of that pid is another program: the same number in another namespace. */
	| "otherProgram"
	/** It is an emulator: addresses of the program are none of the process. */
	| "emulated"
	/** The debuggee is no process (a browser's page). */
	| "noProcess";

/**
 * - `waiting`: the session has begun, and has not said which process it is about.
 * - `unknown`: it will not say; a person may choose among candidates.
 * - `ready`: its memory is read at stops. `off`: it would be, if the setting were on.
 * - `failed`: the last reading failed; the next stop tries again.
 * - `ended`: it is gone. `detached`: it lives on without the debugger.
 */
export type DebuggeeStatus =
	| { readonly kind: "waiting" }
	| { readonly kind: "unknown" }
	| { readonly kind: "ready" }
	| { readonly kind: "off" }
	/** `pid`: as the debugger counts. `name`: of the process that has it here, or of the other machine. Hostile text. */
	| { readonly kind: "elsewhere"; readonly why: ElsewhereReason; readonly pid?: number; readonly name?: string }
	| { readonly kind: "failed"; readonly error: ErrorData }
	| { readonly kind: "ended"; readonly time: number }
	| { readonly kind: "detached"; readonly time: number };

/** A process that is, or was, debugged; one a session, and another after a restart or a fork that was followed. */
export interface DebuggeeInfo {
	/** Names it for as long as it is shown. */
	readonly id: number;
	readonly session: DebugSessionInfo;
	readonly process?: DebuggeeProcess;
	readonly pidSource?: PidSource;
	readonly status: DebuggeeStatus;
	/** It runs; what is shown is its last stop. */
	readonly running: boolean;
	/** A stop is being read. */
	readonly reading: boolean;
	/** Oldest first; early ones are forgotten. */
	readonly stops: readonly StopInfo[];
}

/** The debugger's session. Hostile text. */
export interface DebugSessionInfo {
	readonly id: string;
	readonly name: string;
	/** The adapter's type, as in launch.json; js-debug says `pwa-node`. */
	readonly type: string;
	readonly parentId?: string;
}

/** A process that may be the debuggee of a session that does not say which it is. Hostile text. */
export interface DebuggeeCandidate {
	readonly pid: number;
	readonly name: string;
	readonly commandLine: readonly string[];
	/** Milliseconds since 1970. */
	readonly started?: number;
	/** A debugger holds it (`TracerPid`). */
	readonly traced: boolean;
}
