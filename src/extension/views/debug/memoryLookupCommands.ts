import { visibleText } from "../../../shared/text";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { commands } from "../../contributions";
import type { Debuggee } from "../../debug/debuggee";
import { textOf } from "../../debug/messages";
import type { Notifier } from "../notify";
import type { MemoryLookup } from "./memoryLookup";
import { type MenuTarget, menuTarget } from "./menuTarget";
import { valueAddress } from "./valueAddress";

/** The commands of the debugger's own views: Variables, Watch, Call Stack; and the one that asks for an address. */
export function registerMemoryLookup(lookup: MemoryLookup, notifier: Notifier): Disposable {
	const store = new DisposableStore();
	const onTarget = (id: string, run: (target: MenuTarget, debuggee: Debuggee) => Promise<void> | void) =>
		store.add(
			notifier.registerCommand(id, async (...parameters) => {
				const target = menuTarget(parameters);
				const debuggee = target && lookup.debuggee(target.session);
				if (target && debuggee) await run(target, debuggee);
				else notifier.showSentence("The process of this debug session is not known.");
			}),
		);
	const onAddress = async (
		{ variable }: Extract<MenuTarget, { kind: "variable" }>,
		debuggee: Debuggee,
		run: (address: bigint, title: string) => void,
	) => {
		const found = await valueAddress(variable, debuggee.session.info.type, (value) => debuggee.explainAddress(value));
		const name = visibleText(textOf(variable["name"]) ?? "this");
		if (!found) notifier.showSentence(`The debugger gives no address for ${name.replaceAll("](", "] (")}.`);
		else run(found.address, found.own ? `What Is the Address of ${name}?` : `What Does ${name} Point To?`);
	};

	onTarget(commands.showValueInMemoryMap, async (target, debuggee) => {
		if (target.kind === "variable") await onAddress(target, debuggee, (address) => lookup.show(debuggee, address));
		else if (target.kind === "frame") await lookup.showFrame(debuggee, target.thread, target.frame);
		else lookup.showWhole(debuggee);
	});
	onTarget(commands.explainValue, async (target, debuggee) => {
		if (target.kind === "variable") {
			await onAddress(target, debuggee, (address, title) => lookup.explain(debuggee, address, title));
		} else if (target.kind === "frame") await lookup.explainFrame(debuggee, target.thread, target.frame);
		else lookup.explain(debuggee);
	});
	store.add(
		notifier.registerCommand(commands.whatIsAddress, (address) => {
			const debuggee = lookup.debuggee();
			if (debuggee) lookup.explain(debuggee, typeof address === "string" ? BigInt(address) : undefined);
			else notifier.showSentence("Nothing is debugged whose process is known.");
		}),
	);
	return store;
}
