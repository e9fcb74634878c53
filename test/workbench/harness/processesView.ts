import type { Locator } from "playwright-core";
import type { Workbench } from "./workbench";

/** The Processes view in the side bar. */
export class ProcessesView {
	private constructor(readonly workbench: Workbench) {}

	static async open(workbench: Workbench): Promise<ProcessesView> {
		await workbench.openViewContainer("Mapscope");
		const view = new ProcessesView(workbench);
		await view.rows.first().waitFor();
		await view.#foldLab();
		return view;
	}

	/** The rows that are on the screen. */
	get rows(): Locator {
		return this.tree.getByRole("treeitem");
	}

	get tree(): Locator {
		return this.workbench.page.getByRole("tree", { name: "Processes" });
	}

	/** What stands above the rows, or in their place. */
	message(text: string | RegExp): Locator {
		return this.workbench.page.locator(".sidebar").getByText(text);
	}

	/** The row with this in its accessible name. */
	row(name: string | RegExp): Locator {
		return this.rows.and(this.tree.getByRole("treeitem", { name }));
	}

	/** The row of a process. */
	process(pid: number): Locator {
		return this.row(new RegExp(`, process ${pid}\\b`));
	}

	/** The row of the mapping that begins at an address. */
	mapping(start: bigint): Locator {
		return this.row(new RegExp(`\\baddress ${start.toString(16).padStart(8, "0")}\\b`));
	}

	/** Shows only what matches. */
	async filter(text: string): Promise<void> {
		await this.workbench.runAndAnswer("Mapscope: Filter Processes…", () => this.workbench.type(text));
		await this.workbench.page.keyboard.press("Enter");
		await this.workbench.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
	}

	/** Scrolls to a row: only those on the screen, and a few more, are in the page. */
	async scrollTo(row: Locator): Promise<void> {
		const { page } = this.workbench;
		await this.tree.hover({ position: { x: 60, y: 60 } });
		await page.mouse.wheel(0, -1e6);
		await this.workbench.until("the row to be scrolled to", async () => {
			const box = await row.boundingBox({ timeout: 100 }).catch(() => null);
			const tree = await this.tree.boundingBox();
			if (box && tree && box.y >= tree.y && box.y + box.height <= tree.y + tree.height) return true;
			await page.mouse.wheel(0, 200);
			return false;
		});
	}

	/** Unfolds a row, if it is not yet. */
	async unfold(row: Locator): Promise<void> {
		if ((await row.getAttribute("aria-expanded")) !== "true") await row.locator(".monaco-tl-twistie").click();
		await row.and(this.tree.locator('[aria-expanded="true"]')).waitFor();
	}

	/** Chooses from the context menu of a row. */
	async choose(row: Locator, entry: string): Promise<void> {
		await row.click({ button: "right" });
		await this.#take(entry);
	}

	/** Chooses from the menu of the view. */
	async chooseForView(entry: string): Promise<void> {
		const header = this.#header("Processes");
		await header.hover();
		await header.getByRole("button", { name: /^(Views and )?More Actions/ }).click();
		await this.#take(entry);
	}

	/** Gives the whole side bar to the processes, which share it with the lab. */
	async #foldLab(): Promise<void> {
		const lab = this.#header("Lab");
		if ((await lab.getAttribute("aria-expanded")) === "true") await lab.click();
		await this.workbench.settles(() => lab.getAttribute("aria-expanded"), "false");
	}

	#header(view: string): Locator {
		return this.workbench.page.locator(".sidebar .pane-header").filter({ hasText: view });
	}

	/** Takes an entry of the open menu: by key, because VS Code's menus ignore clicks that come too soon. */
	async #take(entry: string): Promise<void> {
		const item = this.workbench.page.getByRole("menuitem", { name: entry, exact: true });
		await item.hover();
		await item.press("Enter");
		await item.waitFor({ state: "hidden" });
	}
}
