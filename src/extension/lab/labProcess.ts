import { type ChildProcess, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { type ErrorData, MapscopeError } from "../../shared/errors";
import { mainProcess } from "../../shared/labDemo";
import type { CallResult, SignalResult } from "../../shared/labResult";
import type { Disposable } from "../base/disposable";
import type { Log } from "../base/log";
import { readSiginfo } from "./signals";
import { type Finished, faultFd, type LabAnswer, type LabOrder, resultFd } from "./wire";

/** Longest that a step may take: one that waits for ever is ended. */
const stepLimitMs = 30_000;
/** Longest that is waited for what a dead process has still in its pipes, which forked ones may hold open a moment. */
const drainLimitMs = 2_000;

/** What came of a step. */
export interface RunOutcome {
	readonly calls: readonly CallResult[];
	/** The lab process has died of it. */
	readonly signal?: SignalResult;
	/** It has not. */
	readonly finished?: Finished;
}

export interface LabProcessOptions {
	/** The bundled program of the lab process. */
	readonly program: string;
	readonly log: Log;
}

type Start = Omit<Extract<LabOrder, { kind: "start" }>, "kind">;

/** The host's side of one lab process: starts it, has it run steps, and hears what it died of. */
export class LabProcess implements Disposable {
	#listener: ((answer: LabAnswer) => void) | undefined;
	#failure: ErrorData | undefined;
	#siginfo: Buffer = Buffer.alloc(0);
	readonly #ended: Promise<void>;
	/** Name of the signal that ended it; `""` when it ended otherwise. */
	#endedBy: string | undefined;

	private constructor(
		private readonly child: ChildProcess,
		private readonly log: Log,
	) {
		const pipes: readonly unknown[] = child.stdio;
		readLines(pipes[resultFd] as Readable, (line) => this.#listener?.(JSON.parse(line) as LabAnswer));
		(pipes[faultFd] as Readable).on("data", (bytes: Buffer) => {
			this.#siginfo = Buffer.concat([this.#siginfo, bytes]);
		});
		child.stderr?.on("data", (text: Buffer) => log.warn(`lab process: ${text.toString("utf8").trimEnd()}`));
		this.#ended = this.#end();
	}

	/**
	 * Starts a lab process and waits until it is ready. Rejects with `unsupported`: `linux`, `labCalls` (no native calls on
	 * this platform), `labMemory` (a limit of the address space is too low); `io` when it ends for another reason.
	 */
	static async start(options: LabProcessOptions, order: Start): Promise<ReadyLabProcess> {
		if (process.platform !== "linux") throw new MapscopeError({ code: "unsupported", feature: "linux" });
		const child = fork(options.program, [], {
			stdio: ["ignore", "ignore", "pipe", "ipc", "pipe", "pipe"],
			execArgv: [], // no debugger, no profiler of the extension host
			env: { PATH: process.env["PATH"], ELECTRON_RUN_AS_NODE: "1", MAPSCOPE_LAB_PARENT: String(process.pid) },
		});
		const lab = new LabProcess(child, options.log);
		const ready = await lab.#request<Extract<LabAnswer, { kind: "ready" }>>({ kind: "start", ...order }, (answer) =>
			answer.kind === "ready" ? answer : undefined,
		);
		if (ready === undefined) {
			const failure = lab.#failure ?? (await lab.#startFailure());
			lab.dispose(); // one that has only said no would stay
			throw new MapscopeError(forLab(failure));
		}
		return { process: lab, ...ready };
	}

	get ended(): boolean {
		return this.#endedBy !== undefined || this.child.exitCode !== null || this.child.signalCode !== null;
	}

	/**
	 * Runs statements in one of the lab's processes. Rejects with `processGone` when the lab has ended before the first of
	 * them, with `io` when it ends without a signal, or hangs.
	 */
	async run(code: string, process: string): Promise<RunOutcome> {
		const calls: CallResult[] = [];
		let current: string | undefined;
		let hasBegun = false;
		const finished = await this.#request<Finished>({ kind: "run", code, process }, (answer) => {
			if (answer.kind === "began") {
				hasBegun = true;
				current = answer.code;
			}
			if (answer.kind === "call") {
				calls.push(answer.call);
				current = undefined;
			}
			return answer.kind === "finished" ? answer : undefined;
		});
		if (finished) return { calls, finished };
		if (this.#failure) throw new MapscopeError(this.#failure);
		if (!hasBegun) throw new MapscopeError({ code: "processGone", detail: "the lab process has ended" });
		if (!this.#endedBy) throw new MapscopeError({ code: "io", detail: "the lab process ended by itself" });
		if (current !== undefined) calls.push({ code: current });
		const detail = readSiginfo(this.#siginfo);
		const signal = { name: this.#endedBy, process: mainProcess, pid: this.child.pid ?? 0 };
		return { calls, signal: detail === undefined ? signal : { ...signal, detail } };
	}

	/** Kills it, and with it every process that it has forked. */
	dispose(): void {
		this.#failure ??= { code: "io", detail: "the lab was stopped" };
		this.child.kill("SIGKILL");
	}

	/** Sends an order and waits for the answer that `take` takes; undefined when the process ends or fails instead. */
	async #request<T>(order: LabOrder, take: (answer: LabAnswer) => T | undefined): Promise<T | undefined> {
		const answered = new Promise<T | undefined>((resolve) => {
			this.#listener = (answer) => {
				if (answer.kind === "failed") {
					this.#failure = answer.error;
					resolve(undefined);
				}
				const taken = take(answer);
				if (taken !== undefined) resolve(taken);
			};
			this.#ended.then(() => resolve(undefined), this.#logError);
		});
		const limit = setTimeout(() => {
			this.#failure = { code: "io", errno: "ETIMEDOUT", detail: "a step took too long" };
			this.child.kill("SIGKILL");
		}, stepLimitMs);
		if (this.child.connected) this.child.send(order, (error) => error && this.log.warn(`lab order: ${error}`));
		try {
			return await answered;
		} finally {
			clearTimeout(limit);
			this.#listener = undefined;
		}
	}

	readonly #logError = (error: unknown): void => this.log.error("lab", error);

	/** Resolves when the process has ended and all that it wrote has arrived. */
	#end(): Promise<void> {
		return new Promise((resolve) => {
			const finish = (signal: string): void => {
				this.#endedBy ??= signal;
				resolve();
			};
			this.child.once("error", (error) => {
				this.#failure ??= { code: "io", detail: String(error) };
				finish("");
			});
			this.child.once("exit", (_code, signal) => {
				const late = setTimeout(() => finish(signal ?? ""), drainLimitMs);
				this.child.once("close", () => {
					clearTimeout(late);
					finish(signal ?? "");
				});
			});
		});
	}

	async #startFailure(): Promise<ErrorData> {
		const { exitCode, signalCode } = this.child;
		const detail = `the lab process ended with ${signalCode ?? exitCode} before it was ready`;
		const limit = await addressSpaceLimit();
		if (limit === undefined) return { code: "io", detail };
		return { code: "unsupported", feature: "labMemory", detail: `${detail}; RLIMIT_AS is ${limit} bytes` };
	}
}

/** Without native calls there is no lab at all, while the rest of the product has other ways. */
function forLab(error: ErrorData): ErrorData {
	return error.feature === "koffi" ? { ...error, feature: "labCalls" } : error;
}

/** A lab process that has answered. */
export interface ReadyLabProcess {
	readonly process: LabProcess;
	readonly pid: number;
	readonly arena: string;
	readonly pageSize: number;
}

/** `RLIMIT_AS` of this process, which its children inherit: bytes as decimal text; undefined when there is none. */
async function addressSpaceLimit(): Promise<string | undefined> {
	const limits = await readFile("/proc/self/limits", "utf8").catch(() => "");
	const soft = /^Max address space\s+(\S+)/m.exec(limits)?.[1];
	return soft === "unlimited" ? undefined : soft;
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
	let rest = "";
	stream.setEncoding("utf8");
	stream.on("data", (text: string) => {
		const lines = (rest + text).split("\n");
		rest = lines.pop() ?? "";
		for (const line of lines) onLine(line);
	});
}
