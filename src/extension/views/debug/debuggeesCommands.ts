import { ConfigurationTarget, debug, type QuickPickItem, window, workspace } from "vscode";
import type { MappingBrief } from "../../../shared/debug/mappingBrief";
import type { DebuggeeInfo, DebuggeeProcess, StopInfo } from "../../../shared/debug/stops";
import { visibleText } from "../../../shared/text";
import { hexPage, pageToAddress } from "../../../shared/units";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { commands, settings } from "../../contributions";
import type { DebugSessions } from "../../debug/debugSessions";
import { copyLines } from "../clipboard";
import { debugSettings } from "../configuration";
import type { ProcDocuments } from "../documents/procDocuments";
import { withoutIcons } from "../hostileText";
import type { Notifier } from "../notify";
import type { SamplerAccess } from "../samplerAccess";
import { currentDebuggee } from "./currentDebuggee";
import type { DebuggeeRow, RowSubject } from "./debuggeeRows";
import type { DebuggeesView } from "./debuggeesView";
import { candidateText } from "./words/candidateWords";
import { debuggeeName } from "./words/debuggeeWords";
import { stopDetail, stopTitle } from "./words/stopWords";

/** The Memory Map as the debugger's commands use it. */
export interface DebuggeeMaps {
	/** Opens or reveals the map of a debuggee: its changes at the last stop, or the page that holds `address`. */
	show(process: DebuggeeProcess, address?: bigint): void;
	/** Shows one stop as compared with another in the map of a debuggee. */
	showStops(process: DebuggeeProcess, stop: number, against: number): Promise<void>;
}

export interface DebuggeesCommandsOptions {
	readonly view: DebuggeesView;
	readonly debuggees: DebugSessions;
	readonly maps: DebuggeeMaps;
	readonly documents: ProcDocuments;
	readonly sampler: SamplerAccess;
	readonly notifier: Notifier;
}

/** The commands of the Debuggee Mappings view, and those of the palette that are about debuggees as a whole. */
export function registerDebuggeesCommands(options: DebuggeesCommandsOptions): Disposable {
	const { view, debuggees, maps, documents, sampler, notifier } = options;
	const store = new DisposableStore();
	const register = (id: string, run: (parameter: unknown) => unknown) => store.add(notifier.registerCommand(id, run));
	const find = (id: number) => debuggees.list().find((debuggee) => debuggee.id === id);
	/** A menu hands the row's id on; a key binding nothing: then the selected row counts. */
	const onRow = (id: string, run: (subject: RowSubject, debuggee: DebuggeeInfo) => unknown) =>
		register(id, async (parameter) => {
			const subject = view.row(parameter)?.subject;
			const debuggee = subject && find(subject.debuggee);
			if (subject && debuggee) await run(subject, debuggee);
			else notifier.showSentence("Select a row in the Debuggee Mappings view first.");
		});
	const onMapping = (id: string, run: (mapping: MappingBrief, pageSize: number, debuggee: DebuggeeInfo) => unknown) =>
		onRow(id, async (subject, debuggee) => {
			if (subject.kind === "mapping") await run(subject.mapping, subject.pageSize, debuggee);
		});
	const current = (parameter?: unknown): DebuggeeInfo | undefined => {
		const row: DebuggeeRow | undefined = typeof parameter === "string" ? view.row(parameter) : undefined;
		return (row && find(row.subject.debuggee)) ?? currentDebuggee(debuggees.list(), debug.activeDebugSession?.id);
	};

	register(commands.showDebuggee, (parameter) => {
		const process = current(parameter)?.process;
		if (process) maps.show(process);
		else notifier.showSentence("Nothing is debugged whose process is known.");
	});
	register(commands.toggleReadingAtStops, async () => toggleReading());
	register(commands.chooseDebuggee, async (parameter) => {
		const row = typeof parameter === "string" ? view.row(parameter) : undefined;
		const debuggee = row ? find(row.subject.debuggee) : await pickDebuggee(debuggees.list());
		if (debuggee) await chooseProcess(debuggee, debuggees, notifier);
	});
	register(commands.compareStops, async () => {
		const debuggee = current();
		if (debuggee?.process === undefined || debuggee.stops.length < 2) {
			return notifier.showSentence("Two stops are needed to compare: this debuggee has not stopped twice yet.");
		}
		const stops = await pickStops(debuggee);
		if (stops) await maps.showStops(debuggee.process, stops.later, stops.earlier);
	});

	onRow(commands.revealDebuggeeRow, (subject, { process }) => {
		if (process) maps.show(process, firstAddress(subject));
	});
	onRow(commands.openDebuggeeMaps, async (_, { process }) => process && documents.open(process, "maps"));
	onRow(commands.openDebuggeeSmaps, async (_, { process }) => process && documents.open(process, "smaps"));
	onMapping(commands.copyDebuggeeAddress, async ({ startPage }, pageSize) =>
		copyLines(`0x${hexPage(startPage, pageSize)}`),
	);
	onMapping(commands.copyDebuggeeRange, async (mapping, pageSize) => copyLines(range(mapping, pageSize)));
	onMapping(commands.copyDebuggeeLine, async (mapping, pageSize, { process }) => {
		if (!process) return;
		const text = new TextDecoder().decode(await sampler.call.readText(process.pid, "maps"));
		const start = `${hexPage(mapping.startPage, pageSize)}-`;
		const line = text.split("\n").find((each) => each.startsWith(start));
		if (line === undefined) notifier.showSentence("This mapping is not there any more.");
		else await copyLines(line);
	});
	return store;
}

