import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Browser, errors, type Frame, type Locator, type Page } from "playwright-core";
import { checkout } from "../../support/checkout";
import { appears, soon } from "./appears";
import { launchBrowser } from "./browser.mjs";
import { openPages } from "./evidence";
import { isNoise } from "./noise.mjs";
import {
	exitOnSignals,
	plainEnv,
	type Server,
	startServer,
	stillSettings,
	type User,
	workbenchUrl,
} from "./server.mjs";

/** VS Code's own colour themes by id: what people call them, and the class the workbench has while one is on. */
const themes = {
	"Default Dark Modern": { label: "Dark Modern", className: "vs-dark" },
	"Default Light Modern": { label: "Light Modern", className: "vs" },
	"Default High Contrast": { label: "Dark High Contrast", className: "hc-black" },
	"Default High Contrast Light": { label: "Light High Contrast", className: "hc-light" },
} as const;

export type Theme = keyof typeof themes;

export interface WorkbenchOptions {
	/** The folder to open; none: an empty window. */
	readonly folder?: string;
	/** Folders of extensions under development: this checkout, unless said otherwise. */
	readonly extensions?: string[];
	/** Folders of extensions to be there as if they were installed. */
	readonly installed?: string[];
	/** Packaged extensions to install. */
	readonly vsix?: string[];
	readonly theme?: Theme;
	readonly viewport?: { readonly width: number; readonly height: number };
	readonly settings?: Record<string, unknown>;
	/** Runs the server, and with it the extension host, as this user. */
	readonly user?: User;
	/** Added to the environment of the extension host. */
	readonly env?: NodeJS.ProcessEnv;
}

/** How long anything in the workbench may take to appear: far more than it does, because machines are busy. */
const patienceMs = 45_000;

/**
 * A real VS Code workbench in a real browser, for tests that look and click. `stop` ends all of it; should this
 * process end first, the server and the browser end with it.
 *
 * ```ts
 * const workbench = await Workbench.start({ folder });
 * await workbench.runCommand("Mapscope: Show Memory Map of Process…");
 * await workbench.pick("sleep");
 * const map = await workbench.webview(".overview");
 * await map.locator(".overview").click();
 * ```
 */
export class Workbench {
	/** Errors in the browser's console, without those that every window of this server writes. */
	readonly problems: string[] = [];

	private constructor(
		readonly server: Server,
		private readonly browser: Browser,
		readonly page: Page,
	) {
		openPages.add(page);
		page.on("pageerror", (error) => void this.problems.push(error.stack ?? error.message));
		page.on("console", (message) => {
			const text = `${message.text()} (${message.location().url})`;
			if (message.type() === "error" && !isNoise(text)) this.problems.push(text);
		});
	}

	static async start(options: WorkbenchOptions = {}): Promise<Workbench> {
		const { folder, extensions = [checkout], theme = "Default Dark Modern", user, env, vsix, installed } = options;
		exitOnSignals();
		const server = await startServer({
			checkout,
			settings: { "workbench.colorTheme": theme, ...stillSettings, ...options.settings },
			user,
			reconnectSeconds: 5, // a page that is loaded anew may go without a word
			env: { ...plainEnv, ...env },
			...(vsix ? { vsix } : {}),
			...(installed ? { installed } : {}),
		});
		const browser = await launchBrowser();
		const page = await browser.newPage({ viewport: options.viewport ?? { width: 1400, height: 900 } });
		page.setDefaultTimeout(patienceMs);
		const workbench = new Workbench(server, browser, page);
		try {
			await page.goto(workbenchUrl(server, { folder, extensions }));
			await workbench.ready();
			return workbench;
		} catch (error) {
			await workbench.stop();
			throw error;
		}
	}

	/**
	 * Makes VS Code keep what is open, as it does when the person turns to another window, and waits until what it keeps
	 * of the editors matches, and what the extension keeps of this workspace. A page that goes before that loses it.
	 */
	async keepEditors(matching: RegExp, state = /(?:)/): Promise<void> {
		await this.page.evaluate(async () => {
			window.dispatchEvent(new Event("focus"));
			await new Promise((resolve) => setTimeout(resolve)); // VS Code looks a task later
			document.hasFocus = () => false;
			window.dispatchEvent(new Event("blur"));
		});
		await this.until(`VS Code to keep ${matching} and ${state}`, async () => {
			const kept = await this.page.evaluate(keptItems, ["memento/workbench.parts.editor", "mapscope.mapscope"]);
			return matching.test(kept[0] ?? "") && state.test(kept[1] ?? "");
		});
	}

	/** Reloads the window, as "Developer: Reload Window" does. */
	async reload(): Promise<void> {
		await this.page.reload();
		await this.ready();
	}

