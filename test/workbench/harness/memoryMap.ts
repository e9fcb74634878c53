import type { Frame } from "playwright-core";
import type { Workbench } from "./workbench";

/** Opens a process's Memory Map as a person does, from the command palette; resolves with the frame that shows it. */
export async function openMemoryMap(workbench: Workbench, pid: number): Promise<Frame> {
	await workbench.runAndAnswer("Mapscope: Show Memory Map of Process…", () =>
		workbench.pick(String(pid), new RegExp(`(?<!\\d)${pid} · `)),
	);
	const frame = await memoryMap(workbench, pid);
	// VS Code gives the focus to a new map a little later: a question that is asked before that is closed by it.
	await workbench.until("the map to get the focus", () => frame.evaluate(() => document.hasFocus()));
	return frame;
}

/** The frame that shows the Memory Map of a process, once its first picture is there. */
export async function memoryMap(workbench: Workbench, pid: number): Promise<Frame> {
	const frame = await workbench.webview(`.process-pid:text("${pid}")`);
	await frame.locator('.rows [role="row"]').first().waitFor();
	await frame.evaluate(listen);
	return frame;
}

/** Keeps in the page what a screen reader is told from now on: the live region itself has only the last of it. */
function listen(): void {
	const region = document.querySelector("[aria-live]");
	const page = globalThis as { mapscopeHeard?: string[] };
	if (!region || page.mapscopeHeard) return;
	const heard = [region.textContent.trim()];
	page.mapscopeHeard = heard;
	const observer = new MutationObserver(() => heard.push(region.textContent.trim()));
	observer.observe(region, { childList: true, characterData: true, subtree: true });
}
