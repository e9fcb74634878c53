import type { Workbench } from "./workbench";

/** Lets VS Code and the test use the browser's clipboard, as a person allows it when asked. */
export async function allowClipboard({ page, server }: Workbench): Promise<void> {
	const origin = `http://${server.authority}`;
	await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin });
}

/** The text on the clipboard. */
export async function clipboardText({ page }: Workbench): Promise<string> {
	return await page.evaluate(() => navigator.clipboard.readText());
}

/** Waits until a new text is on the clipboard, and resolves with it. */
export async function copied(workbench: Workbench, copy: () => Promise<void>): Promise<string> {
	const marker = "nothing was copied";
	await workbench.page.evaluate((text) => navigator.clipboard.writeText(text), marker);
	await copy();
	return await workbench.until("something on the clipboard", async () => {
		const text = await clipboardText(workbench);
		return text !== marker && text;
	});
}