/** Turns reading at stops on or off, where the person has set it, else for all windows. */
async function toggleReading(): Promise<void> {
	const inspected = workspace.getConfiguration().inspect(settings.debugReadAtStops);
	const target = inspected?.workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
	const reads = !debugSettings().readAtStops;
	await workspace.getConfiguration().update(settings.debugReadAtStops, reads, target);
	window.setStatusBarMessage(reads ? "Memory is read at stops" : "Memory is not read at stops any more", 5000);
}

/** The session whose process is to be chosen: the only one, or the one that a person picks. */
async function pickDebuggee(all: readonly DebuggeeInfo[]): Promise<DebuggeeInfo | undefined> {
	if (all.length < 2) return all[0];
	const items = all.map((debuggee) => ({
		label: withoutIcons(debuggee.session.name),
		description: withoutIcons(debuggee.process ? `${debuggeeName(debuggee)}, ${debuggee.process.pid}` : ""),
		debuggee,
	}));
	return (await window.showQuickPick(items, { title: "Choose Process of Debug Session" }))?.debuggee;
}

async function chooseProcess(debuggee: DebuggeeInfo, debuggees: DebugSessions, notifier: Notifier): Promise<void> {
	const candidates = await debuggees.candidates(debuggee.id);
	if (candidates.length === 0) return notifier.showSentence("No process was found that may be the debuggee.");
	const items = candidates.map((candidate) => {
		const { label, description, detail } = candidateText(candidate);
		return { label: withoutIcons(label), description, detail: withoutIcons(detail), pid: candidate.pid };
	});
	const picked = await window.showQuickPick(items, {
		title: `Process of ${visibleText(debuggee.session.name)}`,
		placeHolder: "Processes that a debugger holds come first",
		matchOnDescription: true,
		matchOnDetail: true,
	});
	if (picked) await debuggees.choose(debuggee.id, picked.pid);
}

/** Two stops of a debuggee, the later one picked first. */
async function pickStops(
	debuggee: DebuggeeInfo,
): Promise<{ readonly later: number; readonly earlier: number } | undefined> {
	const [, ...others] = debuggee.stops;
	const later = await pickStop("Compare Stops: the Later One", others);
	if (later === undefined) return undefined;
	const before = debuggee.stops.filter(({ number }) => number < later);
	const earlier = await pickStop(`Compare Stops: Stop ${later} With`, before);
	return earlier === undefined ? undefined : { later, earlier };
}

async function pickStop(title: string, stops: readonly StopInfo[]): Promise<number | undefined> {
	const items: (QuickPickItem & { readonly number: number })[] = stops.toReversed().map((stop) => ({
		label: withoutIcons(stopTitle(stop)),
		description: withoutIcons(stopDetail(stop)),
		number: stop.number,
	}));
	return (await window.showQuickPick(items, { title, matchOnDescription: true }))?.number;
}

/** Where a row begins in memory; undefined for a debuggee as a whole. */
function firstAddress(subject: RowSubject): bigint | undefined {
	if (subject.kind === "mapping") return pageToAddress(subject.mapping.startPage, subject.pageSize);
	if (subject.kind !== "group" || subject.mappings.length === 0) return undefined;
	return pageToAddress(Math.min(...subject.mappings.map(({ startPage }) => startPage)), subject.pageSize);
}

function range({ startPage, endPage }: MappingBrief, pageSize: number): string {
	return `${hexPage(startPage, pageSize)}-${hexPage(endPage, pageSize)}`;
}
