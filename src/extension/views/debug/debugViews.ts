import { type Disposable, DisposableStore } from "../../base/disposable";
import type { DebugSessions } from "../../debug/debugSessions";
import type { ProcDocuments } from "../documents/procDocuments";
import type { Notifier } from "../notify";
import type { SamplerAccess } from "../samplerAccess";
import { registerChangeDecorations } from "./changeDecorations";
import { type DebuggeeMaps, registerDebuggeesCommands } from "./debuggeesCommands";
import { DebuggeesView } from "./debuggeesView";
import { EditorHints } from "./editorHints";
import { MemoryLookup } from "./memoryLookup";
import { registerMemoryLookup } from "./memoryLookupCommands";
import { StopStatus } from "./stopStatus";
import { registerAddressLinks } from "./terminalLinks";

export interface DebugViewsOptions {
	readonly debuggees: DebugSessions;
	readonly maps: DebuggeeMaps;
	readonly documents: ProcDocuments;
	readonly sampler: SamplerAccess;
	readonly notifier: Notifier;
}

/** All that a person sees of debuggees outside the Memory Map. */
export function registerDebugViews(options: DebugViewsOptions): Disposable {
	const store = new DisposableStore();
	store.add(registerChangeDecorations());
	const view = store.add(new DebuggeesView(options.debuggees, options.notifier));
	store.add(registerDebuggeesCommands({ ...options, view }));
	const lookup = new MemoryLookup(options);
	store.add(registerMemoryLookup(lookup, options.notifier));
	store.add(new StopStatus(options.debuggees));
	store.add(registerAddressLinks(lookup, options.notifier));
	store.add(new EditorHints(lookup, options));
	return store;
}
