// The browser in which the workbench is shown: Debian's Chromium, driven by playwright-core.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The path of an installed Chromium: `CHROMIUM` when set, else the first on the PATH; undefined without one. */
export function findChromium() {
	const { CHROMIUM, PATH = "" } = process.env;
	if (CHROMIUM) return CHROMIUM;
	const directories = PATH.split(delimiter);
	return names
		.flatMap((name) => directories.map((directory) => join(directory, name)))
		.find((path) => {
			try {
				accessSync(path, constants.X_OK);
				return true;
			} catch {
				return false;
			}
		});
}

/** Starts a headless Chromium that talks to nobody but the page's own server. */
export async function launchBrowser() {
	const executablePath = findChromium();
	if (executablePath === undefined) throw new Error("Chromium is not installed: apt-get install chromium");
	return await chromium.launch({
		executablePath,
		args: [
			"--no-sandbox", // root may not use it, and only our own pages are shown
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
		],
	});
}
