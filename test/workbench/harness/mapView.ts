import type { Frame, Locator } from "playwright-core";
import { memoryMap, openMemoryMap } from "./memoryMap";
import type { Workbench } from "./workbench";

/** A Memory Map as a person meets it, on the screen or through a screen reader: everything by role and name. */
export class MapView {
	constructor(
		readonly workbench: Workbench,
		readonly frame: Frame,
	) {}

	/** Opens the map of a process from the command palette. */
	static async open(workbench: Workbench, pid: number): Promise<MapView> {
		return new MapView(workbench, await openMemoryMap(workbench, pid));
	}

	/** The map of a process that is open, or about to be. */
	static async opened(workbench: Workbench, pid: number): Promise<MapView> {
		return new MapView(workbench, await memoryMap(workbench, pid));
	}

	/** The number of the sample that is shown. */
	async sample(): Promise<number> {
		return Number(await this.frame.locator("[data-sample]").getAttribute("data-sample", { timeout: 1000 }));
	}

	/** Waits until a later sample than that of now is shown. */
	async nextSample(): Promise<void> {
		const before = await this.sample();
		await this.workbench.until("the next sample", async () => (await this.sample()) > before);
	}

	/** A total of the header, in bytes, by its name: `PSS`. */
	async total(name: string): Promise<number> {
		const text = await this.frame.getByRole("radio", { name: new RegExp(`^${name}\\b`) }).innerText();
		return bytesOf(text.replace(name, ""));
	}

	/** The bars by kind. */
	kind(name: string | RegExp): Locator {
		return this.frame.getByRole("group", { name: "By kind" }).getByRole("button", { name });
	}

	/** The entries of the legend. */
	state(name: string | RegExp): Locator {
		return this.frame.getByRole("toolbar", { name: "Page states" }).getByRole("button", { name });
	}

	/** The rows of the list by what a screen reader says of them. */
	row(name: string | RegExp): Locator {
		return this.list.getByRole("row", { name });
	}

	get list(): Locator {
		return this.frame.getByRole("treegrid", { name: "Mappings" });
	}

	/** The row that is selected. */
	get selected(): Locator {
		return this.list.locator('[role="row"][aria-selected="true"]:visible');
	}

	get find(): Locator {
		return this.frame.getByRole("textbox", { name: /^Filter mappings/ });
	}

	/** What is selected, in a sentence and in facts. */
	get details(): Locator {
		return this.frame.getByRole("complementary", { name: "Details" });
	}

	/** The toggle that says how often there is a sample. */
	get live(): Locator {
		return this.frame.getByRole("button", { name: /^(Live \d|Paused$|Ended$)/ });
	}

	/** Sentences about how the process and the reading of it fare. */
	notice(text: string | RegExp): Locator {
		return this.frame.getByRole("status").filter({ hasText: text });
	}

	/** What a screen reader was told last. */
	async announced(): Promise<string> {
		return (await this.frame.locator("[aria-live]").innerText()).trim();
	}

	/** What has the focus: its name, or its text. */
	async focused(): Promise<string> {
		return await this.frame.evaluate(() => {
			let element = document.activeElement;
			while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
			return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
		});
	}

	/** Waits until something with this name has the focus. */
	async focuses(name: RegExp): Promise<void> {
		await this.workbench.until(`the focus on ${name}`, async () => name.test(await this.focused()));
	}

	/** Waits until the last thing that a screen reader was told is this. */
	async hears(text: string): Promise<void> {
		await this.#hears(text, (heard) => heard.at(-1) === text);
	}

	/** Waits until this is among all that a screen reader was told: other things may come right after it. */
	async hasHeard(text: string): Promise<void> {
		await this.#hears(text, (heard) => heard.includes(text));
	}

	async #hears(text: string, isEnough: (heard: readonly string[]) => boolean): Promise<void> {
		let heard: readonly string[] = [];
		await this.workbench
			.until("an announcement", async () => {
				heard = await this.frame.evaluate(() => (globalThis as { mapscopeHeard?: string[] }).mapscopeHeard ?? []);
				return isEnough(heard);
			})
			.catch(() => {
				throw new Error(`expected to hear “${text}”, heard “${heard.slice(-5).join("”, “")}”`);
			});
	}

	/** Goes to an address: from the list with the key G, from the pages with the button beside them. */
	async goTo(address: bigint): Promise<void> {
		if (await this.list.isVisible()) await this.list.press("g");
		else await this.details.getByRole("button", { name: "Go to address…" }).click();
		await this.workbench.type(address.toString(16));
		await this.workbench.page.keyboard.press("Enter");
	}

	/** Selects the mapping that has this range, by its address, and puts the focus to the list. */
	async select({ start, end }: { readonly start: bigint; readonly end: bigint }): Promise<void> {
		const line = this.details.getByText(`${hex(start)}-${hex(end)}`);
		if (!(await line.isVisible())) await this.goTo(start);
		await line.waitFor();
		await this.list.focus();
	}

	/** Chooses from the menu of a button. */
	async choose(button: string, entry: string): Promise<void> {
		await this.frame.getByRole("button", { name: button, exact: true }).click();
		await this.frame.getByRole("menu").getByText(entry, { exact: true }).click();
	}

	/** The theme's colour of a variable as the browser paints it: red, green, blue. */
	async themeColour(variable: string): Promise<Rgb> {
		return await this.frame.evaluate((name) => {
			const context = document.createElement("canvas").getContext("2d");
			if (!context) throw new Error("no canvas");
			context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name);
			context.fillRect(0, 0, 1, 1);
			const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
			return [red, green, blue] as const;
		}, variable);
	}
}

export type Rgb = readonly [red: number, green: number, blue: number];

/** An address as `maps` writes it. */
export function hex(address: bigint): string {
	return address.toString(16).padStart(8, "0");
}

const units: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** The bytes that the first amount in a text stands for: `1.5 MiB`. */
export function bytesOf(text: string): number {
	const [, number = "", unit] = /([\d.,]+)(?:\s*([KMGT]iB|B)\b)?/.exec(text) ?? [];
	if (number === "") throw new Error(`no amount in “${text}”`);
	return Number(number.replaceAll(",", "")) * (units[unit ?? "B"] ?? 1);
}

/** Whether an amount that is shown with three digits can stand for a number of bytes. */
export function shows(shown: number, bytes: number): boolean {
	return Math.abs(shown - bytes) <= Math.max(0.5, bytes * 0.0051);
}
