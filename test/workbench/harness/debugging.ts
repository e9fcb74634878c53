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

	/** Goes on, to the next stop or the end. */
	async resume(): Promise<void> {
		await this.workbench.runCommand("Debug: Continue");
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
