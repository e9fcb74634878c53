import type { ErrorData } from "./errors";
import type { Demo, ParameterValues } from "./labDemo";
import type { CallResult, LabProcessState, Refusal, ReplayResult, SignalResult, StepResult } from "./labResult";
import type { Row } from "./mapFrame";

/** What the Lab webview may ask of the extension host. Each call that runs something ends when it has run. */
export interface LabPanelService {
	/** First call of a fresh webview; afterwards states arrive as events. */
	ready(): Promise<LabStart>;
	/** Everything that a step has shown; rejects with `bug` for a step that has not run. */
	result(step: number): Promise<StepResult>;
	/** Runs the next step. */
	step(): Promise<void>;
	/** Runs all that are left, one after the other. */
	runAll(): Promise<void>;
	/** Makes `step` the last that has run: starts the lab again and replays up to it. */
	backTo(step: number): Promise<void>;
	/** Ends the lab process and forgets what has run; -1 as for {@link backTo}. */
	reset(): Promise<void>;
	/** Stops what is running: kills the lab process. */
	stop(): Promise<void>;
	/** Sets what the reader chose, and resets. */
	setParameters(values: ParameterValues): Promise<void>;
	/** Lets the reader pick the file of a parameter, which is then set. */
	pickFile(parameter: string): Promise<void>;
	/**
	 * Playground only: appends a step out of C statements and runs it. Resolves with what is not understood when they are no
	 * statements of the lab's language; then nothing is appended.
	 */
	append(code: string, process: string): Promise<string | undefined>;
	/** Puts C into the clipboard: a step's statements, or without one the whole program. */
	copyAsC(step?: number): Promise<void>;
	/** Opens the whole program as an untitled C document. */
	exportAsC(): Promise<void>;
	/** Opens the Memory Map of a process of the lab, at the start of a region when one is named. */
	openMemoryMap(process: string, region?: string): Promise<void>;
	/**
	 * Rows of the Memory Map around a page of a process of the lab, as they are now, with strips for the room there is.
	 * Rejects with `processGone`.
	 */
	neighbourhood(process: string, page: number, room: StripRoom): Promise<Neighbourhood>;
	/** Runs the steps again that had run before the window was reloaded. */
	rerun(): Promise<void>;
	/** Opens a manual page, e.g. `mprotect(2)`. */
	openManual(page: string): Promise<void>;
	/** Keeps how wide the details are, CSS pixels, for this lab and the others. */
	keepDetailWidth(width: number): Promise<void>;
}

/** What a fresh page begins with. */
export interface LabStart {
	readonly state: LabState;
	/** How wide the reader has made the details, CSS pixels. */
	readonly detailWidth?: number;
}

/** What the host tells the webview unasked. */
export interface LabPanelEvents {
	state: LabState;
	/** Show the details of this step. */
	select: { readonly step: number };
}

/** How many columns, or else one-page cells, a strip has room for. */
export interface StripRoom {
	readonly stripColumns: number;
	readonly stripCells: number;
}

/** A few rows of the Memory Map, in address order. */
export interface Neighbourhood {
	readonly rows: readonly Row[];
	/** As in `RowWindow`. */
	readonly columns: Uint8Array;
}

/** What VS Code keeps for a Lab tab over a reload of the window. */
export interface LabPanelState {
	readonly demo: string;
}

/** The lab as it stands. */
export interface LabState {
	readonly demo: Demo;
	/** Values of all parameters, the default ones worked out; a file by its path. */
	readonly parameters: ParameterValues;
	/** One for each step of the demo. */
	readonly steps: readonly StepState[];
	/** Steps that have run: the next one's index. */
	readonly done: number;
	/** A step is running, the lab is being made ready again, or nothing of both. */
	readonly activity: "idle" | "running" | "replaying";
	/** Processes of the lab, the lab process first; empty before the first step. */
	readonly processes: readonly LabProcessState[];
	/** Bytes of a page. */
	readonly pageSize: number;
	/** Steps that had run when the window was reloaded: they are run again only when asked for. */
	readonly formerlyDone?: number;
	/** Why the lab cannot run: not Linux, no native calls, no memory. */
	readonly trouble?: ErrorData;
}

/** A step's mark in the list, with as much of its result as stands under the code. */
export interface StepState {
	/**
	 * `met`: ran, and everything was as expected. `differs`: ran, and the kernel's answer is another one. `killed`: ended by
	 * a signal, which may be what was expected (`met` says so). `refused`: not run.
	 */
	readonly status: "toCome" | "running" | "met" | "differs" | "killed" | "refused";
	readonly met?: boolean;
	readonly calls?: readonly CallResult[];
	readonly signal?: SignalResult;
	readonly refusal?: Refusal;
	/** How the lab was made ready again after the signal. */
	readonly replay?: ReplayResult;
}

/** Id of the demo whose steps the reader makes, see {@link LabPanelService.append}. */
export const playgroundId = "playground";
