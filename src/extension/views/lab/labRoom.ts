import type { Memento, Uri } from "vscode";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { demos as programme } from "../../lab/demos";
import { playground } from "../../lab/demos/playground";
import type { Lab } from "../../lab/lab";
import type { Notifier } from "../notify";
import type { SamplerAccess } from "../samplerAccess";
import { registerLabCommands } from "./labCommands";
import { LabPanels } from "./labPanels";
import { LabProgress } from "./labProgress";
import { LabStatus } from "./labStatus";
import { LabView } from "./labView";
import { SavedLabs } from "./savedLabs";

export interface LabRoomOptions {
	readonly lab: Lab;
	readonly sampler: SamplerAccess;
	readonly notifier: Notifier;
	readonly extensionUri: Uri;
	/** Keeps the done marks. */
	readonly globalState: Memento;
	/** Keeps the labs that are open. */
	readonly workspaceState: Memento;
	readonly linux: boolean;
	/** Opens the Memory Map of a process, at an address. */
	readonly showMap: (pid: number, address: bigint | undefined) => Promise<void>;
}

/** Everything of the lab that one sees: the view, the tabs, the status bar item, the commands. */
export function openLabRoom(options: LabRoomOptions): Disposable {
	const { notifier } = options;
	const store = new DisposableStore();
	const demos = [...programme, playground];
	const progress = store.add(new LabProgress(options.globalState, notifier));
	const saved = new SavedLabs(options.workspaceState);
	const panels = store.add(new LabPanels({ ...options, demos, saved, progress }));
	store.add(new LabView({ ...options, demos, progress }));
	store.add(new LabStatus(panels, notifier));
	store.add(registerLabCommands({ ...options, panels, demos, progress }));
	return store;
}
