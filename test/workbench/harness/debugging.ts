import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Locator } from "playwright-core";
import { checkout } from "../../support/checkout";
import { Workbench, type WorkbenchOptions } from "./workbench";

/** A workbench in which a C program can be debugged with lldb, as a person does it. */
export class Debugging {
	private constructor(
		readonly workbench: Workbench,
		readonly source: string,
		private readonly folder: string,
	) {}

	/** Compiles `test/programs/debuggees/NAME.c` in a folder of its own, and opens that, with a configuration that starts it. */
	static async start(name: string, options: WorkbenchOptions = {}): Promise<Debugging> {
		await mkdir(join(checkout, "out/targets"), { recursive: true });
		const folder = await mkdtemp(join(checkout, "out/targets/workspace-"));
		const program = join(folder, name);
		const source = join(folder, `${name}.c`);
		await copyFile(join(checkout, `test/programs/debuggees/${name}.c`), source);
		await promisify(execFile)("gcc", ["-O0", "-g", "-pthread", "-o", program, source]);
		const configuration = { type: "test-lldb", request: "launch", name, program, cwd: folder };
		await mkdir(join(folder, ".vscode"));
		await writeFile(join(folder, ".vscode/launch.json"), JSON.stringify({ configurations: [configuration] }));
		const workbench = await Workbench.start({
			folder,
			installed: [join(checkout, "test/debuggers")],
			...options,
		});
		return new Debugging(workbench, `${name}.c`, folder);
	}

	/** Opens the program's source and sets breakpoints on lines. */
	async setBreakpoints(...lines: readonly number[]): Promise<void> {
		const { workbench, source } = this;
		const { page } = workbench;
		await page.getByRole("treeitem", { name: source, exact: true }).dblclick();
		await page.getByRole("tab", { name: source }).waitFor();
		for (const line of lines) {
			await workbench.runAndAnswer("Go to Line/Column...", async () => {
				await workbench.type(`:${line}`);
				await page.keyboard.press("Enter");
			});
			await workbench.runCommand("Debug: Toggle Breakpoint");
		}
	}

	/** Starts the program. */
	async begin(): Promise<void> {
		await this.workbench.runCommand("Debug: Start Debugging");
	}

	/** Goes on, to the next stop or the end: by the button that is there while the program stands still. */
	async resume(): Promise<void> {
		await this.workbench.page.locator('.debug-toolbar a[aria-label^="Continue"]').click();
	}

	/** Unfolds a row of a tree. */
	async unfold(row: Locator): Promise<void> {
		if ((await row.getAttribute("aria-expanded")) !== "true") await row.locator(".monaco-tl-twistie").click();
	}

	/** A view of Run and Debug, by its title: a heading while it is folded, too. */
	view(title: string): Locator {
		return this.workbench.page.locator(".sidebar .pane-header", { hasText: title });
	}

	/** Unfolds a view of Run and Debug once it is there: VS Code folds those that extensions add. */
	async unfoldView(title: string): Promise<void> {
		const view = this.view(title);
		await view.waitFor();
		if ((await view.getAttribute("aria-expanded")) !== "true") await view.click();
	}

	/** A frame of the call stack, by what is written of it. */
	frame(text: RegExp): Locator {
		return this.workbench.page.locator(".debug-call-stack .monaco-list-row").filter({ hasText: text }).first();
	}

	/** The address that the program has printed after a word, in the debug console. */
	async printed(word: string): Promise<bigint> {
		const pattern = new RegExp(`${word} (0x[0-9a-f]+)`);
		const text = await this.workbench.until(`the program to print ${word}`, async () =>
			pattern.exec((await this.workbench.page.locator(".repl-tree").innerText()) ?? ""),
		);
		return BigInt(text?.[1] ?? 0);
	}

	/** The process of the program, as lldb says in the debug console. */
	async pid(): Promise<number> {
		const text = await this.workbench.until("the pid", async () =>
			/(?:Attached to|Launched) process (\d+)/.exec(await this.workbench.page.locator(".repl-tree").innerText()),
		);
		return Number(text?.[1]);
	}

	/** The rows of one of the views of Run and Debug, by their accessible name. */
	row(view: string, name: string | RegExp): Locator {
		return this.workbench.page.getByRole("tree", { name: view }).getByRole("treeitem", { name });
	}

	/** Chooses from the context menu of a row. */
	async choose(row: Locator, entry: string): Promise<void> {
		await row.click({ button: "right" });
		const item = this.workbench.page.getByRole("menuitem", { name: entry, exact: true });
		await item.hover();
		await item.press("Enter");
		await item.waitFor({ state: "hidden" });
	}

	async stop(): Promise<void> {
		await this.workbench.stop();
		await rm(this.folder, { recursive: true, force: true });
	}
}
