import { randomBytes } from "node:crypto";
import { Uri, type WebviewPanel, workspace } from "vscode";
import { toErrorData } from "../../../shared/errors";
import type { MapFrame, MapQuery } from "../../../shared/mapFrame";
import type { MapPanelEvents, MapPanelService, MapPanelSettings, PanelState } from "../../../shared/mapPanel";
import type { PageBytes } from "../../../shared/pageBytes";
import { visibleText } from "../../../shared/text";
import { addressToPage, pageToAddress } from "../../../shared/units";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { settings } from "../../contributions";
import type { DebugSessions } from "../../debug/debugSessions";
import type { AddressDescription } from "../../memory/model";
import { liveInterval } from "../configuration";
import { LiveLoop, type RoundOutcome } from "../liveLoop";
import type { Notifier } from "../notify";
import type { SamplerAccess } from "../samplerAccess";
import { systemClock } from "../systemClock";
import { PageServer } from "../webview/pageServer";
import { panelHtml } from "../webview/panelHtml";
import { panelService } from "./panelService";
import { PanelStops } from "./panelStops";
import type { SavedViews } from "./savedViews";

export interface MemoryMapPanelOptions {
	readonly panel: WebviewPanel;
	readonly target: PanelState;
	readonly sampler: SamplerAccess;
	readonly notifier: Notifier;
	readonly extensionUri: Uri;
	readonly savedViews: SavedViews;
	readonly debuggees: DebugSessions;
	/** What the panel asks of the rest of the product. */
	readonly actions: PanelActions;
}

export interface PanelActions {
	promptForAddress(panel: MemoryMapPanel): Promise<void>;
	openText(target: PanelState, file: "maps" | "smaps"): Promise<void>;
	watchNext(panel: MemoryMapPanel): Promise<void>;
}

/** One Memory Map tab: a webview, a watch in the sampler, and the loop that samples while both are seen. */
export class MemoryMapPanel implements Disposable {
	readonly #store = new DisposableStore();
	readonly #options: MemoryMapPanelOptions;
	readonly #server: PageServer<MapPanelService, MapPanelEvents>;
	readonly #loop: LiveLoop;
	readonly #stops: PanelStops;
	#target: PanelState;
	#watch: Promise<number> | undefined;
	#query: MapQuery | undefined;
	#sampled = false;
	#smapsWanted = false;
	#smapsEstimate: number | undefined;
	#pageSize: number | undefined;
	/** When the sampler was last started again, until the person refreshes. */
	#restartTime: number | undefined;
	#toldSettings = "";
	#toldStops = "";
	/** The page has its first picture. */
	#picture = picture();