	/**
	 * Runs a command from the command palette, by its full title with category. The palette is asked anew as long as it
	 * does not offer the command: until the extension host has started it knows none of the extension's, and VS Code
	 * closes it when a webview gets the focus back late that the palette before has taken from it.
	 */
	async runCommand(title: string): Promise<void> {
		await this.until(`the command palette to offer "${title}"`, () =>
			this.inTime(async () => {
				await this.page.keyboard.press("F1");
				await this.quickInput().fill(`>${title}`, soon);
				await this.page.locator(".quick-input-list .monaco-list-row").first().waitFor(soon);
				const offered = await this.row(title).isVisible();
				if (offered) await this.row(title).click(soon);
				else await this.page.keyboard.press("Escape");
				return offered;
			}),
		);
	}

	/** Runs a command that asks for something, answers, and does so again when the question was closed meanwhile. */
	async runAndAnswer(title: string, answer: () => Promise<void>): Promise<void> {
		await this.until(`"${title}" to ask`, async () => {
			await this.runCommand(title);
			return await this.inTime(async () => {
				await answer();
				return true;
			});
		});
	}

	/** Types into the open quick pick or input box. */
	async type(text: string): Promise<void> {
		await this.quickInput().fill(text, soon);
	}

	/** Filters the open quick pick by `text` and takes the first row that shows it, or what `row` says. */
	async pick(text: string, row: string | RegExp = text): Promise<void> {
		await this.type(text);
		await this.page.locator(".quick-input-list .monaco-list-row", { hasText: row }).first().click(soon);
	}

	/**
	 * Gives a path to the open file dialog: VS Code in a browser has one of its own, in which one types. What is typed before
	 * it has listed its first folder is lost, so it is typed anew until the file is listed.
	 */
	async pickFile(path: string): Promise<void> {
		const title = this.page.locator(".quick-input-titlebar");
		const file = this.page.locator(".quick-input-list .monaco-list-row", { hasText: basename(path) }).first();
		await this.until(`the file dialog to take ${path}`, () =>
			this.inTime(async () => {
				await this.type(path);
				await file.waitFor({ timeout: 1000 });
				await this.page.keyboard.press("Enter");
				await title.waitFor({ state: "hidden", ...soon });
				return true;
			}),
		);
	}

	/** Opens a view container of the activity bar by its name. */
	async openViewContainer(name: string): Promise<void> {
		const icon = this.page.locator(".activitybar").getByRole("tab", { name });
		await this.unfold(icon, { handle: icon });
	}

	/**
	 * Unfolds a row of a tree, or folds it, or what has another handle; once more when what was clicked was just drawn
	 * anew, and the click went nowhere.
	 */
	async unfold(row: Locator, { unfolded = true, handle = row.locator(".monaco-tl-twistie") } = {}): Promise<void> {
		const wanted = row.and(this.page.locator(`[aria-expanded="${unfolded}"]`));
		await this.until(`a row to ${unfolded ? "unfold" : "fold"}`, () =>
			this.inTime(async () => {
				if (!(await wanted.isVisible())) await handle.click(soon);
				return await appears(wanted, { timeout: 10_000 }); // too early a second click would undo the first
			}),
		);
	}

	/** Chooses from a menu, which opens by a click: by key, because VS Code's menus ignore clicks that come too soon. */
	async choose(entry: string, opener: Locator, button: "left" | "right" = "right"): Promise<void> {
		const item = this.page.getByRole("menuitem", { name: entry, exact: true });
		await this.until(`"${entry}" to be chosen`, async () => {
			const chosen = await this.inTime(async () => {
				await opener.click({ button, ...soon });
				await item.hover(soon);
				await item.press("Enter", soon);
				await item.waitFor({ state: "hidden", ...soon });
				return true;
			});
			if (!chosen) await this.page.keyboard.press("Escape");
			return chosen;
		});
	}

	/** Closes all editors. */
	async closeEditors(): Promise<void> {
		const tabs = this.page.locator(".editor-group-container .tab");
		if ((await tabs.count()) > 0) await this.runCommand("View: Close All Editors");
		await tabs.first().waitFor({ state: "detached" });
	}

	/** Closes the side bar, to give the editors its room. */
	async closeSideBar(): Promise<void> {
		const sideBar = this.page.locator(".part.sidebar:visible");
		if (await sideBar.isVisible()) await this.page.keyboard.press("Control+b");
		await sideBar.waitFor({ state: "hidden" });
	}

	/** Rows of the trees in the side bar, by their accessible name. */
	treeItem(name: string | RegExp): Locator {
		return this.page.locator(".sidebar").getByRole("treeitem", { name });
	}

