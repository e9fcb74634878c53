// `npm test`: installs what is missing, builds, and runs all tests. The last line is the sum.
//   npm test -- --only unit      one step: lint, churn, unit, integration or workbench (may be repeated)
//   npm test -- --grep "half"    only tests with such titles
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkout, endOnSignals, run } from "./support/commands.mjs";
import { install, workbench } from "./support/install.mjs";
import { giveToNobody, nobody, withReadableCheckout } from "./support/nobody.mjs";
import { installSystemPackages } from "./support/systemPackages.mjs";

/**
 * @typedef {object} Report As test/support/runMocha.ts writes it.
 * @property {number} passed
 * @property {string[]} failed
 * @property {string[]} skipped
 */

const { values: options } = parseArgs({
	options: { only: { type: "string", multiple: true }, grep: { type: "string" } },
});
const coloured = process.stdout.isTTY;
const reports = await mkdtemp(join(tmpdir(), "mapscope-test-"));
await chmod(reports, 0o711); // nobody writes one, too
endOnSignals(() => rm(reports, { recursive: true, force: true }));

const quiet = { quiet: true };

/** Steps that run beside the others, quietly, and are told of when these have ended. */
const besides = {
	lint: async () => [
		...(await Promise.all([
			check("Lint and format", "node_modules/.bin/biome", ["ci", `--colors=${coloured ? "force" : "off"}`, "."], quiet),
			check("Types", process.execPath, ["scripts/typecheck.mjs"], quiet),
		])),
	],
	// A minute of processes that change as fast as they can: their time passes whatever else there is to do.
	churn: async () => [
		await mocha("Churn test", checkout, ["--enable-source-maps", "out/test/run.js", "churn"], {}, quiet),
	],
};

/** Every other step, in order, with the tests that it counts. */
const steps = {
	unit: async () => [await mocha("Unit tests", checkout, ["--enable-source-maps", "out/test/run.js", "unit"])],
	integration: async () => {
		if (process.getuid?.() !== 0) return [await integration()];
		// Once more as nobody, beside: the two start VS Code each, and wait more than they work.
		return await withReadableCheckout((folder) => Promise.all([integration(), integrationAsNobody(folder)]));
	},
	workbench: async () => [
		await mocha("Workbench tests in the browser", checkout, ["--enable-source-maps", "out/test/run.js", "workbench"]),
	],
};

try {
	process.exitCode = await main();
} catch (error) {
	console.error(`\n${error instanceof Error ? error.message : error}`);
	process.exitCode = 1;
} finally {
	await rm(reports, { recursive: true, force: true });
}

async function main() {
	const isChosen = (/** @type {[string, unknown]} */ [name]) => !options.only || options.only.includes(name);
	const chosen = Object.entries(steps).filter(isChosen);
	const beside = Object.entries(besides).filter(isChosen);
	if (chosen.length + beside.length === 0) {
		throw new Error(`--only takes ${Object.keys({ ...steps, ...besides }).join(", ")}.`);
	}

	headline("Set-up");
	await install(checkout, "Packages");
	await install(workbench, "VS Code server");
	await installSystemPackages();

	headline("Build");
	await rm(join(checkout, "out/test"), { recursive: true, force: true });
	const built = await check("Build", process.execPath, ["esbuild.mjs", "--tests"], { quiet: true });
	/** @type {Report[]} */
	const results = [];
	if (built.failed.length > 0) results.push(built);
	else {
		const start = (/** @type {[string, () => Promise<Report[]>]} */ [name, step]) =>
			step().catch((error) => [{ passed: 0, failed: [`${name}: ${error}`], skipped: [] }]);
		const meanwhile = beside.map(start);
		for (const step of chosen) results.push(...(await start(step)));
		results.push(...(await Promise.all(meanwhile)).flat());
	}

	headline("Result");
	const failed = results.flatMap((report) => report.failed);
	const skipped = results.flatMap((report) => report.skipped);
	const passed = results.reduce((sum, report) => sum + report.passed, 0);
	for (const title of failed) console.log(`failed: ${title}`);
	for (const title of skipped) console.log(title);
	console.log(`${passed} passed, ${failed.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`);
	return failed.length > 0 ? 1 : 0;
}

/** @param {string} text */
function headline(text) {
	console.log(`\n── ${text} ${"─".repeat(Math.max(0, 100 - text.length))}`);
}

/**
 * A command that counts as one test.
 * @param {string} title
 * @param {string} command
 * @param {string[]} parameters
 * @param {import("./support/commands.mjs").CommandOptions} [settings]
 * @returns {Promise<Report>}
 */
async function check(title, command, parameters, settings = {}) {
	if (!settings.quiet) headline(title);
	const code = await run(command, parameters, { limitMs: 120_000, ...settings });
	return code === 0 ? { passed: 1, failed: [], skipped: [] } : { passed: 0, failed: [title], skipped: [] };
}

/**
 * A Node program that writes a report of the mocha tests it ran. No report, or one without tests, is a failure.
 * @param {string} title
 * @param {string} folder The checkout to run in.
 * @param {string[]} parameters
 * @param {NodeJS.ProcessEnv} [env]
 * @param {import("./support/commands.mjs").CommandOptions} [settings] Quiet: what it prints is shown when it fails.
 * @returns {Promise<Report>}
 */
async function mocha(title, folder, parameters, env = {}, settings = {}) {
	if (!settings.quiet) headline(title);
	const file = join(reports, `${title}.json`);
	await writeFile(file, "");
	if (env.MAPSCOPE_SERVER_USER) await giveToNobody(file);
	const code = await run(process.execPath, parameters, {
		...settings,
		cwd: folder,
		limitMs: 480_000, // a hang ends, and a busy machine does not
		env: {
			MAPSCOPE_TEST_REPORT: file,
			...(options.grep ? { MAPSCOPE_TEST_GREP: options.grep } : {}),
			...(process.stdout.isTTY ? { MAPSCOPE_TEST_COLOR: "1" } : {}),
			...env,
		},
	});
	const text = await readFile(file, "utf8");
	/** @type {Report} */
	const report = text ? JSON.parse(text) : { passed: 0, failed: [], skipped: [] };
	const count = report.passed + report.failed.length + report.skipped.length;
	if (text === "" || (code !== 0 && report.failed.length === 0)) report.failed.push(`${title} broke off`);
	else if (count === 0 && !options.grep) report.failed.push(`${title}: there was none`);
	return report;
}

async function integration() {
	return await mocha("Integration tests in the extension host", checkout, ["scripts/support/integration.mjs"]);
}

/**
 * Tests about what an ordinary user may not see, which root has to stop being root for.
 * @param {string} folder A checkout that nobody can read.
 */
async function integrationAsNobody(folder) {
	const title = "Integration tests as a user without privileges";
	const user = { MAPSCOPE_SERVER_USER: `${nobody.uid}:${nobody.gid}` };
	return await mocha(title, folder, ["scripts/support/integration.mjs"], user, quiet);
}
