import assert from "node:assert/strict";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { askWitness, askWitnessCached, type Range, Target } from "../../support/target";
import { mapsZeroPage } from "../../support/zeroPage";
import { hex, MapView } from "../harness/mapView";
import { type PaintedCell, paintedCells } from "../harness/pageCells";
import { sharedWorkbench } from "../harness/shared";
import type { Workbench } from "../harness/workbench";

const isRoot = process.getuid?.() === 0;

/** What the table of pages calls the states that the witness finds. */
const stateNames: Readonly<Record<string, string>> = {
	anonymous: "Anonymous",
	file: "File",
	zero: "Zero page",
	guard: "Guard",
	notPresent: "Not present",
	cached: "Cached, not mapped",
	shmem: "Shared memory",
};

describe("Pages in the Memory Map", () => {
	let workbench: Workbench;
	let map: MapView;
	let target: Target;

	before(async () => {
		target = await Target.start();
		workbench = await sharedWorkbench();
		map = await MapView.open(workbench, target.pid);
	});

	after(() => target.stop());

	const frame = () => map.frame;
	const pageSize = () => Number((target.range("anonymous").end - target.range("anonymous").start) / 16n);
	const tooltip = () => frame().getByRole("tooltip");

	describe("of one mapping", () => {
		/** Opens the pages of a mapping. */
		async function openPages(range: Range): Promise<void> {
			await map.select(range);
			await workbench.page.keyboard.press("Enter");
			await map.details.getByRole("heading", { name: /^Page \d+ of / }).waitFor();
		}
		const pageView = (): Locator => frame().getByRole("application", { name: /^Pages of / });
		const cells = (): Locator => pageView().locator("canvas");

		afterEach(async () => {
			await frame().getByRole("button", { name: "Back" }).click();
			await map.list.waitFor();
		});

		it("are told one by one to who moves through them with the arrow keys", async () => {
			const range = target.range("anonymous");
			await openPages(range);
			await workbench.page.keyboard.press("Home");
			const { pages } = await askWitness(target.pid, [range]);
			for (const [index, state] of pages[0]?.entries() ?? []) {
				const words = state === "anonymous" ? "anonymous" : "not present";
				await map.hears(`Anonymous, page ${index + 1} of 16, ${words}`);
				await workbench.page.keyboard.press("ArrowRight");
			}
			await map.details.getByText(hex(range.end - BigInt(pageSize()))).waitFor();
		});

		/** The cells of `anonymous`, once they are painted; the outline of the selection is around the last one. */
		async function anonymousCells(): Promise<PaintedCell[]> {
			await openPages(target.range("anonymous"));
			await workbench.page.keyboard.press("End");
			await map.hears("Anonymous, page 16 of 16, not present");
			const blue = await map.themeColour("--vscode-charts-blue");
			return await workbench.until("the pages as cells", async () => {
				const row = await paintedCells(cells(), blue);
				return row.length > 0 && row;
			});
		}

		it("are painted as cells, in the theme's colour where they are anonymous", async () => {
			const row = await anonymousCells();
			assert.equal(row.map(({ solid }) => (solid ? "A" : ".")).join(""), "A....A...A......");
		});

		it("say under the pointer which page it is and in which state", async () => {
			const row = await anonymousCells();
			const { start } = target.range("anonymous");
			for (const [index, state] of [
				[5, "Anonymous, exclusive"],
				[6, "Not present"],
			] as const) {
				const cell = row[index];
				assert.ok(cell);
				await cells().hover({ position: { x: cell.x, y: cell.y }, force: true });
				const address = hex(start + BigInt(index * pageSize()));
				await tooltip().filter({ hasText: address }).waitFor();
				await workbench.settles(() => tooltip().innerText(), `${address}\n${state}\npage ${index + 1} of 16`);
			}
		});

		it("hide a state that is switched off in the legend", async () => {
			await anonymousCells();
			const blue = await map.themeColour("--vscode-charts-blue");
			const solid = async () => (await paintedCells(cells(), blue)).filter((cell) => cell.solid).length;
			const anonymous = map.state("Anonymous, 3 pages, 12 KiB");
			await anonymous.click();
			await workbench.settles(() => anonymous.getAttribute("aria-pressed"), "false");
			await map.hears("Anonymous hidden");
			await workbench.until("the anonymous pages to vanish", async () => (await solid()) === 0);
			await anonymous.click();
			await map.hears("Anonymous shown");
			await workbench.until("the anonymous pages to be back", async () => (await solid()) === 3);
		});

		it("are those that the page table and the page cache know, in every kind of mapping", async () => {
			const names = ["anonymous", "zero", "guarded", "half", "copied", "memfd", "shared", "deleted"];
			const ranges = names.filter((name) => target.ranges.has(name)).map((name) => target.range(name));
			const { pages } = await askWitness(target.pid, ranges);
			await openPages(target.range("anonymous"));
			await workbench.runCommand("Mapscope: Show as Table");
			const table = frame().getByRole("table", { name: "Pages" });
			await table.waitFor();
			for (const [index, name] of names.filter((other) => target.ranges.has(other)).entries()) {
				const range = target.range(name);
				const file = { half: "half.bin", copied: "copied.bin" }[name];
				const cached = file === undefined ? [] : await askWitnessCached(join(target.folder, file));
				const expected = (pages[index] ?? []).map((state, page) => {
					if (state === "file" && ["memfd", "shared"].includes(name)) return "shmem";
					if (state === "notPresent" && cached[page] === true) return "cached";
					// Without privileges the witness cannot tell frames: what was only read is the zero page.
					if (state === "anonymous" && name === "zero" && !isRoot && mapsZeroPage()) return "zero";
					// Nobody but the target has a name for the file that it removed, which it has just written.
					return state === "notPresent" && name === "deleted" ? "cached" : state;
				});
				await map.goTo(range.start);
				await table.getByRole("row", { name: new RegExp(`^${hex(range.start)} `) }).waitFor();
				const rows = await table
					.locator("tbody tr")
					.evaluateAll((nodes) =>
						nodes.map((node) => [...node.querySelectorAll("th, td")].map((cell) => cell.textContent ?? "")),
					);
				const shown = rows.flatMap(([, , count, , state]) => Array<string | undefined>(Number(count)).fill(state));
				assert.deepEqual(
					shown,
					expected.map((state) => stateNames[state]),
					name,
				);
			}
			await workbench.runCommand("Mapscope: Show as Table");
			await pageView().waitFor();
		});

		it("show their bytes when asked, as they are in the process", async () => {
			const { start } = target.range("copied");
			await openPages(target.range("copied"));
			await workbench.page.keyboard.press("ArrowRight");
			await map.hears("copied.bin, page 2 of 4, anonymous");
			await workbench.settles(() => map.details.getByText("read only on request").count(), 1);
			await map.details.getByRole("button", { name: "Read bytes" }).click();
			await map.details
				.getByText(/^[\d,]+ bytes? (differs|differ) from the file; (it is|they are) marked\.$/)
				.waitFor();
			assert.ok((await map.details.locator(".byte-hex mark").count()) > 0);
			const memory = await open(`/proc/${target.pid}/mem`);
			const { buffer } = await memory.read(Buffer.alloc(8), 0, 8, Number(start) + pageSize());
			await memory.close();
			const bytes = [...buffer].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
			assert.match(bytes, /^42 41/);
			await map.details.getByLabel("Bytes of the page").getByText(bytes).first().waitFor();
		});
	});

	describe("in the end", () => {
		it("have written no errors to the console", () => assert.deepEqual(workbench.problems, []));
	});
});
