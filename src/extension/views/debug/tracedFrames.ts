import { fieldsOf, textOf } from "../../debug/messages";

/** Sends a request to a debug adapter. */
export type AskAdapter = (command: string, parameters: object) => Promise<unknown>;

/** A frame of a stack as its adapter tells it. */
export interface TracedFrame {
	/** As the protocol numbers frames while the program stands still. */
	readonly id: number;
	readonly name: string;
	/** A path or URI; absent for code without a source. */
	readonly path?: string;
	readonly line: number;
}

/** Frames of a thread, `levels` from frame `start` on. Errors: those of the adapter. */
export async function traceFrames(
	ask: AskAdapter,
	thread: number,
	start: number,
	levels: number,
): Promise<TracedFrame[]> {
	const answer = fieldsOf(await ask("stackTrace", { threadId: thread, startFrame: start, levels }));
	const frames: unknown = answer["stackFrames"];
	return Array.isArray(frames) ? frames.slice(0, levels).flatMap((frame: unknown) => tracedFrame(frame) ?? []) : [];
}

function tracedFrame(value: unknown): TracedFrame | undefined {
	const fields = fieldsOf(value);
	const { id, name, line, source } = fields as Record<string, unknown>;
	if (typeof id !== "number") return undefined;
	const path = textOf(fieldsOf(source)["path"]);
	return {
		id,
		name: textOf(name) ?? "",
		line: typeof line === "number" ? line : 0,
		...(path === undefined ? {} : { path }),
	};
}
