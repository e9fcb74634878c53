import {
	type CancellationToken,
	DebugStackFrame,
	debug,
	EventEmitter,
	Hover,
	InlayHint,
	InlayHintLabelPart,
	languages,
	MarkdownString,
	Position,
	Range,
	type TextDocument,
	workspace,
} from "vscode";
import { hexAddress } from "../../../shared/units";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { commands, settings } from "../../contributions";
import type { Debuggee } from "../../debug/debuggee";
import type { DebugSessions } from "../../debug/debugSessions";
import { showsInlineHints } from "../configuration";
import type { Notifier } from "../notify";
import type { SamplerAccess } from "../samplerAccess";
import { addressesIn } from "./addressText";
import { type FramePointer, frameById, hintPlaces, localPointers } from "./framePlaces";
import type { MemoryLookup } from "./memoryLookup";
import { variableTarget } from "./menuTarget";
import { addressInShort } from "./words/addressWords";
import { hoverText } from "./words/hoverText";

/** What is known of the frame that is selected in the call stack. */
interface SelectedFrame {
	readonly debuggee: Debuggee;
	readonly path: string;
	/** From 0 on. */
	readonly line: number;
	readonly pointers: readonly FramePointer[];
}

/** Documents that a debugger may step through. */
const documents = [{ scheme: "file" }, { scheme: "vscode-remote" }, { scheme: "debug" }] as const;

/** In the editor, while a program is stopped: where pointers point, as hints and on hover, and what addresses are. */
export class EditorHints implements Disposable {
	readonly #store = new DisposableStore();
	readonly #changes = this.#store.add(new EventEmitter<void>());
	/** The frame that was looked at last: hover and hints ask for the same one many times. */
	#frame: { readonly key: string; readonly found: Promise<SelectedFrame | undefined> } | undefined;

	constructor(
		private readonly lookup: MemoryLookup,
		private readonly options: {
			readonly debuggees: DebugSessions;
			readonly sampler: SamplerAccess;
			readonly notifier: Notifier;
		},
	) {
		const store = this.#store;
		store.add(options.debuggees.onDidChange(() => this.#changes.fire()));
		store.add(debug.onDidChangeActiveStackItem(() => this.#changes.fire()));
		store.add(
			workspace.onDidChangeConfiguration((event) => {
				if (event.affectsConfiguration(settings.debugInlineHints)) this.#changes.fire();
			}),
		);
		store.add(
			languages.registerInlayHintsProvider([...documents], {
				onDidChangeInlayHints: this.#changes.event,
				provideInlayHints: async (document, range, token) =>
					showsInlineHints() ? await this.#orNothing(this.#hints(document, range, token)) : [],
			}),
		);
		store.add(
			languages.registerHoverProvider([...documents], {
				provideHover: async (document, position) => await this.#orNothing(this.#hover(document, position)),
			}),
		);
	}

	dispose(): void {
		this.#store.dispose();
	}

	async #hints(document: TextDocument, range: Range, token: CancellationToken): Promise<InlayHint[]> {
		const frame = await this.#selected();
		if (!frame || !isOf(document, frame.path) || token.isCancellationRequested) return [];
		const at = Math.min(frame.line, document.lineCount - 1);
		const places = hintPlaces(frame.pointers, (line) => document.lineAt(line).text, at);
		const hints: InlayHint[] = [];
		for (const { line, character, address } of places) {
			const position = new Position(line, character);
			if (!range.contains(position)) continue;
			const explanation = await frame.debuggee.explainAddress(address);
			const part = new InlayHintLabelPart(`→ ${addressInShort(explanation)}`);
			part.tooltip = new MarkdownString(hoverText(explanation, await this.options.sampler.call.pageSize()));
			part.command = {
				command: commands.whatIsAddress,
				title: "What Is This Address?",
				arguments: [`0x${hexAddress(address)}`],
			};
			const hint = new InlayHint(position, [part]);
			hint.paddingLeft = true;
			hints.push(hint);
			if (token.isCancellationRequested) return [];
		}
		return hints;
	}

	async #hover(document: TextDocument, position: Position): Promise<Hover | undefined> {
		const literal = addressesIn(document.lineAt(position.line).text).find(
			({ start, length }) => position.character >= start && position.character <= start + length,
		);
		if (literal) {
			const debuggee = this.lookup.debuggee();
			if (!debuggee || debuggee.info().running) return undefined;
			const { line } = position;
			return await this.#describe(
				debuggee,
				literal.address,
				new Range(line, literal.start, line, literal.start + literal.length),
			);
		}
		const word = document.getWordRangeAtPosition(position, /[A-Za-z_]\w*/);
		const frame = word && (await this.#selected());
		if (!word || !frame || !isOf(document, frame.path)) return undefined;
		const pointer = frame.pointers.find(({ name }) => name === document.getText(word));
		return pointer && (await this.#describe(frame.debuggee, pointer.address, word));
	}

	async #describe(debuggee: Debuggee, address: bigint, range: Range): Promise<Hover> {
		const explanation = await debuggee.explainAddress(address);
		const text = hoverText(explanation, await this.options.sampler.call.pageSize());
		return new Hover([new MarkdownString(text), ...(explanation.mapping ? [mapLink(debuggee, address)] : [])], range);
	}

	/** The frame that the person has selected in the call stack, if its program stands still. */
	async #selected(): Promise<SelectedFrame | undefined> {
		const item = debug.activeStackItem;
		if (!(item instanceof DebugStackFrame)) return undefined;
		const debuggee = this.lookup.debuggee(item.session.id);
		if (!debuggee || debuggee.info().running) return undefined;
		const key = [item.session.id, item.threadId, item.frameId, debuggee.info().stops.at(-1)?.number].join();
		if (this.#frame?.key === key) return await this.#frame.found;
		const found = this.#read(debuggee, item);
		this.#frame = { key, found };
		// A question that failed is asked again by whoever needs it next.
		found.catch(() => {
			if (this.#frame?.found === found) this.#frame = undefined;
		});
		return await found;
	}

	async #read(debuggee: Debuggee, { threadId, frameId }: DebugStackFrame): Promise<SelectedFrame | undefined> {
		const ask = this.lookup.asker(debuggee);
		const frame = await frameById(ask, threadId, frameId);
		if (frame?.path === undefined || frame.line < 1) return undefined;
		return {
			debuggee,
			path: frame.path,
			line: frame.line - 1,
			pointers: await localPointers(ask, frameId, debuggee.session.info.type),
		};
	}

	/** A program may go on while it is asked: then there is nothing to say, and no error. */
	async #orNothing<T>(work: Promise<T>): Promise<T | undefined> {
		try {
			return await work;
		} catch (error) {
			this.options.notifier.logError("A hint in the editor could not be made.", error);
			return undefined;
		}
	}
}

/** A way from a hover into the Memory Map. Alone in its Markdown: no name of a program is in what may run a command. */
function mapLink({ session }: Debuggee, address: bigint): MarkdownString {
	const command = commands.showValueInMemoryMap;
	const target = [variableTarget(session.info.id, `0x${hexAddress(address)}`)];
	const link = new MarkdownString(
		`[$(layers) Show in Memory Map](command:${command}?${encodeURIComponent(JSON.stringify(target))})`,
		true,
	);
	link.isTrusted = { enabledCommands: [command] };
	return link;
}

/** Whether a document is the source at a path, which some adapters give as a URI. */
function isOf({ uri }: TextDocument, path: string): boolean {
	return (
		uri.fsPath === path ||
		uri.path === path ||
		uri.toString() === path ||
		(path.includes("://") && path.endsWith(uri.path))
	);
}
