import { type Fields, fieldsOf, textOf } from "../../debug/messages";

/** What a row of the debugger's views is about. `session`: VS Code's id, absent where the view leaves it out. */
export type MenuTarget =
	| { readonly kind: "variable"; readonly session?: string; readonly variable: Fields }
	/** `frame`: from 0, the innermost, on. */
	| { readonly kind: "frame"; readonly session: string; readonly thread: number; readonly frame: number }
	| { readonly kind: "session"; readonly session: string };

/**
 * Reads what the context menus of Variables, Watch and Call Stack hand to a command, for which VS Code has no types:
 * `{ sessionId, container, variable }` for variables; for the call stack `{ sessionId, threadId?, frameId? }` as the last
 * argument, with ids of VS Code's own making (`stackframe:thread:SESSION:THREAD:INDEX:SOURCE`, debugModel.ts).
 */
export function menuTarget(parameters: readonly unknown[]): MenuTarget | undefined {
	for (const parameter of [...parameters].reverse()) {
		const target = targetOf(fieldsOf(Array.isArray(parameter) ? parameter[0] : parameter));
		if (target) return target;
	}
	return undefined;
}

/** What such a menu would hand over for a pointer with this value, a hexadecimal address. `session`: VS Code's id. */
export function variableTarget(session: string, value: string): Fields {
	return { sessionId: session, variable: { name: value, value, type: "void *" } };
}

function targetOf(fields: Fields): MenuTarget | undefined {
	const session = textOf(fields["sessionId"]);
	const variable = fieldsOf(fields["variable"]);
	if (textOf(variable["value"]) !== undefined) {
		return { kind: "variable", ...(session === undefined ? {} : { session }), variable };
	}
	// Watch hands its expression itself.
	if (textOf(fields["value"]) !== undefined) {
		return { kind: "variable", ...(session === undefined ? {} : { session }), variable: fields };
	}
	if (session === undefined) return undefined;
	const frame = /:(\d+):(\d+):/.exec((textOf(fields["frameId"]) ?? "").replace(`stackframe:thread:${session}`, ""));
	if (frame) return { kind: "frame", session, thread: Number(frame[1]), frame: Number(frame[2]) };
	const thread = /:(\d+)$/.exec(textOf(fields["threadId"]) ?? "")?.[1];
	if (thread !== undefined) return { kind: "frame", session, thread: Number(thread), frame: 0 };
	return { kind: "session", session };
}
