import { randomBytes } from "node:crypto";
import { Uri, type WebviewPanel } from "vscode";
import { type ErrorData, MapscopeError, toErrorData } from "../../../shared/errors";
import { type Demo, mainProcess, type ParameterValues } from "../../../shared/labDemo";
import {
	type LabPanelEvents,
	type LabPanelService,
	type LabStart,
	type LabState,
	playgroundId,
} from "../../../shared/labPanel";
import type { StepResult } from "../../../shared/labResult";
import { type Disposable, DisposableStore } from "../../base/disposable";
import type { Lab } from "../../lab/lab";
import type { LabSession } from "../../lab/session";
import type { Notifier } from "../notify";
import type { SamplerAccess } from "../samplerAccess";
import { PageServer } from "../webview/pageServer";
import { panelHtml } from "../webview/panelHtml";
import { LabPictures } from "./labPictures";
import { labService } from "./labService";
import { panelLabState } from "./panelState";
import type { SavedLab, SavedLabs } from "./savedLabs";

export interface LabPanelOptions {
	readonly panel: WebviewPanel;
	readonly demo: Demo;
	readonly lab: Lab;
	readonly sampler: SamplerAccess;
	readonly notifier: Notifier;
	readonly extensionUri: Uri;
	readonly saved: SavedLabs;
	/** The tab was restored after a reload of the window: what had run is told, and run again only when asked for. */
	readonly restored: boolean;
	/** Opens the Memory Map of a process, at an address. */
	readonly showMap: (pid: number, address: bigint | undefined) => Promise<void>;
	/** The lab's state has changed. */
	readonly onState: (state: LabState) => void;
}

/** One Lab tab: a webview, and a session in which its demo runs. Closing the tab ends the session and its processes. */
export class LabPanel implements Disposable {
	readonly #store = new DisposableStore();
	readonly #options: LabPanelOptions;
	readonly #server: PageServer<LabPanelService, LabPanelEvents>;
	readonly #pictures: LabPictures;
	#session: LabSession | undefined;
	#opening: Promise<LabSession> | undefined;
	#trouble: ErrorData | undefined;
	#chosen: ParameterValues;
	#former: SavedLab | undefined;
	#disposed = false;
	/** The person has stopped what ran last. */
	#stopped = false;

