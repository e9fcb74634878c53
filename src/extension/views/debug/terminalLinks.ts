import { type TerminalLink, window } from "vscode";
import type { Disposable } from "../../base/disposable";
import type { Notifier } from "../notify";
import { addressesIn } from "./addressText";
import type { MemoryLookup } from "./memoryLookup";

interface AddressLink extends TerminalLink {
	readonly address: bigint;
}

/** Makes links of addresses that programs print into terminals while something is debugged. */
export function registerAddressLinks(lookup: MemoryLookup, notifier: Notifier): Disposable {
	return window.registerTerminalLinkProvider({
		provideTerminalLinks: ({ line }): AddressLink[] =>
			lookup.debuggee() === undefined
				? []
				: addressesIn(line).map(({ start, length, address }) => ({
						startIndex: start,
						length,
						address,
						tooltip: "What is this address of the debuggee?",
					})),
		handleTerminalLink: ({ address }: AddressLink) => {
			const debuggee = lookup.debuggee();
			if (debuggee) lookup.explain(debuggee, address);
			else notifier.showSentence("Nothing is debugged any more.");
		},
	});
}
