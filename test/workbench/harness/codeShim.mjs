#!/usr/bin/env node
// Stands in for the `code` binary where there is no desktop: understands the few options with which
// @vscode/test-electron starts VS Code for a test run, and gives the run to the VS Code server and a headless browser.
// The extension host is the same one; the exit code is that of the tests, or 2 when they did not end by themselves.
// Environment: MAPSCOPE_SERVER_USER (uid:gid of the server, for root), MAPSCOPE_TEST_LIMIT_MS.
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { launchBrowser } from "./browser.mjs";
import { isNoise } from "./noise.mjs";
import { exitOnSignals, plainEnv, startServer, stillSettings, workbenchUrl } from "./server.mjs";

exitOnSignals();
process.exit(await runTests(process.argv.slice(2)));

/** @param {string[]} parameters */
async function runTests(parameters) {
	const { MAPSCOPE_SERVER_USER, MAPSCOPE_TEST_LIMIT_MS = 450_000 } = process.env;
	/** @param {string} name */
	const values = (name) =>
		parameters.flatMap((text) => (text.startsWith(`--${name}=`) ? [text.slice(name.length + 3)] : []));
	const [extension = "", ...installed] = values("extensionDevelopmentPath");
	const server = await startServer({
		installed,
		settings: stillSettings,
		env: plainEnv,
		checkout: fileURLToPath(new URL("../../..", import.meta.url)),
		user: parseUser(MAPSCOPE_SERVER_USER),
	});
	const browser = await launchBrowser();
	const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });

	/** @type {Promise<number>} */
	const ended = new Promise((resolve, reject) => {
		const limitMs = Number(MAPSCOPE_TEST_LIMIT_MS);
		const breakOff = (/** @type {string} */ reason) => reject(new Error(reason));
		setTimeout(breakOff, limitMs, `it had not ended after ${limitMs / 1000} s`);
		void server.exited.then(() => breakOff("the VS Code server ended"));
		page.once("crash", () => breakOff("the browser's page crashed"));
		page.exposeFunction("codeAutomationExit", resolve).catch(reject);
	});
	try {
		await page.exposeFunction("codeAutomationLog", (/** @type {string} */ _level, /** @type {unknown[]} */ items) => {
			const text = format(...items);
			if (!isNoise(text)) console.log(text);
		});
		await page.goto(
			workbenchUrl(server, {
				folder: parameters.find((text) => !text.startsWith("-")),
				extensions: [extension],
				tests: values("extensionTestsPath")[0],
			}),
		);
		return await ended;
	} catch (error) {
		console.error(`The test run broke off: ${error}. The last that the server said:`);
		console.error(server.log().split("\n").slice(-30).join("\n"));
		return 2;
	} finally {
		await browser.close();
		await server.stop();
	}
}

/**
 * @param {string | undefined} text `uid:gid`
 * @returns {import("./server.mjs").User | undefined}
 */
function parseUser(text) {
	const [uid, gid] = (text ?? "").split(":").map(Number);
	return uid && gid ? { uid, gid } : undefined;
}
