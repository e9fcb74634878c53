import assert from "node:assert/strict";
import { Target } from "../../support/target";
import { MapView, type Rgb } from "../harness/mapView";
import { paintedCells } from "../harness/pageCells";
import { sharedWorkbench } from "../harness/shared";
import type { Theme, Workbench } from "../harness/workbench";

describe("Memory Map on the screen", () => {
	let workbench: Workbench;
	let map: MapView;
	let target: Target;

	before(async () => {
		target = await Target.start();
		workbench = await sharedWorkbench();
		map = await MapView.open(workbench, target.pid);
		await map.select(target.range("anonymous"));
	});

	after(async () => {
		await workbench.setTheme("Default Dark Modern");
		await target.stop();
	});

	describe("takes the colours of the theme", () => {
		before(async () => {
			await map.list.press("Enter");
			await map.details.getByRole("heading", { name: /^Page \d+ of / }).waitFor();
		});
		after(async () => {
			await map.frame.getByRole("button", { name: "Back" }).click();
			await map.list.waitFor();
		});

		let former = "";
		const themes: readonly Theme[] = ["Default Light Modern", "Default High Contrast"];
		for (const theme of themes) {
			it(`${theme}, as soon as it is chosen`, async () => {
				await workbench.setTheme(theme);
				const canvas = map.frame.getByRole("application", { name: /^Pages of / }).locator("canvas");
				let colour: Rgb = [0, 0, 0];
				await workbench.until("three pages in its colour", async () => {
					colour = await map.themeColour("--vscode-charts-blue");
					return (await paintedCells(canvas, colour)).filter(({ solid }) => solid).length === 3;
				});
				assert.notEqual(String(colour), former, "the blue of the theme before");
				former = String(colour);
			});
		}
	});

	it("colours the overview by kind when asked, with a key of the kinds that are there, and by state again", async () => {
		const choose = async (entry: string) => {
			await map.frame.getByRole("button", { name: "Colour:" }).click();
			await map.frame.getByRole("menuitemradio", { name: entry }).click();
		};
		const overview = map.frame.getByRole("application", { name: "Address space" });
		/** Device pixels of the overview that have a colour. */
		const painted = async (colour: Rgb) =>
			await overview.evaluate((node, wanted) => {
				const canvas = node as HTMLCanvasElement;
				const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
				let count = 0;
				for (let at = 0; at < pixels.length; at += 4) if (wanted.every((part, i) => pixels[at + i] === part)) count++;
				return count;
			}, colour);
		const key = map.frame.getByRole("note", { name: "Kinds" });
		const anonymous = await map.themeColour("--vscode-charts-blue");
		await workbench.until("anonymous pages in blue", async () => (await painted(anonymous)) > 0);

		await choose("Colour by kind");
		for (const kind of ["Code", "Stacks", "Shared memory"]) {
			await key.locator(".key-entry", { hasText: kind }).first().waitFor();
		}
		const swatch = key.locator(".key-entry", { hasText: "Code" }).locator(".swatch");
		const text = await swatch.evaluate((node) => getComputedStyle(node).backgroundColor);
		const [red = 0, green = 0, blue = 0] = (text.match(/\d+/g) ?? []).map(Number);
		await workbench.until("code in its colour", async () => (await painted([red, green, blue])) > 0);
		await workbench.settles(() => painted(anonymous), 0);

		await choose("Colour by state");
		await key.waitFor({ state: "hidden" });
		await workbench.until("anonymous pages in blue", async () => (await painted(anonymous)) > 0);
	});

	describe("fits", () => {
		after(() => workbench.page.setViewportSize({ width: 1400, height: 900 }));

		/** Names of what lies partly outside of the panel, and of what would have to be scrolled sideways. */
		const outside = () =>
			map.frame.evaluate(() => {
				const found: string[] = [];
				const { scrollWidth, clientWidth } = document.documentElement;
				if (scrollWidth > clientWidth) found.push(`the page: ${scrollWidth} of ${clientWidth}`);
				for (const element of document.querySelectorAll<HTMLElement>("body *")) {
					const { left, right, width, height } = element.getBoundingClientRect();
					if (width === 0 || height === 0 || getComputedStyle(element).visibility === "hidden") continue;
					if (element.closest(".visually-hidden")) continue;
					if (left < -0.5 || right > clientWidth + 0.5)
						found.push(`${element.outerHTML.slice(0, 120)}: ${left}–${right}`);
					const { overflowX } = getComputedStyle(element);
					const scrolls = overflowX === "auto" || overflowX === "scroll";
					if (scrolls && element.scrollWidth > element.clientWidth + 1) found.push(element.outerHTML.slice(0, 120));
				}
				return found;
			});

		for (const width of [1100, 700, 420, 320]) {
			it(`into a panel that is ${width} pixels wide, without scrolling sideways`, async () => {
				const { page } = workbench;
				const panel = () => map.frame.evaluate(() => innerWidth);
				const around = (page.viewportSize()?.width ?? 0) - (await panel());
				await page.setViewportSize({ width: width + around, height: 900 });
				await workbench.until("the panel to be so wide", async () => (await panel()) === width);
				await map.selected.waitFor();
				await workbench
					.until("everything to be inside", async () => (await outside()).length === 0)
					.catch(() => undefined);
				assert.deepEqual(await outside(), []);
				await map.details.getByText("3 of 16 pages are mapped here").waitFor();
			});
		}
	});

	describe("in the end", () => {
		it("has written no errors to the console", () => assert.deepEqual(workbench.problems, []));
	});
});
