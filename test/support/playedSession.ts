import type { DebugSettings } from "../../src/extension/debug/debuggee";
import { DebugSessions } from "../../src/extension/debug/debugSessions";
import type { Fields } from "../../src/extension/debug/messages";
import type { SessionHandle } from "../../src/extension/debug/session";
import type { SessionTracker } from "../../src/extension/debug/sessionTracker";
import type { Clock } from "../../src/extension/debug/stopReader";
import type { DebuggeeService } from "../../src/extension/sampler/debuggeeProtocol";
import type { DebuggeeInfo, StopInfo } from "../../src/shared/debug/stops";
import { until } from "./child";

/** The debug room in this process, without VS Code, on a sampler that a test gives. */
export class PlayedRoom {
	settings: DebugSettings = { readAtStops: true, fingerprintBudget: 2000 };
	readonly log: string[] = [];
	readonly sessions: DebugSessions;
	readonly #restarts = new Set<() => void>();

	constructor(sampler: DebuggeeService, clock?: Clock) {
		const note = (message: string, ...details: unknown[]) => void this.log.push([message, ...details].join(" "));
		this.sessions = new DebugSessions({
			sampler: {
				call: sampler,
				onDidRestart: (listener) => {
					this.#restarts.add(listener);
					return { dispose: () => this.#restarts.delete(listener) };
				},
			},
			settings: () => this.settings,
			log: { info: note, warn: note, error: note },
			self: process.pid,
			...(clock ? { clock } : {}),
		});
	}

	/** As if the sampler had died and was started again. */
	restartSampler(): void {
		for (const listener of this.#restarts) listener();
	}

	/** Listeners that the room has on the sampler. */
	get samplerListeners(): number {
		return this.#restarts.size;
	}

	play(options: PlayedOptions = {}): PlayedSession {
		return new PlayedSession(this, options);
	}
}

export interface PlayedOptions {
	readonly type?: string;
	readonly name?: string;
	readonly parentId?: string;
	readonly configuration?: Fields;
	/** The adapter's answer to a request, by its command; none: it refuses. */
	readonly answer?: (command: string, parameters: Fields) => unknown;
}

let sessions = 0;

/** A session whose adapter's messages a test plays, and whose answers it gives. */
export class PlayedSession {
	readonly id = `played-${++sessions}`;
	readonly tracker: SessionTracker;
	/** Requests that reached the adapter, those of the debug room among them. */
	readonly requests: { readonly command: string; readonly parameters: Fields }[] = [];
	#sequence = 1;

	constructor(
		private readonly room: PlayedRoom,
		options: PlayedOptions,
	) {
		const handle: SessionHandle = {
			info: {
				id: this.id,
				name: options.name ?? "played",
				type: options.type ?? "played",
				...(options.parentId ? { parentId: options.parentId } : {}),
			},
			configuration: options.configuration ?? { request: "launch" },
			request: async (command, parameters = {}) => {
				this.requests.push({ command, parameters });
				// As VS Code does it: the tracker sees requests of extensions, too.
				const sequence = this.request(command, parameters);
				const body = await options.answer?.(command, parameters);
				this.respond(sequence, command, body);
				if (body === undefined) throw new Error(`the adapter refuses ${command}`);
				return body;
			},
		};
		this.tracker = room.sessions.start(handle);
	}

	event(event: string, body: Fields = {}): void {
		this.tracker.onDidSendMessage({ type: "event", seq: 0, event, body });
	}

	/** VS Code asks the adapter; returns the request's number. */
	request(command: string, parameters: Fields = {}): number {
		const seq = this.#sequence++;
		this.tracker.onWillReceiveMessage({ type: "request", seq, command, arguments: parameters });
		return seq;
	}

	respond(request_seq: number, command: string, body: unknown, success = body !== undefined): void {
		this.tracker.onDidSendMessage({ type: "response", seq: 0, request_seq, command, success, body });
	}

	stop(body: Fields = { reason: "step", threadId: 1 }): void {
		this.event("stopped", body);
	}

	resume(command = "next"): void {
		this.request(command, { threadId: 1 });
	}

	end(): void {
		this.room.sessions.end(this.id);
	}

	info(): DebuggeeInfo {
		const found = this.room.sessions.list().find(({ session }) => session.id === this.id);
		if (found === undefined) throw new Error("the session is not listed");
		return found;
	}

	/** Waits until the debuggee is as wanted. */
	async until(wanted: (info: DebuggeeInfo) => boolean): Promise<DebuggeeInfo> {
		return await until(() => {
			const info = this.info();
			return wanted(info) ? info : undefined;
		});
	}

	/** Waits for a stop to be read. */
	async untilStop(number: number): Promise<StopInfo> {
		const { stops } = await this.until(
			({ stops: all, reading }) => !reading && all.some((stop) => stop.number === number),
		);
		const found = stops.find((stop) => stop.number === number);
		if (found === undefined) throw new Error(`no stop ${number}`);
		return found;
	}
}