	constructor(options: LabPanelOptions) {
		this.#options = options;
		const { panel, sampler, notifier, saved, demo, restored } = options;
		const kept = restored ? saved.get(demo.id) : undefined;
		this.#former = kept;
		this.#chosen = kept?.parameters ?? {};
		this.#pictures = this.#store.add(
			new LabPictures(sampler.call, (error) => notifier.logError("A watch of the lab could not be ended.", error)),
		);
		this.#store.add(sampler.onDidRestart(() => this.#pictures.forget()));
		const onPostError = (error: unknown) => notifier.logError("A message did not reach the lab.", error);
		this.#server = this.#store.add(new PageServer(panel.webview, labService(this), onPostError));
		this.#store.add(panel.onDidChangeViewState(() => panel.visible || this.#server.closePage()));
		this.#load();
	}

	get demo(): Demo {
		return this.#options.demo;
	}

	get tab(): WebviewPanel {
		return this.#options.panel;
	}

	get pictures(): LabPictures {
		return this.#pictures;
	}

	/** What the reader chose: parameters without a value have their own. */
	get chosen(): ParameterValues {
		return this.#chosen;
	}

	/** The lab as the page shows it. */
	get state(): LabState {
		const former = this.#former?.calls?.length ?? this.#former?.done ?? 0;
		return panelLabState(this.demo, {
			session: this.#session,
			chosen: this.#chosen,
			trouble: this.#trouble,
			formerlyDone: former,
			stopped: this.#stopped,
		});
	}

	/** The session, opened when first needed. Rejects with `unsupported` where there can be none. */
	session(): Promise<LabSession> {
		this.#opening ??= this.#open();
		return this.#opening;
	}

	/** Opens the session if that can be done, and says what the page begins with. */
	async ready(): Promise<LabStart> {
		await this.session().catch(() => undefined); // the state says why
		const { detailWidth } = this.#options.saved;
		return { state: this.state, ...(detailWidth === undefined ? {} : { detailWidth }) };
	}

	/** Keeps how wide the details are, CSS pixels. */
	async keepDetailWidth(width: number): Promise<void> {
		await this.#options.saved.setDetailWidth(width);
	}

	/** Everything a step has shown. Rejects with `bug` for one that has not run. */
	result(step: number): StepResult {
		const result = this.#session?.result(step);
		if (!result) throw new MapscopeError({ code: "bug", detail: `step ${step} has not run` });
		return result;
	}

	/** Sets what the reader chose; what has run is forgotten. */
	async choose(parameters: ParameterValues): Promise<void> {
		this.#chosen = parameters;
		this.#former = undefined;
		await this.run((session) => session.setParameters(parameters));
		this.#changed();
	}

	/** Runs what had run before the window was reloaded. */
	async rerun(): Promise<void> {
		const former = this.#former;
		this.#former = undefined;
		await this.run(async (session) => {
			if (former?.calls) for (const { code, process } of former.calls) await session.append(code, process);
			else while (session.state.done < (former?.done ?? 0)) await session.step();
		});
	}

	/** Runs something in the session; what the person has stopped meanwhile is no failure. */
	async run(work: (session: LabSession) => Promise<void>): Promise<void> {
		const session = await this.session();
		this.#stopped = false;
		try {
			await work(session);
		} catch (error) {
			if (!this.#stopped) throw error;
		}
	}

	/** Runs the next step; while something runs already, nothing: a key that is held down runs no step twice. */
	async step(): Promise<void> {
		await this.run(async (session) => {
			if (session.state.activity === "idle") await session.step();
		});
	}

	/** Ends what runs: the lab process is killed, and the next step starts another. Does nothing when nothing runs. */
	stop(): void {
		if (this.state.activity === "idle") return;
		this.#stopped = true;
		this.#session?.stop();
	}

	/** Opens the Memory Map of a process of the lab, at a region's start. Rejects with `processGone`. */
	async showMap(process: string, region: string | undefined): Promise<void> {
		const pid = this.pid(process);
		const found = this.#session?.regions.find((each) => each.process === process && each.name === region);
		const size = BigInt(this.state.pageSize);
		await this.#options.showMap(pid, found === undefined ? undefined : BigInt(found.startPage) * size);
	}

	/** Pid of a living process of the lab. Throws `processGone`. */
	pid(process: string = mainProcess): number {
		const found = this.state.processes.find(({ name, state }) => name === process && state !== "ended");
		if (!found) throw new MapscopeError({ code: "processGone" });
		return found.pid;
	}

	/** Chooses the step whose details are shown. */
	select(step: number): void {
		this.#server.emit("select", { step });
	}

	dispose(): void {
		this.#disposed = true;
		this.#session?.dispose();
		this.#store.dispose();
	}

	async #open(): Promise<LabSession> {
		try {
			const session = await this.#options.lab.open(this.demo, this.#chosen);
			if (this.#disposed) {
				session.dispose();
				throw new MapscopeError({ code: "bug", detail: "the tab was closed" });
			}
			this.#session = session;
			this.#trouble = undefined;
			this.#store.add(session.onDidChange(() => this.#changed()));
			return session;
		} catch (error) {
			this.#trouble = toErrorData(error);
			this.#opening = undefined; // the next call tries again
			throw error;
		}
	}

	#changed(): void {
		if (this.#disposed) return;
		const { state } = this;
		if (state.done > 0) this.#former = undefined;
		this.#pictures.keep(state.processes.map(({ pid }) => pid));
		this.#server.emit("state", this.state);
		this.#options.onState(state);
		if (state.activity === "idle") this.#save(state);
	}

	#save(state: LabState): void {
		const { saved, notifier } = this.#options;
		const calls = state.demo.steps.slice(0, state.done).map(({ code, process = mainProcess }) => ({ code, process }));
		const kept = saved.set(this.demo.id, {
			parameters: this.#chosen,
			done: state.done,
			...(this.demo.id === playgroundId ? { calls } : {}),
		});
		notifier.inBackground("The lab could not be kept.", kept);
	}

	#load(): void {
		const { panel, extensionUri } = this.#options;
		const folder = Uri.joinPath(extensionUri, "dist", "webview");
		panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
		panel.title = labTitle(this.demo);
		panel.iconPath = {
			light: Uri.joinPath(extensionUri, "media", "lab-light.svg"),
			dark: Uri.joinPath(extensionUri, "media", "lab-dark.svg"),
		};
		const resource = (name: string) => panel.webview.asWebviewUri(Uri.joinPath(folder, name)).toString();
		panel.webview.html = panelHtml({
			source: panel.webview.cspSource,
			nonce: randomBytes(16).toString("base64url"),
			script: resource("lab.js"),
			style: resource("lab.css"),
			title: "Lab",
		});
	}
}

/** Title of a demo's tab: `Lab: mprotect`. */
export function labTitle({ title }: Pick<Demo, "title">): string {
	return `Lab: ${title.split(":")[0] ?? title}`;
}
