import { type QuickPick, type QuickPickItem, QuickPickItemKind, window } from "vscode";
import { toErrorData } from "../../../shared/errors";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { parseAddress } from "../addressInput";
import { copyLines } from "../clipboard";
import { errorText } from "../errorText";
import { withoutIcons } from "../hostileText";
import type { AddressFact } from "./words/addressWords";

/** What the person may do with what is explained; each entry of the list that is chosen runs one. */
export interface PickAction {
	readonly icon: string;
	readonly label: string;
	run(): unknown;
}

/** An explanation: facts, and what may be done. */
export interface Explained {
	readonly facts: readonly AddressFact[];
	readonly actions: readonly PickAction[];
}

interface Item extends QuickPickItem {
	run?(): unknown;
}

/** Milliseconds after the last key until what was typed is looked up. */
const typingPause = 120;

/**
 * Shows an explanation as a list: facts, which Enter copies, and below them what may be done. With `lookUp`, the box above
 * takes another address at any time.
 */
export function showExplanation(options: {
	readonly title: string;
	readonly first?: Explained;
	/** What the box holds at first. */
	readonly value?: string;
	readonly lookUp?: (address: bigint) => Promise<Explained>;
	readonly onError: (error: unknown) => void;
}): void {
	const { title, first, value = "", lookUp, onError } = options;
	const store = new DisposableStore();
	const pick: QuickPick<Item> = store.add(window.createQuickPick<Item>());
	let wish = 0;
	let timer: NodeJS.Timeout | undefined;
	pick.title = title;
	pick.placeholder = lookUp
		? "A hexadecimal address, for instance 7f48046a0000"
		: "Enter copies a line, or does what it says";
	pick.ignoreFocusOut = false;
	pick.value = value;
	pick.items = first ? items(first) : [];
	const ask = async (text: string): Promise<void> => {
		const mine = ++wish;
		const parsed = parseAddress(text);
		if (parsed.kind === "invalid" || !lookUp) {
			pick.items = text.trim() === "" || parsed.kind !== "invalid" ? [] : [sentence(parsed.sentence)];
			return;
		}
		pick.busy = true;
		const found = await lookUp(parsed.address).then(items, (error: unknown) => [
			sentence(errorText(toErrorData(error)).sentence),
		]);
		if (mine !== wish) return;
		pick.busy = false;
		pick.items = found;
	};
	store.add(timerOf(() => clearTimeout(timer)));
	store.add(
		pick.onDidChangeValue((text) => {
			if (!lookUp) return;
			clearTimeout(timer);
			timer = setTimeout(() => void ask(text).catch(onError), typingPause);
		}),
	);
	store.add(
		pick.onDidAccept(() => {
			const { run } = pick.selectedItems[0] ?? {};
			if (!run) return;
			pick.hide();
			Promise.resolve()
				.then(() => run())
				.catch(onError);
		}),
	);
	store.add(pick.onDidHide(() => store.dispose()));
	pick.show();
	if (!first && value !== "") void ask(value).catch(onError);
}

function items({ facts, actions }: Explained): Item[] {
	return [
		...facts.map(({ icon, text, detail }) => ({
			label: `$(${icon}) ${withoutIcons(text)}`,
			description: withoutIcons(detail),
			alwaysShow: true,
			run: () => copyLines([text, detail].filter(Boolean).join(", ")),
		})),
		{ label: "", kind: QuickPickItemKind.Separator },
		...actions.map(({ icon, label, run }) => ({ label: `$(${icon}) ${label}`, alwaysShow: true, run })),
	];
}

function sentence(text: string): Item {
	return { label: `$(info) ${withoutIcons(text)}`, alwaysShow: true };
}

function timerOf(dispose: () => void): Disposable {
	return { dispose };
}
