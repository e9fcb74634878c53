import assert from "node:assert/strict";
import { Target } from "../../support/target";
import { appears } from "../harness/appears";
import { hex, MapView } from "../harness/mapView";
import { sharedWorkbench } from "../harness/shared";
import type { Workbench } from "../harness/workbench";

describe("Memory Map without a pointer", () => {
	let workbench: Workbench;
	let map: MapView;
	let isOpen = false;
	let target: Target;

	before(async () => {
		target = await Target.start();
		workbench = await sharedWorkbench();
	});

	/** Opens the map as the first test does, when that one is left out. */
	const opened = async () => {
		if (!isOpen) map = await MapView.open(workbench, target.pid);
		isOpen = true;
		const back = map.frame.getByRole("button", { name: "Back" });
		if (await back.isVisible()) await back.press("Enter");
		await map.list.waitFor();
	};

	after(() => target.stop());

	const press = (...keys: string[]) =>
		keys.reduce(async (before, key) => {
			await before;
			await workbench.page.keyboard.press(key);
		}, Promise.resolve());
	const selectedLabel = async () => (await map.selected.getAttribute("aria-label")) ?? "";
	const selects = (name: RegExp) =>
		workbench.until(`${name} to be selected`, async () => name.test(await selectedLabel()));
	const toList = async () => {
		for (let stop = 0; stop < 12 && (await map.focused()) !== "Mappings"; stop++) await press("F6");
		await map.focuses(/^Mappings$/);
	};

	it("opens for a process that is picked by its pid", async () => {
		const rows = workbench.page.locator(".quick-input-list .monaco-list-row");
		await workbench.until("the palette to know the command", async () => {
			await press("Escape", "F1");
			await workbench.page.keyboard.type("Mapscope: Show Memory Map of Proc");
			return await appears(rows.first().getByText("Show Memory Map of Process…"));
		});
		await press("Enter");
		await rows.filter({ hasText: "MiB" }).first().waitFor();
		await workbench.page.keyboard.type(`${target.pid}`);
		const active = workbench.page.locator(".quick-input-list .monaco-list-row.focused");
		await active.filter({ hasText: new RegExp(`\\b${target.pid} · `) }).waitFor();
		await press("Enter");
		map = await MapView.opened(workbench, target.pid);
		isOpen = true;
	});

	describe("once it is open", () => {
		beforeEach(opened);

		it("is walked block by block with F6, and the focus can be seen on each", async () => {
			const { page } = workbench;
			await map.select(target.range("anonymous"));
			await press("l"); // nothing else changes on the screen
			await map.frame.getByRole("button", { name: "Paused", pressed: false }).waitFor();
			await map.frame.evaluate(() => {
				for (const tip of document.querySelectorAll<HTMLElement>('[role="tooltip"]')) tip.style.visibility = "hidden";
			});
			await press("/");
			const stops = [
				/^Filter mappings/,
				/^Resident/,
				/^Address space/,
				/^Code, 3 mappings/,
				/^Mappings$/,
				/^Pages, 1 cell is 1 page/,
				/^Anonymous, \d+ pages/,
			];
			const unseen: string[] = [];
			for (const [index, stop] of stops.entries()) {
				await map.focuses(stop);
				const seen = await page.screenshot();
				if (index < stops.length - 1) await press("F6");
				else await press("Shift+F6");
				await workbench.until("the focus to move", async () => !stop.test(await map.focused()));
				if (seen.equals(await page.screenshot())) unseen.push(String(stop));
			}
			assert.deepEqual(unseen, []);
			await map.focuses(/^Pages, 1 cell is 1 page/);
			for (const stop of stops.slice(0, -2).reverse()) {
				await press("Shift+F6");
				await map.focuses(stop);
			}
			await toList();
			await press("l");
			await map.frame.getByRole("button", { name: /^Live /, pressed: true }).waitFor();
		});

		it("moves from mapping to mapping, and unfolds and folds groups", async () => {
			await toList();
			await press("Escape", "Home");
			await selects(/^libc\.so/);
			await press("ArrowDown", "ArrowUp");
			await selects(/^libc\.so/);
			await press("ArrowRight");
			await map.list.getByRole("row", { name: /^libc\.so/, expanded: true }).waitFor();
			await press("ArrowRight");
			await selects(/^Read-only data, |^Code, |^libc\.so.* at /);
			await map.list.locator('[aria-selected="true"]:not([aria-expanded="true"])').waitFor();
			await press("ArrowLeft");
			await selects(/^libc\.so.*6 mappings/);
			await press("ArrowLeft");
			await map.list.getByRole("row", { name: /^libc\.so/, expanded: false }).waitFor();
			await press("End");
			await map.details.getByRole("heading").waitFor();
			await workbench.until("the list to say which row is active", async () => {
				const active = await map.list.getAttribute("aria-activedescendant");
				return active !== null && (await map.selected.getAttribute("id")) === active;
			});
		});

		it("enters a strip, moves from page to page and to the next change, and leaves it", async () => {
			await map.select(target.range("anonymous"));
			await press("ArrowRight", "End");
			await map.hears("Anonymous, page 16 of 16, not present");
			await press("Home");
			await map.hears("Anonymous, page 1 of 16, anonymous");
			await press("ArrowRight");
			await map.hears("Anonymous, page 2 of 16, not present");
			await press("Control+ArrowRight");
			await map.hears("Anonymous, page 6 of 16, anonymous");
			await press("End");
			await map.hears("Anonymous, page 16 of 16, not present");
			await press("Escape", "ArrowDown");
			await selects(new RegExp(`at ${hex(target.range("anonymous").end)}`));
			await press("ArrowUp", "ArrowRight");
			await map.hears("Anonymous, page 1 of 16, anonymous");
		});

		it("opens the pages of a mapping, reads their bytes, and comes back to where it was", async () => {
			await map.select(target.range("anonymous"));
			await press("ArrowRight", "Home", "Enter");
			await map.focuses(/^Pages of Anonymous/);
			await map.details.getByRole("heading", { name: "Page 1 of Anonymous" }).waitFor();
			await press("Control+ArrowRight");
			await map.hears("Anonymous, page 2 of 16, not present");
			await press("Control+ArrowRight");
			await map.hears("Anonymous, page 6 of 16, anonymous");
			await press("Enter");
			await map.details
				.getByText(/^01 00 00 00 00 00 00 00/)
				.first()
				.waitFor();
			await press("Escape");
			await map.focuses(/^Mappings$/);
			await selects(new RegExp(`at ${hex(target.range("anonymous").start)}`));
		});

		it("finds with / and gives the keys back on Escape", async () => {
			await toList();
			await press("/");
			await map.focuses(/^Filter mappings/);
			await workbench.page.keyboard.type("half1l");
			await workbench.settles(() => map.find.inputValue(), "half1l");
			await workbench.settles(() => map.state(/^Anonymous/).getAttribute("aria-pressed"), "true");
			await map.notice("Nothing matches “half1l”.").waitFor();
			await press("Escape");
			await workbench.until("an empty find box", async () => (await map.find.inputValue()) === "");
			await map.row(/^libc\.so/).waitFor();
			await press("Escape");
			await toList();
		});

		it("hides and shows states with the digits", async () => {
			await toList();
			await press("1");
			await map.hears("Anonymous hidden");
			await workbench.settles(() => map.state(/^Anonymous/).getAttribute("aria-pressed"), "false");
			await press("1");
			await map.hears("Anonymous shown");
		});

		it("opens the menu of a mapping", async () => {
			await map.select(target.range("memfd"));
			await press("Shift+F10");
			await map.frame.getByRole("menuitem", { name: "Copy address" }).waitFor();
			await press("Escape");
			await map.focuses(/^Mappings$/);
		});

		describe("as a table", () => {
			const table = () => map.frame.getByRole("table", { name: "Mappings" });
			const rows = () => table().locator("tbody tr");

			before(async () => {
				await toList();
			});
			afterEach(async () => {
				await map.frame.getByRole("button", { name: "Show as map" }).press("Enter");
				await map.focuses(/^Mappings$/);
			});

			it("has the rows of the list", async () => {
				const count = Number(await map.list.getAttribute("aria-rowcount"));
				const labels = await map.list
					.locator('[role="row"]:visible')
					.evaluateAll((nodes) => nodes.map((node) => node.getAttribute("aria-label") ?? ""));
				await workbench.runCommand("Mapscope: Show as Table");
				await table().waitFor();
				await workbench.until("all rows", async () => (await rows().count()) === count);
				const cells = await rows().evaluateAll((nodes) =>
					nodes.map((node) => [...node.querySelectorAll("th, td")].map((cell) => cell.textContent ?? "")),
				);
				for (const [index, label] of labels.entries()) {
					const [name = "", from = "", , , size = "", resident = ""] = cells[index] ?? [];
					assert.ok(label.startsWith(name.replace(/ \(\d+\)$/, "").split(" deleted")[0] ?? ""), `${label}: ${name}`);
					assert.ok(label.includes(`at ${from}`), `${label}: ${from}`);
					assert.ok(label.endsWith(`${size}, ${resident} resident`), `${label}: ${size}, ${resident}`);
				}
			});

			it("keeps the focus while it is live, and opens what is chosen", async () => {
				await map.select(target.range("anonymous"));
				await workbench.runCommand("Mapscope: Show as Table");
				await map.focuses(/^(Mapping.*)?libc\.so/); // the table, or its first button
				await table().getByRole("button", { name: "memfd cache pages" }).focus();
				await map.nextSample();
				await map.nextSample();
				await map.focuses(/^memfd cache pages/);
				await press("Enter");
				await map.details.getByRole("heading", { name: "memfd cache pages" }).waitFor();
				await map.focuses(/^memfd cache pages/);
				await press("Enter");
				const pages = map.frame.getByRole("table", { name: "Pages" });
				await pages.getByRole("row", { name: /2 8 KiB Shared memory/ }).waitFor();
				await map.frame.getByRole("button", { name: "Back" }).press("Enter");
				await table().waitFor();
			});
		});
	});

	describe("in the end", () => {
		it("has written no errors to the console", () => assert.deepEqual(workbench.problems, []));
	});
});
