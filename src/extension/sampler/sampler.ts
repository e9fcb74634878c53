import { Worker } from "node:worker_threads";
import { type Client, connect } from "../../shared/rpc";
import type { Disposable } from "../base/disposable";
import type { Log } from "../base/log";
import type { SamplerEvents, SamplerService } from "./protocol";

export interface SamplerOptions {
	/** The bundled worker's file. */
	readonly workerPath: string;
	readonly log: Log;
}

/**
 * The host's side of the sampler. Starts the worker on first use, and again when it has died: what was pending then
 * rejects, listeners of {@link onDidRestart} set up their watches anew.
 */
export class Sampler implements Disposable {
	#running: { readonly worker: Worker; readonly client: Client<SamplerService, SamplerEvents> } | undefined;
	#disposed = false;
	readonly #restartListeners = new Set<() => void>();

	constructor(private readonly options: SamplerOptions) {}

	/** Calls into the worker; each rejects with a `MapscopeError`. */
	readonly call: SamplerService = new Proxy({} as SamplerService, {
		get: (_target, method) => (method === "then" ? undefined : Reflect.get(this.#connected().call, method)),
	});

	onDidRestart = (listener: () => void): Disposable => {
		this.#restartListeners.add(listener);
		return { dispose: () => this.#restartListeners.delete(listener) };
	};

	dispose(): void {
		this.#disposed = true;
		this.#stop("the extension was shut down");
	}

	#connected(): Client<SamplerService, SamplerEvents> {
		if (this.#disposed) return closedClient();
		this.#running ??= this.#start();
		return this.#running.client;
	}

	#start(): { worker: Worker; client: Client<SamplerService, SamplerEvents> } {
		const worker = new Worker(this.options.workerPath, { name: "mapscope-sampler" });
		const client = connect<SamplerService, SamplerEvents>({
			post: (message) => worker.postMessage(message),
			listen: (listener) => {
				worker.on("message", listener);
				return () => worker.off("message", listener);
			},
		});
		worker.on("error", (error) => this.options.log.error("sampler failed", error));
		worker.on("exit", (code) => this.#onExit(worker, code));
		return { worker, client };
	}

	#onExit(worker: Worker, code: number): void {
		if (this.#running?.worker !== worker) return;
		this.options.log.warn(`sampler ended with code ${code}; it is started again`);
		this.#running.client.dispose({ code: "io", detail: `the sampler ended with code ${code}` });
		this.#running = undefined;
		for (const listener of [...this.#restartListeners]) listener();
	}

	#stop(why: string): void {
		const running = this.#running;
		this.#running = undefined;
		running?.client.dispose({ code: "bug", detail: why });
		running?.worker.terminate().then(undefined, (error: unknown) => this.options.log.error("sampler", error));
	}
}

/** A client whose every call rejects, without a worker. */
function closedClient(): Client<SamplerService, SamplerEvents> {
	const client = connect<SamplerService, SamplerEvents>({ post: () => undefined, listen: () => () => undefined });
	client.dispose({ code: "bug", detail: "the sampler was disposed" });
	return client;
}
