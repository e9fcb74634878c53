import type { SourcePlace } from "../../shared/debug/stops";
import { fieldsOf, readTopFrame, type StackFrame } from "./messages";
import { ask, type SessionHandle } from "./session";
import type { SessionTracker, TrackedStop } from "./sessionTracker";
import type { Clock } from "./stopReader";

/** VS Code asks for the stack of a stop by itself, and that answer is waited for so long, ms, before we ask. */
const patience = 200;

/** Where in the source a frame is. */
export function placeOf(frame: StackFrame | undefined): SourcePlace | undefined {
	if (frame === undefined) return undefined;
	const { path, line, name } = frame;
	return { line, function: name, ...(path === undefined ? {} : { path }) };
}

/** The frame in which a thread stopped. Undefined when it was passed meanwhile, or there is none. Errors: `io`. */
export async function topFrame(
	session: SessionHandle,
	tracker: SessionTracker,
	{ threadId }: TrackedStop,
	isCurrent: () => boolean,
	clock: Clock,
): Promise<StackFrame | undefined> {
	if (threadId === undefined) return undefined;
	const seen = () => tracker.topFrames.get(threadId);
	if (seen() === undefined) await new Promise<void>((resolve) => clock.after(patience, resolve));
	if (!isCurrent()) return undefined;
	const known = seen();
	if (known !== undefined) return known;
	return readTopFrame(fieldsOf(await ask(session, "stackTrace", { threadId, startFrame: 0, levels: 1 })));
}
