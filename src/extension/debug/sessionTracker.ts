import type { StopReason } from "../../shared/debug/stops";
import {
	type AdapterEvent,
	type AdapterRequest,
	type Capabilities,
	noCapabilities,
	readCapabilities,
	readEvent,
	readRequest,
	readResponse,
	readTopFrame,
	type StackFrame,
	type StoppedEvent,
	textOf,
} from "./messages";

/** What a session's messages come to. */
export interface TrackerListener {
	/** The adapter named a process. */
	onProcess(process: Extract<AdapterEvent, { event: "process" }>): void;
	onStopped(stop: TrackedStop): void;
	/** The program runs again, or is about to. */
	onRunning(): void;
	/** The program's memory was changed while it stood still: by an expression that was evaluated, or a value set. */
	onMemoryChanged(): void;
	/** A thread began or ended, or the configuration is done: the program is there. */
	onAlive(): void;
	/** The program has ended, or the debugger has let go of it. */
	onEnded(how: "exited" | "terminated" | "detached"): void;
}

/** A `stopped` event in our words. */
export interface TrackedStop extends StoppedEvent {
	readonly kind: StopReason;
}

/** Requests after which the program runs, until the next `stopped`. */
const runningRequests = new Set([
	"continue",
	"next",
	"stepIn",
	"stepOut",
	"stepBack",
	"reverseContinue",
	"restartFrame",
	"goto",
	"restart",
]);

/** Requests that may change the memory of a program that stands still. */
const changingRequests = new Set(["setVariable", "setExpression", "writeMemory"]);

/** A stack that was asked for by somebody: `sequence` is that of the request. */
interface AskedStack {
	readonly threadId: unknown;
	readonly fromTop: boolean;
}

/**
 * Follows one session's messages as they pass. It is called on the way of each message between VS Code and the adapter,
 * so it only notes: whoever listens must return at once, too.
 */
export class SessionTracker {
	capabilities: Capabilities = noCapabilities;
	/** Top frames that VS Code asked for since the last stop, by thread: then nobody need ask again. */
	readonly topFrames = new Map<number, StackFrame>();
	readonly #stacks = new Map<number, AskedStack>();
	/** Evaluations in the debug console that are under way, by sequence number. */
	readonly #evaluations = new Set<number>();
	/** Expressions that we are about to evaluate: they change nothing. */
	readonly #own: string[] = [];
	#restarted = false;
	#detaching = false;

	/** @param attached the session attached to a process that lives on when the debugger leaves it. */
	constructor(
		private readonly attached: boolean,
		private readonly listener: TrackerListener,
	) {}

	/** A message from VS Code to the adapter. */
	onWillReceiveMessage(message: unknown): void {
		const request = readRequest(message);
		if (request === undefined) return;
		const { command, parameters } = request;
		if (command === "stackTrace") this.#noteStack(request);
		else if (command === "evaluate") this.#noteEvaluation(request);
		else if (command === "disconnect") this.#detaching = this.#livesOn(parameters["terminateDebuggee"]);
		else if (runningRequests.has(command)) {
			this.#restarted ||= command === "restart";
			this.#forgetStop();
			this.listener.onRunning();
		}
	}

	/** A message from the adapter to VS Code. */
	onDidSendMessage(message: unknown): void {
		const event = readEvent(message);
		if (event === undefined) this.#onResponse(message);
		else this.#onEvent(event);
	}

	#onEvent(event: AdapterEvent): void {
		switch (event.event) {
			case "process":
				this.listener.onProcess(event);
				break;
			case "stopped":
				this.#onStopped(event.stop);
				break;
			case "continued":
				this.#forgetStop();
				this.listener.onRunning();
				break;
			case "thread":
				this.listener.onAlive();
				break;
			case "memory":
				this.listener.onMemoryChanged();
				break;
			case "exited":
			case "terminated":
				this.listener.onEnded(event.event);
				break;
		}
	}

	#onStopped(stop: StoppedEvent): void {
		this.#forgetStop();
		const kind = this.#restarted ? "restart" : stopReason(stop);
		this.#restarted = false;
		this.listener.onStopped({ ...stop, kind });
	}

	#onResponse(message: unknown): void {
		const response = readResponse(message);
		if (response === undefined) return;
		const { command, success, body, requestSequence } = response;
		if (command === "initialize" && success) this.capabilities = readCapabilities(body);
		else if (command === "configurationDone") this.listener.onAlive();
		else if (command === "stackTrace") this.#onStack(requestSequence, success ? readTopFrame(body) : undefined);
		else if (command === "evaluate") {
			if (this.#evaluations.delete(requestSequence)) this.listener.onMemoryChanged();
		} else if (changingRequests.has(command) && success) this.listener.onMemoryChanged();
		else if (command === "disconnect" && success && this.#detaching) this.listener.onEnded("detached");
	}

	/** Whether the program lives on after `disconnect`: what the request does not say follows from how it began. */
	#livesOn(terminate: unknown): boolean {
		return typeof terminate === "boolean" ? !terminate : this.attached;
	}

	/** Says that the next evaluation of `expression` is one of ours, which changes nothing. */
	evaluatesItself(expression: string): void {
		this.#own.push(expression);
	}

	/** Only what a person typed is taken for a change: watches and hovers are evaluated at every stop. */
	#noteEvaluation({ sequence, parameters }: AdapterRequest): void {
		const own = this.#own.indexOf(textOf(parameters["expression"]) ?? "");
		if (own >= 0) this.#own.splice(own, 1);
		else if (parameters["context"] === "repl") this.#evaluations.add(sequence);
	}

	#noteStack({ sequence, parameters }: AdapterRequest): void {
		const from = parameters["startFrame"];
		this.#stacks.set(sequence, { threadId: parameters["threadId"], fromTop: from === undefined || from === 0 });
	}

	#onStack(sequence: number, frame: StackFrame | undefined): void {
		const asked = this.#stacks.get(sequence);
		this.#stacks.delete(sequence);
		if (asked?.fromTop && typeof asked.threadId === "number" && frame) this.topFrames.set(asked.threadId, frame);
	}

	#forgetStop(): void {
		this.topFrames.clear();
		this.#stacks.clear();
	}
}

/** Reasons of the protocol, and those that adapters made up, as ours. */
function stopReason({ reason, description }: StoppedEvent): StopReason {
	// lldb-dap calls it an entry.
	if (description === "exec") return "exec";
	const word = reason.toLowerCase();
	if (word.endsWith("breakpoint")) return "breakpoint";
	switch (word) {
		case "step":
		case "pause":
		case "exception":
		case "entry":
		case "goto":
		case "restart":
		case "exec":
			return word;
		case "signal":
			return "exception";
		default:
			return "other";
	}
}
