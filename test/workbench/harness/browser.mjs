// The browser in which the workbench is shown: Debian's Chromium, driven by playwright-core.
import { chromium } from "playwright-core";
import { findChromium } from "./findProgram.mjs";

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
