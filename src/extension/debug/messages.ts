/**
 * The one place that reads raw messages of the Debug Adapter Protocol. They come from programs of all kinds and ages, so
 * each is `unknown` until its fields have been looked at; what does not fit is not there.
 *
 * See https://microsoft.github.io/debug-adapter-protocol/specification.
 */

/** What an adapter tells unasked, as far as it matters here. */
export type AdapterEvent =
	| {
			readonly event: "process";
			readonly pid?: number;
			/** A path of the program, as the protocol has it; some adapters give a name. Hostile text. */
			readonly name?: string;
			/** False: the process runs on another machine. */
			readonly local?: boolean;
	  }
	| { readonly event: "stopped"; readonly stop: StoppedEvent }
	| { readonly event: "continued" }
	| { readonly event: "thread" }
	| { readonly event: "exited" }
	| { readonly event: "terminated" }
	/** The adapter says that memory, or what is shown of it, is no longer what it was. */
	| { readonly event: "memory" };

/** Body of `stopped`. Hostile text. */
export interface StoppedEvent {
	readonly reason: string;
	readonly description?: string;
	readonly text?: string;
	readonly threadId?: number;
}

/** What a client asks of an adapter. */
export interface AdapterRequest {
	readonly sequence: number;
	readonly command: string;
	readonly parameters: Fields;
}

/** An adapter's answer. */
export interface AdapterResponse {
	readonly requestSequence: number;
	readonly command: string;
	readonly success: boolean;
	readonly body: Fields;
}

/** An object whose fields are yet to be looked at. */
export type Fields = Readonly<Record<string, unknown>>;

/** A message's fields; none where it is no object. */
export function fieldsOf(value: unknown): Fields {
	return typeof value === "object" && value !== null ? (value as Fields) : {};
}

/** A field that is text; undefined otherwise. */
export function textOf(value: unknown): string | undefined {
	return typeof value === "string" ? value : undefined;
}

/** A field that is a whole number; undefined otherwise. */
export function numberOf(value: unknown): number | undefined {
	return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
}

/** A process id, as number or (in a launch.json) as text; undefined for what is none. */
export function pidOf(value: unknown): number | undefined {
	const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : numberOf(value);
	return number !== undefined && number > 0 && number < 2 ** 31 ? number : undefined;
}

/** A list; empty where it is none. */
export function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

/** An event that matters; undefined for all other messages. */
export function readEvent(message: unknown): AdapterEvent | undefined {
	const { type, event, body } = fieldsOf(message);
	if (type !== "event") return undefined;
	const fields = fieldsOf(body);
	switch (event) {
		case "process": {
			const pid = pidOf(fields["systemProcessId"]);
			const name = textOf(fields["name"]);
			const local = fields["isLocalProcess"];
			return {
				event,
				...(pid === undefined ? {} : { pid }),
				...(name === undefined ? {} : { name }),
				...(typeof local === "boolean" ? { local } : {}),
			};
		}
		case "stopped":
			return { event, stop: readStopped(fields) };
		case "continued":
		case "thread":
		case "exited":
		case "terminated":
		case "memory":
			return { event };
		default:
			return undefined;
	}
}

function readStopped(fields: Fields): StoppedEvent {
	const description = textOf(fields["description"]);
	const text = textOf(fields["text"]);
	const threadId = numberOf(fields["threadId"]);
	return {
		reason: textOf(fields["reason"]) ?? "",
		...(description === undefined ? {} : { description }),
		...(text === undefined ? {} : { text }),
		...(threadId === undefined ? {} : { threadId }),
	};
}

/** A request; undefined for all other messages. */
export function readRequest(message: unknown): AdapterRequest | undefined {
	const { type, seq, command, arguments: parameters } = fieldsOf(message);
	if (type !== "request" || typeof command !== "string") return undefined;
	return { sequence: numberOf(seq) ?? -1, command, parameters: fieldsOf(parameters) };
}

/** A response; undefined for all other messages. */
export function readResponse(message: unknown): AdapterResponse | undefined {
	const { type, request_seq: requestSequence, command, success, body } = fieldsOf(message);
	if (type !== "response" || typeof command !== "string") return undefined;
	return { requestSequence: numberOf(requestSequence) ?? -1, command, success: success === true, body: fieldsOf(body) };
}

/** What an adapter can do, from its answer to `initialize`, as far as it matters here. */
export interface Capabilities {
	/** It answers `readMemory`; one that does not may die of being asked (lldb-dap 19). */
	readonly readMemory: boolean;
	readonly exceptionInfo: boolean;
}

/** No capabilities are known. */
export const noCapabilities: Capabilities = { readMemory: false, exceptionInfo: false };

/** Capabilities out of the body of a response to `initialize`. */
export function readCapabilities(body: Fields): Capabilities {
	return {
		readMemory: body["supportsReadMemoryRequest"] === true,
		exceptionInfo: body["supportsExceptionInfoRequest"] === true,
	};
}

/** A stack frame. Hostile text. */
export interface StackFrame {
	readonly id: number;
	readonly name: string;
	readonly path?: string;
	readonly line: number;
	/** Where it goes on; a byte address. */
	readonly instructionPointer?: bigint;
}

/** The topmost frame in the body of a response to `stackTrace`; undefined when there is none. */
export function readTopFrame(body: Fields): StackFrame | undefined {
	return readFrame(listOf(body["stackFrames"])[0]);
}

/** All frames in the body of a response to `stackTrace`, the innermost first. */
export function readFrames(body: Fields): StackFrame[] {
	return listOf(body["stackFrames"]).flatMap((frame) => readFrame(frame) ?? []);
}

function readFrame(value: unknown): StackFrame | undefined {
	const frame = fieldsOf(value);
	const id = numberOf(frame["id"]);
	if (id === undefined) return undefined;
	const path = textOf(fieldsOf(frame["source"])["path"]);
	const instructionPointer = parseAddress(textOf(frame["instructionPointerReference"]));
	return {
		id,
		name: textOf(frame["name"]) ?? "",
		line: numberOf(frame["line"]) ?? 0,
		...(path === undefined ? {} : { path }),
		...(instructionPointer === undefined ? {} : { instructionPointer }),
	};
}

/** A byte address that text begins with: `0x7FFF…`; undefined for other text and for more than 64 bits. */
export function parseAddress(text: string | undefined): bigint | undefined {
	const [, digits] = /^\s*0x([0-9a-f]{1,16})(?![0-9a-z])/i.exec(text ?? "") ?? [];
	return digits === undefined ? undefined : BigInt(`0x${digits}`);
}
