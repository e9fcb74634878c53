import { workspace } from "vscode";
import { settings } from "../contributions";
import type { DebugSettings } from "../debug/debuggee";

/** Shortest period that is offered: below it reading would never keep to its share of the time. */
export const shortestInterval = 200;

/** Milliseconds from one sample of a memory map to the next. */
export function liveInterval(): number {
	return Math.max(shortestInterval, milliseconds(settings.liveInterval, 1000));
}

/** Milliseconds from one refresh of the Processes view to the next; `undefined` when it refreshes on demand only. */
export function processesRefreshInterval(): number | undefined {
	const interval = milliseconds(settings.processesRefreshInterval, 2000);
	return interval <= 0 ? undefined : Math.max(shortestInterval, interval);
}

/** Whether the debuggee is read at stops, and how many milliseconds comparing what pages hold may take each time. */
export function debugSettings(): DebugSettings {
	const readAtStops: unknown = workspace.getConfiguration().get(settings.debugReadAtStops);
	return {
		readAtStops: readAtStops !== false,
		fingerprintBudget: Math.max(0, milliseconds(settings.debugFingerprintBudget, 50)),
	};
}

/** Whether the editor shows where pointers point while a program is stopped. */
export function showsInlineHints(): boolean {
	return workspace.getConfiguration().get(settings.debugInlineHints) === true;
}

/** A person may write anything into settings.json, so what is no number counts as not set. */
function milliseconds(key: string, fallback: number): number {
	const value: unknown = workspace.getConfiguration().get(key);
	return typeof value === "number" && Number.isFinite(value) ? value : fallback;
}
