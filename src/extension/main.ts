import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExtensionContext, window } from "vscode";
import { createApi, type MapscopeApi } from "./api";
import { DisposableStore } from "./base/disposable";
import { commands, contextKeys } from "./contributions";
import { DebugSessions } from "./debug/debugSessions";
import { Lab } from "./lab/lab";
import { scratchPlaces } from "./lab/scratch/privateFolder";
import { Sampler } from "./sampler/sampler";
import { debugSettings } from "./views/configuration";
import { setContextKey } from "./views/contextKey";
import { registerDebugViews } from "./views/debug/debugViews";
import { followSessions } from "./views/debug/followSessions";
import { ProcDocuments } from "./views/documents/procDocuments";
import { registerProcLanguage } from "./views/documents/procLanguageFeatures";
import { openLabRoom } from "./views/lab/labRoom";
import { promptForAddress, registerMemoryMapCommands, watchNext } from "./views/memoryMap/memoryMapCommands";
import { MemoryMapPanels } from "./views/memoryMap/memoryMapPanels";
import { SavedViews } from "./views/memoryMap/savedViews";
import { Notifier } from "./views/notify";
import { registerProcessesCommands } from "./views/processes/processesCommands";
import { ProcessesView } from "./views/processes/processesView";
import { ProcessPick } from "./views/processPick";

let closeLab: (() => Promise<void>) | undefined;

/** VS Code waits for it before it ends the extension host: that scratch files are removed takes longer than to dispose. */
export function deactivate(): Promise<void> | undefined {
	return closeLab?.();
}

/** Builds the parts and connects them. What it returns is the exported API. */
export function activate(context: ExtensionContext): MapscopeApi {
	const store = new DisposableStore();
	context.subscriptions.push(store);
	const linux = process.platform === "linux";
	const ownUid = process.geteuid?.();

	const log = store.add(window.createOutputChannel("Mapscope", { log: true }));
	const notifier = new Notifier(log);
	store.add(notifier.registerCommand(commands.showLog, () => log.show()));
	const contextKey = linux ? contextKeys.linux : contextKeys.notLinux;
	notifier.inBackground("The context key could not be set.", setContextKey(contextKey, true));

	const sampler = store.add(new Sampler({ workerPath: join(context.extensionPath, "dist", "sampler.js"), log }));
	const program = join(context.extensionPath, "dist", "lab.js");
	const lab = store.add(
		new Lab({ program, log, sampler: sampler.call, scratchPlaces: scratchPlaces(process.env, tmpdir()) }),
	);
	closeLab = () => lab.close();
	const documents = store.add(new ProcDocuments(sampler, ownUid));
	store.add(registerProcLanguage());

	const debuggees = store.add(new DebugSessions({ sampler, settings: debugSettings, log, self: process.pid }));
	const panels: MemoryMapPanels = store.add(
		new MemoryMapPanels({
			sampler,
			notifier,
			extensionUri: context.extensionUri,
			savedViews: new SavedViews(context.workspaceState),
			debuggees,
			actions: {
				promptForAddress,
				openText: (target, file) => documents.open(target, file),
				watchNext: (panel) => watchNext(panel, { panels, sampler, notifier }),
			},
		}),
	);
	const processes = store.add(new ProcessesView({ sampler, notifier, memento: context.globalState, linux, ownUid }));
	if (linux) store.add(followSessions(debuggees, log));
	const pick = new ProcessPick(sampler.call, context.globalState, ownUid);

	store.add(registerDebugViews({ debuggees, maps: panels, documents, sampler, notifier }));
	store.add(registerProcessesCommands({ view: processes, panels, documents, notifier }));
	store.add(registerMemoryMapCommands({ panels, pick, documents, processes, sampler, notifier, linux }));
	store.add(
		openLabRoom({
			lab,
			sampler,
			notifier,
			linux,
			extensionUri: context.extensionUri,
			globalState: context.globalState,
			workspaceState: context.workspaceState,
			showMap: (pid, address) => panels.showPid(pid, address),
		}),
	);
	return createApi(sampler.call, lab, (pid, address) => panels.showPid(pid, address));
}