	constructor(options: MemoryMapPanelOptions) {
		this.#options = options;
		this.#target = options.target;
		const { panel, sampler, notifier } = options;
		this.#loop = this.#store.add(
			new LiveLoop({
				round: () => this.#sample(),
				onError: (error) => notifier.logError(`Process ${this.#target.pid} could not be sampled.`, error),
				onPace: () => this.#tellSettings(),
				clock: systemClock,
				period: liveInterval(),
				live: true,
			}),
		);
		const onPostError = (error: unknown) => notifier.logError("A message did not reach the Memory Map.", error);
		this.#stops = this.#store.add(
			new PanelStops({
				debuggees: options.debuggees,
				sampler,
				notifier,
				target: () => this.#target,
				onChange: (picture) => this.#followStops(picture),
				goTo: (address) => this.goTo(address),
			}),
		);
		this.#server = this.#store.add(new PageServer(panel.webview, panelService(this, options), onPostError));
		this.#store.add(sampler.onDidRestart(() => this.#rewatch()));
		this.#store.add(panel.onDidChangeViewState(() => this.#followVisibility()));
		this.#store.add(
			workspace.onDidChangeConfiguration((event) => {
				if (event.affectsConfiguration(settings.liveInterval)) this.#loop.setPeriod(liveInterval());
			}),
		);
		this.#load();
		this.#stops.begin();
		this.#loop.setVisible(panel.visible);
	}

	get target(): PanelState {
		return this.#target;
	}

	get tab(): WebviewPanel {
		return this.#options.panel;
	}

	/** The stops of the process, if it is debugged. */
	get stops(): PanelStops {
		return this.#stops;
	}

	get loop(): LiveLoop {
		return this.#loop;
	}

	/** Tells the page to carry out a command. */
	emit<K extends keyof MapPanelEvents & string>(event: K, data: MapPanelEvents[K]): void {
		this.#server.emit(event, data);
	}

	settings(): MapPanelSettings {
		return {
			live: this.#loop.live,
			period: this.#loop.period,
			effectivePeriod: this.#loop.effectivePeriod,
			restore: this.#target,
			...(this.#smapsEstimate === undefined ? {} : { smapsEstimate: this.#smapsEstimate }),
		};
	}

	/** The picture of the last sample for `query`, which is kept for the samples to come. */
	async frame(query: MapQuery): Promise<MapFrame> {
		this.#query = query;
		try {
			if (!this.#sampled) await this.#loop.first();
			return await this.#frame(query);
		} finally {
			// After the reply, which is sent when this has returned.
			setImmediate(() => this.#picture.resolve());
		}
	}

	/** Reveals the tab and waits until its page shows something: what it is told before is lost. */
	async shown(): Promise<void> {
		this.#options.panel.reveal();
		await this.#picture.promise;
	}

	/** Turns live sampling on or off; turned on, it shows the process itself and no stop. */
	setLive(live: boolean): void {
		if (live) this.#stops.leave();
		this.#loop.setLive(live);
	}

	/** Number of the watch in the sampler: that of the stop that is shown, else of the process, begun when first needed. */
	watch(): Promise<number> {
		const { watch } = this.#stops;
		return watch === undefined ? this.#ownWatch() : Promise.resolve(watch);
	}

	/** The bytes of a page; of a debuggee that stands still as its debugger tells them, without its breakpoints. */
	async bytes(page: number): Promise<PageBytes> {
		const { call } = this.#options.sampler;
		const read = await call.bytes(await this.watch(), page);
		const told = await this.#stops.memory(pageToAddress(page, await call.pageSize()), read.bytes.length);
		return told === undefined ? read : { ...read, bytes: told };
	}

	#ownWatch(): Promise<number> {
		if (this.#watch === undefined) {
			const { pid, startTime } = this.#target;
			const watch = this.#options.sampler.call.watch(pid, startTime);
			this.#watch = watch;
			// A watch that failed is begun anew by whoever needs it next.
			watch.catch(() => {
				if (this.#watch === watch) this.#watch = undefined;
			});
		}
		return this.#watch;
	}

	/** Samples now, with `smaps` whatever that costs when `smaps` is set. */
	async refresh(smaps = false): Promise<void> {
		this.#smapsWanted ||= smaps;
		this.#restartTime = undefined;
		await this.#loop.now();
	}

	/** What lies at an address, in the last picture. Errors: `processGone`. */
	async describe(address: bigint): Promise<AddressDescription> {
		return this.#options.sampler.call.describe(await this.watch(), address);
	}

	/** Selects the page that holds `address`, as soon as the tab shows a picture. */
	goTo(address: bigint): void {
		const select = async () => {
			await this.#picture.promise;
			if (this.#pageSize !== undefined) this.#server.emit("goTo", { page: addressToPage(address, this.#pageSize) });
		};
		this.#options.notifier.inBackground("The address could not be shown.", select());
	}

	dispose(): void {
		this.#store.dispose();
		const unwatch = async () => {
			if (this.#watch !== undefined) await this.#options.sampler.call.unwatch(await this.#watch);
		};
		this.#options.notifier.inBackground("A watch could not be ended.", unwatch());
	}

	async #sample(): Promise<RoundOutcome> {
		const smaps = this.#smapsWanted ? "always" : "cheap";
		this.#smapsWanted = false;
		const watch = await this.watch();
		const outcome = await this.#options.sampler.call.sample(watch, { smaps }).catch((error: unknown) => {
			// A panel restored after its process ended has no picture; asking again would not bring one.
			if (toErrorData(error).code === "processGone") return { cost: 0, final: true };
			throw error;
		});
		this.#sampled = true;
		this.#smapsEstimate = "smapsEstimate" in outcome ? outcome.smapsEstimate : undefined;
		if (this.#query && this.#options.panel.visible) this.#server.emit("frame", await this.#frame(this.#query));
		return outcome;
	}

	async #frame(query: MapQuery): Promise<MapFrame> {
		const frame = await this.#options.sampler.call.frame(await this.watch(), query);
		this.#pageSize = frame.pageSize;
		this.#follow(frame.process.name);
		return frame.status.kind === "ok" && this.#restartTime !== undefined
			? { ...frame, status: { kind: "restarted", time: this.#restartTime } }
			: frame;
	}

	/** A process that runs another program has another name. */
	#follow(name: string): void {
		if (name === this.#target.name) return;
		this.#target = { ...this.#target, name };
		this.#options.panel.title = panelTitle(this.#target);
		this.#tellSettings();
	}

	/** The pace wavers with every sample; what is said already is not said again. */
	#tellSettings(): void {
		const current = this.settings();
		const text = JSON.stringify(current);
		if (text === this.#toldSettings) return;
		this.#toldSettings = text;
		this.#server.emit("settings", current);
	}

	/** The sampler was started again and knows nothing of our watch; the next round or question begins a new one. */
	#rewatch(): void {
		this.#stops.forget();
		this.#watch = undefined;
		this.#sampled = false;
		this.#restartTime = Date.now();
	}

	/** The stops are others; another `picture` is drawn at once. */
	#followStops(picture: boolean): void {
		const layer = this.#stops.layer ?? null;
		const text = JSON.stringify(layer);
		if (text !== this.#toldStops) this.#server.emit("stops", layer);
		this.#toldStops = text;
		if (!picture || !this.#sampled) return;
		this.#options.notifier.inBackground("A stop could not be shown.", this.#loop.now());
	}

	#followVisibility(): void {
		const { visible } = this.#options.panel;
		if (!visible) {
			this.#server.closePage();
			this.#picture = picture();
		}
		this.#loop.setVisible(visible);
	}

	#load(): void {
		const { panel, extensionUri } = this.#options;
		const folder = Uri.joinPath(extensionUri, "dist", "webview");
		panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
		panel.title = panelTitle(this.#target);
		panel.iconPath = {
			light: Uri.joinPath(extensionUri, "media", "memoryMap-light.svg"),
			dark: Uri.joinPath(extensionUri, "media", "memoryMap-dark.svg"),
		};
		const resource = (name: string) => panel.webview.asWebviewUri(Uri.joinPath(folder, name)).toString();
		panel.webview.html = panelHtml({
			source: panel.webview.cspSource,
			nonce: randomBytes(16).toString("base64url"),
			script: resource("memoryMap.js"),
			style: resource("memoryMap.css"),
			title: "Memory Map",
		});
	}
}

/** A promise and what resolves it. */
function picture(): { readonly promise: Promise<void>; resolve(): void } {
	let resolve = () => {};
	const promise = new Promise<void>((done) => {
		resolve = done;
	});
	return { promise, resolve: () => resolve() };
}

/** Title of the tab of a process. */
export function panelTitle({ name, pid }: PanelState): string {
	return `Memory Map: ${visibleText(name).trim() || pid}`;
}
