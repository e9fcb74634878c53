import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { askWitness, askWitnessCached, Target } from "../../support/target";
import { allowClipboard, copied } from "../harness/clipboard";
import { bytesOf, hex, MapView, shows } from "../harness/mapView";
import { sharedWorkbench } from "../harness/shared";
import type { Workbench } from "../harness/workbench";

describe("Memory Map", () => {
	let workbench: Workbench;
	let map: MapView;
	let target: Target;
	const dialogs: string[] = [];

	before(async () => {
		target = await Target.start();
		workbench = await sharedWorkbench();
		workbench.page.on("dialog", (dialog) => {
			dialogs.push(dialog.message());
			void dialog.dismiss();
		});
		await allowClipboard(workbench);
		map = await MapView.open(workbench, target.pid);
	});

	after(() => target.stop());

	const frame = () => map.frame;
	const pageSize = () => Number((target.range("anonymous").end - target.range("anonymous").start) / 16n);

	describe("header", () => {
		/** A field of `smaps_rollup`, in bytes. */
		const rollup = async (field: string) => {
			const text = await readFile(`/proc/${target.pid}/smaps_rollup`, "utf8");
			return Number(new RegExp(`^${field}: +(\\d+) kB`, "m").exec(text)?.[1]) * 1024;
		};

		it("says which process it is about", async () => {
			await workbench.settles(() => frame().getByRole("heading", { level: 1 }).innerText(), "target<b>\\n)");
			await frame().getByText(`PID ${target.pid}`).waitFor();
			await frame()
				.getByText(/sleeping · 1 thread/)
				.waitFor();
			await workbench.page.getByRole("tab", { name: "Memory Map: target<b>\\n)", selected: true }).waitFor();
		});

		for (const [name, field] of [
			["Resident", "Rss"],
			["PSS", "Pss"],
			["Private dirty", "Private_Dirty"],
			["Swap", "Swap"],
		] as const) {
			it(`shows the kernel's ${field} of smaps_rollup as ${name}`, async () => {
				// Others map and unmap the same libraries all the time: the two have to meet, not to stay.
				await workbench.until(`${name} to equal ${field}`, async () =>
					shows(await map.total(name), await rollup(field)),
				);
			});
		}

		it("counts the address space and its mappings against vm.max_map_count", async () => {
			const { mappings } = await askWitness(target.pid);
			const bytes = mappings.reduce(
				(sum, { start, end }) => sum + Number(BigInt(`0x${end}`) - BigInt(`0x${start}`)),
				0,
			);
			assert.ok(shows(await map.total("Virtual"), bytes), `${bytes}`);
			const limit = Number(await readFile("/proc/sys/vm/max_map_count", "utf8")).toLocaleString("en-US");
			const totals = await frame().getByRole("region", { name: "Totals" }).innerText();
			assert.match(totals.replaceAll(/\s+/g, " "), new RegExp(`Mappings ${mappings.length} of ${limit} allowed`));
		});
	});

	describe("totals by kind", () => {
		const bars = () =>
			frame()
				.getByRole("group", { name: "By kind" })
				.getByRole("button")
				.evaluateAll((nodes) => nodes.map((node) => node.getAttribute("aria-label") ?? ""));

		it("add up to all mappings and to what is resident", async () => {
			await frame()
				.getByRole("radio", { name: /^Resident/ })
				.click();
			const { mappings } = await askWitness(target.pid);
			const all = await bars();
			const counts = all.map((text) => Number(/([\d,]+) mapping/.exec(text)?.[1]));
			assert.equal(
				counts.reduce((sum, count) => sum + count, 0),
				mappings.length,
			);
			// Mappings without access have no pages: their size stands there.
			const resident = all
				.filter((text) => !/^(Guards|Reserved)/.test(text))
				.map((text) => bytesOf(text.split(", ").at(-1) ?? ""));
			const sum = resident.reduce((total, bytes) => total + bytes, 0);
			const shown = await map.total("Resident");
			assert.ok(Math.abs(sum - shown) < shown * 0.01, `${sum} and ${shown}: ${all.join("; ")}`);
		});

		it("follow the measure that is chosen", async () => {
			await frame()
				.getByRole("radio", { name: /^Cached, not mapped/ })
				.click();
			const { start, end } = target.range("half");
			const { pages } = await askWitness(target.pid, [target.range("half")]);
			const cached = await askWitnessCached(join(target.folder, "half.bin"));
			const expected = cached.filter((yes, index) => yes && pages[0]?.[index] === "notPresent").length * pageSize();
			const row = map.row(new RegExp(`^half.bin, at ${hex(start)}`));
			await map.select({ start, end }); // brings its row into view, wherever the kernel has put the mapping
			await workbench.settles(() => row.getAttribute("aria-label"), / cached, not mapped$/);
			await workbench.settles(async () => {
				const text = await row.getByRole("gridcell").last().innerText();
				return /\d/.test(text) ? bytesOf(text) : text;
			}, expected);
			assert.equal(Number(end - start), 2 * expected);
			await frame()
				.getByRole("radio", { name: /^Resident/ })
				.click();
		});

		it("filter the list on a click, as a chip in the find box says", async () => {
			await map.kind(/^Shared memory, 2 mappings/).click();
			await map.notice(/^2 of \d+ mappings match$/).waitFor();
			await workbench.until("two rows", async () => (await map.list.getByRole("row").count()) === 2);
			await map.kind(/^Heap, /).click({ modifiers: ["Control"] });
			await map.notice(/^3 of \d+ mappings match$/).waitFor();
			await frame().getByRole("button", { name: "Remove the filter for Heap" }).click();
			await map.notice(/^2 of \d+ mappings match$/).waitFor();
			await map.kind(/^Shared memory, /).click();
			await map.row(/^libc\.so/).waitFor();
			await workbench.settles(() => map.kind(/^Shared memory, /).getAttribute("aria-pressed"), "false");
		});
	});

	describe("find box", () => {
		afterEach(async () => {
			await map.find.fill("");
			await map.row(/^libc\.so/).waitFor();
		});

		it("finds mappings by name, permissions, amount and address", async () => {
			const { start } = target.range("anonymous");
			for (const [text, count] of [
				["half.bin", 1],
				["size=64K", 1],
				[hex(start + 5n * BigInt(pageSize())), 1],
				["rw-s", 2],
			] as const) {
				await map.find.fill(text);
				await map.notice(new RegExp(`^${count} of \\d+ mappings match$`)).waitFor();
			}
		});

		it("says that nothing matches, and takes the filter away on request", async () => {
			await map.find.fill("<b>nothing\u202e");
			await map.notice("Nothing matches “<b>nothing\\u{202e}”.").waitFor();
			await frame().getByRole("button", { name: "Clear", exact: true }).click();
			await map.row(/^libc\.so/).waitFor();
			await workbench.settles(() => map.find.inputValue(), "");
		});
	});

	describe("mapping", () => {
		it("is described in a sentence, by the kernel's line and by its accounting", async () => {
			const range = target.range("anonymous");
			await map.select(range);
			await map.details.getByText("3 of 16 pages are mapped here").waitFor();
			const text = (await map.details.innerText()).replaceAll(/\s+/g, " ");
			assert.match(text, new RegExp(`${hex(range.start)}-${hex(range.end)} rw-p 00000000 00:00 0`));
			assert.match(text, /Resident 12 KiB of 64 KiB, 19 %/);
			await map.details.getByText("1 cell = 1 page", { exact: true }).waitFor();
			const { smaps } = await askWitness(target.pid);
			const [own] = smaps.filter(({ start }) => start === hex(range.start));
			assert.equal(own?.["Rss"], 12 * 1024);
		});

		it("is selected in the list, unfolded from its group", async () => {
			await map.select(target.range("anonymous"));
			const label = await map.selected.getAttribute("aria-label");
			assert.equal(
				label,
				`Anonymous, at ${hex(target.range("anonymous").start)}, read, write, private, 64 KiB, 12 KiB resident`,
			);
		});

		it("of a file tells how much of it waits in the page cache", async () => {
			await map.select(target.range("half"));
			await map.details.getByText(/None of its 32 pages is mapped; 16 wait in the page cache/).waitFor();
		});

		it("tells private copies of a file's pages from the pages of the file", async () => {
			await map.select(target.range("copied"));
			const { pages } = await askWitness(target.pid, [target.range("copied")]);
			const mapped = pages[0]?.filter((state) => state !== "notPresent").length;
			assert.equal(pages[0]?.[1], "anonymous");
			const words = mapped === 4 ? "All 4 pages are" : `${mapped} of 4 pages are`;
			await map.details.getByText(`${words} mapped here, 1 as a private copy of pages still cached`).waitFor();
		});

		it("is copied as the line of maps", async () => {
			await map.select(target.range("memfd"));
			const button = map.details.getByRole("button", { name: "Copy" });
			const lines = (await readFile(`/proc/${target.pid}/maps`, "utf8")).split("\n");
			const line = lines.find((text) => text.startsWith(hex(target.range("memfd").start)));
			assert.equal(await copied(workbench, () => button.click()), line);
		});
	});

	describe("hostile names", () => {
		const names: readonly (readonly [range: string, shown: string])[] = [
			["name0", "new\\nline"],
			["name1", "two  spaces "],
			["name2", "not really (deleted)"],
			["name3", "<img src=x onerror=alert(1)>"],
			["name4", "\\u{202e}gnp.exe"],
			["name5", "latin\\xff"],
			["name6", "\\u{1b}[31mred"],
		];

		it("stand in the list as text, with what is invisible in them escaped", async () => {
			for (const [range, shown] of names) {
				const row = map.row(new RegExp(`, at ${hex(target.range(range).start)}, `));
				await map.find.fill(hex(target.range(range).start));
				await row.waitFor();
				await workbench.settles(() => row.getByRole("gridcell").first().textContent(), shown);
			}
			await map.find.fill("");
		});

		it("stand in the details and tooltips as text, and make no element and no dialog", async () => {
			for (const [range, shown] of names) {
				await map.select(target.range(range));
				await workbench.settles(() => map.details.getByRole("heading").textContent(), shown);
			}
			await map.selected.hover({ position: { x: 100, y: 11 } });
			await workbench.settles(() => frame().locator("img, b").count(), 0);
			assert.deepEqual(dialogs, []);
		});

		it("leave by the clipboard as they stand on the screen", async () => {
			for (const range of ["name4", "name6"]) {
				const shown = names.find(([name]) => name === range)?.[1] ?? "";
				await map.select(target.range(range));
				const ways = [
					() => map.details.getByRole("button", { name: "Copy" }).click(),
					async () => {
						await map.selected.click({ button: "right" });
						await frame().getByRole("menuitem", { name: "Copy maps line" }).click();
					},
				];
				for (const copy of ways) {
					const line = await copied(workbench, copy);
					assert.ok(
						line.startsWith(hex(target.range(range).start)) && line.endsWith(`/${shown}`),
						JSON.stringify(line),
					);
				}
			}
		});

		it("of files that are gone are told from names that only say so", async () => {
			await map.select(target.range("deleted"));
			await map.details.getByText("The file was deleted; its pages live on until the last mapping is gone.").waitFor();
			await map.select(target.range("name2"));
			await workbench.settles(() => map.details.getByText("The file was deleted").count(), 0);
		});
	});

	describe("in the end", () => {
		it("has written no errors to the console", () => assert.deepEqual(workbench.problems, []));
	});
});
