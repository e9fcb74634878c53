import type { AddressExplanation, FrameExplanation } from "../../shared/debug/addresses";
import type { StopChanges } from "../../shared/debug/changes";
import type { StopGroups } from "../../shared/debug/stopGroups";
import type {
	DebuggeeInfo,
	DebuggeeProcess,
	DebuggeeStatus,
	ElsewhereReason,
	PidSource,
	StopInfo,
} from "../../shared/debug/stops";
import { type ErrorData, MapscopeError, toErrorData } from "../../shared/errors";
import type { Disposable } from "../base/disposable";
import type { Log } from "../base/log";
import type { DebuggeeService, ProcessIdentity, StopReading } from "../sampler/debuggeeProtocol";
import { FaultFinder } from "./faultFinder";
import { findFrame } from "./frames";
import { fieldsOf, parseAddress, textOf } from "./messages";
import { isScriptAdapter } from "./pointers";
import { type RecursionStart, recursionStart, recursiveFunction } from "./recursion";
import { ask, type SessionHandle } from "./session";
import type { SessionTracker, TrackedStop } from "./sessionTracker";
import { placeOf, topFrame } from "./stopPlace";
import { type Clock, StopReader } from "./stopReader";

/** What reads at stops, and how much of it, as the settings say. */
export interface DebugSettings {
	readonly readAtStops: boolean;
	/** Milliseconds for comparing contents at a stop; 0 compares none. */
	readonly fingerprintBudget: number;
}

/** What a debuggee needs of its surroundings. */
export interface DebuggeeContext {
	readonly sampler: DebuggeeService;
	readonly settings: () => DebugSettings;
	readonly clock: Clock;
	readonly log: Log;
	/** Something of it, `info`, is another thing now. */
	readonly changed: () => void;
}

/** A process that is debugged: who it is, whether it runs, and its stops. */
export class Debuggee implements Disposable {
	#status: DebuggeeStatus = { kind: "waiting" };
	#process: DebuggeeProcess | undefined;
	#pidSource: PidSource | undefined;
	#running = true;
	#stops: readonly StopInfo[] = [];
	/** The sampler's name of its history; a promise, since the stops that wait for it may be many. */
	#history: Promise<number> | undefined;
	/** The stop at which it stands still, if it does. */
	#stop: TrackedStop | undefined;
	#disposed = false;
	readonly #reader: StopReader<TrackedStop>;
	readonly #faults: FaultFinder;

