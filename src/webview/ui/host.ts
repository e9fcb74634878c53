import { type Client, connect, type Port, type Service } from "../../shared/rpc";

/** The extension host as a webview sees it: a service to call, and a place for state that survives a hidden tab. */
export interface Host<S, E, State> {
	readonly client: Client<S, E>;
	getState(): State | undefined;
	setState(state: State): void;
}

/** Connects to the extension host. VS Code allows this once per page. */
export function connectHost<S extends Service<S>, E, State>(): Host<S, E, State> {
	const api = acquireVsCodeApi<State>();
	const port: Port = {
		post: (message) => api.postMessage(message),
		listen(listener) {
			const receive = (event: MessageEvent<unknown>) => listener(event.data);
			addEventListener("message", receive);
			return () => removeEventListener("message", receive);
		},
	};
	return {
		client: connect<S, E>(port),
		getState: () => api.getState(),
		setState: (state) => {
			api.setState(state);
		},
	};
}
