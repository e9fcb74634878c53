// `npm test`: installs what is missing, builds, and runs all tests. The last line is the sum.
//   npm test -- --only unit      one step: lint, churn, unit, integration or workbench (may be repeated)
//   npm test -- --grep "half"    only tests with such titles
import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { checkout, endOnSignals, run } from "./support/commands.mjs";
import { removeFolder } from "./support/folders.mjs";
import { install, workbench } from "./support/install.mjs";
import { giveToNobody, nobody, withReadableCheckout } from "./support/nobody.mjs";
import { OrderedOutput } from "./support/orderedOutput.mjs";
import { installSystemPackages } from "./support/systemPackages.mjs";

/**
 * @typedef {object} Report As test/support/runMocha.ts writes it.
 * @property {number} passed
 * @property {string[]} failed
 * @property {string[]} skipped
 * @property {string[]} again
 */

const { values: options } = parseArgs({
	options: { only: { type: "string", multiple: true }, grep: { type: "string" } },
});
const coloured = process.stdout.isTTY;
const reports = await mkdtemp(join(tmpdir(), "mapscope-test-"));
await chmod(reports, 0o711); // nobody writes one, too
endOnSignals(() => rm(reports, { recursive: true, force: true }));

const screen = new OrderedOutput();

/**
 * Every step, with the tests that it counts. The lanes run at the same time, the steps of a lane one after the other:
 * most of them wait more than they work, for processes, for VS Code, for a screen.
 * @type {Record<string, () => Promise<Report[]>>[]}
 */
const lanes = [
	{
		lint: async () => [
			...(await Promise.all([
				check("Lint and format", "node_modules/.bin/biome", ["ci", `--colors=${coloured ? "force" : "off"}`, "."]),
				check("Types", process.execPath, ["scripts/typecheck.mjs"]),
			])),
		],
		workbench: async () => [
			await inPlainNode("Workbench tests in one browser", "workbench/shared"),
			await inPlainNode("Workbench tests with a browser each", "workbench/own"),
		],
	},
	{
		unit: async () => [await inPlainNode("Unit tests", "unit")],
		integration: async () => {
			if (process.getuid?.() !== 0) return [await integration()];
			// Once more as nobody, beside: the two start VS Code each.
			return await withReadableCheckout((folder) => Promise.all([integration(), integrationAsNobody(folder)]));
		},
		workbench: async () => [await inPlainNode("Workbench tests of debugging", "workbench/debugging")],
	},
	{
		// A minute of processes that change as fast as the other lanes let them.
		churn: async () => [await inPlainNode("Churn test", "churn", await withPidsOfItsOwn())],
	},
];

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
	const chosen = lanes.map((lane) => Object.entries(lane).filter(isChosen));
	if (chosen.flat().length === 0) {
		throw new Error(`--only takes ${[...new Set(lanes.flatMap(Object.keys))].join(", ")}.`);
	}

	headline("Set-up");
	await install(checkout, "Packages");
	await install(workbench, "VS Code server");
	await installSystemPackages();

	await removeFolder(join(checkout, "out/test"));
	const results = [await check("Build", process.execPath, ["esbuild.mjs", "--tests"], { quiet: true })];
	const runLane = async (/** @type {[string, () => Promise<Report[]>][]} */ lane) => {
		for (const [name, step] of lane) {
			const broken = (/** @type {unknown} */ error) => [reportOf(0, `${name}: ${error}`)];
			results.push(...(await step().catch(broken)));
		}
	};
	if (results.every(({ failed }) => failed.length === 0)) await Promise.all(chosen.map(runLane));

	headline("Result");
	const failed = results.flatMap((report) => report.failed);
	const skipped = results.flatMap((report) => report.skipped);
	const passed = results.reduce((sum, report) => sum + report.passed, 0);
	// What matters most comes last, where a log that is cut short still has it.
	for (const title of skipped) console.log(title);
	for (const title of results.flatMap((report) => report.again)) console.log(`tried again: ${title}`);
	for (const title of failed) console.log(`failed: ${title}`);
	console.log(`${passed} passed, ${failed.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`);
	return failed.length > 0 ? 1 : 0;
}

