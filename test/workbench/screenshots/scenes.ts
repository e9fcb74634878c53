import type { Frame } from "playwright-core";
import { Debugging } from "../harness/debugging";
import { LabView } from "../harness/labView";
import { openMemoryMap } from "../harness/memoryMap";
import { ProcessesView } from "../harness/processesView";
import type { Workbench } from "../harness/workbench";

/** One picture: what to bring on the screen before it is taken in each theme. */
export interface Scene {
	readonly name: string;
	readonly viewport: { readonly width: number; readonly height: number };
	/** Starts a workbench of the scene's own; without it there is an empty window. */
	start?(viewport: Scene["viewport"]): Promise<Stage>;
	arrange(workbench: Workbench, demoPid: number): Promise<void>;
}

/** A workbench with what belongs to it. */
export interface Stage {
	readonly workbench: Workbench;
	stop(): Promise<void>;
}

const wide = { width: 1400, height: 900 };
/** A window whose panel, beside the activity bar, is 420 pixels wide. */
const narrow = { width: 476, height: 900 };

export const scenes: readonly Scene[] = [
	{
		name: "memory-map",
		viewport: wide,
		async arrange(workbench, pid) {
			await workbench.closeSideBar();
			const map = await openMemoryMap(workbench, pid);
			await selectFile(map, /r--s24 MiB/);
			await still(workbench);
		},
	},
	{
		name: "memory-map-narrow",
		viewport: narrow,
		async arrange(workbench, pid) {
			await workbench.closeSideBar();
			await openMemoryMap(workbench, pid);
			await still(workbench);
		},
	},
	{
		name: "pages",
		viewport: wide,
		async arrange(workbench, pid) {
			await workbench.closeSideBar();
			const map = await openMemoryMap(workbench, pid);
			await selectFile(map, /rw-p2 MiB/);
			await map.locator(".share-grid .link").click();
			await map.locator(".page-view").waitFor();
			await still(workbench);
		},
	},
	{
		name: "lab",
		viewport: wide,
		async arrange(workbench) {
			await workbench.closeSideBar();
			const lab = await LabView.open(workbench, "mprotect: from", "mprotect");
			await lab.stepTo(5);
		},
	},
	{
		name: "lab-fork",
		viewport: wide,
		async arrange(workbench) {
			await workbench.closeSideBar();
			const lab = await LabView.open(workbench, "fork: shared until", "fork");
			await lab.stepTo(3);
		},
	},
	{
		name: "processes",
		viewport: wide,
		async arrange(workbench, pid) {
			const view = await ProcessesView.open(workbench);
			for (const row of [view.process(pid), view.row(/^Anonymous, /), view.row(/^Files, /)]) {
				await view.scrollTo(row);
				await workbench.unfold(row);
			}
			await view.scrollTo(view.row(/^Kernel, /));
			await openMemoryMap(workbench, pid);
			await still(workbench);
		},
	},
	{
		name: "debuggee",
		viewport: wide,
		start: startDebuggee,
		async arrange(workbench) {
			const { page } = workbench;
			await page.keyboard.press("Control+j"); // the panel closes
			// Room for the mappings: the other views of the debugger fold.
			for (const title of ["Variables", "Watch", "Breakpoints"]) {
				await page.locator(".sidebar .pane-header", { hasText: title }).first().click();
			}
			await page.keyboard.press("Escape");
			const map = await workbench.webview(".fault-card");
			await map.getByRole("article").waitFor();
			await page.mouse.move(700, 1); // no tooltip
		},
	},
];

/** Debugs a program to the end that it comes to: two breakpoints, and a stack that overflows. */
async function startDebuggee(viewport: Scene["viewport"]): Promise<Stage> {
	const debugging = await Debugging.start("chain", { viewport });
	await debugging.setBreakpoints(45, 49);
	await debugging.begin();
	await debugging.unfoldView("Debuggee Mappings");
	const { workbench } = debugging;
	await debugging.row("Debuggee Mappings", /, stop 1, /).waitFor();
	await workbench.runCommand("Mapscope: Show Debuggee in Memory Map");
	const map = await workbench.webview(".stop-chip");
	for (const stop of [2, 3]) {
		await debugging.resume();
		await map.getByRole("option", { name: new RegExp(`^Stop ${stop}, .*, shown$`) }).waitFor();
	}
	return debugging;
}

/** Selects one of the two mappings of the demo's file; in both, pages of several states lie side by side. */
async function selectFile(map: Frame, permissionsAndSize: RegExp): Promise<void> {
	const module = map.locator('.rows [role="row"]', { hasText: "atlas.bin" }).first();
	await module.click();
	await module.press("ArrowRight");
	await map.locator('.rows [role="row"]', { hasText: permissionsAndSize }).click();
	await map.locator(".inspector .raw-line").waitFor();
}

/** Stops the live refresh, so that every theme shows the same picture. */
async function still(workbench: Workbench): Promise<void> {
	await workbench.runCommand("Mapscope: Toggle Live");
}
