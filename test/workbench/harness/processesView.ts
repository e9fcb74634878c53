import type { Locator } from "playwright-core";
import { soon } from "./appears";
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
		const { mouse } = this.workbench.page;
		let last = "";
		await this.workbench.until("the row to be scrolled to", async () => {
			const box = (await row.count()) > 0 ? await row.boundingBox(soon).catch(() => null) : null;
			const tree = await this.tree.boundingBox();
			if (box && tree && box.y >= tree.y && box.y + box.height <= tree.y + tree.height) return true;
			const shown = (await this.rows.allInnerTexts()).join();
			await mouse.move(0, 0); // a tooltip that has come under the pointer would take the wheel
			await this.tree.hover({ position: { x: 60, y: 60 } });
			await mouse.wheel(0, shown === last ? -1e6 : 100); // from the end it begins anew
			last = shown;
			return false;
		});
	}

	/** Chooses from the menu of the view. */
	async chooseForView(entry: string): Promise<void> {
		const header = this.#header("Processes");
		await header.hover();
		await this.workbench.choose(entry, header.getByRole("button", { name: /^(Views and )?More Actions/ }), "left");
	}

	/** Gives the whole side bar to the processes, which share it with the lab. */
	async #foldLab(): Promise<void> {
		const lab = this.#header("Lab");
		await this.workbench.unfold(lab, { unfolded: false, handle: lab });
	}

	#header(view: string): Locator {
		return this.workbench.page.locator(".sidebar .pane-header").filter({ hasText: view });
	}
}
