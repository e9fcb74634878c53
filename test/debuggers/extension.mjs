// What an extension for these debuggers does beside naming them.
import { DebugAdapterExecutable, DebugAdapterServer, debug } from "vscode";

/** @param {import("vscode").ExtensionContext} context */
export function activate({ subscriptions }) {
	subscriptions.push(
		// `through`: a command that runs the adapter, and what it is given before the adapter's own.
		debug.registerDebugAdapterDescriptorFactory("test-lldb", {
			createDebugAdapterDescriptor: ({ configuration: { through } }, adapter) => {
				if (!adapter || !Array.isArray(through)) return adapter;
				const [command, ...parameters] = through;
				return new DebugAdapterExecutable(command, [...parameters, adapter.command, ...adapter.args]);
			},
		}),
		// As the Python extension: a program that begins another says so, and where its adapter listens for the session of that.
		debug.registerDebugAdapterDescriptorFactory("test-debugpy", {
			createDebugAdapterDescriptor: ({ configuration: { connect } }, adapter) =>
				connect ? new DebugAdapterServer(connect.port, connect.host) : adapter,
		}),
		debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
			if (event === "debugpyAttach") void debug.startDebugging(undefined, body, session);
		}),
	);
}
