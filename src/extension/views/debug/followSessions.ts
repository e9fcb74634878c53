import { type DebugSession, debug, workspace } from "vscode";
import { type Disposable, DisposableStore } from "../../base/disposable";
import type { Log } from "../../base/log";
import { settings } from "../../contributions";
import type { DebugSessions } from "../../debug/debugSessions";
import { type Fields, fieldsOf } from "../../debug/messages";
import type { SessionHandle } from "../../debug/session";

/**
 * Lets the debug room follow every session of VS Code, from its first message on: VS Code asks for a tracker before it
 * starts an adapter, and activates the extension for it (`onDebugAdapterProtocolTracker`).
 */
export function followSessions(sessions: DebugSessions, log: Log): Disposable {
	const store = new DisposableStore();
	store.add(
		debug.registerDebugAdapterTrackerFactory("*", {
			createDebugAdapterTracker: (session) => {
				const tracker = sessions.start(handleOf(session));
				const guard = guardOf(log);
				return {
					onWillReceiveMessage: (message: unknown) => guard(() => tracker.onWillReceiveMessage(message)),
					onDidSendMessage: (message: unknown) => guard(() => tracker.onDidSendMessage(message)),
					// The adapter is gone, also where VS Code never hears of the session's end.
					onExit: () => guard(() => sessions.end(session.id)),
				};
			},
		}),
	);
	store.add(debug.onDidTerminateDebugSession((session) => sessions.end(session.id)));
	store.add(
		workspace.onDidChangeConfiguration((event) => {
			if (event.affectsConfiguration(settings.debugReadAtStops)) sessions.settingsChanged();
		}),
	);
	return store;
}

/** A tracker stands in the way of the debugger's messages: what goes wrong in it must not reach VS Code. */
function guardOf(log: Log): (work: () => void) => void {
	return (work) => {
		try {
			work();
		} catch (error) {
			log.error("a message of a debug adapter could not be followed", String(error));
		}
	};
}

function handleOf(session: DebugSession): SessionHandle {
	const configuration: Fields = fieldsOf(session.configuration);
	return {
		info: {
			id: session.id,
			name: session.name,
			type: session.type,
			...(session.parentSession ? { parentId: session.parentSession.id } : {}),
		},
		configuration,
		request: async (command, parameters) => await session.customRequest(command, parameters),
	};
}
