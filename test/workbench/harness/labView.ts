import { readFile } from "node:fs/promises";
import type { Frame, Locator } from "playwright-core";
import type { Workbench } from "./workbench";

/** A Lab tab as a person meets it, on the screen or through a screen reader. */
export class LabView {
	constructor(
		readonly workbench: Workbench,
		readonly frame: Frame,
		readonly demo: string,
	) {}

	/** Opens a demo from the command palette, by its title and id. */
	static async open(workbench: Workbench, title: string, id: string): Promise<LabView> {
		await workbench.runAndAnswer("Mapscope: Open Lab…", () => workbench.pick(title));
		return LabView.opened(workbench, id);
	}

	/** The lab of a demo that is open, or about to be. */
	static async opened(workbench: Workbench, id: string): Promise<LabView> {
		return new LabView(workbench, await workbench.webview(`.lab[data-demo="${id}"]`), id);
	}

	button(name: string | RegExp): Locator {
		return this.frame.getByRole("banner").getByRole("button", { name });
	}

	get steps(): Locator {
		return this.frame.getByRole("listbox", { name: "Steps" });
	}

	/** A step's row, counted from 1. */
	row(step: number): Locator {
		return this.steps.getByRole("option").nth(step - 1);
	}

	/** What the chosen step has shown. */
	get details(): Locator {
		return this.frame.getByRole("main");
	}

	/** A part of the details by its head. */
	part(name: string | RegExp): Locator {
		return this.details.getByRole("region", { name });
	}

	/** What screen readers were told last. */
	async said(): Promise<string> {
		return await this.frame.locator("[aria-live]").last().innerText();
	}

	/** Steps that have run. */
	async done(): Promise<number> {
		return Number(await this.attribute("data-done"));
	}

	/** Whether a step runs, the lab is made ready again, or nothing of both: `idle`. */
	async activity(): Promise<string | null> {
		return await this.attribute("data-activity");
	}

	/** What stands below the steps. */
	async footer(): Promise<string> {
		return await this.frame.locator(".lab-footer").innerText();
	}

	/** Waits until so many steps have run, nothing runs, and the details are those of the last one. */
	async ran(steps: number): Promise<void> {
		await this.workbench.until(`${steps} steps to have run`, async () => {
			if ((await this.done()) !== steps || (await this.activity()) !== "idle") return false;
			return steps === 0 || (await this.details.getAttribute("data-step")) === String(steps - 1);
		});
	}

	/** Runs the next step by the keyboard; resolves when its result is on the screen. */
	async step(): Promise<void> {
		const before = await this.done();
		await this.steps.press("Enter");
		await this.ran(before + 1);
	}

	/** Runs steps up to this one, counted from 1. */
	async stepTo(step: number): Promise<void> {
		while ((await this.done()) < step) await this.step();
	}

	/** Pid of the lab process, or of one that it has forked, as the panel names it. */
	async pid(process = "lab process"): Promise<number> {
		const text = await this.footer();
		return Number(new RegExp(`${process} (\\d+)`).exec(text)?.[1]);
	}

	/** Lines of maps that the diff shows, by mark, with the kernel's padding shortened as on the screen. */
	async lines(kind: "removed" | "added" | "same", region = this.details): Promise<string[]> {
		const texts = await region.locator(`.diff-line.${kind}[data-inside="true"] .diff-text`).allTextContents();
		return texts.map(squeezed);
	}

	/** What the table of facts says under a name, without explanations. */
	async fact(name: string, region = this.details): Promise<string> {
		const row = region.getByRole("row").filter({ has: this.frame.getByText(name, { exact: true }) });
		return (await row.locator(".fact-value").first().innerText()).trim();
	}

	/** The pages of a grid in words. */
	async pages(name: RegExp, region = this.details): Promise<string> {
		return (await region.getByRole("img", { name }).getAttribute("aria-label")) ?? "";
	}

	private async attribute(name: string): Promise<string | null> {
		return await this.frame.locator(".lab").getAttribute(name, { timeout: 2000 });
	}
}

/** A line of maps as the panel shows it. */
export function squeezed(line: string): string {
	return line.replace(/ {4,}/g, "   ").trimEnd();
}

/** Lines of a process's maps that lie in [start, end), as this test reads them itself. */
export async function mapsLines(pid: number, start: bigint, end: bigint): Promise<string[]> {
	const lines = (await readFile(`/proc/${pid}/maps`, "utf8")).trimEnd().split("\n");
	return lines
		.filter((line) => {
			const [, from = "0", to = "0"] = /^([0-9a-f]+)-([0-9a-f]+) /.exec(line) ?? [];
			return BigInt(`0x${from}`) < end && BigInt(`0x${to}`) > start;
		})
		.map(squeezed);
}

/** A field of smaps in bytes, summed over the mappings in [start, end), as this test reads it itself. */
export async function smapsBytes(pid: number, start: bigint, end: bigint, field: string): Promise<number> {
	let inside = false;
	let sum = 0;
	for (const line of (await readFile(`/proc/${pid}/smaps`, "utf8")).split("\n")) {
		const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) /.exec(line) ?? [];
		if (from !== undefined && to !== undefined) inside = BigInt(`0x${from}`) < end && BigInt(`0x${to}`) > start;
		const value = inside ? new RegExp(`^${field}: +(\\d+) kB`).exec(line)?.[1] : undefined;
		if (value !== undefined) sum += Number(value) * 1024;
	}
	return sum;
}

/** Whether a process is gone: not even a zombie is left. */
export async function isGone(pid: number): Promise<boolean> {
	const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
	return stat === undefined || /\) Z /.test(stat);
}
