import type { PageState } from "../../shared/pageStates";
import { focusNextBlock } from "../ui/focusBlocks";
import type { Lifetime } from "../ui/lifetime";
import type { Block } from "./context";
import { type GlobalCommand, globalCommand } from "./keyboard";

/** What the keys of the whole view do. */
export interface KeyTargets {
	find(): void;
	live(): void;
	goTo(): void;
	toggleState(state: PageState): void;
	/** The blocks in the order of the page, visible or not. */
	blocks(): readonly Block[];
}

/** Listens for the keys that work everywhere in the view, after the block that has the focus. */
export function routeKeys(lifetime: Lifetime, targets: KeyTargets): void {
	lifetime.listen(document, "keydown", (event) => {
		// What reaches the window is handed on to VS Code, whose own F6 or Escape would act too: what is ours ends here.
		if (event.defaultPrevented) {
			event.stopPropagation();
			return;
		}
		const target = event.composedPath()[0];
		const typing = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
		const command = globalCommand(event, typing);
		if (!command || !run(command, targets)) return;
		event.preventDefault();
		event.stopPropagation();
	});
}

/** Carries a command out; false where it is left to VS Code. */
function run(command: GlobalCommand, targets: KeyTargets): boolean {
	switch (command.kind) {
		case "find":
		case "live":
		case "goTo":
			targets[command.kind]();
			return true;
		case "block":
			return focusNextBlock(targets.blocks(), command.step);
		case "state":
			targets.toggleState(command.state);
			return true;
	}
}
