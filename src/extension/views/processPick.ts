import { type Disposable, type Memento, type QuickPickItem, QuickPickItemKind, window } from "vscode";
import { toErrorData } from "../../shared/errors";
import type { ProcessSummary } from "../memory/model";
import type { SamplerService } from "../sampler/protocol";
import { errorText } from "./errorText";
import {
	type PickEntry,
	pickEntries,
	pickEntry,
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
		let first: ProcessItem | undefined;
		const showItems = () => {
			quickPick.items = first ? [first, ...items.filter((item) => item.process !== first?.process)] : items;
		};
		const putFirst = () => {
			// While nothing is known, nothing can be said of a pid.
			const former = first;
			first = processes && firstItem(quickPick.value, processes, this.#ownUid);
			// New items put the selection back to the first one, so they are set only when they are others.
			if (first?.label !== former?.label || first?.process !== former?.process) showItems();
		};
		quickPick.title = title;
		quickPick.placeholder = "Name, PID or command line";
		quickPick.matchOnDescription = true;
		quickPick.matchOnDetail = true;
		quickPick.busy = true;
		try {
			const picked = new Promise<ProcessSummary | undefined>((resolve) => {
				listeners.push(
					quickPick.onDidChangeValue(putFirst),
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
			first = processes && firstItem(quickPick.value, processes, this.#ownUid);
			showItems();
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

/** What stands above all else: the process whose pid was typed, or why there is none. */
function firstItem(typed: string, processes: readonly ProcessSummary[], ownUid: number | undefined) {
	const exact = processByPid(typed, processes);
	if (exact) return { ...toItem(pickEntry(exact, ownUid)), alwaysShow: true };
	const sentence = unknownPidSentence(typed, processes);
	return sentence === undefined ? undefined : sentenceItem(sentence);
}

function sentenceItem(sentence: string): ProcessItem {
	return { label: `$(info) ${sentence}`, alwaysShow: true };
}
