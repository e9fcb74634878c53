import type { DebuggeeCandidate, DebuggeeInfo } from "../../shared/debug/stops";
import { MapscopeError, toErrorData } from "../../shared/errors";
import type { Disposable } from "../base/disposable";
import type { Log } from "../base/log";
import type { DebuggeeService } from "../sampler/debuggeeProtocol";
import { Debuggee, type DebuggeeContext, type DebugSettings } from "./debuggee";
import { PidResolver } from "./pidResolver";
import type { SessionHandle } from "./session";
import { SessionTracker } from "./sessionTracker";
import { type Clock, systemClock } from "./stopReader";

/** What the debug room needs of the sampler's proxy. */
export interface DebugSampler {
	readonly call: DebuggeeService;
	readonly onDidRestart: (listener: () => void) => Disposable;
}

export interface DebugSessionsOptions {
	readonly sampler: DebugSampler;
	readonly settings: () => DebugSettings;
	readonly log: Log;
	/** The extension host's pid, from which adapters descend. */
	readonly self: number;
	readonly clock?: Clock;
}

interface Entry {
	readonly debuggee: Debuggee;
	readonly resolver: PidResolver;
}

/**
 * All debuggees, one a session: the model behind the Debuggee Mappings view and the stops in the Memory Map. A session is
 * followed from {@link start} to {@link end}; everything of it is let go of then.
 */
export class DebugSessions implements Disposable {
	readonly #entries = new Map<string, Entry>();
	readonly #listeners = new Set<() => void>();
	readonly #restarts: Disposable;
	#nextId = 1;

	constructor(private readonly options: DebugSessionsOptions) {
		this.#restarts = options.sampler.onDidRestart(() => {
			for (const { debuggee } of this.#entries.values()) debuggee.samplerRestarted();
		});
	}

	/** Every session's debuggee, in the order in which the sessions began. Parents that only start others are left out. */
	list(): DebuggeeInfo[] {
		const infos = [...this.#entries.values()].map(({ debuggee }) => debuggee.info());
		const parents = new Set(infos.map(({ session }) => session.parentId));
		return infos.filter(({ process, session }) => process !== undefined || !parents.has(session.id));
	}

	/** Calls `listener` whenever {@link list} may have changed: once for many changes at once. */
	onDidChange(listener: () => void): Disposable {
		this.#listeners.add(listener);
		return { dispose: () => this.#listeners.delete(listener) };
	}

	/** A debuggee by its id. Errors: `processGone` when its session has ended. */
	debuggee(id: number): Debuggee {
		for (const { debuggee } of this.#entries.values()) if (debuggee.id === id) return debuggee;
		throw new MapscopeError({ code: "processGone", detail: `debuggee ${id} is gone` });
	}

	/** The debuggee of a session; undefined when it is not followed. */
	ofSession(sessionId: string): Debuggee | undefined {
		return this.#entries.get(sessionId)?.debuggee;
	}

	/** Follows a session; its messages go to the tracker returned. */
	start(session: SessionHandle): SessionTracker {
		this.end(session.info.id);
		const { sampler, settings, log, self, clock = systemClock } = this.options;
		const context: DebuggeeContext = {
			sampler: sampler.call,
			settings,
			clock,
			log,
			changed: () => this.#changed(),
		};
		const attached = session.configuration["request"] === "attach";
		const tracker: SessionTracker = new SessionTracker(attached, {
			onProcess: (process) => resolver.onProcess(process),
			onStopped: (stop) => {
				debuggee.stopped(stop);
				resolver.onStopped(stop.threadId);
			},
			onRunning: () => debuggee.runs(),
			onMemoryChanged: () => debuggee.memoryChanged(),
			onAlive: () => resolver.onAlive(),
			onEnded: (how) => debuggee.ended(how === "detached" ? "detached" : "ended"),
		});
		const debuggee = new Debuggee(this.#nextId++, session, tracker, context);
		const resolver = new PidResolver(session, debuggee, tracker, sampler.call, self);
		this.#entries.set(session.info.id, { debuggee, resolver });
		resolver.begin();
		this.#changed();
		return tracker;
	}

	/** Lets go of a session. */
	end(sessionId: string): void {
		const entry = this.#entries.get(sessionId);
		if (entry === undefined) return;
		this.#entries.delete(sessionId);
		entry.resolver.dispose();
		entry.debuggee.dispose();
		this.#changed();
	}

	/** Processes that a person may choose from for a debuggee whose adapter does not tell: no other one's. Errors: `io`. */
	async candidates(id: number): Promise<DebuggeeCandidate[]> {
		const candidates = await this.options.sampler.call.debuggeeCandidates(this.options.self);
		const others = [...this.#entries.values()].filter(({ debuggee }) => debuggee.id !== id);
		const taken = new Set(others.map(({ debuggee }) => debuggee.process?.pid));
		return candidates.filter(({ pid }) => !taken.has(pid));
	}

	/** A person says which process a session is about. Errors: `processGone`, `io`. */
	async choose(id: number, pid: number): Promise<void> {
		for (const { debuggee, resolver } of this.#entries.values()) {
			if (debuggee.id !== id) continue;
			await resolver.choose(pid);
			return;
		}
		throw new MapscopeError({ code: "processGone", detail: `debuggee ${id} is gone` });
	}

	/** Tells every debuggee that settings have changed. */
	settingsChanged(): void {
		for (const { debuggee } of this.#entries.values()) debuggee.settingsChanged();
	}

	dispose(): void {
		this.#restarts.dispose();
		for (const id of [...this.#entries.keys()]) this.end(id);
		this.#listeners.clear();
	}

	#announced = false;

	/** Tells the listeners once this turn is over: an event often changes several things. */
	#changed(): void {
		if (this.#announced) return;
		this.#announced = true;
		queueMicrotask(() => {
			this.#announced = false;
			for (const listener of [...this.#listeners]) {
				try {
					listener();
				} catch (error) {
					this.options.log.error("a listener failed", JSON.stringify(toErrorData(error)));
				}
			}
		});
	}
}
