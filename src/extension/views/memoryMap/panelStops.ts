import { Range, type Tab, TabInputText, Uri, ViewColumn, window, workspace } from "vscode";
import type { StopChanges } from "../../../shared/debug/changes";
import type { CardPlace, ShownStop, StopLayer, Strips } from "../../../shared/debug/stopLayer";
import type { DebuggeeInfo, DebugSessionInfo, SourcePlace, StopInfo } from "../../../shared/debug/stops";
import { MapscopeError } from "../../../shared/errors";
import type { PanelState, StripRoom } from "../../../shared/mapPanel";
import { type Disposable, DisposableStore } from "../../base/disposable";
import type { Debuggee } from "../../debug/debuggee";
import type { DebugSessions } from "../../debug/debugSessions";
import { debugSettings } from "../configuration";
import { debuggeeOf } from "../debug/currentDebuggee";
import { type ReadLayer, stopLayer } from "../debug/words/stopLayerWords";
import type { Notifier } from "../notify";
import type { SamplerAccess } from "../samplerAccess";

export interface PanelStopsOptions {
	readonly debuggees: DebugSessions;
	readonly sampler: SamplerAccess;
	readonly notifier: Notifier;
	/** The process of the panel. */
	readonly target: () => PanelState;
	/** The layer is another; `picture`: another stop is shown, or the process itself again. */
	readonly onChange: (picture: boolean) => void;
	readonly goTo: (address: bigint) => void;
}

/** What is read of a stop, and the sampler's watches that show it. */
interface Shown extends ReadLayer {
	/** The stop's picture, and one for each further list of changes. */
	readonly watches: readonly number[];
}

/** The stops in the Memory Map of a debuggee: which is shown, what has changed there, and the watch of its picture. */
export class PanelStops implements Disposable {
	readonly #store = new DisposableStore();
	readonly #options: PanelStopsOptions;
	#debuggee: DebuggeeInfo | undefined;
	/** The session that debugs the process, or did last. */
	#session: DebugSessionInfo | undefined;
	#shown: Shown | undefined;
	/** The last stop that was shown by itself: each new one is, and one that the person has left is not again. */
	#followed: number | undefined;
	/** Counts the wishes: of several under way the last one wins. */
	#wish = 0;

	constructor(options: PanelStopsOptions) {
		this.#options = options;
	}

	/** Begins to follow the debugger. */
	begin(): void {
		this.#store.add(this.#options.debuggees.onDidChange(() => this.#follow()));
		this.#follow();
	}

	/** Undefined for a process that is not debugged. */
	get layer(): StopLayer | undefined {
		return this.#debuggee && stopLayer(this.#debuggee, this.#shown, debugSettings().fingerprintBudget);
	}

	/** The session that has debugged the process and is over; undefined while it goes on, and where there was none. */
	get formerSession(): DebugSessionInfo | undefined {
		const { debuggees, target } = this.#options;
		return debuggeeOf(debuggees.list(), target()) === undefined ? this.#session : undefined;
	}

	/** The watch that shows the stop; undefined while the process itself is shown. */
	get watch(): number | undefined {
		return this.#shown?.watches[0];
	}

