import assert from "node:assert/strict";
import { skip } from "../../support/skip";
import { Target } from "../../support/target";
import { hex, MapView } from "../harness/mapView";
import { openMemoryMap } from "../harness/memoryMap";
import { findProcess, kernelThread } from "../harness/processes";
import { sharedWorkbench } from "../harness/shared";
import type { Workbench } from "../harness/workbench";

describe("Commands of Mapscope", () => {
	let workbench: Workbench;
	let target: Target;

	before(async () => {
		target = await Target.start();
		workbench = await sharedWorkbench();
	});
	after(() => target.stop());
	/** The pick or prompt that is open, by what it says. */
	const question = (text: string | RegExp) => workbench.page.locator(".quick-input-widget:visible", { hasText: text });
	const choices = () => workbench.page.locator(".quick-input-list .monaco-list-row");
	const tab = (name: string | RegExp) => workbench.page.getByRole("tab", { name });

	describe("with no map open", () => {
		it("ask which process", async () => {
			for (const [command, title] of [
				["Toggle Live", "Show Memory Map of Process"],
				["Refresh", "Show Memory Map of Process"],
			] as const) {
				await workbench.runCommand(`Mapscope: ${command}`);
				await question(title).waitFor();
				await workbench.page.keyboard.press("Escape");
				await question(title).waitFor({ state: "detached" });
			}
		});

		it("go on as soon as they know: to the address", async () => {
			const range = target.range("shared");
			await workbench.runAndAnswer("Mapscope: Go to Address…", () =>
				workbench.pick(String(target.pid), new RegExp(`\\b${target.pid} · `)),
			);
			await question("Go to Address").filter({ hasText: "A hexadecimal address" }).waitFor();
			await workbench.type(`0x${hex(range.start)}`);
			await workbench.page.keyboard.press("Enter");
			const map = await MapView.opened(workbench, target.pid);
			await map.details.getByText(`${hex(range.start)}-${hex(range.end)}`).waitFor();
			await map.hears("Shared anonymous, page 1 of 8, shared memory");
			await workbench.closeEditors();
		});
	});

	describe("Show Memory Map of Process…", () => {
		it("says that nobody has a pid that was typed, and stays open", async () => {
			await workbench.runAndAnswer("Mapscope: Show Memory Map of Process…", () => workbench.type("99999999"));
			await choices().getByText("No process with PID 99999999 is visible here.").first().waitFor();
			await workbench.page.keyboard.press("Enter");
			await choices().getByText("No process with PID 99999999 is visible here.").first().waitFor();
			await workbench.page.keyboard.press("Escape");
			await workbench.settles(() => tab(/^Memory Map/).count(), 0);
		});

		it("says that a pid is that of a kernel thread", async function () {
			const thread = await kernelThread();
			if (thread === undefined) skip(this, "no kernel thread can be seen from this container");
			const sentence = `PID ${thread} is a kernel thread: it has no address space.`;
			await workbench.runAndAnswer("Mapscope: Show Memory Map of Process…", () => workbench.type(String(thread)));
			await choices().getByText(sentence).first().waitFor();
			await workbench.page.keyboard.press("Escape");
		});

		it("shows name, pid and resident size, hostile names as text, and remembers the last choice", async () => {
			await openMemoryMap(workbench, target.pid);
			const recent = workbench.page.getByRole("option", { name: /, Recent$/ });
			let name: string | null = "";
			await workbench.runAndAnswer("Mapscope: Show Memory Map of Process…", async () => {
				name = await recent.getAttribute("aria-label", { timeout: 2000 });
				await workbench.settles(() => recent.locator("b").count(), 0);
			});
			assert.match(name, new RegExp(`target<b>\\\\n\\), ${target.pid} · [\\d.]+ MiB`));
			await workbench.page.keyboard.press("Escape");
			await workbench.closeEditors();
		});
	});

	describe("Go to Address…", () => {
		let map: MapView;
		const answer = async (text: string) =>
			await workbench.runAndAnswer("Mapscope: Go to Address…", () => workbench.type(text));

		before(async () => {
			map = await MapView.open(workbench, target.pid);
		});
		after(() => workbench.closeEditors());

		for (const [text, sentence] of [
			["stack", "An address has the digits 0–9 and a–f"],
			["7f48046a0000000000000", "An address has at most 64 bits"],
		] as const) {
			it(`explains what is wrong with ${text}`, async () => {
				await answer(text);
				await question(sentence).waitFor();
				await workbench.page.keyboard.press("Enter");
				await question(sentence).waitFor();
				await workbench.page.keyboard.press("Escape");
			});
		}

		it("takes a range as maps writes it", async () => {
			const { start, end } = target.range("half");
			await answer(`${hex(start)}-${hex(end)} r--s`);
			await workbench.page.keyboard.press("Enter");
			await map.details.getByRole("heading", { name: "half.bin" }).waitFor();
		});

		it("says when nothing is mapped there, and keeps the selection", async () => {
			await map.select(target.range("anonymous"));
			await answer("1000");
			await workbench.page.keyboard.press("Enter");
			await map.notice(/Nothing is mapped at 00001000/).waitFor();
			await map.details.getByText("3 of 16 pages are mapped here").waitFor();
		});

		it("takes a filter away that hides what is there", async () => {
			await map.find.fill("heap");
			await map.notice(/^1 of \d+ mappings match$/).waitFor();
			await answer(hex(target.range("half").start));
			await workbench.page.keyboard.press("Enter");
			await map.details.getByRole("heading", { name: "half.bin" }).waitFor();
			await workbench.until("an empty find box", async () => (await map.find.inputValue()) === "");
		});
	});

	describe("several maps", () => {
		let other: Target;

		before(async () => {
			other = await Target.start();
		});
		after(() => other.stop());
		afterEach(() => workbench.closeEditors());

		it("stand side by side, each with its process, selection and filter", async () => {
			const first = await MapView.open(workbench, target.pid);
			await first.select(target.range("anonymous"));
			await MapView.open(workbench, other.pid);
			await workbench.runCommand("View: Move Editor into Next Group");
			const right = await MapView.opened(workbench, other.pid);
			const left = await MapView.opened(workbench, target.pid);
			await right.goTo(other.range("half").start);
			await right.details.getByRole("heading", { name: "half.bin" }).waitFor();
			await other.command("touch");
			await right.nextSample();
			await left.nextSample();
			await left.details.getByText("3 of 16 pages are mapped here").waitFor();
			await right.details.getByText(/16 wait in the page cache/).waitFor();
			// The palette's commands are meant for the one that is active.
			await workbench.runCommand("Mapscope: Toggle Live");
			await right.frame.getByRole("button", { name: "Paused", pressed: false }).waitFor();
			await left.frame.getByRole("button", { name: /^Live /, pressed: true }).waitFor();
			// Each process has one, however often it is asked for.
			await MapView.open(workbench, target.pid);
			await workbench.settles(() => tab(/^Memory Map/).count(), 2);
		});

		it("come back as they were after the window was reloaded", async () => {
			const first = await MapView.open(workbench, target.pid);
			await first.frame.getByRole("radio", { name: /^PSS/ }).click();
			await first.find.fill("rw-p");
			await first.notice(/^\d+ of \d+ mappings match$/).waitFor();
			await first.select(target.range("anonymous"));
			const matching = await first.notice(/mappings match$/).innerText();
			await MapView.open(workbench, other.pid);
			const pid = (process: Target) => `pid\\W+${process.pid}\\b`;
			await workbench.keepEditors(new RegExp(`${pid(target)}.*${pid(other)}`, "s"));
			await workbench.reload();
			await MapView.opened(workbench, other.pid);
			await tab(/^Memory Map/)
				.first()
				.click();
			const again = await MapView.opened(workbench, target.pid);
			await workbench.settles(() => again.find.inputValue(), "rw-p");
			await workbench.settles(() => again.notice(/mappings match$/).innerText(), matching);
			await workbench.settles(
				() => again.frame.getByRole("radio", { name: /^PSS/ }).getAttribute("aria-checked"),
				"true",
			);
			await again.details.getByText("3 of 16 pages are mapped here").waitFor();
			await again.details.getByText("1 cell = 1 page", { exact: true }).waitFor();
			await again.nextSample();
		});
	});

	describe("Show Memory Map of This Terminal", () => {
		after(async () => {
			await workbench.runCommand("Terminal: Kill the Active Terminal Instance");
			await workbench.page.locator(".terminal-wrapper").waitFor({ state: "detached" });
			await workbench.closeEditors();
		});

		it("shows the process in the foreground", async () => {
			await workbench.runCommand("Terminal: Create New Terminal");
			await workbench.page.locator(".xterm-helper-textarea").waitFor({ state: "attached" });
			const seconds = String(100_000 + process.pid);
			await workbench.page.keyboard.type(`sleep ${seconds}\n`);
			const pid = await workbench.until("sleep to run", () => findProcess("sleep", seconds));
			await workbench.runCommand("Mapscope: Show Memory Map of This Terminal");
			const map = await MapView.opened(workbench, pid);
			await map.frame.getByRole("heading", { name: "sleep", level: 1 }).waitFor();
		});
	});

	describe("in the end", () => {
		it("have written no errors to the console", () => assert.deepEqual(workbench.problems, []));
	});
});
