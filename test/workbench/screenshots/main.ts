// Takes the pictures of the README from the running product: `npm run screenshots [-- SCENE...]`.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { checkout } from "../../support/checkout";
import { type Theme, Workbench } from "../harness/workbench";
import { startDemo } from "./demo";
import { type Scene, type Stage, scenes } from "./scenes";

const themes: readonly { readonly id: Theme; readonly name: string }[] = [
	{ id: "Default Dark Modern", name: "dark" },
	{ id: "Default Light Modern", name: "light" },
	{ id: "Default High Contrast", name: "high-contrast" },
];

/** Takes all scenes, or those that are named, in all themes. */
async function main(names: readonly string[]): Promise<void> {
	const folder = join(checkout, "media/screenshots");
	await mkdir(folder, { recursive: true });
	const demo = await startDemo();
	try {
		for (const scene of scenes.filter(({ name }) => names.length === 0 || names.includes(name))) {
			const stage = await (scene.start ?? emptyWindow)(scene.viewport);
			const { workbench } = stage;
			try {
				await scene.arrange(workbench, demo.pid);
				for (const theme of themes) {
					await workbench.setTheme(theme.id);
					await workbench.page.mouse.move(700, 1); // no tooltip of what lay under the theme that was picked
					await settle(workbench);
					const path = join(folder, `${scene.name}-${theme.name}.png`);
					await workbench.page.screenshot({ path });
					console.log(path);
				}
			} finally {
				await stage.stop();
			}
		}
	} finally {
		await demo.stop();
	}
}

async function emptyWindow(viewport: Scene["viewport"]): Promise<Stage> {
	const workbench = await Workbench.start({ viewport });
	return { workbench, stop: () => workbench.stop() };
}

/** Waits until two looks at the window in a row are the same: themes reach webviews and canvases a little later. */
async function settle(workbench: Workbench): Promise<void> {
	let before: Buffer = Buffer.of();
	await workbench.until("the window to stand still", async () => {
		const now = await workbench.page.screenshot();
		const still = now.equals(before);
		before = now;
		if (!still) await workbench.page.waitForTimeout(300);
		return still;
	});
}

main(process.argv.slice(2)).then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
