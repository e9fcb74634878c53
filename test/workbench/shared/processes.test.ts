import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Child } from "../../support/child";
import { nobody } from "../../support/nobody";
import { skip } from "../../support/skip";
import { askWitness, Target } from "../../support/target";
import { mapsZeroPage } from "../../support/zeroPage";
import { allowClipboard, copied } from "../harness/clipboard";
import { editorText } from "../harness/editor";
import { bytesOf, hex, MapView, shows } from "../harness/mapView";
import { hog, kernelThread, lineage, stat } from "../harness/processes";
import { ProcessesView } from "../harness/processesView";
import { sharedWorkbench } from "../harness/shared";
import type { Workbench } from "../harness/workbench";

const isRoot = process.getuid?.() === 0;
/** A word that no other process of the machine has on its command line. */
const word = `mapscope-test-${process.pid}`;

describe("Processes view", () => {
	let workbench: Workbench;
	let view: ProcessesView;
	let target: Target;
	let pageSize: number;

	before(async () => {
		target = await Target.start();
		pageSize = Number((target.range("anonymous").end - target.range("anonymous").start) / 16n);
		workbench = await sharedWorkbench();
		await allowClipboard(workbench);
		view = await ProcessesView.open(workbench);
	});

	after(async () => {
		await view.filter("");
		await target.stop();
	});

	const tooltip = () => workbench.page.getByRole("tooltip");

	describe("lists processes", () => {
		let helpers: Child[] = [];

		before(async () => {
			helpers = [await hog(10 << 20, word), await hog(20 << 20, word)];
			if (isRoot) helpers.push(await hog(30 << 20, word, nobody));
			await view.filter(word);
			await workbench.until("all of them", async () => (await view.rows.count()) === helpers.length);
		});
		after(() => Promise.all(helpers.map((helper) => helper.stop())));

		it("with name, pid and resident size as the kernel counts it", async () => {
			for (const { pid } of helpers) {
				await workbench.until(`the resident size of ${pid}`, async () => {
					const name = (await view.process(pid).getAttribute("aria-label")) ?? "";
					assert.match(name, new RegExp(`^bash, .*process ${pid}, `));
					return shows(bytesOf(/[\d.]+ \w+(?= resident)/.exec(name)?.[0] ?? ""), (await stat(pid)).rss * pageSize);
				});
			}
		});

		it("one's own first, each group by resident size", async () => {
			const [small, large, others] = helpers.map(({ pid }) => pid);
			const names = () => view.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute("aria-label") ?? ""));
			const pids = async () => (await names()).map((name) => Number(/process (\d+)/.exec(name)?.[1]));
			await workbench.settles(pids, [large, small, ...(others === undefined ? [] : [others])]);
			if (others !== undefined) assert.match((await names())[2] ?? "", /user nobody/);
		});

		it("and says how many of all the filter leaves", async () => {
			const says = new RegExp(`^${helpers.length} of [\\d,]+ match “${word}”$`);
			await workbench.settles(() => view.message(/ of [\d,]+ match/).innerText(), says);
		});
	});

	it("filters by pid, by name and by command line, and shows all again", async () => {
		for (const filter of [String(target.pid), `TARGET<b> ${target.pid}`, target.folder]) {
			await view.filter(filter);
			await view.process(target.pid).waitFor();
			await workbench.until(`only the target to match ${filter}`, async () => (await view.rows.count()) === 1);
		}
		await view.filter("no process is called this way");
		await view.message("No process matches the filter.").waitFor();
		await view.message("Clear Filter").click();
		await workbench.until("all processes", async () => (await view.rows.count()) > 5);
		await workbench.settles(() => view.message(/ match “/).count(), 0);
	});

	it("brings the former filter back when the filter prompt is left with Escape", async () => {
		await view.filter(String(target.pid));
		await workbench.runCommand("Mapscope: Filter Processes…");
		await workbench.type("no process is called this way");
		await view.message("No process matches the filter.").waitFor();
		await workbench.page.keyboard.press("Escape");
		await view.process(target.pid).waitFor();
	});

	it("hides kernel threads until they are asked for, and says what they are", async function () {
		const thread = await kernelThread();
		if (thread === undefined) skip(this, "no kernel thread can be seen from this container");
		await view.filter((await stat(thread)).name);
		await view.message("No process matches the filter.").waitFor();
		await view.chooseForView("Show Kernel Threads");
		await view.process(thread).waitFor();
		const sentence = "This process has no address space: it is a kernel thread.";
		await workbench.unfold(view.process(thread));
		await view.row(sentence).waitFor();
		await workbench.choose("Show in Memory Map", view.process(thread));
		const frame = await workbench.webview(`.process-pid:text("${thread}")`);
		await frame.getByRole("status").getByText(sentence, { exact: true }).waitFor();
		await workbench.closeEditors();
		await view.chooseForView("Hide Kernel Threads");
		await view.message("No process matches the filter.").waitFor();
	});

	it("folds children under their parents on request", async () => {
		await view.filter("");
		await workbench.runCommand("Mapscope: Fold Children Under Parents");
		const [topmost = 0, child = 0] = await lineage(target.pid);
		await view.scrollTo(view.row(new RegExp(`, process ${topmost},.* child(ren)?$`)));
		await workbench.unfold(view.process(topmost));
		await view.scrollTo(view.process(child));
		await workbench.settles(() => view.process(child).getAttribute("aria-level"), "2");
		await workbench.runCommand("Mapscope: Show Processes as List");
		await view.filter(String(target.pid));
		await workbench.until("the list", async () => (await view.process(target.pid).getAttribute("aria-level")) === "1");
	});

	describe("unfolds a process", () => {
		before(async () => {
			await view.filter(target.folder);
			await workbench.unfold(view.process(target.pid));
			for (const group of [/^Anonymous, /, /^Files, /, /^Shared memory, /])
				await workbench.unfold(view.row(group).first());
		});

		it("into groups that hold all its mappings, with size and resident size", async () => {
			const { smaps } = await askWitness(target.pid);
			const groups = await view.tree
				.locator('[role="treeitem"][aria-level="2"]')
				.evaluateAll((rows) => rows.map((row) => row.getAttribute("aria-label") ?? ""));
			const mappings = groups.map((name) => Number(/([\d,]+) mappings?$/.exec(name)?.[1]));
			assert.equal(
				mappings.reduce((sum, count) => sum + count, 0),
				smaps.length,
			);
			const [shared = ""] = groups.filter((name) => name.startsWith("Shared memory"));
			assert.equal(shared, "Shared memory, 20 KiB of 64 KiB resident, 2 mappings");
		});

		it("and groups into mappings, with address, permissions, size and resident size", async () => {
			const name = async (range: string) =>
				(await view.mapping(target.range(range).start).getAttribute("aria-label")) ?? "";
			await workbench.settles(
				() => name("anonymous"),
				/^Anonymous, address \w+, permissions rw-p, 12 KiB of 64 KiB resident$/,
			);
			// Two pages that were only read: the zero page is nobody's memory.
			const read = mapsZeroPage() ? "0" : "8 KiB";
			await workbench.settles(() => name("zero"), new RegExp(`permissions rw-p, ${read} of 32 KiB resident$`));
			await workbench.settles(() => name("half"), /^half.bin, address \w+, permissions r--s, 0 of 128 KiB resident$/);
			await workbench.settles(() => name("copied"), /^copied.bin, .*permissions rw-p, 16 KiB of 16 KiB resident$/);
			await workbench.settles(() => name("memfd"), /cache pages, .*permissions rw-s, 8 KiB of 32 KiB resident$/);
		});

		it("and shows hostile names as text, with what is invisible in them escaped", async () => {
			const label = async (range: string) =>
				await view.mapping(target.range(range).start).locator(".monaco-highlighted-label").first().innerText();
			await workbench.settles(() => label("name0"), "new\\nline");
			await workbench.settles(() => label("name3"), "<img src=x onerror=alert(1)>");
			await workbench.settles(() => label("name4"), "\\u{202e}gnp.exe");
			const process = view.process(target.pid).locator(".monaco-highlighted-label").first();
			await workbench.settles(() => process.innerText(), "target<b>\\n)");
		});

		it("tells every field in a mapping's tooltip, and executes nothing in it", async () => {
			await view.mapping(target.range("name3").start).hover();
			const text = tooltip().filter({ hasText: hex(target.range("name3").start) });
			await text.waitFor();
			const words = await text.innerText();
			for (const field of ["Range", "Size: 4 KiB", "Resident: 0", "Permissions", "Device", "Inode"])
				assert.ok(words.includes(field), `${field} in ${words}`);
			assert.match(words, /<img src=x onerror=alert\(1\)>/);
			await workbench.settles(() => text.locator("img").count(), 0);
			await workbench.page.mouse.move(700, 450);
		});

		it("copies the address, the range and the maps line of a mapping", async () => {
			const { start, end } = target.range("half");
			const row = view.mapping(start);
			const copy = (entry: string) => copied(workbench, () => workbench.choose(entry, row));
			assert.equal(await copy("Copy Address"), `0x${hex(start)}`);
			assert.equal(await copy("Copy Range"), `${hex(start)}-${hex(end)}`);
			const lines = (await readFile(`/proc/${target.pid}/maps`, "utf8")).split("\n");
			assert.equal(
				await copy("Copy maps Line"),
				lines.find((line) => line.startsWith(hex(start))),
			);
		});

		it("copies the pid and the command line of a process", async () => {
			const copy = (entry: string) => copied(workbench, () => workbench.choose(entry, view.process(target.pid)));
			assert.equal(await copy("Copy PID"), String(target.pid));
			assert.match(await copy("Copy Command Line"), new RegExp(`/target ${target.folder}$`));
		});

		for (const file of ["maps", "smaps"]) {
			it(`opens the kernel's ${file} as a text that cannot be changed`, async () => {
				await workbench.choose(`Open ${file}`, view.process(target.pid));
				const shown = await editorText(workbench, file);
				// How often the pages of libraries are mapped changes with every process that starts.
				const steady = (text: string) => text.replace(/^(Pss|Pss_Dirty|Shared_\w+|Private_\w+|Referenced): .*/gm, "$1");
				assert.equal(steady(shown), steady(await readFile(`/proc/${target.pid}/${file}`, "utf8")));
				await workbench.page.keyboard.type("x");
				await workbench.page.getByRole("alert").filter({ hasText: "Cannot edit in read-only editor" }).waitFor();
				await workbench.page.keyboard.press("Control+F4");
			});
		}

		it("shows a mapping in the memory map", async () => {
			const range = target.range("anonymous");
			await workbench.choose("Show in Memory Map", view.mapping(range.start));
			const map = await MapView.opened(workbench, target.pid);
			await map.details.getByText(`${hex(range.start)}-${hex(range.end)}`).waitFor();
		});
	});

	it("keeps selection, unfolded rows and scroll position while it refreshes by itself", async () => {
		const { page } = workbench;
		const own = await Target.start();
		try {
			await view.filter(own.folder);
			await workbench.unfold(view.process(own.pid));
			for (const group of [/^Modules, /, /^Files, /, /^Anonymous, /]) await workbench.unfold(view.row(group).first());
			await workbench.unfold(view.row(/^libc\.so/));
			const row = view.mapping(own.range("anonymous").start);
			await row.click();
			await page.setViewportSize({ width: 1400, height: 420 });
			await view.scrollTo(row);
			await page.mouse.move(900, 300); // what is under the pointer does not change while it can be read
			const place = async () => (await row.boundingBox())?.y;
			const former = await workbench.until("the scrolling to end", async () => {
				const y = await place();
				await page.waitForTimeout(100);
				return y === (await place()) && y;
			});
			const unfolded = await view.tree.locator('[aria-expanded="true"]').count();
			for (const resident of ["16 KiB", "20 KiB"]) {
				await own.command("touch");
				await view.row(new RegExp(`${resident} of 64 KiB resident`)).waitFor();
			}
			await workbench.settles(() => place(), former);
			await workbench.settles(() => row.getAttribute("aria-selected"), "true");
			await workbench.settles(() => view.tree.locator('[aria-expanded="true"]').count(), unfolded);
		} finally {
			await page.setViewportSize({ width: 1400, height: 900 });
			await own.stop();
		}
	});

	it("drops a process that has ended", async () => {
		const passing = await Target.start();
		await view.filter(passing.folder);
		await workbench.unfold(view.process(passing.pid));
		await passing.stop();
		await view.message("No process matches the filter.").waitFor();
	});

	describe("in the end", () => {
		it("has written no errors to the console", () => assert.deepEqual(workbench.problems, []));
	});
});