	/** The frame of the webview in which `selector` is visible; several webviews may be open. */
	async webview(selector: string): Promise<Frame> {
		return await this.until(`a webview with ${selector}`, async () => {
			for (const frame of this.page.frames()) {
				// A frame may go while it is asked: then it is not the one.
				if (
					await frame
						.locator(selector)
						.first()
						.isVisible()
						.catch(() => false)
				)
					return frame;
			}
			return undefined;
		});
	}

	/** Asks again and again until the answer is truthy, and resolves with it. `wanted` names it in the error. */
	async until<T>(wanted: string, ask: () => Promise<T | undefined | false>): Promise<T> {
		const end = Date.now() + patienceMs;
		while (Date.now() < end) {
			const answer = await ask();
			if (answer) return answer;
			await this.page.waitForTimeout(50);
		}
		throw new Error(`waited in vain for ${wanted}. Errors in the browser:\n${this.problems.join("\n")}`);
	}

	/**
	 * Waits until what is read is as expected: a text that matches, or an equal value. A screen follows an action a frame
	 * or more later, so what one reads right after it may still be that of before.
	 */
	async settles<T>(read: () => Promise<T>, expected: T | RegExp): Promise<void> {
		let last: T | undefined;
		const check = (value: T) =>
			expected instanceof RegExp ? expected.test(String(value)) : isDeepStrictEqual(value, expected);
		const ask = async () => {
			last = await read();
			return check(last);
		};
		await this.until(String(expected), ask).catch((error: unknown) => {
			assert.equal(String(last), String(expected), String(error));
			throw error;
		});
	}

	/** Texts of the notifications that are on the screen. */
	async notifications(): Promise<string[]> {
		return await this.page.locator(".notifications-toasts .notification-list-item-message").allInnerTexts();
	}

	/** Changes the colour theme, as a person does. */
	async setTheme(theme: Theme): Promise<void> {
		const { label, className } = themes[theme];
		// The picker lists the themes that are known when it opens, and right after the start none is.
		const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first();
		await this.until(`the theme ${label}`, async () => {
			await this.runCommand("Preferences: Color Theme");
			await this.type(label);
			const listed = await appears(row);
			if (listed) await row.click();
			else await this.page.keyboard.press("Escape");
			return listed;
		});
		await this.page.locator(`.monaco-workbench.${className}`).waitFor();
	}

	/** Changes user settings and reloads the window; those of `start` stay unless named again. */
	async configure(settings: Record<string, unknown>): Promise<void> {
		const file = join(this.server.directory, "user/User/settings.json");
		// Nothing is written where another user may have put a link.
		assert.equal((await stat(this.server.directory)).uid, process.getuid?.());
		const before: unknown = JSON.parse(await readFile(file, "utf8"));
		await writeFile(file, JSON.stringify({ ...(before as object), ...settings }));
		await this.reload();
	}

	/** Ends the browser and the server, and with them everything the extension has started. */
	async stop(): Promise<void> {
		openPages.delete(this.page);
		await this.browser.close();
		await this.server.stop();
	}

	/** What `attempt` says, or false when it waits in vain. */
	private async inTime(attempt: () => Promise<boolean>): Promise<boolean> {
		try {
			return await attempt();
		} catch (error) {
			if (error instanceof errors.TimeoutError) return false;
			throw error;
		}
	}

	private quickInput(): Locator {
		return this.page.locator(".quick-input-widget input.input:visible");
	}

	/** The row of the palette with exactly this title (the palette also shows the alike). */
	private row(title: string): Locator {
		return this.page
			.locator(".quick-input-list .monaco-list-row")
			.filter({ has: this.page.locator(".label-name", { hasText: exactly(title) }) })
			.first();
	}

	private async ready(): Promise<void> {
		await this.page.locator(".monaco-workbench .part.statusbar").waitFor();
	}
}

/** What VS Code keeps for this workspace in the browser's database, by key. Runs in the page. */
async function keptItems(keys: readonly string[]): Promise<string[]> {
	const result = <T>(request: IDBRequest<T>) =>
		new Promise<T>((resolve, reject) => {
			request.onsuccess = () => resolve(request.result);
			request.onerror = () => reject(request.error);
		});
	const texts = keys.map(() => "");
	for (const { name = "" } of await indexedDB.databases()) {
		if (!name.startsWith("vscode-web-state-db-") || name.endsWith("-global")) continue;
		const database = await result(indexedDB.open(name));
		const items = database.transaction("ItemTable").objectStore("ItemTable");
		for (const [at, key] of keys.entries()) texts[at] += String(await result(items.get(key)));
		database.close();
	}
	return texts;
}

/** A pattern for exactly this text; the palette's no-break spaces count as spaces. */
function exactly(text: string): RegExp {
	return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(" ", "\\s")}$`);
}
