import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { allowClipboard, copied } from "../harness/clipboard";
import { editorText } from "../harness/editor";
import { isGone, LabView, mapsLines, smapsBytes } from "../harness/labView";
import { sharedWorkbench } from "../harness/shared";
import type { Workbench } from "../harness/workbench";

const size = 1n << 20n;

describe("Lab", () => {
	let workbench: Workbench;
	before(async () => {
		workbench = await sharedWorkbench();
		await allowClipboard(workbench);
	});
	after(() => workbench.closeEditors());

	describe("mprotect", () => {
		let lab: LabView;
		let start = 0n;

		before(async () => {
			lab = await LabView.open(workbench, "mprotect: from", "mprotect");
		});

		/** The address that the first step returned. */
		const address = async () => BigInt(/= (0x[0-9a-f]+)/.exec(await lab.row(1).innerText())?.[1] ?? "0");
		/** What the kernel says of p now, in the words of this test. */
		const truth = async () => mapsLines(await lab.pid(), start, start + size);

		it("says what a step is about before it runs", async () => {
			await workbench.settles(() => lab.done(), 0);
			await lab.part("Reserve 1 MiB that nobody may touch").waitFor();
			await workbench.settles(() => lab.row(1).innerText(), /p = mmap\(NULL, 1 << 20, PROT_NONE,/);
			await workbench.settles(() => lab.button("Back to here").isDisabled(), true);
		});

		it("runs a step, and shows the line that the kernel has made", async () => {
			await lab.step();
			start = await address();
			await workbench.settles(() => lab.lines("added"), await truth());
			assert.match((await truth()).join(), /---s/);
			await workbench.settles(() => lab.row(1).locator(".icon").count(), 1);
			await workbench.settles(
				() => lab.said(),
				/^Step 1, Reserve 1 MiB that nobody may touch\. Returned 0x[0-9a-f]+\. As expected\./,
			);
			await workbench.settles(
				() => workbench.page.locator(".statusbar").innerText(),
				new RegExp(`Lab process ${await lab.pid()} waiting after step 1`),
			);
		});

		it("explains a signal, and goes on in a new process that has the steps before it", async () => {
			const first = await lab.pid();
			await lab.step();
			const signal = lab.part("Signal");
			await signal.waitFor();
			const text = await signal.innerText();
			assert.match(text, new RegExp(`SIGSEGV\\s+SEGV_ACCERR at 0x${start.toString(16)}`));
			assert.match(text, /The mapping does not allow this access\./);
			assert.match(text, /started again as process \d+; step 1 was replayed\./);
			const second = await lab.pid();
			assert.notEqual(second, first);
			await workbench.until("the dead process to be gone", () => isGone(first));
			await lab.part("Unchanged").getByText("256 pages, none present, nothing changed").waitFor();
			assert.match((await truth()).join(), /---s/);
			await workbench.settles(() => lab.row(2).innerText(), /SIGSEGV/);
		});

		it("marks what mprotect has changed of the permissions, and the flags that are new", async () => {
			const [before] = await truth();
			await lab.step();
			const [after] = await truth();
			await workbench.settles(() => lab.lines("removed"), [before]);
			await workbench.settles(() => lab.lines("added"), [after]);
			assert.match(after ?? "", /rw-s/);
			await workbench.settles(() => lab.details.locator(".diff-line.added mark").allTextContents(), ["rw"]);
			await workbench.settles(() => lab.details.locator(".vm-flag.added").allTextContents(), ["rd", "wr"]);
			await workbench.settles(() => lab.fact("VmFlags"), /now may be read and may be written$/);
			await lab.details.getByText("256 pages, none present, nothing changed").waitFor();
		});

		it("shows the pages that were touched, and what they cost", async () => {
			await lab.step();
			const pageSize = await systemPageSize();
			const pages = Number(size) / pageSize;
			const rss = await smapsBytes(await lab.pid(), start, start + size, "Rss");
			assert.equal(rss, 3 * pageSize);
			await workbench.settles(() => lab.fact("Rss"), `0 → ${rss / 1024} KiB`);
			await workbench.settles(
				() => lab.pages(/^Pages of p, after/),
				new RegExp(`3 shared memory, ${pages - 3} not present`),
			);
			await workbench.settles(() => lab.pages(/^Pages of p, before/), new RegExp(`: ${pages} not present$`));
		});

		it("shows a mapping split and merged as maps has it", async () => {
			await lab.step();
			const parts = await truth();
			assert.equal(parts.length, 3);
			const shown = [...(await lab.lines("same")), ...(await lab.lines("added"))];
			assert.deepEqual(shown.sort(), parts.sort());
			await workbench.settles(() => lab.fact("Mappings"), /^1 line → 3 lines split/);
			await lab.stepTo(7);
			assert.equal((await truth()).length, 1);
			await workbench.settles(() => lab.fact("Mappings"), /^3 lines → 1 line merged/);
		});

		it("holds what is expected against what is seen", async () => {
			const checks = lab.part("Expected and seen").getByRole("listitem");
			assert.deepEqual(
				(await checks.allInnerTexts()).map((text) => text.replace(/\s+/g, " ").replace(/^. ?/u, "").trim()),
				["As expected: the call returns 0", "As expected: permissions of p rw-s", "As expected: lines in maps of p 1"],
			);
		});

		it("shows the neighbourhood as the Memory Map lists it", async () => {
			const rows = lab.part("Memory map").getByRole("row", { name: new RegExp(`at ${start.toString(16)}`) });
			await rows.first().waitFor();
			assert.match((await rows.first().getAttribute("aria-label")) ?? "", /read, write, shared, 1 MiB/);
		});

		it("runs what is left, to the answer of the machine code", async () => {
			await lab.button("Run all").click();
			const steps = await lab.steps.getByRole("option").count();
			await lab.ran(steps);
			await workbench.settles(() => lab.steps.locator('[role="option"][data-status="differs"]').allInnerTexts(), []);
			await lab.row(steps - 1).click();
			await workbench.settles(async () => lab.row(steps - 1).innerText(), /answer\s*= 42/);
		});

		it("marks the demo as done in the Lab view, whose rows lead to steps", async () => {
			await workbench.openViewContainer("Mapscope");
			const demo = workbench.treeItem(/^mprotect: from PROT_NONE to read-write, done/);
			await workbench.unfold(demo);
			await workbench.treeItem(/^Step 4, Write to three pages, done/).click();
			await workbench.settles(async () => lab.details.getAttribute("data-step"), "3");
			await workbench.closeSideBar();
		});

		it("hides a tooltip when the pointer leaves the panel", async () => {
			const tooltip = lab.frame.getByRole("tooltip");
			await lab.button("Reset").hover();
			await lab.frame.getByText("End the lab process and forget what has run").waitFor();
			await workbench.page.mouse.move(700, 1);
			await tooltip.waitFor({ state: "hidden" });
		});

		it("goes from block to block by F6, and from step to step by arrows", async () => {
			const focused = () => lab.frame.evaluate(() => document.activeElement?.className ?? "");
			await lab.steps.press("Home");
			await lab.steps.press("ArrowDown");
			await workbench.settles(async () => lab.details.getAttribute("data-step"), "1");
			await lab.steps.press("F6");
			await workbench.settles(focused, /detail/);
			await lab.details.press("Shift+F6");
			await workbench.settles(focused, /steps/);
			await lab.steps.press("Shift+F6");
			await workbench.settles(async () => /steps|detail/.test(await focused()), false);
		});

		const detailWidth = async () => (await lab.details.boundingBox())?.width ?? 0;
		let wantedWidth = 0;

		it("lets the edge of the details be moved by arrows", async () => {
			await workbench.closeSideBar(); // it may come back wider, and leave less room
			wantedWidth = (await detailWidth()) - 32;
			const edge = lab.frame.getByRole("separator", { name: "Size of the details" });
			for (let i = 0; i < 2; i++) await edge.press("ArrowRight");
			await workbench.settles(detailWidth, wantedWidth);
		});

		it("goes back to a step in a new process, and forgets what came after", async () => {
			const before = await lab.pid();
			await lab.row(3).click();
			await lab.button("Back to here").click();
			await lab.ran(3);
			assert.notEqual(await lab.pid(), before);
			await workbench.until("the former process to be gone", () => isGone(before));
			assert.match((await truth()).join(), /rw-s/);
			assert.equal(await smapsBytes(await lab.pid(), start, start + size, "Rss"), 0);
		});

		it("comes back after the window was loaded anew, and runs again only when asked", async () => {
			const before = await lab.pid();
			await workbench.keepEditors(/mapscope\.lab/, new RegExp(`"lab.detailWidth":${wantedWidth}\\b`));
			await workbench.reload();
			lab = await LabView.opened(workbench, "mprotect");
			await workbench.until("the former process to be gone", () => isGone(before));
			await workbench.settles(() => lab.done(), 0);
			await workbench.closeSideBar();
			await workbench.settles(detailWidth, wantedWidth);
			const notice = lab.frame.getByRole("status").filter({ hasText: "steps had run" });
			// A browser that goes may lose the last seconds: then these are the steps that had run before them.
			const steps = Number(/(\d+) steps had run/.exec(await notice.innerText())?.[1]);
			assert.ok(steps >= 3);
			await notice.getByRole("button", { name: "Run them again" }).click();
			await lab.ran(steps);
			start = await address(); // another lab, another place
			assert.match((await truth()).join(), /rw-s/);
		});

		it("copies a step and exports a program", async () => {
			await lab.row(3).click();
			const step = await copied(workbench, async () => {
				await lab.button("Copy as C").click();
				await lab.frame.getByRole("menuitem", { name: "Copy step 3" }).click();
			});
			assert.equal(step, "mprotect(p, 1 << 20, PROT_READ | PROT_WRITE);\n");
			await workbench.runCommand("Mapscope: Export Lab as C");
			const program = await editorText(workbench, /Untitled/);
			// Editors give their text with spaces that do not break.
			const plain = program.replaceAll("\u00a0", " ");
			for (const part of ["#define _GNU_SOURCE", "mprotect(p, 1 << 20, PROT_READ | PROT_WRITE)"]) {
				assert.ok(plain.includes(part), `${part} in ${plain.slice(0, 2000)}`);
			}
			await workbench.runCommand("View: Revert and Close Editor");
		});
	});
});

/** Bytes of a page, as the system says. */
async function systemPageSize(): Promise<number> {
	const { stdout } = await promisify(execFile)("getconf", ["PAGESIZE"]);
	return Number(stdout);
}
