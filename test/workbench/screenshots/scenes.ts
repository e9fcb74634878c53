import type { Frame } from "playwright-core";
import { openMemoryMap } from "../harness/memoryMap";
import type { Workbench } from "../harness/workbench";

/** One picture: what to bring on the screen before it is taken in each theme. */
export interface Scene {
	readonly name: string;
	readonly viewport: { readonly width: number; readonly height: number };
	arrange(workbench: Workbench, demoPid: number): Promise<void>;
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
			await selectSharedFile(map);
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
			await selectSharedFile(map);
			await map.locator(".share-grid .link").click();
			await map.locator(".page-view").waitFor();
			await still(workbench);
		},
	},
	{
		name: "processes",
		viewport: wide,
		async arrange(workbench, pid) {
			await workbench.openViewContainer("Mapscope");
			const row = workbench.treeItem(/^gallery/);
			await row.locator(".monaco-tl-twistie").click();
			await openMemoryMap(workbench, pid);
			await still(workbench);
		},
	},
];

/** Selects the mapping of the demo's file, of which some is mapped, some only cached and some neither. */
async function selectSharedFile(map: Frame): Promise<void> {
	const module = map.locator('.rows [role="row"]', { hasText: "atlas.bin" }).first();
	await module.click();
	await module.press("ArrowRight");
	await map.locator('.rows [role="row"]', { hasText: "r--s" }).filter({ hasText: "24 MiB" }).click();
	await map.locator(".inspector .raw-line").waitFor();
}

/** Stops the live refresh, so that every theme shows the same picture. */
async function still(workbench: Workbench): Promise<void> {
	await workbench.runCommand("Mapscope: Toggle Live");
}
