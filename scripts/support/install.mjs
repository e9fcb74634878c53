// Installs npm packages where they are missing or out of date. Needs nothing but Node and npm.
import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { checkout, run } from "./commands.mjs";
import { refuseLinks } from "./folders.mjs";

export const workbench = join(checkout, "test/workbench");

/**
 * Runs `npm ci` in a folder when its node_modules is missing or older than its lock file, and tells how far it is.
 * A node_modules that is a link is refused, unless it is up to date: npm would empty the folder at its other end.
 * Install scripts are not run: nothing here needs one, and so no version of npm runs a compiler.
 * @param {string} folder
 * @param {string} what What is installed, for people.
 */
export async function install(folder, what) {
	if (isCurrent(folder)) return console.log(`${what}: up to date`);
	refuseLinks(join(folder, "node_modules"), "npm ci would delete everything in it");
	const lock = JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8"));
	const packages = Object.keys(lock.packages).filter((path) => path !== "" && !lock.packages[path].optional);
	const report = () => {
		const done = packages.filter((path) => existsSync(join(folder, path, "package.json"))).length;
		console.log(`${what}: ${done} of about ${packages.length} packages`);
	};
	console.log(`${what}: installing (npm ci in ${relative(checkout, folder) || "."})`);
	const progress = setInterval(report, 3_000);
	const code = await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
		cwd: folder,
		quiet: true,
		// Set by the npm that runs us, and meant for our own folder only.
		env: { npm_config_local_prefix: undefined, INIT_CWD: undefined },
	});
	clearInterval(progress);
	if (code !== 0) throw new Error(`npm ci failed in ${folder}`);
	if (folder === workbench && (await run(process.execPath, ["linkServer.cjs"], { cwd: folder })) !== 0) {
		throw new Error("the VS Code server could not be linked to its packages");
	}
	console.log(`${what}: installed`);
}

/** @param {string} folder */
function isCurrent(folder) {
	const installed = statSync(join(folder, "node_modules/.package-lock.json"), { throwIfNoEntry: false });
	return installed !== undefined && installed.mtimeMs >= statSync(join(folder, "package-lock.json")).mtimeMs;
}