/**
 * @param {number} passed
 * @param {string[]} failed
 * @returns {Report}
 */
function reportOf(passed, ...failed) {
	return { passed, failed, skipped: [], again: [] };
}

/** @param {string} text */
function headline(text) {
	console.log(headlineOf(text));
}

/** @param {string} text */
function headlineOf(text) {
	return `\n── ${text} ${"─".repeat(Math.max(0, 100 - text.length))}`;
}

/**
 * Runs something whose output is printed below its title, after the output of what was begun before.
 * @template T
 * @param {string} title
 * @param {(output: import("./support/orderedOutput.mjs").Slot) => Promise<T>} task
 * @returns {Promise<T>}
 */
async function show(title, task) {
	const output = screen.slot();
	const start = Date.now();
	output.write(`${headlineOf(title)}\n`);
	try {
		return await task(output);
	} finally {
		output.write(`${title}: ${((Date.now() - start) / 1000).toFixed(0)} s\n`);
		output.end();
	}
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
	const code = await show(title, (output) => run(command, parameters, { limitMs: 120_000, output, ...settings }));
	return code === 0 ? reportOf(1) : reportOf(0, title);
}

/**
 * A Node program that writes a report of the mocha tests it ran. No report, or one without tests, is a failure.
 * @param {string} title
 * @param {string} folder The checkout to run in.
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Report>}
 */
async function mocha(title, folder, [command = "", ...parameters], env = {}) {
	const file = join(reports, `${title}.json`);
	await writeFile(file, "");
	if (env.MAPSCOPE_SERVER_USER) await giveToNobody(file);
	const limitMs = 1_500_000; // a hang ends, and a busy machine does not
	const fullEnv = {
		MAPSCOPE_TEST_REPORT: file,
		...(options.grep ? { MAPSCOPE_TEST_GREP: options.grep } : {}),
		...(coloured ? { MAPSCOPE_TEST_COLOR: "1" } : {}),
		...env,
	};
	const code = await show(title, (output) => run(command, parameters, { limitMs, cwd: folder, env: fullEnv, output }));
	const text = await readFile(file, "utf8");
	/** @type {Report} */
	const report = text ? JSON.parse(text) : reportOf(0);
	const count = report.passed + report.failed.length + report.skipped.length;
	if (text === "" || (code !== 0 && report.failed.length === 0)) report.failed.push(`${title} broke off`);
	else if (count === 0 && !options.grep) report.failed.push(`${title}: there was none`);
	return report;
}

/**
 * The tests of a folder of `test`.
 * @param {string} title
 * @param {string} folder
 * @param {string[]} [through] Runs the command that follows.
 */
async function inPlainNode(title, folder, through = []) {
	return await mocha(title, checkout, [
		...through,
		process.execPath,
		"--enable-source-maps",
		"out/test/run.js",
		folder,
	]);
}

/**
 * What gives a command pids of its own, where that is allowed: the churn test has processes take over the pids of others,
 * which beside it would happen to the processes of other tests.
 */
async function withPidsOfItsOwn() {
	const through = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];
	const [command = "", ...parameters] = [...through, "true"];
	return await promisify(execFile)(command, parameters).then(
		() => through,
		() => [],
	);
}

async function integration() {
	const title = "Integration tests in the extension host";
	return await mocha(title, checkout, [process.execPath, "scripts/support/integration.mjs"]);
}

/**
 * Tests about what an ordinary user may not see, which root has to stop being root for.
 * @param {string} folder A checkout that nobody can read.
 */
async function integrationAsNobody(folder) {
	const title = "Integration tests as a user without privileges";
	const user = { MAPSCOPE_SERVER_USER: `${nobody.uid}:${nobody.gid}` };
	return await mocha(title, folder, [process.execPath, "scripts/support/integration.mjs"], user);
}
