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
			await workbench.runCommand("View: Close Primary Side Bar");
			const map = await openMemoryMap(workbench, pid);
			await map.locator('.rows [role="row"]', { hasText: "atlas.bin" }).first().click();
			await map.locator(".inspector").waitFor();
			await still(workbench);
		},
	},
	{
		name: "memory-map-narrow",
		viewport: narrow,
		async arrange(workbench, pid) {
			await workbench.runCommand("View: Close Primary Side Bar");
			await openMemoryMap(workbench, pid);
			await still(workbench);
		},
	},
	{
		name: "pages",
		viewport: wide,
		async arrange(workbench, pid) {
			await workbench.runCommand("View: Close Primary Side Bar");
			const map = await openMemoryMap(workbench, pid);
			await map.locator('.rows [role="row"]', { hasText: "atlas.bin" }).first().dblclick();
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

/** Stops the live refresh, so that every theme shows the same picture. */
async function still(workbench: Workbench): Promise<void> {
	await workbench.runCommand("Mapscope: Toggle Live");
}
