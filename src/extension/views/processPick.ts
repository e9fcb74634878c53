import { type Disposable, type Memento, type QuickPickItem, QuickPickItemKind, window } from "vscode";
import { toErrorData } from "../../shared/errors";
import type { ProcessSummary } from "../memory/model";
import type { SamplerService } from "../sampler/protocol";
import { errorText } from "./errorText";
import {
	type PickEntry,
	pickEntries,
	processByPid,
	type RecentProcess,
	toRecent,
	unknownPidSentence,
	withRecent,
} from "./processPickEntries";

const recentKey = "processPick.recent";

interface ProcessItem extends QuickPickItem {
	readonly process?: ProcessSummary;
}

/** Asks which process, and remembers the answer. */
export class ProcessPick {
	readonly #sampler: Pick<SamplerService, "listProcesses">;
	readonly #memento: Memento;
	readonly #ownUid: number | undefined;

	constructor(sampler: Pick<SamplerService, "listProcesses">, memento: Memento, ownUid: number | undefined) {
		this.#sampler = sampler;
		this.#memento = memento;
		this.#ownUid = ownUid;
	}

	/** The process the person picks; `undefined` when they leave the list. */
	async pick(title: string): Promise<ProcessSummary | undefined> {
		const quickPick = window.createQuickPick<ProcessItem>();
		const listeners: Disposable[] = [quickPick];
		let processes: readonly ProcessSummary[] | undefined;
		let items: readonly ProcessItem[] = [];
		let sentence: string | undefined;
		// Items are told apart by their place in the list, so that an answer under way must find the same ones there: the
		// sentence about a typed pid comes last, and a process whose pid was typed is not moved but chosen.
		const follow = () => {
			const former = sentence;
			sentence = processes && unknownPidSentence(quickPick.value, processes);
			if (sentence !== former) quickPick.items = sentence === undefined ? items : [...items, sentenceItem(sentence)];
			const exact = processes && processByPid(quickPick.value, processes);
			const item = exact && items.find(({ process }) => process === exact);
			if (item) quickPick.activeItems = [item];
		};
		quickPick.title = title;
		quickPick.placeholder = "Name, PID or command line";
		quickPick.matchOnDescription = true;
		quickPick.matchOnDetail = true;
		quickPick.busy = true;
		try {
			const picked = new Promise<ProcessSummary | undefined>((resolve) => {
				listeners.push(
					quickPick.onDidChangeValue(follow),
					quickPick.onDidAccept(() => {
						const process = quickPick.selectedItems[0]?.process;
						// Accepting a sentence leaves the list open: there is something else to type.
						if (process) resolve(process);
					}),
					quickPick.onDidHide(() => resolve(undefined)),
				);
			});
			quickPick.show();
			try {
				processes = await this.#sampler.listProcesses({ kernelThreads: true });
				items = pickEntries(processes, this.#recent(), this.#ownUid).map(toItem);
			} catch (error) {
				items = [sentenceItem(errorText(toErrorData(error)).sentence)];
			}
			quickPick.items = items;
			follow();
			quickPick.busy = false;
			const process = await picked;
			if (process) await this.#memento.update(recentKey, withRecent(this.#recent(), process));
			return process;
		} finally {
			for (const listener of listeners) listener.dispose();
		}
	}

	#recent(): RecentProcess[] {
		return toRecent(this.#memento.get(recentKey));
	}
}

function toItem(entry: PickEntry): ProcessItem {
	if (entry.kind === "separator") return { label: entry.label, kind: QuickPickItemKind.Separator };
	const { label, description, detail, process } = entry;
	return { label, description, detail, process };
}

function sentenceItem(sentence: string): ProcessItem {
	return { label: `$(info) ${sentence}`, alwaysShow: true };
}
