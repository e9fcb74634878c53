import type { FaultExplanation } from "../../shared/debug/faults";
import type { DebuggeeService, Fault } from "../sampler/debuggeeProtocol";
import { codeOfSigcode, parseFault, type ToldFault } from "./faultText";
import { fieldsOf, parseAddress, textOf } from "./messages";
import { ask, type SessionHandle } from "./session";
import type { SessionTracker, TrackedStop } from "./sessionTracker";

/** Where gdb keeps what the kernel said of a signal. */
const siginfo = "$_siginfo";

/** Finds out why a signal stopped a debuggee: what the adapter tells of it, looked up in the stop's mappings. */
export class FaultFinder {
	constructor(
		private readonly session: SessionHandle,
		private readonly tracker: SessionTracker,
		private readonly sampler: DebuggeeService,
	) {}

	/**
	 * The explanation of the stop that `history` has read last. Undefined when it was no SIGSEGV and no SIGBUS.
	 *
	 * Errors: `io` where the adapter does not answer, else as `explainFault` of the sampler.
	 */
	async find(stop: TrackedStop, history: number): Promise<FaultExplanation | undefined> {
		const told = await this.#told(stop);
		if (told === undefined) return undefined;
		const { threadId } = stop;
		const pointer = threadId === undefined ? undefined : this.tracker.topFrames.get(threadId)?.instructionPointer;
		return await this.sampler.explainFault(history, {
			...told,
			...(threadId === undefined ? {} : { tid: threadId }),
			...(pointer === undefined ? {} : { instructionPointer: pointer }),
		});
	}

	async #told(stop: TrackedStop): Promise<ToldFault | undefined> {
		const texts = [stop.description, stop.text];
		let told = parseFault(texts);
		if (told?.address !== undefined) return told;
		if (this.tracker.capabilities.exceptionInfo && stop.threadId !== undefined) {
			const info = fieldsOf(await ask(this.session, "exceptionInfo", { threadId: stop.threadId }));
			told = parseFault([...texts, textOf(info["exceptionId"]), textOf(info["description"])]);
		}
		if (told === undefined || told.address !== undefined || !speaksGdb(this.session.info.type)) return told;
		return { ...told, ...(await this.#signalInfo(stop)) };
	}

	/** The address and the code as gdb has them. */
	async #signalInfo({ threadId }: TrackedStop): Promise<Pick<Fault, "address" | "code">> {
		const frameId = threadId === undefined ? undefined : this.tracker.topFrames.get(threadId)?.id;
		const evaluate = async (expression: string): Promise<string | undefined> => {
			const parameters = { expression, context: "watch", ...(frameId === undefined ? {} : { frameId }) };
			return textOf(fieldsOf(await ask(this.session, "evaluate", parameters))["result"]);
		};
		const address = parseAddress(
			(await evaluate(`${siginfo}._sifields._sigfault.si_addr`))?.replace(/^\s*\([^()]*\)/, ""),
		);
		const code = codeOfSigcode(Number(await evaluate(`${siginfo}.si_code`)));
		return { ...(address === undefined ? {} : { address }), ...(code === undefined ? {} : { code }) };
	}
}

/** Adapters on top of gdb: its own, cppdbg of cpptools, and others that call themselves so. */
function speaksGdb(type: string): boolean {
	return /gdb|cppdbg/.test(type);
}
