import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { checkout } from "../../support/checkout";
import { Target } from "../../support/target";
import { openMemoryMap } from "../harness/memoryMap";
import { Workbench } from "../harness/workbench";

const run = promisify(execFile);

describe("packaged extension", () => {
	let folder: string;
	let target: Target;
	let workbench: Workbench;

	before(async () => {
		folder = await mkdtemp(join(tmpdir(), "mapscope-vsix-"));
		const vsix = join(folder, "mapscope.vsix");
		await run(process.execPath, ["scripts/package.mjs", "--out", vsix], { cwd: checkout });
		target = await Target.start();
		workbench = await Workbench.start({ extensions: [], vsix: [vsix] });
	});

	after(async () => {
		await workbench.stop();
		await target.stop();
		await rm(folder, { recursive: true });
	});

	it("shows the memory map of a live process in a clean VS Code", async () => {
		const map = await openMemoryMap(workbench, target.pid);
		assert.match(await map.locator(".process-pid").innerText(), new RegExp(`${target.pid}`));
		// Touched pages come from the page table, which only a working native part can read.
		const address = target.range("anonymous").start.toString(16);
		await map.locator(".find input").fill(address);
		const row = map.locator('.rows [role="row"]', { hasText: address });
		await row.click();
		await map.locator(".inspector .sentence:visible", { hasText: "12 KiB" }).waitFor();
		assert.deepEqual(workbench.problems, []);
	});
});
