import type { FramePointers } from "../sampler/debuggeeProtocol";
import { fieldsOf, parseAddress, readTopFrame, textOf } from "./messages";
import { isScriptAdapter } from "./pointers";
import { ask, type SessionHandle } from "./session";
import type { SessionTracker } from "./sessionTracker";

/**
 * Where a stack frame is, as far as the adapter tells: the instruction from the frame itself, the stack pointer from its
 * registers (`$sp` is understood by lldb and gdb alike).
 *
 * @param thread as the protocol names it.
 * @param frame from 0, the innermost, on.
 * Errors: `io` where the adapter does not answer.
 */
export async function findFrame(
	session: SessionHandle,
	tracker: SessionTracker,
	thread: number,
	frame: number,
): Promise<FramePointers> {
	const native = !isScriptAdapter(session.info.type);
	const stack = await ask(session, "stackTrace", { threadId: thread, startFrame: frame, levels: 1 });
	const found = readTopFrame(fieldsOf(stack));
	if (found === undefined) return {};
	const register = async (expression: string): Promise<bigint | undefined> => {
		tracker.evaluatesItself(expression);
		const parameters = { expression, context: "watch", frameId: found.id };
		// An interpreter has no registers: then that is not known.
		const answer = await ask(session, "evaluate", parameters).catch(() => undefined);
		return parseAddress(textOf(fieldsOf(answer)["result"])?.replace(/^\s*\([^()]*\)/, ""));
	};
	const stackPointer = native ? await register("$sp") : undefined;
	const instructionPointer = found.instructionPointer ?? (native ? await register("$pc") : undefined);
	return {
		// The kernel knows where the innermost frame stands only.
		...(frame === 0 ? { tid: thread } : {}),
		...(stackPointer === undefined ? {} : { stackPointer }),
		...(instructionPointer === undefined ? {} : { instructionPointer }),
	};
}