	/** Shows a stop, compared with another one or the one before. Errors: `bug` for a stop that is not known any more. */
	async show(stop: number, against?: number): Promise<void> {
		const debuggee = this.#live();
		const wish = ++this.#wish;
		const read = await this.#read(debuggee, against === undefined ? { stop } : ordered(stop, against));
		if (wish === this.#wish) this.#take(read);
		else this.#unwatch(read);
	}

	/** Shows the process itself again. */
	leave(): void {
		this.#wish++;
		if (this.#shown) this.#take(undefined);
	}

	/** The sampler was started again, and knows nothing of our watches. */
	forget(): void {
		this.#wish++;
		this.#shown = undefined;
		this.#followed = undefined;
	}

	/** Strips of mappings of one of the layer's lists. */
	async strips(list: number, startPages: readonly number[], room: StripRoom): Promise<Strips> {
		const watch = this.#shown?.watches[list];
		if (watch === undefined) throw new MapscopeError({ code: "bug", detail: `no list ${list}` });
		return await this.#options.sampler.call.strips(watch, startPages, room);
	}

	/** Bytes as the debugger tells them; undefined for a process that is not debugged, or runs. */
	async memory(address: bigint, length: number): Promise<Uint8Array | undefined> {
		const { debuggees, target } = this.#options;
		const found = debuggeeOf(debuggees.list(), target());
		return found === undefined ? undefined : await debuggees.debuggee(found.id).askMemory(address, length);
	}

	/** Goes to where a fault happened, in memory or in the source, or to where the recursion began that led to it. */
	async followCard(link: CardPlace): Promise<void> {
		const stop: Partial<StopInfo> = this.#stop() ?? {};
		const { fault, place, threadId } = stop;
		if (link === "map" && fault?.address !== undefined) this.#options.goTo(BigInt(`0x${fault.address}`));
		if (link === "source" && place) await openSource(place);
		if (link === "recursion" && threadId !== undefined) await this.#goToRecursion(stop, threadId);
	}

	async #goToRecursion({ number }: Partial<StopInfo>, threadId: number): Promise<void> {
		const { notifier } = this.#options;
		if (this.#debuggee?.running || number !== this.#debuggee?.stops.at(-1)?.number) {
			return notifier.showSentence("The program does not stand there any more: its stack cannot be looked at.");
		}
		const found = await this.#live().recursionStart(threadId);
		if (!found) return notifier.showSentence("The stack is too deep to look for where the recursion began.");
		await openSource(found.place);
		window.setStatusBarMessage(`The recursion began in frame ${found.frame} of the stack`, 5000);
	}

	dispose(): void {
		this.#store.dispose();
		this.#wish++;
		if (this.#shown) this.#unwatch(this.#shown);
	}

	#stop(): StopInfo | undefined {
		return this.#debuggee?.stops.find(({ number }) => number === this.#shown?.shown.stop);
	}

	#live(): Debuggee {
		if (!this.#debuggee) throw new MapscopeError({ code: "processGone", detail: "nothing is debugged here" });
		return this.#options.debuggees.debuggee(this.#debuggee.id);
	}

	#follow(): void {
		const { debuggees, target, notifier, onChange } = this.#options;
		const found = debuggeeOf(debuggees.list(), target());
		if (!found && !this.#debuggee) return;
		this.#session = found?.session ?? this.#session;
		this.#debuggee = found ?? afterTheEnd(this.#debuggee, this.#shown?.shown);
		onChange(false);
		const last = found?.stops.at(-1)?.number;
		if (last === undefined || last === this.#followed) return;
		this.#followed = last;
		notifier.inBackground("A stop could not be shown.", this.show(last));
	}

	async #read(debuggee: Debuggee, wanted: ShownStop): Promise<Shown> {
		const { call } = this.#options.sampler;
		const watches: number[] = [];
		try {
			watches.push(await debuggee.watchStop(wanted.stop, wanted.against));
			const pageSize = await call.pageSize();
			const against = wanted.against ?? stopBefore(debuggee.info().stops, wanted.stop);
			if (against === undefined) return { shown: wanted, pageSize, watches };
			const changes = await debuggee.compare(against, wanted.stop);
			const earlier = wanted.against === undefined ? await this.#earlier(debuggee, against) : undefined;
			if (earlier) watches.push(await debuggee.watchStop(earlier.to));
			return { shown: { stop: wanted.stop, against }, pageSize, changes, ...(earlier ? { earlier } : {}), watches };
		} catch (error) {
			this.#unwatch({ watches });
			throw error;
		}
	}

	/** What had changed from the stop before `stop`, when both are still known. */
	async #earlier(debuggee: Debuggee, stop: number): Promise<StopChanges | undefined> {
		const before = stopBefore(debuggee.info().stops, stop);
		return before === undefined ? undefined : await debuggee.compare(before, stop);
	}

	#take(read: Shown | undefined): void {
		const former = this.#shown;
		this.#shown = read;
		this.#options.onChange(true);
		if (former) this.#unwatch(former);
	}

	#unwatch({ watches }: Pick<Shown, "watches">): void {
		const { sampler, notifier } = this.#options;
		for (const watch of watches) notifier.inBackground("A watch could not be ended.", sampler.call.unwatch(watch));
	}
}

/** Opens a place in the source, with the cursor at the beginning of its line, where it does not cover the Memory Map. */
async function openSource({ path, line }: SourcePlace): Promise<void> {
	if (path === undefined) return;
	const document = await workspace.openTextDocument(path.includes("://") ? Uri.parse(path) : Uri.file(path));
	const { start } = document.lineAt(Math.max(0, Math.min(line, document.lineCount) - 1)).range;
	await window.showTextDocument(document, {
		viewColumn: columnOf(document.uri),
		preview: true,
		selection: new Range(start, start),
	});
}

/** The column where a document is open, else one with text on the screen, else a new one. */
function columnOf(uri: Uri): ViewColumn {
	const holds = ({ input }: Tab) => input instanceof TabInputText && input.uri.toString() === uri.toString();
	const group = window.tabGroups.all.find(({ tabs }) => tabs.some(holds));
	return group?.viewColumn ?? window.visibleTextEditors[0]?.viewColumn ?? ViewColumn.Beside;
}

/** The stop that a stop was compared with when it was read: none at the first, and none after an `exec`. */
function stopBefore(stops: readonly StopInfo[], stop: number): number | undefined {
	const compared = stops.some(({ number, totals }) => number === stop && totals !== undefined);
	return compared ? stops.filter(({ number }) => number < stop).at(-1)?.number : undefined;
}

/** The earlier of two stops is what the later one is compared with, whichever was named first. */
function ordered(one: number, other: number): ShownStop {
	return one === other ? { stop: one } : { stop: Math.max(one, other), against: Math.min(one, other) };
}

/** A debuggee whose session is over: only what is shown of it is still there. */
function afterTheEnd(debuggee: DebuggeeInfo | undefined, shown: ShownStop | undefined): DebuggeeInfo | undefined {
	if (!debuggee || !shown) return undefined;
	const { status } = debuggee;
	const ended = status.kind === "ended" || status.kind === "detached";
	return {
		...debuggee,
		running: true,
		reading: false,
		status: ended ? status : { kind: "ended", time: Date.now() },
		stops: debuggee.stops.filter(({ number }) => number === shown.stop),
	};
}
