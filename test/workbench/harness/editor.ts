import { copied } from "./clipboard";
import type { Workbench } from "./workbench";

/** The whole text of the editor that is open, by way of the clipboard: only the visible lines are in the page. */
export async function editorText(workbench: Workbench, title: string | RegExp): Promise<string> {
	const { page } = workbench;
	// The icon of the side bar is a tab, too, and "Mapscope" has "maps" in it.
	await page.locator(".tabs-container").getByRole("tab", { name: title, selected: true }).waitFor();
	await page.locator(".editor-group-container.active .monaco-editor .view-line").first().click();
	return await copied(workbench, async () => {
		await page.keyboard.press("Control+a");
		await page.keyboard.press("Control+c");
	});
}
