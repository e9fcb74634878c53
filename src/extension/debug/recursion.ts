import type { SourcePlace } from "../../shared/debug/stops";
import { fieldsOf, readFrames, type StackFrame } from "./messages";
import { ask, type SessionHandle } from "./session";
import { placeOf } from "./stopPlace";

/** Frames at the top of a stack that are looked at for functions that call themselves. */
const topFrames = 40;
/** Frames that are asked for at once. */
const block = 500;
/** Frames that are looked through: an adapter takes seconds for more, since it unwinds each of them. */
const mostFrames = 20_000;

/** The outermost frame of a function that calls itself. */
export interface RecursionStart {
	/** From 0, the innermost, on. */
	readonly frame: number;
	readonly place: SourcePlace;
}

/**
 * The function in which a thread stands deep in recursion, by its name; of several that call one another, the innermost.
 * Undefined where none occurs twice. Errors: `io` where the adapter does not answer.
 */
export async function recursiveFunction(session: SessionHandle, thread: number): Promise<string | undefined> {
	const names = (await readStack(session, thread, 0, topFrames)).map(({ name }) => name);
	return names.find((name, at) => name !== "" && names.indexOf(name, at + 1) > at);
}

/**
 * Where the recursion began in which a thread stands. Undefined where no function occurs twice at the top of its stack,
 * and where the stack is deeper than is looked through. Errors: `io` where the adapter does not answer.
 */
export async function recursionStart(session: SessionHandle, thread: number): Promise<RecursionStart | undefined> {
	let frames = await readStack(session, thread, 0, block);
	const names = frames.map(({ name }) => name);
	// Functions may call one another in turn: all that come again belong to it.
	const recursive = new Set(
		names.slice(0, topFrames).filter((name) => names.indexOf(name) !== names.lastIndexOf(name)),
	);
	let found: RecursionStart | undefined;
	for (let first = 0; first < mostFrames; first += block) {
		if (first > 0) frames = await readStack(session, thread, first, block);
		const at = frames.findLastIndex(({ name }) => recursive.has(name));
		const place = placeOf(frames[at]);
		if (place) found = { frame: first + at, place };
		// Outside of it, or at the end of the stack.
		if (at < frames.length - 1 || frames.length < block) return found;
	}
	return undefined;
}

async function readStack(
	session: SessionHandle,
	threadId: number,
	startFrame: number,
	levels: number,
): Promise<StackFrame[]> {
	return readFrames(fieldsOf(await ask(session, "stackTrace", { threadId, startFrame, levels }))).slice(0, levels);
}
