import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Locator } from "playwright-core";
import { isGone, LabView, mapsLines, smapsBytes } from "../harness/labView";
import { sharedWorkbench } from "../harness/shared";
import type { Workbench } from "../harness/workbench";

describe("Demos in the lab", () => {
	let workbench: Workbench;
	before(async () => {
		workbench = await sharedWorkbench();
	});
	after(() => workbench.closeEditors());

	/** The region of a variable in one of the lab's processes. */
	const region = (lab: LabView, process: string, name: string): Locator =>
		lab.details.locator(`.region[data-process="${process}"][data-region="${name}"]`);

	/** The address that a step returned. */
	const address = async (lab: LabView, step: number): Promise<bigint> =>
		BigInt(/= (0x[0-9a-f]+)/.exec(await lab.row(step).innerText())?.[1] ?? "0");

	/** The path of the demo's file, as the panel names it among the choices. */
	const filePath = async (lab: LabView): Promise<string> =>
		lab.frame.getByRole("form", { name: "Choices" }).locator("bdi").innerText();

	describe("fork", () => {
		let lab: LabView;
		before(async () => {
			lab = await LabView.open(workbench, "fork: shared until", "fork");
			await lab.stepTo(3);
		});

		it("shows parent and child side by side, each as its own smaps has it", async () => {
			const [parent, child] = [await lab.pid(), await lab.pid("child")];
			const start = await address(lab, 1);
			const sides = [region(lab, "main", "p"), region(lab, "child", "p")];
			for (const [index, pid] of [parent, child].entries()) {
				const side = sides[index] as Locator;
				for (const field of ["Private_Dirty", "Shared_Dirty"]) {
					const bytes = await smapsBytes(pid, start, start + 1n, field);
					await workbench.settles(() => lab.fact(field, side), new RegExp(`→ ${bytes / 1024} KiB$`));
				}
				await workbench.settles(() => side.innerText(), new RegExp(`/proc/${pid}/maps`));
			}
			const boxes = await Promise.all(sides.map((side) => side.boundingBox()));
			assert.equal(boxes[0]?.y, boxes[1]?.y);
			assert.ok((boxes[0]?.x ?? 0) + (boxes[0]?.width ?? 0) <= (boxes[1]?.x ?? 0));
		});

		it("marks the page that was copied in both", async () => {
			for (const process of ["main", "child"]) {
				await workbench.settles(() => lab.pages(/^Pages of p, after/, region(lab, process, "p")), /4 anonymous$/);
			}
		});

		it("names the child in its steps, and opens the Memory Map of either", async () => {
			await workbench.settles(() => lab.row(3).innerText(), /in child/);
			await lab.button("Open in Memory Map").click();
			const items = lab.frame.getByRole("menuitem");
			assert.deepEqual(
				(await items.allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim()),
				[`The lab process PID ${await lab.pid()}`, `child PID ${await lab.pid("child")}`],
			);
			await lab.frame.page().keyboard.press("Escape");
		});

		it("ends the child, and closing the tab ends the rest", async () => {
			const pids = [await lab.pid(), await lab.pid("child")];
			await workbench.closeEditors();
			for (const pid of pids) await workbench.until(`process ${pid} to be gone`, () => isGone(pid));
			await workbench.settles(
				async () => /Lab process/.test(await workbench.page.locator(".statusbar").innerText()),
				false,
			);
		});
	});

	it("a private file mapping leaves the file on disk as it was", async () => {
		const lab = await LabView.open(workbench, "A private file mapping", "private-file");
		await lab.button("Run all").click();
		await lab.ran(await lab.steps.getByRole("option").count());
		await workbench.settles(() => lab.steps.locator('[data-status="differs"]').allInnerTexts(), []);
		await lab.row(4).click();
		const content = await readFile(await filePath(lab), "utf8");
		const printed = lab.part("Printed").locator("pre");
		await workbench.settles(async () => (await printed.innerText()).trim(), content.trim());
		await lab.row(7).click();
		await lab.part("File on disk").getByText("unchanged").waitFor();
	});

	describe("a shared file mapping", () => {
		let lab: LabView;
		before(async () => {
			lab = await LabView.open(workbench, "A shared file mapping", "shared-file");
		});

		const choose = async (text: string) => {
			const field = lab.frame.getByRole("textbox", { name: "Text to write" });
			await field.fill(text);
			await field.press("Enter");
			await workbench.until("the choice to be taken over", async () => (await lab.done()) === 0);
		};
		const replacing = async () => {
			const titles = await lab.steps.getByRole("option").allInnerTexts();
			return titles.findIndex((title) => title.includes("Replace the string")) + 1;
		};

		it("writes the reader's text to the file, which the panel shows before and after", async () => {
			await choose("Typed by a test");
			await lab.stepTo(await replacing());
			const file = await readFile(await filePath(lab), "latin1");
			assert.ok(file.startsWith("Typed by a test"), file);
			const sides = lab.part("File on disk").locator("pre");
			await workbench.settles(() => sides.last().innerText(), /^Typed by a test/);
			assert.doesNotMatch(await sides.first().innerText(), /Typed/);
		});

		it("writes nothing when the text is too long", async () => {
			await choose("x".repeat(100));
			await lab.stepTo(await replacing());
			await workbench.settles(() => lab.part("Printed").innerText(), /string too long/);
			await lab.part("File on disk").getByText("unchanged").waitFor();
			assert.doesNotMatch(await readFile(await filePath(lab), "latin1"), /x{5}/);
		});
	});

	it("faults end in the signals that the hardware and the kernel have for them", async () => {
		const lab = await LabView.open(workbench, "Faults: SIGSEGV", "faults");
		await lab.button("Run all").click();
		await lab.ran(await lab.steps.getByRole("option").count());
		const rows = await lab.steps.locator('[data-status="killed"]').allInnerTexts();
		const codes = rows.map((row) => /SIG\w+\s+(\w+) at 0x/.exec(row)?.[1]);
		assert.deepEqual(codes.slice(0, 6), [
			"SEGV_ACCERR",
			"SEGV_ACCERR",
			"SEGV_ACCERR",
			"SEGV_MAPERR",
			"BUS_ADRERR",
			"BUS_ADRERR",
		]);
		await workbench.settles(() => lab.steps.locator('[data-status="differs"], [data-met="false"]').allInnerTexts(), []);
	});

	describe("the playground", () => {
		let lab: LabView;
		before(async () => {
			await workbench.closeEditors();
			await workbench.runCommand("Mapscope: Open Playground");
			lab = await LabView.opened(workbench, "playground");
		});

		const form = () => lab.frame.getByRole("form", { name: "Next call" });
		const preview = () => form().locator(".composer-preview").innerText();
		const compose = async (call: string, fields: Readonly<Record<string, string>> = {}) => {
			await form().getByRole("combobox", { name: "Call" }).selectOption(call);
			for (const [name, value] of Object.entries(fields))
				await form().getByRole("combobox", { name }).or(form().getByRole("textbox", { name })).first().fill(value);
		};
		const run = async () => {
			const before = await lab.done();
			await form().getByRole("button", { name: "Run" }).click();
			await lab.ran(before + 1);
		};

		it("composes a call out of fields and check boxes, and runs it", async () => {
			await compose("mmap", { Length: "8 * page" });
			await form()
				.getByRole("checkbox", { name: /^MAP_POPULATE/ })
				.check();
			assert.match(
				await preview(),
				/mmap\(NULL, 8 \* page, PROT_READ \| PROT_WRITE, MAP_PRIVATE \| MAP_ANONYMOUS \| MAP_POPULATE, -1, 0\);/,
			);
			await run();
			const start = await address(lab, 1);
			assert.deepEqual(await lab.lines("added"), await mapsLines(await lab.pid(), start, start + 1n));
			await workbench.settles(() => lab.pages(/^Pages of p, now/), /8 anonymous$/);
		});

		it("says the kernel's own error, and goes on", async () => {
			await compose("mprotect", { Address: "p + 1" });
			await run();
			await workbench.settles(() => lab.row(2).innerText(), /= −1\s+EINVAL\s+The address lies between pages/);
		});

		it("does not run what would hurt the lab itself", async () => {
			await compose("munmap", { Address: "NULL", Length: "1 << 40" });
			await run();
			await workbench.settles(() => lab.row(3).innerText(), /Not run/);
		});

		it("says what it does not understand, and runs nothing", async () => {
			await compose("munmap", { Address: "nothing" });
			await form().getByRole("button", { name: "Run" }).click();
			await form()
				.getByRole("alert")
				.getByText(/nothing is not known/)
				.waitFor();
			await workbench.settles(() => lab.done(), 3);
		});

		it("takes a call back in a new process that has run the others", async () => {
			const before = await lab.pid();
			await form().getByRole("button", { name: "Undo" }).click();
			await lab.ran(2);
			assert.notEqual(await lab.pid(), before);
			const start = await address(lab, 1);
			assert.equal((await mapsLines(await lab.pid(), start, start + 1n)).length, 1);
		});

		it("does not disturb another lab", async () => {
			const own = await lab.pid();
			const other = await LabView.open(workbench, "mprotect: from", "mprotect");
			await other.stepTo(2);
			assert.notEqual(await other.pid(), own);
			assert.equal(await isGone(own), false);
			await workbench.settles(() => workbench.page.locator(".statusbar").innerText(), /2 lab processes/);
		});
	});
});
