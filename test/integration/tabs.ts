import { type Tab, TabInputWebview, window } from "vscode";

/** The tabs with a memory map. */
export function memoryMapTabs(): Tab[] {
	return window.tabGroups.all
		.flatMap(({ tabs }) => tabs)
		.filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith("mapscope.memoryMap"));
}

/** Closes every tab. */
export async function closeTabs(): Promise<void> {
	await window.tabGroups.close(window.tabGroups.all.flatMap(({ tabs }) => tabs));
}
