import assert from "node:assert/strict";
import { realpath } from "node:fs/promises";
import type { Child } from "../../support/child";
import { askWitness, Target } from "../../support/target";
import { MapView } from "../harness/mapView";
import { parentOfZombie } from "../harness/processes";
import { ProcessesView } from "../harness/processesView";
import { sharedWorkbench } from "../harness/shared";
import type { Workbench } from "../harness/workbench";

describe("Memory Map over time", () => {
	let workbench: Workbench;
	let view: ProcessesView;
	/** Changes now and then, so that the tests see in the Processes view that time has passed. */
	let clock: Target;

	before(async () => {
		clock = await Target.start();
		workbench = await sharedWorkbench();
		view = await ProcessesView.open(workbench);
		await view.filter(clock.folder);
		await workbench.unfold(view.process(clock.pid));
	});

	after(async () => {
		await view.filter("");
		await clock.stop();
	});

	/** Waits until the Processes view, which never rests, has been refreshed so many times. */
	async function timePasses(refreshes: number): Promise<void> {
		const anonymous = view.row(/^Anonymous, .* mappings$/);
		for (let refresh = 0; refresh < refreshes; refresh++) {
			const before = await anonymous.getAttribute("aria-label");
			await clock.command("map");
			await workbench.until("a refresh", async () => (await anonymous.getAttribute("aria-label")) !== before);
		}
	}

	describe("live", () => {
		let target: Target;
		let map: MapView;

		before(async () => {
			target = await Target.start();
			map = await MapView.open(workbench, target.pid);
			await map.select(target.range("anonymous"));
		});
		after(async () => {
			await workbench.closeEditors();
			await target.stop();
		});

		/** How many pages of `anonymous` are mapped, by what the details say. */
		const mapped = async () => Number(/(\d+) of 16 pages are/.exec(await map.details.innerText())?.[1]);
		const shows = (pages: number) => map.details.getByText(`${pages} of 16 pages are mapped here`).waitFor();
		const setLive = async (live: boolean) => {
			if ((await map.live.getAttribute("aria-pressed")) !== String(live)) await map.live.click();
			await map.frame.getByRole("button", { name: live ? /^Live / : "Paused", pressed: live }).waitFor();
		};

		it("shows a page soon after the process has touched it", async () => {
			const pages = await mapped();
			await target.command("touch");
			await shows(pages + 1);
			await map.row(new RegExp(`^Anonymous, .* 64 KiB, ${4 * (pages + 1)} KiB resident$`)).waitFor();
		});

		it("shows a mapping soon after the process has made it", async () => {
			await target.command("map");
			const { mappings } = await askWitness(target.pid);
			await map.frame
				.getByRole("region", { name: "Totals" })
				.getByText(new RegExp(`^${mappings.length}$`))
				.waitFor();
			await map.select(target.range("added"));
			await map.details.getByText("None of its 4 pages is mapped").waitFor();
			await map.select(target.range("anonymous"));
		});

		it("stops when it is switched off, and goes on when it is switched on again", async () => {
			await setLive(true);
			const pages = await mapped();
			await workbench.runCommand("Mapscope: Toggle Live");
			await map.frame.getByRole("button", { name: "Paused", pressed: false }).waitFor();
			await timePasses(1); // a sample that was under way may still come
			const sample = await map.sample();
			await target.command("touch");
			await timePasses(3);
			assert.equal(await map.sample(), sample);
			await shows(pages);
			await setLive(true);
			await shows(pages + 1);
		});

		it("takes one sample on request while it is switched off", async () => {
			const pages = await mapped();
			await setLive(false);
			await timePasses(1);
			const sample = await map.sample();
			await target.command("touch");
			await workbench.runCommand("Mapscope: Refresh");
			await shows(pages + 1);
			assert.equal(await map.sample(), sample + 1);
			await target.command("touch");
			await map.frame.getByRole("button", { name: "Refresh" }).click();
			await shows(pages + 2);
			assert.equal(await map.sample(), sample + 2);
			await setLive(true);
		});

		it("lets the person choose how often", async () => {
			await map.choose("How often", "Every 10 s");
			await map.frame.getByRole("button", { name: "Live 10 s", pressed: true }).waitFor();
			await map.choose("How often", "Every 500 ms");
			await map.frame.getByRole("button", { name: "Live 500 ms", pressed: true }).waitFor();
		});

		it("takes no samples while another editor covers it", async () => {
			// A first try may have left it covered.
			await workbench.page.getByRole("tab", { name: /^Memory Map/ }).click();
			map = await MapView.opened(workbench, target.pid);
			await map.choose("How often", "Every 500 ms");
			await map.frame.getByRole("button", { name: "Live 500 ms", pressed: true }).waitFor();
			let last = 0;
			let seen = 0;
			const watching = (async () => {
				for (;;) {
					last = await map.sample();
					seen = Date.now();
				}
			})().catch(() => undefined); // the page of a covered map is gone
			await workbench.choose("Open maps", view.process(clock.pid));
			await workbench.page.mouse.move(700, 450); // rows keep still under the pointer
			const editors = workbench.page.locator(".tabs-container");
			await editors.getByRole("tab", { name: /maps/, selected: true }).waitFor();
			await watching;
			let visible = Date.now() - seen;
			await timePasses(6);
			const uncovered = Date.now();
			await workbench.page.getByRole("tab", { name: /^Memory Map/ }).click();
			map = await MapView.opened(workbench, target.pid);
			const samples = (await map.sample()) - last;
			visible += Date.now() - uncovered;
			// One that was under way when it was covered, one as soon as it is seen again, and one each 500 ms that it could be seen.
			const most = 3 + Math.floor(visible / 500);
			assert.ok(samples <= most, `${samples} samples in the time of 6 refreshes, of which ${visible} ms could be seen`);
			await map.nextSample();
		});
	});

	describe("of a process that ends", () => {
		it("keeps the last picture, says when it ended and is live no more", async () => {
			const target = await Target.start();
			const map = await MapView.open(workbench, target.pid);
			await map.select(target.range("anonymous"));
			await target.stop();
			const ended = map.notice(/Ended at \d\d:\d\d:\d\d\. This is the last sample\./);
			await ended.waitFor();
			const [time = ""] = /\d\d:\d\d:\d\d/.exec(await ended.innerText()) ?? [];
			const seconds = await workbench.page.evaluate((text) => {
				const [hours = 0, minutes = 0, rest = 0] = text.split(":").map(Number);
				return (Date.now() - new Date().setHours(hours, minutes, rest, 0)) / 1000;
			}, time);
			assert.ok(seconds >= -1 && seconds < 60, `${seconds} s ago`);
			await map.hasHeard(`Ended at ${time}. This is the last sample.`);
			await map.details.getByText("3 of 16 pages are mapped here").waitFor();
			await map.row(/^Anonymous, .* 64 KiB, 12 KiB resident$/).waitFor();
			await workbench.settles(() => map.live.getAttribute("aria-pressed"), "false");
			const sample = await map.sample();
			await timePasses(2);
			assert.equal(await map.sample(), sample);
			await workbench.closeEditors();
		});

		it("offers the next process of that name", async () => {
			// Tests beside this one start targets, too: these have a name that no other has.
			const start = () => Target.start(undefined, "target", (...paths) => [...paths, `the-${process.pid}th`]);
			const target = await start();
			const map = await MapView.open(workbench, target.pid);
			await target.stop();
			const next = await start();
			await map.frame.getByRole("button", { name: "Watch next with this name" }).click();
			const nextMap = await MapView.opened(workbench, next.pid);
			await nextMap.select(next.range("half"));
			await workbench.closeEditors();
			await next.stop();
		});
	});

	describe("of a process that becomes another program", () => {
		it("says so, and shows the new address space", async () => {
			const target = await Target.start();
			try {
				const map = await MapView.open(workbench, target.pid);
				await target.command("exec");
				await map.notice(/Became sleep at \d\d:\d\d:\d\d\./).waitFor();
				await map.notice("the address space of target<b>\\n) is gone").waitFor();
				await map.frame.getByRole("heading", { name: "sleep", level: 1 }).waitFor();
				await workbench.page.getByRole("tab", { name: "Memory Map: sleep" }).waitFor();
				const program = (await realpath(`/proc/${target.pid}/exe`)).split("/").at(-1);
				await map.row(new RegExp(`^${program}, \\d mappings, `)).waitFor();
				await workbench.settles(() => map.row(/^half\.bin, /).count(), 0);
				await workbench.closeEditors();
			} finally {
				await target.stop();
			}
		});
	});

	describe("of a process without an address space", () => {
		let parent: Child;

		before(async () => {
			parent = await parentOfZombie();
		});
		after(async () => {
			await workbench.closeEditors();
			await parent.stop();
		});

		it("says that it is a zombie, and whose", async () => {
			const zombie = Number(parent.words[0]);
			await view.filter(String(zombie));
			await workbench.choose("Show in Memory Map", view.process(zombie));
			const frame = await workbench.webview(`.process-pid:text("${zombie}")`);
			const sentence = `it has ended and waits for its parent (PID ${parent.pid}).`;
			await frame.getByRole("status").filter({ hasText: sentence }).waitFor();
		});
	});

	describe("in the end", () => {
		it("has written no errors to the console", () => assert.deepEqual(workbench.problems, []));
	});
});
