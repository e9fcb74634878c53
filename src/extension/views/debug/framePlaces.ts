import { type Fields, fieldsOf, textOf } from "../../debug/messages";
import { pointerValue } from "../../debug/pointers";
import { type AskAdapter, type TracedFrame, traceFrames } from "./tracedFrames";
import { isPointer } from "./valueAddress";

/** A pointer among the variables of a frame. */
export interface FramePointer {
	/** A name of the source. */
	readonly name: string;
	readonly address: bigint;
}

/** Frames that are looked through for one that is chosen: deep recursion has more, and nobody climbs that far. */
const mostFrames = 200;
/** Variables that are looked at: more do not fit on a screen. */
const mostVariables = 200;

/** The frame of a thread that the adapter numbers `frameId`. Errors: those of the adapter. */
export async function frameById(ask: AskAdapter, thread: number, frameId: number): Promise<TracedFrame | undefined> {
	const [top] = await traceFrames(ask, thread, 0, 1);
	if (top?.id === frameId) return top;
	return (await traceFrames(ask, thread, 0, mostFrames)).find(({ id }) => id === frameId);
}

/**
 * Parameters and local variables of a frame that hold an address: those whose type is a pointer, or, where the adapter
 * tells no types, whose value looks like one. Null pointers are left out. Errors: those of the adapter.
 *
 * @param adapterType as for `pointerValue`.
 */
export async function localPointers(ask: AskAdapter, frameId: number, adapterType: string): Promise<FramePointer[]> {
	const scopes = fieldsOf(await ask("scopes", { frameId }))["scopes"];
	const pointers = new Map<string, FramePointer>();
	for (const scope of Array.isArray(scopes) ? scopes.map(fieldsOf) : []) {
		if (!isLocal(scope)) continue;
		const answer = fieldsOf(await ask("variables", { variablesReference: scope["variablesReference"] }));
		const variables: unknown = answer["variables"];
		for (const variable of Array.isArray(variables) ? variables.slice(0, mostVariables).map(fieldsOf) : []) {
			const name = textOf(variable["name"]);
			const address = pointerValue(variable, adapterType);
			const type = textOf(variable["type"]);
			if (name === undefined || !address || (type !== undefined && !isPointer(type))) continue;
			// Of variables with one name the innermost comes first.
			if (/^[A-Za-z_]\w*$/.test(name) && !pointers.has(name)) pointers.set(name, { name, address });
		}
	}
	return [...pointers.values()];
}

function isLocal(scope: Fields): boolean {
	if (scope["expensive"] === true) return false;
	const hint = textOf(scope["presentationHint"]);
	return (
		hint === "locals" || hint === "arguments" || /^(locals?|arguments|parameters)\b/i.test(textOf(scope["name"]) ?? "")
	);
}

/** Where in the text of a function the hint of a variable stands. */
export interface HintPlace extends FramePointer {
	/** From 0 on. */
	readonly line: number;
	/** The end of the name. */
	readonly character: number;
}

/** Lines above the one where a frame stands that may get hints: what is further up is seldom on the screen. */
const reach = 60;

/**
 * The place of each variable's hint: its last mention at or above the line where the frame stands, within its function as
 * far as the text tells (a line that begins with a brace or a letter, as functions do, ends the search).
 *
 * @param lineAt the text of a line, from 0 on. @param at the line where the frame stands, from 0 on.
 */
export function hintPlaces(
	pointers: readonly FramePointer[],
	lineAt: (line: number) => string,
	at: number,
): HintPlace[] {
	const open = new Map(pointers.map((pointer) => [pointer.name, pointer]));
	const places: HintPlace[] = [];
	for (let line = at; line >= Math.max(0, at - reach) && open.size > 0; line--) {
		const text = lineAt(line);
		for (const pointer of [...open.values()]) {
			const match = new RegExp(`(?<![\\w."'>])${pointer.name}(?!\\w)(?!\\s*\\()`).exec(withoutText(text));
			if (!match) continue;
			open.delete(pointer.name);
			places.push({ ...pointer, line, character: match.index + pointer.name.length });
		}
		if (line < at && /^[A-Za-z_]/.test(text)) break;
	}
	return places.sort((a, b) => a.line - b.line || a.character - b.character);
}

/** A line of source with what stands in quotes and in a comment at its end blanked out. */
function withoutText(line: string): string {
	return line
		.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, (text) => " ".repeat(text.length))
		.replace(/\/\/.*$/, (text) => " ".repeat(text.length));
}
