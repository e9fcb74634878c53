import { type ErrorData, MapscopeError, toErrorData } from "./errors";

/** An interface whose every member is an async method: one such interface derives a whole protocol. */
export type Service<T> = { [K in keyof T]: (...parameters: never[]) => Promise<unknown> };

/** A side that sends and receives messages: a worker port, a webview, a test's pair. */
export interface Port {
	post(message: unknown): void;
	/** Calls `listener` for each message until the returned function is called. */
	listen(listener: (message: unknown) => void): () => void;
}

type Message =
	| { readonly kind: "request"; readonly id: number; readonly method: string; readonly parameters: unknown[] }
	| { readonly kind: "reply"; readonly id: number; readonly result: unknown }
	| { readonly kind: "failure"; readonly id: number; readonly error: ErrorData }
	| { readonly kind: "event"; readonly event: string; readonly data: unknown };

function isMessage(message: unknown): message is Message {
	return typeof message === "object" && message !== null && "kind" in message && typeof message.kind === "string";
}

/** The calling side of a service. Every request ends: in its result, its error, or `bug` when the port is closed. */
export interface Client<S, E> {
	readonly call: S;
	on<K extends keyof E & string>(event: K, listener: (data: E[K]) => void): () => void;
	/** Rejects what is pending with `reason` and stops listening. */
	dispose(reason?: ErrorData): void;
}

/** Connects to a service `S` with events `E` on the other side of `port`. */
export function connect<S extends Service<S>, E>(port: Port): Client<S, E> {
	const pending = new Map<number, { resolve(value: unknown): void; reject(error: MapscopeError): void }>();
	const listeners = new Map<string, Set<(data: never) => void>>();
	let nextId = 1;
	let closed: ErrorData | undefined;
	const stop = port.listen((message) => {
		if (!isMessage(message)) return;
		if (message.kind === "event") {
			for (const listener of listeners.get(message.event) ?? []) listener(message.data as never);
		} else if (message.kind === "reply") {
			pending.get(message.id)?.resolve(message.result);
			pending.delete(message.id);
		} else if (message.kind === "failure") {
			pending.get(message.id)?.reject(new MapscopeError(toErrorData(message.error)));
			pending.delete(message.id);
		}
	});
	const call = new Proxy({} as S, {
		get: (_target, method) =>
			method === "then" ? undefined : (...parameters: unknown[]) => request(String(method), parameters),
	});
	function request(method: string, parameters: unknown[]): Promise<unknown> {
		return new Promise((resolve, reject) => {
			if (closed) return reject(new MapscopeError(closed));
			const id = nextId++;
			pending.set(id, { resolve, reject });
			try {
				port.post({ kind: "request", id, method, parameters } satisfies Message);
			} catch (error) {
				pending.delete(id);
				reject(new MapscopeError(toErrorData(error)));
			}
		});
	}
	return {
		call,
		on(event, listener) {
			const set = listeners.get(event) ?? new Set();
			listeners.set(event, set.add(listener as (data: never) => void));
			return () => set.delete(listener as (data: never) => void);
		},
		dispose(reason = { code: "bug", detail: "the connection was closed" }) {
			closed ??= reason;
			stop();
			for (const { reject } of pending.values()) reject(new MapscopeError(closed));
			pending.clear();
			listeners.clear();
		},
	};
}

/** The serving side. */
export interface Server<E> {
	emit<K extends keyof E & string>(event: K, data: E[K]): void;
	dispose(): void;
}

/**
 * Serves `handlers` on `port`. A handler that throws, and a method that does not exist, answer with an error; an
 * argument check belongs into the handler, since the other side may be a webview.
 */
export function serve<S extends Service<S>, E>(port: Port, handlers: S): Server<E> {
	const stop = port.listen((message) => {
		if (!isMessage(message) || message.kind !== "request") return;
		const { id, method, parameters } = message;
		Promise.resolve()
			.then(() => {
				// The message may come from a webview: a method is looked up only once it is sure to be a name.
				const handler: unknown =
					typeof method === "string" && Object.hasOwn(handlers, method) ? handlers[method as keyof S] : undefined;
				if (typeof handler !== "function" || !Array.isArray(parameters)) {
					throw new MapscopeError({ code: "bug", detail: `no method ${method}` });
				}
				return (handler as (...values: unknown[]) => unknown)(...parameters);
			})
			.then((result) => port.post({ kind: "reply", id, result } satisfies Message))
			// Also when the result cannot be sent: the other side must not wait for ever.
			.catch((error: unknown) => port.post({ kind: "failure", id, error: toErrorData(error) } satisfies Message))
			// The other side has gone meanwhile: nobody is left to be told.
			.catch(() => undefined);
	});
	return {
		emit: (event, data) => port.post({ kind: "event", event, data } satisfies Message),
		dispose: stop,
	};
}
