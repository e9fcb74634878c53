// `npm start [-- folder] [-- --port N]`: installs what is missing, builds, and opens VS Code with the extension: the
// desktop one where there is one, else the VS Code server for a browser. Ctrl-C ends it and all that it has started.
import { createServer } from "node:net";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { startServer, workbenchUrl } from "../test/workbench/harness/server.mjs";
import { checkout, endOnSignals, run } from "./support/commands.mjs";
import { findDesktop } from "./support/desktop.mjs";
import { install, workbench } from "./support/install.mjs";

/** @type {import("../test/workbench/harness/server.mjs").Server | undefined} */
let server;
let stopping = false;
endOnSignals(async () => {
	stopping = true;
	await server?.stop();
	console.log("\nStopped.");
});

try {
	await start();
} catch (error) {
	console.error(`\n${error instanceof Error ? error.message : error}`);
	process.exit(1);
}

async function start() {
	const { values, positionals } = parseArgs({ options: { port: { type: "string" } }, allowPositionals: true });
	const folder = resolve(process.env.INIT_CWD ?? "", positionals[0] ?? checkout);
	const wantedPort = Number(values.port ?? 0);
	if (!Number.isInteger(wantedPort) || wantedPort < 0 || wantedPort > 65_535) throw new Error("--port takes a port.");
	const desktop = findDesktop();
	await install(checkout, "Packages");
	if ("reason" in desktop) await install(workbench, "VS Code server");
	console.log("Building the extension");
	if ((await run(process.execPath, ["esbuild.mjs"], { quiet: true })) !== 0) throw new Error("The build failed.");

	if ("command" in desktop) {
		console.log(`Opening VS Code (${desktop.command}); close its window, or press Ctrl-C, to end.`);
		const parameters = ["--new-window", "--wait", `--extensionDevelopmentPath=${checkout}`, folder];
		const code = await run(desktop.command, parameters);
		if (!stopping) process.exit(code);
		return;
	}
	console.log(`Starting the VS Code server (${desktop.reason})`);
	const port = await freePort(wantedPort);
	server = await startServer({ checkout, port, secret: true, settings: { "files.watcherExclude": {} } });
	console.log(
		`\nOpen this in a browser on this machine:\n\n  ${workbenchUrl(server, { folder, extensions: [checkout] })}\n`,
	);
	if (process.env.SSH_CONNECTION) {
		const [, number] = server.authority.split(":");
		console.log(`From another machine, first: ssh -L ${number}:${server.authority} <this machine>`);
	}
	console.log("Ctrl-C stops it.");
	await server.exited;
	if (!stopping) throw new Error(`The VS Code server ended by itself:\n${server.log()}`);
}

/**
 * The wanted port, or 0, for which the system takes a free one, when somebody else has it.
 * @param {number} wanted
 * @returns {Promise<number>}
 */
async function freePort(wanted) {
	return await new Promise((done) => {
		const probe = createServer();
		probe.once("error", () => {
			console.log(`Port ${wanted} is taken: using a free one`);
			done(0);
		});
		probe.listen(wanted, "127.0.0.1", () => probe.close(() => done(wanted)));
	});
}
