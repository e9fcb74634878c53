import type { ElsewhereReason, PidSource } from "../../shared/debug/stops";
import { MapscopeError } from "../../shared/errors";
import type { Disposable } from "../base/disposable";
import type { DebuggeeService, ProcessIdentity } from "../sampler/debuggeeProtocol";
import type { Debuggee } from "./debuggee";
import { type AdapterEvent, fieldsOf, pidOf, textOf } from "./messages";
import { isBrowserAdapter, isScriptAdapter } from "./pointers";
import { ask, type SessionHandle } from "./session";
import type { SessionTracker } from "./sessionTracker";
import { isEmulator, programsOf, remoteOf, whyElsewhere } from "./verifyDebuggee";

/**
 * Finds out which process a session is about, from the surest source that there is: what the adapter says of it, what the
 * program itself says (js-debug), what the configuration says, what a person says. Nothing is believed before the process
 * was looked at.
 */
export class PidResolver implements Disposable {
	readonly #began = Date.now();
	#disposed = false;
	/** Counts attempts: an answer that comes after another attempt has begun is not of interest any more. */
	#attempt = 0;
	#asked = false;
	#settled = false;
	/** Who traced the process when it was found. */
	#tracer: number | undefined;
	/** The thread that stopped last, as the protocol names it. */
	#thread: number | undefined;
	/** The adapter has named a process that is none here. */
	#misled = false;

	constructor(
		private readonly session: SessionHandle,
		private readonly debuggee: Debuggee,
		private readonly tracker: SessionTracker,
		private readonly sampler: DebuggeeService,
		private readonly self: number,
	) {}

	/** What can be told before the adapter has said anything. */
	begin(): void {
		const { configuration, info } = this.session;
		const remote = remoteOf(configuration);
		const pid = pidOf(configuration["processId"]) ?? pidOf(configuration["pid"]);
		if (isBrowserAdapter(info.type)) this.debuggee.elsewhere("noProcess");
		else if (remote !== undefined) this.debuggee.elsewhere("remote", undefined, remote);
		else if (configuration["request"] === "attach" && pid !== undefined) this.#try(pid, "configuration", []);
	}

	onProcess({ pid, name, local }: Extract<AdapterEvent, { event: "process" }>): void {
		if (local === false) this.debuggee.elsewhere("remote", pid);
		else if (pid !== undefined) this.#try(pid, "processEvent", name?.startsWith("/") ? [name] : []);
	}

