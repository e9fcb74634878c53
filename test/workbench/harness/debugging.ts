import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Locator } from "playwright-core";
import { checkout } from "../../support/checkout";
import { appears, soon } from "./appears";
import { Workbench, type WorkbenchOptions } from "./workbench";

/** A workbench in which a C program can be debugged with lldb, as a person does it. */
export class Debugging {
	private constructor(
		readonly workbench: Workbench,
		readonly source: string,
		private readonly folder: string,
	) {}

	/**
	 * Compiles `test/programs/debuggees/NAME.c` in a folder of its own, and opens that, with a configuration that starts it,
	 * and another one, `quiet`, whose debugger does not say which process it debugs.
	 */
	static async start(name: string, options: WorkbenchOptions = {}): Promise<Debugging> {
		await mkdir(join(checkout, "out/targets"), { recursive: true });
		const folder = await mkdtemp(join(checkout, "out/targets/workspace-"));
		const program = join(folder, name);
		const source = join(folder, `${name}.c`);
		await copyFile(join(checkout, `test/programs/debuggees/${name}.c`), source);
		await promisify(execFile)("gcc", ["-O0", "-g", "-pthread", "-o", program, source]);
		const configuration = { type: "test-lldb", request: "launch", name, program, cwd: folder };
		await mkdir(join(folder, ".vscode"));
		const retell = join(checkout, "test/debuggers/retell.mjs");
		const through = [process.execPath, retell, JSON.stringify({ systemProcessId: null })];
		const configurations = [configuration, { ...configuration, name: "quiet", through }];
		await writeFile(join(folder, ".vscode/launch.json"), JSON.stringify({ configurations }));
		const workbench = await Workbench.start({
			folder,
			installed: [join(checkout, "test/debuggers")],
			...options,
			settings: {
				"window.customMenuBarAltFocus": false,
				"terminal.integrated.gpuAcceleration": "off", // else its lines are no text in the page
				...options.settings,
			},
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
				await page.getByText(new RegExp(`^Ln ${line}, Col \\d+$`)).waitFor(soon);
			});
			await workbench.runCommand("Debug: Toggle Breakpoint");
		}
	}

	/** Writes a file beside the source and opens it there. */
	async open(name: string, text: string): Promise<void> {
		const { workbench, source } = this;
		const { page } = workbench;
		const path = join(this.folder, name);
		await writeFile(path, text);
		await page.getByRole("tab", { name: source }).click();
		await workbench.runAndAnswer("Go to File...", () => workbench.pick(path, name));
		await page.getByRole("tab", { name, selected: true }).waitFor();
	}

	/** Starts the program, or that of the configuration with this name. */
	async begin(name?: string): Promise<void> {
		const { workbench } = this;
		if (name === undefined) await workbench.runCommand("Debug: Start Debugging");
		else await workbench.runAndAnswer("Debug: Select and Start Debugging", () => workbench.pick(`debug ${name}`, name));
	}

	/** Goes on, to the next stop or the end: by the button that is there while the program stands still. */
	async resume(): Promise<void> {
		await this.workbench.page.locator('.debug-toolbar a[aria-label^="Continue"]').click();
	}

	/** A view of Run and Debug, by its title: a heading while it is folded, too. */
	view(title: string): Locator {
		return this.workbench.page.locator(".sidebar .pane-header", { hasText: title });
	}

	/** Unfolds a view of Run and Debug once it is there: VS Code folds those that extensions add. */
	async unfoldView(title: string): Promise<void> {
		const view = this.view(title);
		await this.workbench.unfold(view, { handle: view });
	}

	/** A frame of the call stack, by what is written of it. */
	frame(text: RegExp): Locator {
		return this.workbench.page.locator(".debug-call-stack .monaco-list-row").filter({ hasText: text }).first();
	}

	/** Makes a session the one that commands are about. */
	async focus(session: string): Promise<void> {
		// In the middle of its row are buttons, as soon as the pointer is there: Continue is the first.
		await this.frame(new RegExp(`^${session}`)).click({ position: { x: 40, y: 10 } });
		const chosen = this.workbench.page.locator(".debug-toolbar select");
		await this.workbench.settles(
			() => chosen.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text),
			session,
		);
	}

	/** Follows the link of a word in a line of an editor or a terminal, which VS Code finds out by and by to be one. */
	async follow(lines: keyof typeof lineSelectors, line: string, word: string, target: Locator): Promise<void> {
		const { page } = this.workbench;
		const underlined = page.locator(".xterm-cursor-pointer");
		await this.workbench.until(`the link of "${word}" to lead somewhere`, async () => {
			const { x, y } = await this.find(lines, line, word); // the lines may move while others are written
			await page.mouse.move(x - 1, y);
			await page.keyboard.down("Control");
			await page.mouse.move(x, y);
			const isLink = lines === "editor" || (await appears(underlined, { timeout: 1000 }));
			if (isLink) await page.mouse.click(x, y);
			await page.keyboard.up("Control");
			return isLink && (await appears(target));
		});
	}

	/**
	 * Brings a word of a line of the open document under the pointer, and lets `look` look at what the editor says of it:
	 * with Alt held in the source, where the debugger has a hover of its own.
	 */
	async hover(line: string, word: string, look: (hover: Locator) => Promise<void>): Promise<void> {
		const { page } = this.workbench;
		const { x, y } = await this.find("editor", line, word);
		const [debuggers, editors] = [".debug-hover-widget:visible", ".monaco-hover:visible"];
		await page.mouse.move(x - 1, y);
		await page.mouse.move(x, y);
		await page.locator(`${debuggers}, ${editors}`).first().waitFor();
		if (await page.locator(debuggers).isVisible()) await page.keyboard.down("Alt");
		await look(page.locator(editors));
		await page.keyboard.up("Alt");
		await page.mouse.move(x, 1);
		await page.locator(editors).waitFor({ state: "hidden" });
	}

	/** The middle of a word on the screen. */
	private async find(lines: keyof typeof lineSelectors, line: string, word: string): Promise<{ x: number; y: number }> {
		const wanted: Wanted = { selector: lineSelectors[lines], line, word };
		return await this.workbench.until(
			`"${word}" on the screen`,
			async () => await this.workbench.page.evaluate(placeOf, wanted),
		);
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

	async stop(): Promise<void> {
		await this.workbench.stop();
		await rm(this.folder, { recursive: true, force: true });
	}
}

const lineSelectors = { editor: ".view-line", terminal: ".terminal-wrapper.active .xterm-rows > div" } as const;
interface Wanted {
	readonly selector: string;
	readonly line: string;
	readonly word: string;
}

/** The middle of a word in a line; undefined when that is not on the screen. Runs in the page. */
function placeOf(wanted: Wanted): { x: number; y: number } | undefined {
	const { selector, line, word } = wanted;
	const plain = (text: string | null) => (text ?? "").replaceAll("\u00a0", " ");
	const row = [...document.querySelectorAll(selector)].find(({ textContent }) => plain(textContent).includes(line));
	if (!row) return undefined;
	let start = plain(row.textContent).indexOf(word, plain(row.textContent).indexOf(line));
	const texts = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
	for (let node = texts.nextNode(); node; node = texts.nextNode()) {
		const { length = 0 } = node.textContent ?? "";
		if (start < length) {
			const range = document.createRange();
			range.setStart(node, start);
			range.setEnd(node, Math.min(length, start + word.length));
			const { x, y, width, height } = range.getBoundingClientRect();
			return { x: x + width / 2, y: y + height / 2 };
		}
		start -= length;
	}
	return undefined;
}
