import {
	type CancellationToken,
	EventEmitter,
	languages,
	type TextDocument,
	type TextDocumentContentProvider,
	Uri,
	window,
	workspace,
} from "vscode";
import { toErrorData } from "../../../shared/errors";
import type { PanelState } from "../../../shared/mapPanel";
import { visibleText } from "../../../shared/text";
import { formatDuration } from "../../../shared/units";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { procLanguage, procScheme } from "../../contributions";
import { errorText } from "../errorText";
import { withoutLinks } from "../hostileText";
import { failureNotice, processNotice } from "../processes/processRows";
import type { SamplerAccess } from "../samplerAccess";
import { type ProcDocument, parseProcUri, procUriParts } from "./procUri";

/** `maps` and `smaps` of processes as read-only documents: the kernel's own text, read when it is opened or refreshed. */
export class ProcDocuments implements TextDocumentContentProvider, Disposable {
	readonly #store = new DisposableStore();
	readonly #changes = this.#store.add(new EventEmitter<Uri>());
	readonly onDidChange = this.#changes.event;
	readonly #sampler: SamplerAccess;
	readonly #ownUid: number | undefined;
	/** Processes for which the person has agreed to what reading costs. */
	readonly #agreed = new Set<string>();

	constructor(sampler: SamplerAccess, ownUid: number | undefined) {
		this.#sampler = sampler;
		this.#ownUid = ownUid;
		this.#store.add(workspace.registerTextDocumentContentProvider(procScheme, this));
	}

	/** Shows a file of a process; one that is open already is read again. */
	async open(target: PanelState, file: ProcDocument["file"]): Promise<void> {
		if (file === "smaps" && !(await this.#mayStop(target))) return;
		const uri = Uri.from(procUriParts({ pid: target.pid, startTime: target.startTime, file }));
		const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
		if (open) this.#changes.fire(uri);
		const document = open ?? (await workspace.openTextDocument(uri));
		await window.showTextDocument(await inProcLanguage(document), { preview: true });
	}

	/** Reads the document of the active editor again; false when that is none of ours. */
	refreshActive(): boolean {
		const uri = window.activeTextEditor?.document.uri;
		if (!uri || !parseProcUri(uri)) return false;
		this.#changes.fire(uri);
		return true;
	}

	async provideTextDocumentContent(uri: Uri, _token: CancellationToken): Promise<string> {
		const document = parseProcUri(uri);
		if (!document) return "# Mapscope shows the files maps and smaps of a process only.\n";
		try {
			return await this.#read(document);
		} catch (error) {
			return comment(errorText(toErrorData(error), document).sentence);
		}
	}

	dispose(): void {
		this.#store.dispose();
	}

	/** The kernel's text; where there is none, a comment that says why. */
	async #read({ pid, startTime, file }: ProcDocument): Promise<string> {
		const processes = await this.#sampler.call.listProcesses({ kernelThreads: true });
		const process = processes.find((other) => other.pid === pid);
		if (String(process?.startTime) !== startTime || !process) return comment(`Process ${pid} has ended.`);
		const notice = processNotice(process, this.#ownUid);
		if (notice !== undefined) return comment(notice);
		try {
			// Names are bytes; what is no UTF-8 becomes U+FFFD. VS Code itself marks invisible and bidirectional characters.
			return new TextDecoder().decode(await this.#sampler.call.readText(pid, file));
		} catch (error) {
			return comment(failureNotice(toErrorData(error), process, this.#ownUid));
		}
	}

	/** Reading `smaps` of a large process stops it for a while: says for how long, and asks once per process. */
	async #mayStop({ pid, startTime, name }: PanelState): Promise<boolean> {
		const id = `${pid}:${startTime}`;
		if (this.#agreed.has(id)) return true;
		const estimate = await this.#smapsEstimate(pid, startTime);
		if (estimate === undefined) return true;
		const process = withoutLinks(name);
		const choice = await window.showWarningMessage(
			`Reading smaps stops ${process} for about ${formatDuration(estimate)}.`,
			{ modal: true, detail: `The kernel holds the memory map of process ${pid} while it counts every page.` },
			"Read smaps",
		);
		if (choice === undefined) return false;
		this.#agreed.add(id);
		return true;
	}

	/** Milliseconds that `smaps` would take; `undefined` when it is cheap, or cannot be known because nothing can be read. */
	async #smapsEstimate(pid: number, startTime: string): Promise<number | undefined> {
		const { call } = this.#sampler;
		const watch = await call.watch(pid, startTime);
		try {
			// The estimate comes from what a first sample counts.
			await call.sample(watch, { smaps: "never" });
			return (await call.sample(watch, { smaps: "cheap" })).smapsEstimate;
		} catch {
			return undefined; // the document will say why
		} finally {
			await call.unwatch(watch);
		}
	}
}

/** The language goes by the path; a person's own association may have set another. */
async function inProcLanguage(document: TextDocument): Promise<TextDocument> {
	return document.languageId === procLanguage ? document : languages.setTextDocumentLanguage(document, procLanguage);
}

function comment(sentence: string): string {
	return `# ${visibleText(sentence)}\n`;
}
