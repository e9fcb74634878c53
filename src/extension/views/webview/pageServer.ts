import type { Webview } from "vscode";
import { type Port, type Server, type Service, serve } from "../../../shared/rpc";
import { type Disposable, DisposableStore } from "../../base/disposable";

/**
 * Serves the pages of a webview, one after the other: VS Code throws the page of a hidden tab away and loads a new one
 * when the tab is shown. Each page counts its requests from 1, so that the late answer to one page could be taken for
 * the answer to another; therefore each gets a server of its own, and what the former still had to say is dropped.
 */
export class PageServer<S extends Service<S>, E> implements Disposable {
	readonly #webview: Webview;
	readonly #handlers: S;
	readonly #onPostError: (error: unknown) => void;
	readonly #store = new DisposableStore();
	#page: { readonly server: Server<E>; receive(message: unknown): void; close(): void } | undefined;

	constructor(webview: Webview, handlers: S, onPostError: (error: unknown) => void) {
		this.#webview = webview;
		this.#handlers = handlers;
		this.#onPostError = onPostError;
		this.#store.add(
			webview.onDidReceiveMessage((message: unknown) => {
				if (isFirstRequest(message)) this.#open();
				this.#page?.receive(message);
			}),
		);
	}

	/** Tells the page; without a page there is nobody to tell. */
	emit<K extends keyof E & string>(event: K, data: E[K]): void {
		this.#page?.server.emit(event, data);
	}

	/** The page is gone or about to be replaced. */
	closePage(): void {
		this.#page?.close();
		this.#page = undefined;
	}

	dispose(): void {
		this.closePage();
		this.#store.dispose();
	}

	#open(): void {
		this.closePage();
		let open = true;
		let listener: ((message: unknown) => void) | undefined;
		const port: Port = {
			post: (message) => {
				if (open) this.#webview.postMessage(message).then(undefined, this.#onPostError);
			},
			listen: (added) => {
				listener = added;
				return () => {
					listener = undefined;
				};
			},
		};
		const server = serve<S, E>(port, this.#handlers);
		this.#page = {
			server,
			receive: (message) => listener?.(message),
			close: () => {
				open = false;
				server.dispose();
			},
		};
	}
}

/** A page opens with the request `ready`. */
function isFirstRequest(message: unknown): boolean {
	return (
		typeof message === "object" &&
		message !== null &&
		"kind" in message &&
		message.kind === "request" &&
		"method" in message &&
		message.method === "ready"
	);
}
