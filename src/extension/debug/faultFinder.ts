import type { FaultExplanation } from "../../shared/debug/faults";
import type { DebuggeeService } from "../sampler/debuggeeProtocol";
import { parseFault, parseSignalInfo, parseSignalNumber, type ToldFault } from "./faultText";
import { fieldsOf, type StackFrame, textOf } from "./messages";
import { ask, type SessionHandle } from "./session";
import type { SessionTracker, TrackedStop } from "./sessionTracker";

/** Finds out why a signal stopped a debuggee: what the adapter tells of it, looked up in the stop's mappings. */
export class FaultFinder {
	constructor(
		private readonly session: SessionHandle,
		private readonly tracker: SessionTracker,
		private readonly sampler: DebuggeeService,
	) {}

	/**
	 * The explanation of a stop. Undefined when it was no SIGSEGV and no SIGBUS.
	 *
	 * @param read the sampler's names of the history and of the stop in it.
	 * @param frame asks for the frame in which the thread stopped.
	 * Errors: `io` where the adapter does not answer, else as `explainFault` of the sampler.
	 */
	async find(
		stop: TrackedStop,
		read: { readonly history: number; readonly number: number },
		frame: () => Promise<StackFrame | undefined>,
	): Promise<FaultExplanation | undefined> {
		const told = await this.#told(stop, frame);
		if (told === undefined) return undefined;
		const { threadId } = stop;
		const pointer = threadId === undefined ? undefined : this.tracker.topFrames.get(threadId)?.instructionPointer;
		return await this.sampler.explainFault(read.history, read.number, {
			...told,
			...(threadId === undefined ? {} : { tid: threadId }),
			...(pointer === undefined ? {} : { instructionPointer: pointer }),
		});
	}

	async #told(stop: TrackedStop, frame: () => Promise<StackFrame | undefined>): Promise<ToldFault | undefined> {
		const texts = [stop.description, stop.text];
		let told = parseFault(texts);
		if (isComplete(told)) return told;
		if (this.tracker.capabilities.exceptionInfo && stop.threadId !== undefined) {
			const info = fieldsOf(await ask(this.session, "exceptionInfo", { threadId: stop.threadId }));
			told = parseFault([...texts, textOf(info["exceptionId"]), textOf(info["description"])]);
		}
		if (isComplete(told)) return told;
		// gdb's own adapter says of a signal not even which it was.
		const unnamed = told === undefined && stop.reason === "signal";
		if (told === undefined && !unnamed) return undefined;
		const text = await this.#signalInfo((await frame())?.id);
		const signal = told?.signal ?? parseSignalNumber(text);
		return signal && { ...told, signal, ...parseSignalInfo(text, signal) };
	}

	/** The kernel's `siginfo_t` as the debugger prints it; "" where it is none that we know how to ask. */
	async #signalInfo(frameId: number | undefined): Promise<string> {
		const { type } = this.session.info;
		const expressions: readonly (readonly [string, "repl" | "watch"])[] = /lldb/.test(type)
			? [["`thread siginfo", "repl"]]
			: /gdb|cppdbg/.test(type)
				? [
						["$_siginfo.si_signo", "watch"],
						["$_siginfo._sifields._sigfault.si_addr", "watch"],
						["$_siginfo.si_code", "watch"],
					]
				: [];
		const answers: string[] = [];
		for (const [expression, context] of expressions) {
			this.tracker.evaluatesItself(expression);
			const parameters = { expression, context, ...(frameId === undefined ? {} : { frameId }) };
			const result = textOf(fieldsOf(await ask(this.session, "evaluate", parameters))["result"]);
			// gdb gives the bare value, lldb the whole structure with its names.
			answers.push(`${expression} = ${result ?? ""}`);
		}
		return answers.join("\n");
	}
}

/** Nothing is left to ask: there is an address, or the kernel gave none. */
function isComplete(told: ToldFault | undefined): boolean {
	return told?.address !== undefined || told?.code === "protectionFault";
}
