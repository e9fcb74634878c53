// The Debian packages that the tests need, beyond Node and npm.
import { existsSync, readdirSync } from "node:fs";
import { findChromium } from "../../test/workbench/harness/findProgram.mjs";
import { run } from "./commands.mjs";

/** Each package with the question whether what it brings is there, from wherever it came. */
const needed = {
	chromium: () => findChromium() !== undefined, // shows the workbench
	"fonts-dejavu-core": () => existsSync("/usr/share/fonts") && readdirSync("/usr/share/fonts").length > 0,
	gcc: () => existsSync("/usr/bin/gcc"), // compiles the programs whose memory the tests look at
	"libc6-dev": () => existsSync("/usr/include/stdio.h"),
	"lldb-22": () => existsSync("/usr/bin/lldb-dap-22"), // debugs them; older ones die of being asked for memory
	"python3-debugpy": () => existsSync("/usr/lib/python3/dist-packages/debugpy"),
	python3: () => existsSync("/usr/bin/python3"), // reads /proc for itself, to compare
	"python3-psutil": () => existsSync("/usr/lib/python3/dist-packages/psutil"), // reads the same as we do, to compare
	procps: () => existsSync("/usr/bin/pmap"), // read the same as we do, to compare
	"util-linux-extra": () => existsSync("/usr/bin/fincore"),
};

/** The same of what only the benchmarks need. */
export const neededToCompare = {
	"python3-psutil": () => existsSync("/usr/lib/python3/dist-packages/psutil"),
};

/**
 * Installs the packages that are missing, as root; otherwise says what to install and throws.
 * @param {Record<string, () => boolean>} [more] Packages needed besides those of the tests.
 */
export async function installSystemPackages(more = {}) {
	await installPackages({ ...needed, ...more });
}

/**
 * Installs packages that are missing, as root; otherwise says what to install and throws.
 * @param {Record<string, () => boolean>} packages each with the question whether what it brings is there
 */
export async function installPackages(packages) {
	const missing = Object.entries(packages).flatMap(([name, isPresent]) => (isPresent() ? [] : [name]));
	if (missing.length === 0) return console.log("System packages: up to date");
	const command = ["apt-get", "install", "-y", "--no-install-recommends", ...missing];
	if (process.getuid?.() !== 0) {
		throw new Error(`Please install what the tests need, and try again:\n\n  sudo ${command.join(" ")}\n`);
	}
	const env = { DEBIAN_FRONTEND: "noninteractive" };
	console.log(`System packages: installing ${missing.join(", ")}`);
	const updated = await run("apt-get", ["update"], { quiet: true, env });
	if (updated !== 0 || (await run("apt-get", command.slice(1), { quiet: true, env })) !== 0) {
		throw new Error(`apt-get could not install ${missing.join(", ")}`);
	}
	console.log("System packages: installed");
}