	/** The program is there, and may be asked itself. */
	onAlive(): void {
		const { info } = this.session;
		if (this.#settled || this.#asked || !isScriptAdapter(info.type) || isBrowserAdapter(info.type)) return;
		// The session that only starts others has no program to ask.
		if (info.parentId === undefined) return;
		this.#asked = true;
		this.#inBackground(this.#askProgram());
	}

	/** @param threadId as the protocol names it: native debuggers use the kernel's thread ids. */
	onStopped(threadId: number | undefined): void {
		this.onAlive();
		this.#thread = threadId;
		if (this.#misled) this.#inBackground(this.#lookForEmulator());
		if (!this.#settled && this.#attempt === 0 && !this.#asked) this.debuggee.unknown();
		const { process } = this.debuggee;
		if (!this.#settled || process === undefined || threadId === undefined || isScriptAdapter(this.session.info.type))
			return;
		if (threadId > 0 && threadId !== process.pid) this.#inBackground(this.#follow(threadId, process.pid));
	}

	/** A person has chosen. It is not verified: they may know better. Errors: `processGone`, `io`. */
	async choose(pid: number): Promise<void> {
		const attempt = ++this.#attempt;
		const identity = await this.sampler.identify(pid);
		if (this.#disposed || attempt !== this.#attempt) return;
		if (identity.ended) throw new MapscopeError({ code: "processGone", path: `/proc/${pid}` });
		this.#settle(identity, "chosen");
	}

	dispose(): void {
		this.#disposed = true;
	}

	/** js-debug sends no `process` event; its programs know their own pid, and its sessions' names end in it. */
	async #askProgram(): Promise<void> {
		const expression = "process.pid";
		this.tracker.evaluatesItself(expression);
		const answer = await ask(this.session, "evaluate", { expression, context: "repl" }).catch(() => undefined);
		const told = pidOf(textOf(fieldsOf(answer)["result"]));
		if (this.#disposed || this.#settled) return;
		const named = pidOf(/\[(\d+)\]/.exec(this.session.info.name)?.[1]);
		if (told !== undefined) this.#try(told, "evaluate", []);
		else if (named !== undefined) this.#try(named, "sessionName", []);
		else this.debuggee.unknown();
	}

	#try(pid: number, source: PidSource, programs: readonly string[]): void {
		this.#inBackground(this.#verify(pid, source, programs));
	}

	async #verify(pid: number, source: PidSource, programs: readonly string[]): Promise<void> {
		const attempt = ++this.#attempt;
		let identity: ProcessIdentity | undefined;
		try {
			identity = await this.sampler.identify(pid);
		} catch (error) {
			if (!(error instanceof MapscopeError) || error.code !== "processGone") throw error;
		}
		if (this.#disposed || attempt !== this.#attempt) return;
		if (identity === undefined || identity.ended) return await this.#isElsewhere("noSuchProcess", pid);
		const { configuration } = this.session;
		const why = whyElsewhere(identity, {
			programs: programs.length > 0 ? programs : programsOf(configuration),
			...(configuration["request"] === "launch" ? { launchedAfter: this.#began } : {}),
			self: this.self,
		});
		if (why === undefined) this.#settle(identity, source);
		else await this.#isElsewhere(why, pid, identity.name);
	}

	async #isElsewhere(why: ElsewhereReason, pid: number, name?: string): Promise<void> {
		this.debuggee.elsewhere(why, pid, name);
		this.#misled = why !== "emulated";
		if (this.#misled) await this.#lookForEmulator();
	}

	/**
	 * qemu-user tells a debugger that its process is number 1, but numbers its threads as the kernel does: a thread that
	 * stopped is one of the emulator.
	 */
	async #lookForEmulator(): Promise<void> {
		const thread = this.#thread;
		if (thread === undefined || thread <= 0 || isScriptAdapter(this.session.info.type)) return;
		const identity = await this.sampler.identifyThread(thread).catch(() => undefined);
		if (identity === undefined || !isEmulator(identity) || this.#disposed || !this.#misled) return;
		this.#misled = false;
		this.debuggee.elsewhere("emulated", identity.pid, identity.name);
	}

	/**
	 * A debugger that follows forks may go on with the child in the same session, without a word: then the thread that
	 * stopped is one of another process, which it traces as it did the former one. Adapters with thread ids of their own
	 * name no such thread.
	 */
	async #follow(threadId: number, formerPid: number): Promise<void> {
		const identity = await this.sampler.identifyThread(threadId).catch(() => undefined);
		const { process } = this.debuggee;
		if (identity === undefined || this.#disposed || process?.pid !== formerPid || identity.pid === formerPid) return;
		if (identity.tracer === undefined || identity.ended) return;
		if (identity.ancestors.includes(formerPid) || identity.tracer === this.#tracer) this.#settle(identity, "followed");
	}

	#settle(identity: ProcessIdentity, source: PidSource): void {
		const { process } = this.debuggee;
		this.#settled = true;
		this.#misled = false;
		this.#tracer = identity.tracer;
		if (process?.pid === identity.pid && process.startTime === identity.startTime) return;
		this.debuggee.identified(identity, source);
	}

	#inBackground(work: Promise<void>): void {
		// The sampler was stopped, or cannot read what everyone may: then there is nothing to show but that.
		work.catch(() => {
			if (!this.#disposed) this.debuggee.unknown();
		});
	}
}
