import { InputBoxValidationSeverity, type Terminal, window } from "vscode";
import { MapscopeError } from "../../../shared/errors";
import type { PanelState } from "../../../shared/mapPanel";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { commands } from "../../contributions";
import type { ProcessSummary } from "../../memory/model";
import { addressEcho, parseAddress } from "../addressInput";
import type { ProcDocuments } from "../documents/procDocuments";
import { notLinuxSentence } from "../errorText";
import { withoutLinks } from "../hostileText";
import type { Notifier } from "../notify";
import type { ProcessesView } from "../processes/processesView";
import type { ProcessPick } from "../processPick";
import type { SamplerAccess } from "../samplerAccess";
import { addressInWords } from "./addressWords";
import type { MemoryMapPanel } from "./memoryMapPanel";
import type { MemoryMapPanels } from "./memoryMapPanels";

export interface MemoryMapCommandsOptions {
	readonly panels: MemoryMapPanels;
	readonly pick: ProcessPick;
	readonly documents: ProcDocuments;
	readonly processes: ProcessesView;
	readonly sampler: SamplerAccess;
	readonly notifier: Notifier;
	readonly linux: boolean;
}

/** The commands of the palette. Each works with no view open: where a map is needed and none is, they ask which. */
export function registerMemoryMapCommands(options: MemoryMapCommandsOptions): Disposable {
	const { panels, pick, documents, processes, notifier, linux } = options;
	const store = new DisposableStore();
	const register = (id: string, run: (...parameters: unknown[]) => unknown) =>
		store.add(
			notifier.registerCommand(id, async (...parameters) => {
				if (!linux) notifier.showSentence(notLinuxSentence);
				else await run(...parameters);
			}),
		);

	const pickAndShow = async (title: string): Promise<MemoryMapPanel | undefined> => {
		const process = await pick.pick(title);
		if (!process) return undefined;
		panels.show(process);
		return panels.current;
	};
	const currentOrPicked = async (title: string) => panels.current ?? (await pickAndShow(title));
	const openText = async (file: "maps" | "smaps") => {
		const target = await pick.pick(`Open ${file} of Process`);
		if (target) await documents.open({ ...target, startTime: String(target.startTime) }, file);
	};

	register(commands.showMemoryMap, async () => pickAndShow("Show Memory Map of Process"));
	register(commands.showMemoryMapOfTerminal, async (terminal) => showTerminal(terminal, options));
	register(commands.goToAddress, async () => {
		const panel = await currentOrPicked("Go to Address in the Memory Map of Process");
		// A page that loads takes the focus, and an input box that loses it closes.
		await panel?.shown();
		if (panel) await promptForAddress(panel);
	});
	register(commands.find, async () => {
		const panel = await currentOrPicked("Find in the Memory Map of Process");
		await panel?.shown();
		panel?.emit("focusFind", null);
	});
	register(commands.showAsTable, async () => {
		const panel = await currentOrPicked("Show Memory Map of Process as Table");
		await panel?.shown();
		panel?.emit("showTable", null);
	});
	register(commands.toggleLive, async () => {
		const panel = panels.current;
		if (panel) panel.setLive(!panel.loop.live);
		else await pickAndShow("Show Memory Map of Process");
	});
	register(commands.refresh, async () => {
		if (documents.refreshActive()) return;
		if (panels.current) await panels.current.refresh();
		else if (processes.visible) await processes.refresh();
		else await pickAndShow("Show Memory Map of Process");
	});
	register(commands.openMaps, async () => openText("maps"));
	register(commands.openSmaps, async () => openText("smaps"));
	return store;
}

/** Asks for an address and shows it in `panel`. */
export async function promptForAddress(panel: MemoryMapPanel): Promise<void> {
	const input = await window.showInputBox({
		title: "Go to Address",
		prompt: "A hexadecimal address, with or without 0x, or a range as maps writes it",
		placeHolder: "7f48046a0000",
		ignoreFocusOut: true, // addresses are copied from elsewhere
		validateInput: (text) => {
			const parsed = parseAddress(text);
			if (parsed.kind === "invalid") return text.trim() === "" ? "" : parsed.sentence;
			return echo(panel, text, parsed.address);
		},
	});
	const parsed = input === undefined ? undefined : parseAddress(input);
	if (parsed?.kind !== "address") return;
	panel.tab.reveal();
	panel.goTo(parsed.address);
}

/** What the prompt says of an address before one goes there: what it is, and its value when that is not what was typed. */
async function echo(
	panel: MemoryMapPanel,
	text: string,
	address: bigint,
): Promise<{ readonly message: string; readonly severity: InputBoxValidationSeverity } | undefined> {
	// Nobody needs to know what lies at the first digits of an address; and where nothing is known, one may go all the same.
	const place = address < 0x1000n ? undefined : await panel.describe(address).catch(() => undefined);
	const value = addressEcho(text);
	const words = [value && `Goes to ${value}`, place && withoutLinks(addressInWords(place))].filter(Boolean).join(": ");
	return words === "" ? undefined : { message: words, severity: InputBoxValidationSeverity.Info };
}

/** Opens the map of the newest process that has the name of the one in `panel`. */
export async function watchNext(
	panel: MemoryMapPanel,
	{ panels, sampler, notifier }: Pick<MemoryMapCommandsOptions, "panels" | "sampler" | "notifier">,
): Promise<void> {
	const { name } = panel.target;
	const next = newestNamed(await sampler.call.listProcesses({ kernelThreads: false }), panel.target);
	if (next) panels.show(next);
	else notifier.showSentence(`No other process is called ${withoutLinks(name)} now.`);
}

/** The process started last among those with the name of `target`, without itself and those that have ended. */
function newestNamed(processes: readonly ProcessSummary[], target: PanelState): ProcessSummary | undefined {
	return processes
		.filter(({ name, state }) => name === target.name && state !== "Z" && state !== "X")
		.filter(({ pid, startTime }) => pid !== target.pid || String(startTime) !== target.startTime)
		.sort((a, b) => (a.startTime < b.startTime ? 1 : -1))[0];
}

async function showTerminal(argument: unknown, { panels, sampler, notifier }: MemoryMapCommandsOptions): Promise<void> {
	const terminal = isTerminal(argument) ? argument : window.activeTerminal;
	const shell = await terminal?.processId;
	if (!terminal) return notifier.showSentence("No terminal is open.");
	if (shell === undefined) return notifier.showSentence("This terminal runs no process that can be seen from here.");
	const pid = await sampler.call.foregroundProcess(shell);
	try {
		await panels.showPid(pid, undefined);
	} catch (error) {
		if (error instanceof MapscopeError) notifier.showError(error, { pid });
		else throw error;
	}
}

/** Context menus of a terminal pass it along; the palette passes nothing. */
function isTerminal(value: unknown): value is Terminal {
	return typeof value === "object" && value !== null && "processId" in value && "shellIntegration" in value;
}
