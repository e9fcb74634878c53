import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isGone, LabView } from "../harness/labView";
import { sharedWorkbench } from "../harness/shared";
import type { Workbench } from "../harness/workbench";

describe("What one may choose in the lab", () => {
	let workbench: Workbench;
	before(async () => {
		workbench = await sharedWorkbench();
	});
	after(() => workbench.closeEditors());

	describe("to stop", () => {
		let lab: LabView;
		before(async () => {
			lab = await LabView.open(workbench, "The four mappings", "four-mappings");
			await lab.stepTo(2);
		});

		/** Has all steps run in a lab process that does not answer any more, as in a call that takes long. Resolves with its pid. */
		const runForLong = async (): Promise<number> => {
			const pid = await lab.pid();
			process.kill(pid, "SIGSTOP");
			await lab.button("Run all").click();
			await lab.button("Stop").waitFor();
			return pid;
		};
		const stoodStill = async (pid: number) => {
			await workbench.until("the lab to stand still", async () => (await lab.activity()) === "idle");
			await workbench.until("the lab process to be gone", () => isGone(pid));
		};

		it("in the middle of a demo: the process ends, what has run stays", async () => {
			const pid = await runForLong();
			await lab.button("Stop").click();
			await stoodStill(pid);
			await workbench.settles(() => lab.done(), 2);
			await workbench.settles(() => lab.footer(), /The lab process has ended\. The next step starts it again\./);
			await lab.button("Stop").waitFor({ state: "hidden" });
			assert.equal(await lab.frame.locator(".notice").count(), 0, "to stop is no trouble");
			await workbench.settles(() => lab.row(2).getAttribute("data-status"), "met");
			await workbench.settles(() => lab.row(3).getAttribute("data-status"), "toCome");
		});

		it("by a key, after the next step has started it again with all that had run", async () => {
			await lab.step();
			await workbench.settles(() => lab.done(), 3);
			const pid = await runForLong();
			await workbench.until("the key to be known", async () => {
				await workbench.page.keyboard.press("Shift+F5");
				return (await lab.activity()) === "idle";
			});
			await stoodStill(pid);
			await workbench.settles(() => lab.done(), 3);
		});
	});

	describe("a file of one's own", () => {
		let lab: LabView;
		let folder: string;
		let path: string;
		before(async () => {
			folder = await mkdtemp(join(tmpdir(), "lab-own-"));
			path = join(folder, "own.txt");
			await writeFile(path, "These are words of my own.");
			lab = await LabView.open(workbench, "A shared file mapping", "shared-file");
		});
		after(() => rm(folder, { recursive: true }));

		const choices = () => lab.frame.getByRole("form", { name: "Choices" });
		const shown = () => choices().locator("bdi").innerText();
		const question = () => workbench.page.getByRole("dialog").filter({ hasText: "This demo writes to" });
		const pick = async () => {
			await choices().getByRole("button", { name: "Choose a file…" }).click();
			await workbench.pickFile(path);
			await question().waitFor();
		};

		it("is not taken when the question before it is answered with no", async () => {
			await pick();
			assert.ok((await question().innerText()).includes(`This demo writes to ${path}.`));
			await question().getByRole("button", { name: "Cancel" }).click();
			await question().waitFor({ state: "hidden" });
			await workbench.settles(() => shown(), "a scratch file");
			assert.equal(await readFile(path, "utf8"), "These are words of my own.");
		});

		it("is written to when the person agrees, and not before the step that does so", async () => {
			await pick();
			await question().getByRole("button", { name: "Let the Demo Write to It" }).click();
			await workbench.settles(shown, path);
			await lab.stepTo(7);
			assert.equal(await readFile(path, "utf8"), "These are words of my own.");
			await lab.step();
			const written = await readFile(path, "utf8");
			assert.equal(written, "Written through a mapping\0");
			await lab.part("File on disk").getByText("Written through a mapping").waitFor();
		});

		it("is told when somebody else has changed it between two steps", async () => {
			await writeFile(path, "Somebody else");
			await lab.step();
			await lab
				.part("File on disk")
				.getByText("somebody else has cut this file off: 26 bytes before, 13 bytes now.")
				.waitFor();
			await workbench.settles(() => lab.said(), /somebody else has cut this file off/);
		});

		it("is given up for a scratch file", async () => {
			await choices().getByRole("button", { name: "Choose a file…" }).click();
			await workbench.pick("A scratch file");
			await workbench.settles(shown, "a scratch file");
			await workbench.settles(() => lab.done(), 0);
		});
	});

	it("a folder, of which the kernel says that it cannot be mapped", async () => {
		const folder = await mkdtemp(join(tmpdir(), "lab-own-"));
		try {
			const lab = await LabView.open(workbench, "A private file mapping", "private-file");
			await lab.frame.getByRole("button", { name: "Choose a file…" }).click();
			await workbench.pick("A folder");
			await workbench.pickFile(folder);
			await workbench.settles(
				() => lab.frame.getByRole("form", { name: "Choices" }).locator("bdi").innerText(),
				folder,
			);
			await lab.stepTo(3);
			await workbench.settles(() => lab.row(3).innerText(), /ENODEV/);
		} finally {
			await rm(folder, { recursive: true });
		}
	});

	describe("a number", () => {
		let lab: LabView;
		before(async () => {
			lab = await LabView.open(workbench, "A shared file mapping", "shared-file");
			await lab.stepTo(1);
		});
		const field = () => lab.frame.getByRole("textbox", { name: "Bytes to map" });
		const complaint = () => lab.frame.getByRole("form", { name: "Choices" }).locator(".complaint").innerText();

		it("is refused outside of its bounds and when it is none, and nothing starts again", async () => {
			for (const text of ["0", "257", "1.5", "many", ""]) {
				await field().fill(text);
				await field().press("Enter");
				await workbench.settles(complaint, "Bytes to map takes a whole number from 1 to 256.");
				await workbench.settles(() => field().getAttribute("aria-invalid"), "true");
			}
			await workbench.settles(() => lab.done(), 1);
		});

		it("is taken back by Escape", async () => {
			await field().press("Escape");
			await workbench.settles(() => field().inputValue(), "64");
			await workbench.settles(complaint, "");
			await workbench.settles(() => field().getAttribute("aria-invalid"), null);
		});

		it("is taken over by Enter: the demo starts again with it", async () => {
			await field().fill(" 9 ");
			await field().press("Enter");
			await workbench.until("the choice to be taken over", async () => (await lab.done()) === 0);
			await lab.stepTo(2);
			await workbench.settles(() => lab.row(2).innerText(), /length\s*= 9\b/);
			await workbench.settles(() => field().inputValue(), "9");
			await lab.stepTo(5);
			await workbench.settles(() => lab.part("Printed").innerText(), /This is w/);
			assert.doesNotMatch(await lab.part("Printed").innerText(), /This is wh/);
		});
	});

	it("a lesson of the walkthrough: its button opens the demo, whose end checks the lesson", async () => {
		await workbench.runAndAnswer("Welcome: Open Walkthrough...", () => workbench.pick("Learn memory mappings"));
		const { page } = workbench;
		const lesson = page.locator(".getting-started-step", { hasText: "fork copies nothing" });
		await lesson.click();
		await lesson.locator(".codicon-getting-started-step-unchecked").waitFor();
		await lesson.getByRole("button", { name: "Open the Demo" }).click();
		const lab = await LabView.opened(workbench, "fork");
		await lab.button("Run all").click();
		await lab.ran(await lab.steps.getByRole("option").count());
		await page.locator(".tab", { hasText: "Welcome" }).click();
		await lesson.locator(".codicon-getting-started-step-checked").waitFor();
	});
});
