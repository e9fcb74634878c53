import assert from "node:assert/strict";
import { BenchTarget } from "../../bench/targets";
import { MapView } from "../harness/mapView";
import { sharedWorkbench } from "../harness/shared";
import type { Workbench } from "../harness/workbench";

describe("Memory Map of thousands of mappings, without a pointer", () => {
	let workbench: Workbench;
	let map: MapView;
	let target: BenchTarget;

	before(async () => {
		target = await BenchTarget.start("many", 3000);
		workbench = await sharedWorkbench();
		map = await MapView.open(workbench, target.pid);
		await map.row(/^Anonymous.* 3,\d{3} mappings/).click();
		await map.list.press("ArrowRight");
		await workbench.until("all mappings", async () => (await rows()) > 3000);
	});

	after(() => target.stop());

	/** Place in the whole list of the row that is selected, when it is in view. */
	const selectedPlace = async () => Number((await map.selected.getAttribute("aria-rowindex")) ?? 0);
	const rows = async () => Number(await map.list.getAttribute("aria-rowcount"));
	const firstRow = () => map.list.locator('[role="row"][aria-rowindex="1"]:visible');

	/** Selects the last row, and goes so far from it that it is not loaded any more. */
	async function leaveLast(): Promise<number> {
		await map.list.press("End");
		const count = await rows();
		await workbench.settles(selectedPlace, count);
		await map.list.hover();
		await workbench.until("the beginning of the list", async () => {
			await workbench.page.mouse.wheel(0, -1_000_000);
			return await firstRow().isVisible();
		});
		await map.nextSample();
		await map.list.focus();
		return count;
	}

	it("goes on where it was, from a selection that was scrolled away", async () => {
		const count = await leaveLast();
		await workbench.page.keyboard.press("ArrowUp");
		await workbench.settles(selectedPlace, count - 1);
	});

	it("opens what was selected and scrolled away: a group, and the pages of a mapping", async () => {
		const count = await leaveLast();
		await workbench.page.keyboard.press("Enter");
		await workbench.until("the group to be unfolded", async () => (await rows()) > count);
		const mappings = await leaveLast();
		await workbench.page.keyboard.press("Enter");
		await map.details.getByRole("heading", { name: /^Page 1 of / }).waitFor();
		await map.frame.getByRole("button", { name: "Back" }).press("Enter");
		await workbench.settles(selectedPlace, mappings);
	});

	it("has written no errors to the console", () => assert.deepEqual(workbench.problems, []));
});
