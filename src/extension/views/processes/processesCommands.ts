import { window } from "vscode";
import { hexAddress } from "../../../shared/units";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { commands } from "../../contributions";
import { copyLines } from "../clipboard";
import type { ProcDocuments } from "../documents/procDocuments";
import type { MemoryMapPanels } from "../memoryMap/memoryMapPanels";
import type { Notifier } from "../notify";
import type { ProcessesView } from "./processesView";
import type { NodeSubject } from "./treeNode";

export interface ProcessesCommandsOptions {
	readonly view: ProcessesView;
	readonly panels: MemoryMapPanels;
	readonly documents: ProcDocuments;
	readonly notifier: Notifier;
}

/** The commands of the Processes view: its title bar, its context menu, its inline buttons. */
export function registerProcessesCommands({ view, panels, documents, notifier }: ProcessesCommandsOptions): Disposable {
	const store = new DisposableStore();
	const register = (id: string, run: (parameter: unknown) => unknown) => store.add(notifier.registerCommand(id, run));
	/** A command of a row gets the row's id from its menu, or nothing from a key binding: then the selected row counts. */
	const onRow = (id: string, run: (subject: ProcessSubject) => unknown) =>
		register(id, async (row) => {
			const subject = view.row(row)?.subject;
			if (subject && subject.kind !== "more") await run(subject);
			else notifier.showSentence("Select a row in the Processes view first.");
		});

	register(commands.refreshProcesses, async () => view.refresh());
	register(commands.filterProcesses, async () => filterProcesses(view, notifier));
	register(commands.clearProcessFilter, async () => view.choose({ filter: "" }));
	register(commands.foldProcesses, async () => view.choose({ folded: true }));
	register(commands.unfoldProcesses, async () => view.choose({ folded: false }));
	register(commands.showKernelThreads, async () => view.choose({ kernelThreads: true }));
	register(commands.hideKernelThreads, async () => view.choose({ kernelThreads: false }));
	register(commands.showMore, async (id) => {
		if (typeof id === "string") await view.showMore(id);
	});

	onRow(commands.revealInMemoryMap, (subject) => panels.show(subject.process, firstAddress(subject)));
	onRow(commands.openProcessMaps, async ({ process }) => documents.open(state(process), "maps"));
	onRow(commands.openProcessSmaps, async ({ process }) => documents.open(state(process), "smaps"));
	onRow(commands.copyPid, async ({ process }) => copyLines(String(process.pid)));
	onRow(commands.copyCommandLine, async ({ process }) => copyLines(process.commandLine.join(" ")));
	onRow(commands.copyAddress, async (subject) => {
		const address = firstAddress(subject);
		if (address !== undefined) await copyLines(`0x${hexAddress(address)}`);
	});
	onRow(commands.copyRange, async (subject) => {
		const { start, end } = mappingOf(subject)?.mapping ?? {};
		if (start !== undefined && end !== undefined) await copyLines(`${hexAddress(start)}-${hexAddress(end)}`);
	});
	onRow(commands.copyLine, async (subject) => {
		const line = mappingOf(subject)?.line;
		if (line !== undefined) await copyLines(line);
	});
	return store;
}

/** What a row with commands is about. */
type ProcessSubject = Exclude<NodeSubject, { kind: "more" }>;

/** Filters while the person types; Escape brings the former filter back. */
async function filterProcesses(view: ProcessesView, notifier: Notifier): Promise<void> {
	const former = view.options.filter;
	const box = window.createInputBox();
	const store = new DisposableStore();
	store.add(box);
	box.title = "Filter Processes";
	box.prompt = "Words of the name or command line, or the beginning of a PID; all must match";
	box.value = former;
	try {
		const accepted = await new Promise<boolean>((resolve) => {
			store.add(box.onDidChangeValue((filter) => notifier.inBackground("The filter failed.", view.choose({ filter }))));
			store.add(box.onDidAccept(() => resolve(true)));
			store.add(box.onDidHide(() => resolve(false)));
			box.show();
		});
		await view.choose({ filter: accepted ? box.value.trim() : former });
	} finally {
		store.dispose();
	}
}

function mappingOf(subject: ProcessSubject) {
	return subject.kind === "mapping" ? subject.mapping : undefined;
}

/** Where a row begins in memory: a mapping's first byte, a group's lowest; `undefined` for a process as a whole. */
function firstAddress(subject: ProcessSubject): bigint | undefined {
	if (subject.kind === "mapping") return subject.mapping.mapping.start;
	if (subject.kind !== "group") return undefined;
	const starts = subject.groups.flatMap((group) => group.mappings.map(({ mapping }) => mapping.start));
	return starts.reduce<bigint | undefined>(
		(lowest, start) => (lowest !== undefined && lowest < start ? lowest : start),
		undefined,
	);
}

function state({ pid, startTime, name }: ProcessSubject["process"]) {
	return { pid, startTime: String(startTime), name };
}
