import { debug } from "vscode";
import type { DebuggeeInfo } from "../../../shared/debug/stops";
import { MapscopeError } from "../../../shared/errors";
import { hexAddress } from "../../../shared/units";
import type { Debuggee } from "../../debug/debuggee";
import type { DebugSessions } from "../../debug/debugSessions";
import { copyLines } from "../clipboard";
import type { Notifier } from "../notify";
import type { SamplerAccess } from "../samplerAccess";
import { type Explained, showExplanation } from "./addressPick";
import { currentDebuggee } from "./currentDebuggee";
import type { DebuggeeMaps } from "./debuggeesCommands";
import type { AskAdapter } from "./tracedFrames";
import { addressFacts, frameFacts } from "./words/addressWords";

export interface MemoryLookupOptions {
	readonly debuggees: DebugSessions;
	readonly sampler: SamplerAccess;
	readonly maps: DebuggeeMaps;
	readonly notifier: Notifier;
}

/** From a place in the code, a variable or a frame to its place in memory, and what is there. */
export class MemoryLookup {
	constructor(private readonly options: MemoryLookupOptions) {}

	/** The debuggee of a session, or without one the debuggee that a command means. */
	debuggee(session?: string): Debuggee | undefined {
		const { debuggees } = this.options;
		const own = session === undefined ? undefined : debuggees.ofSession(session);
		if (own?.process) return own;
		const info: DebuggeeInfo | undefined = currentDebuggee(debuggees.list(), session ?? debug.activeDebugSession?.id);
		return info && debuggees.debuggee(info.id);
	}

	/** Opens the Memory Map of a debuggee at an address. */
	show({ process }: Debuggee, address: bigint): void {
		if (process) this.options.maps.show(process, address);
	}

	/** Opens the Memory Map of a debuggee. */
	showWhole({ process }: Debuggee): void {
		if (process) this.options.maps.show(process);
	}

	/** Says what an address is, in a list that takes another address, too. */
	explain(debuggee: Debuggee, address?: bigint, title = "What Is This Address?"): void {
		showExplanation({
			title,
			...(address === undefined ? {} : { value: `0x${hexAddress(address)}` }),
			lookUp: (other) => this.#explained(debuggee, other),
			onError: (error) => this.options.notifier.showError(error),
		});
	}

	/** Says what a stack frame is in memory. */
	async explainFrame(debuggee: Debuggee, thread: number, frame: number): Promise<void> {
		const { sampler, notifier } = this.options;
		const explanation = await debuggee.explainFrame(thread, frame);
		const { stackPointer, code } = explanation;
		const facts = [
			...frameFacts(explanation),
			...(stackPointer ? addressFacts(stackPointer, await sampler.call.pageSize()).slice(1, 2) : []),
		];
		if (facts.length === 0)
			throw new MapscopeError({ code: "unsupported", feature: "stack pointers of this debugger" });
		const actions = [
			...this.#place(debuggee, "Show Stack in Memory Map", "list-flat", stackPointer?.address),
			...this.#place(debuggee, "Show Code in Memory Map", "symbol-method", code?.address),
		];
		showExplanation({
			title: `Frame ${frame} of Thread ${thread}`,
			first: { facts, actions },
			onError: (error) => notifier.showError(error),
		});
	}

	/** Opens the Memory Map at a frame's stack, or at its code where the stack is not known. */
	async showFrame(debuggee: Debuggee, thread: number, frame: number): Promise<void> {
		const { stackPointer, code } = await debuggee.explainFrame(thread, frame);
		const address = stackPointer?.address ?? code?.address;
		if (address === undefined) {
			throw new MapscopeError({ code: "unsupported", feature: "stack pointers of this debugger" });
		}
		this.show(debuggee, BigInt(`0x${address}`));
	}

	/** Sends requests to a debuggee's adapter, which gets a few seconds to answer. */
	asker(debuggee: Debuggee): AskAdapter {
		return (command, parameters) => debuggee.request(command, parameters);
	}

	async #explained(debuggee: Debuggee, address: bigint): Promise<Explained> {
		const explanation = await debuggee.explainAddress(address);
		const text = `0x${hexAddress(address)}`;
		return {
			facts: addressFacts(explanation, await this.options.sampler.call.pageSize()),
			actions: [
				...(explanation.mapping ? this.#place(debuggee, "Show in Memory Map", "layers", explanation.address) : []),
				{ icon: "copy", label: "Copy Address", run: () => copyLines(text) },
			],
		};
	}

	#place(debuggee: Debuggee, label: string, icon: string, address: string | undefined): Explained["actions"] {
		return address === undefined ? [] : [{ icon, label, run: () => this.show(debuggee, BigInt(`0x${address}`)) }];
	}
}
