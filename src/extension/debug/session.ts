import type { DebugSessionInfo } from "../../shared/debug/stops";
import { MapscopeError, toErrorData } from "../../shared/errors";
import type { Fields } from "./messages";

/** A debug session as the debug room sees it; `views/` makes one of VS Code's. */
export interface SessionHandle {
	readonly info: DebugSessionInfo;
	/** The configuration as VS Code resolved it. */
	readonly configuration: Fields;
	/** Sends a request to the adapter, and gives the body of its answer. Rejects where the adapter refuses. */
	request(command: string, parameters?: Fields): Promise<unknown>;
}

/**
 * How long an adapter may take to answer a question of ours, ms: some never do, and nobody waits for them then. Those that
 * do may have a large program's symbols to read for the first answer.
 */
const answerLimit = 10_000;

/** {@link SessionHandle.request} that gives up on an adapter that does not answer. Errors: `io`. */
export async function ask(session: SessionHandle, command: string, parameters?: Fields): Promise<unknown> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		const error = new MapscopeError({ code: "io", detail: `the debug adapter does not answer ${command}` });
		timer = setTimeout(() => reject(error), answerLimit);
	});
	try {
		return await Promise.race([session.request(command, parameters), late]);
	} catch (error) {
		if (error instanceof MapscopeError) throw error;
		throw new MapscopeError({ code: "io", detail: `${command}: ${toErrorData(error).detail ?? ""}` });
	} finally {
		clearTimeout(timer);
	}
}
