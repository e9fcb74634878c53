import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The path of the first of these programs that is on the PATH; undefined without one.
 * @param {...string} names
 */
export function findProgram(...names) {
	const { PATH = "" } = process.env;
	const directories = PATH.split(delimiter);
	return names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isExecutable);
}

/** The path of an installed Chromium: `CHROMIUM` when set, else the first on the PATH; undefined without one. */
export function findChromium() {
	const { CHROMIUM } = process.env;
	return CHROMIUM || findProgram("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
}

/**
 * Whether a file is there and may be run.
 * @param {string} path
 */
export function isExecutable(path) {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