	constructor(
		readonly id: number,
		readonly session: SessionHandle,
		private readonly tracker: SessionTracker,
		private readonly context: DebuggeeContext,
	) {
		const read = (stop: TrackedStop, arrived: number, isCurrent: () => boolean) => this.#read(stop, arrived, isCurrent);
		this.#reader = new StopReader(read, context.clock, () => {
			if (!this.#disposed) context.changed();
		});
		this.#faults = new FaultFinder(session, tracker, context.sampler);
	}

	info(): DebuggeeInfo {
		return {
			id: this.id,
			session: this.session.info,
			...(this.#process ? { process: this.#process } : {}),
			...(this.#pidSource ? { pidSource: this.#pidSource } : {}),
			status: this.#status,
			running: this.#running,
			reading: this.#reader.busy,
			stops: this.#stops,
		};
	}

	get process(): DebuggeeProcess | undefined {
		return this.#process;
	}

	/** Its process is known, and is the right one. */
	identified(identity: ProcessIdentity, source: PidSource): void {
		this.#closeHistory();
		this.#stops = [];
		this.#pidSource = source;
		const { pid, startTime, name, executable } = identity;
		this.#process = { pid, startTime, name, ...(executable === undefined ? {} : { executable }) };
		this.#status = { kind: this.context.settings().readAtStops ? "ready" : "off" };
		this.context.changed();
		if (this.#stop) this.#reader.stopped(this.#stop);
	}

	/** There is no process to look at. */
	elsewhere(why: ElsewhereReason, pid?: number, name?: string): void {
		this.#closeHistory();
		this.#process = undefined;
		this.#stops = [];
		this.#status = {
			kind: "elsewhere",
			why,
			...(pid === undefined ? {} : { pid }),
			...(name === undefined ? {} : { name }),
		};
		this.context.changed();
	}

	/** The adapter does not tell the process: a person may. */
	unknown(): void {
		if (this.#status.kind !== "waiting") return;
		this.#status = { kind: "unknown" };
		this.context.changed();
	}

	stopped(stop: TrackedStop): void {
		this.#running = false;
		this.#stop = stop;
		this.#reader.stopped(stop);
		this.context.changed();
	}

	runs(): void {
		this.#reader.running();
		if (this.#running) return;
		this.#running = true;
		this.#stop = undefined;
		this.context.changed();
	}

	/** What it holds was changed while it stood still: it is read again, and is a stop of its own if anything differs. */
	memoryChanged(): void {
		if (this.#stop && this.#stops.length > 0) this.#reader.stopped({ ...this.#stop, kind: "evaluate" });
	}

	ended(kind: "ended" | "detached"): void {
		this.#reader.running();
		this.#running = true;
		this.#stop = undefined;
		if (this.#status.kind !== "elsewhere") this.#status = { kind, time: Date.now() };
		this.context.changed();
	}

	/** Reads it once more, if it stands still, as a stop of its own. */
	refresh(): void {
		if (this.#stop) this.#reader.stopped(this.#stop);
	}

	/** Settings have changed: begins, or ends, reading at stops. */
	settingsChanged(): void {
		const { readAtStops } = this.context.settings();
		if (this.#status.kind === "off" && readAtStops) {
			this.#status = { kind: "ready" };
			this.refresh();
		} else if (this.#status.kind === "ready" && !readAtStops) {
			this.#status = { kind: "off" };
		} else return;
		this.context.changed();
	}

	/** The sampler was started anew, and has forgotten all stops. */
	samplerRestarted(): void {
		this.#history = undefined;
		this.#stops = [];
		this.context.changed();
		this.refresh();
	}

	async compare(one: number, other: number): Promise<StopChanges> {
		return await this.context.sampler.compareStops(await this.#required(), one, other);
	}

	async groups(stop: number, against?: number): Promise<StopGroups> {
		return await this.context.sampler.stopGroups(await this.#required(), stop, against);
	}

	async watchStop(stop: number, against?: number): Promise<number> {
		return await this.context.sampler.watchStop(await this.#required(), stop, against);
	}

	async explainAddress(address: bigint): Promise<AddressExplanation> {
		return await this.context.sampler.explainAddress(await this.#openHistory(), address);
	}

	/**
	 * A stack frame in memory.
	 *
	 * @param thread as the protocol names it.
	 * @param frame from 0, the innermost, on.
	 */
	async explainFrame(thread: number, frame: number): Promise<FrameExplanation> {
		const pointers = await findFrame(this.session, this.tracker, thread, frame);
		return await this.context.sampler.explainFrame(await this.#openHistory(), pointers);
	}

	/** Where the recursion began in which a thread stands; undefined where there is none. Errors: `io`, `processGone`. */
	async recursionStart(thread: number): Promise<RecursionStart | undefined> {
		if (this.#running) throw new MapscopeError({ code: "processGone", detail: "the program runs" });
		return await recursionStart(this.session, thread);
	}

	/**
	 * Bytes from an address on, fewer where a page cannot be read: as the adapter tells them while the program stands still,
	 * since it leaves its own breakpoints out, else of `/proc/PID/mem`.
	 */
	async readMemory(address: bigint, length: number): Promise<Uint8Array> {
		const told = await this.askMemory(address, length);
		return told ?? (await this.context.sampler.readMemory(await this.#openHistory(), address, length));
	}

	/** Bytes as the adapter tells them; undefined where it cannot or may not be asked, or does not tell all of them. */
	async askMemory(address: bigint, length: number): Promise<Uint8Array | undefined> {
		const mayAsk = this.tracker.capabilities.readMemory && !isScriptAdapter(this.session.info.type);
		if (!mayAsk || this.#stop === undefined) return undefined;
		const range = { memoryReference: `0x${address.toString(16)}`, offset: 0, count: length };
		const body = fieldsOf(await ask(this.session, "readMemory", range).catch(() => undefined));
		if (parseAddress(textOf(body["address"])) !== address) return undefined;
		const bytes = Uint8Array.from(Buffer.from(textOf(body["data"]) ?? "", "base64"));
		return bytes.length === length ? bytes : undefined;
	}

	/**
	 * Sends a request to the adapter, and gives the body of its answer. Rejects when it refuses or does not answer (`io`),
	 * and for `readMemory` that it does not have (`unsupported`): lldb-dap 19 dies of being asked.
	 */
	async request(command: string, parameters: object): Promise<unknown> {
		if (command === "readMemory" && !this.tracker.capabilities.readMemory) {
			throw new MapscopeError({ code: "unsupported", feature: "readMemory" });
		}
		return await ask(this.session, command, fieldsOf(parameters));
	}

	dispose(): void {
		this.#disposed = true;
		this.#reader.dispose();
		this.#closeHistory();
	}

	/** Never rejects: what goes wrong becomes the status, or the log's. */
	async #read(stop: TrackedStop, arrived: number, isCurrent: () => boolean): Promise<void> {
		if (!this.#mayRead()) return;
		const opened = this.#openHistory();
		// A fork that was followed meanwhile has made another process of it: what was read is the former one's.
		const isOver = () => this.#disposed || this.#history !== opened;
		try {
			const history = await opened;
			const { fingerprintBudget } = this.context.settings();
			const onlyIfChanged = stop.kind === "evaluate";
			const reading = await this.context.sampler.readStop(history, { budget: fingerprintBudget, onlyIfChanged });
			if (isOver()) return;
			const current = isCurrent();
			this.#accept(stop, reading, this.context.clock.now() - arrived, current);
			// Not waited for: an adapter may take its time, and the next stop must not wait for that.
			const read = { history, number: reading.number ?? 0, isOver };
			if (reading.number !== undefined && current) void this.#complete(stop, read, isCurrent);
		} catch (error) {
			if (!isOver()) this.#failed(toErrorData(error));
		}
	}

	#mayRead(): boolean {
		return (this.#status.kind === "ready" || this.#status.kind === "failed") && this.context.settings().readAtStops;
	}

	#accept(stop: TrackedStop, reading: StopReading, latency: number, current: boolean): void {
		this.#status = { kind: "ready" };
		if (this.#process && this.#process.name !== reading.name) {
			const { pid, startTime } = this.#process;
			const { name, executable } = reading;
			this.#process = { pid, startTime, name, ...(executable === undefined ? {} : { executable }) };
		}
		if (reading.number === undefined) return;
		const { number, oldest, mappings, totals, formerName, denied } = reading;
		const description = stop.description ?? stop.text;
		const info: StopInfo = {
			number,
			reason: stop.kind,
			...(description === undefined ? {} : { description }),
			...(stop.threadId === undefined ? {} : { threadId: stop.threadId }),
			time: Date.now(),
			mappings,
			// It went on while it was read: then what was read may be of several moments.
			still: reading.still && current,
			cost: {
				latency,
				reading: reading.reading,
				comparing: reading.comparing,
				comparedBytes: reading.comparedBytes,
			},
			...(denied ? { denied } : {}),
			...(totals ? { totals } : {}),
			...(formerName === undefined ? {} : { formerName }),
		};
		this.#stops = [...this.#stops.filter((each) => each.number >= oldest), info];
		this.context.changed();
	}

	/** What takes the adapter's help: where in the source the stop is, and why a signal stopped it. Never rejects. */
	async #complete(
		stop: TrackedStop,
		{ history, number, isOver }: { readonly history: number; readonly number: number; readonly isOver: () => boolean },
		isCurrent: () => boolean,
	): Promise<void> {
		const frame = () => topFrame(this.session, this.tracker, stop, isCurrent, this.context.clock);
		const [fault, place] = await Promise.all([
			stop.kind === "exception" ? this.#optional(this.#faults.find(stop, { history, number }, frame)) : undefined,
			this.#optional(frame().then(placeOf)),
		]);
		this.#add(number, { ...(place ? { place } : {}), ...(fault ? { fault } : {}) }, isOver);
		const { threadId } = stop;
		if (threadId === undefined || !/StackOverflow$/.test(fault?.cause.kind ?? "") || !isCurrent()) return;
		const recursion = await this.#optional(recursiveFunction(this.session, threadId));
		this.#add(number, recursion === undefined ? {} : { recursion }, isOver);
	}

	/** Adds to what is known of a stop. */
	#add(number: number, facts: Partial<StopInfo>, isOver: () => boolean): void {
		if (isOver() || Object.keys(facts).length === 0) return;
		this.#stops = this.#stops.map((each) => (each.number === number ? { ...each, ...facts } : each));
		this.context.changed();
	}

	/** Undefined where the adapter or the kernel does not answer: the stop is shown without it. */
	async #optional<T>(question: Promise<T | undefined>): Promise<T | undefined> {
		try {
			return await question;
		} catch (error) {
			this.context.log.warn("a stop could not be completed", JSON.stringify(toErrorData(error)));
			return undefined;
		}
	}

	#failed(error: ErrorData): void {
		if (this.#disposed) return;
		this.context.log.warn("a stop could not be read", JSON.stringify(error));
		this.#status = error.code === "processGone" ? { kind: "ended", time: Date.now() } : { kind: "failed", error };
		this.context.changed();
	}

	async #required(): Promise<number> {
		if (this.#history === undefined) throw new MapscopeError({ code: "processGone", detail: "no stop is known" });
		return await this.#history;
	}

	#openHistory(): Promise<number> {
		if (this.#process === undefined) {
			return Promise.reject(new MapscopeError({ code: "processGone", detail: "the debuggee is not known" }));
		}
		const { pid, startTime } = this.#process;
		this.#history ??= this.context.sampler.openDebuggee(pid, startTime);
		return this.#history;
	}

	#closeHistory(): void {
		const history = this.#history;
		this.#history = undefined;
		history
			?.then((id) => this.context.sampler.closeDebuggee(id))
			// The sampler was stopped, and has forgotten it anyway.
			.catch(() => undefined);
	}
}
