import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { type Client, connect } from "../../src/shared/rpc";
import { checkout } from "./checkout";
import type { TestedSampler } from "./samplerService";

const run = promisify(execFile);

/** Debian's `nobody` and `nogroup`: a user without any privilege. */
export const nobody = { uid: 65534, gid: 65534 } as const;

/** Whether nobody may run a program here; a checkout or a Node in somebody's private folder is out of reach. */
export async function nobodyMayRun(path: string): Promise<boolean> {
	return await run("test", ["-x", path], nobody).then(
		() => true,
		() => false,
	);
}

/** A sampler in a process of nobody's. */
export interface NobodysSampler {
	readonly call: TestedSampler;
	stop(): Promise<void>;
}

/**
 * Starts a sampler as nobody, from a copy outside the checkout, which nobody may not be able to read.
 *
 * @param hidden a file that it may not open, as where a security module forbids it: nothing else may be forbidden.
 */
export async function startNobodysSampler(hidden?: string): Promise<NobodysSampler> {
	const folder = await mkdtemp(join(tmpdir(), "mapscope-nobody-"));
	const program = join(folder, "samplerService.js");
	try {
		await buildReadable(folder, program);
	} catch (error) {
		await rm(folder, { recursive: true });
		throw error;
	}
	const forbidden = join(folder, "forbidden");
	if (hidden !== undefined) await writeFile(forbidden, "", { mode: 0 });
	// Root alone may lay another file over one, in a namespace of mounts of its own.
	const become = `mount --bind "$1" "$2" && exec setpriv --reuid=${nobody.uid} --regid=${nobody.gid} --clear-groups "$3" "$4"`;
	const [command, parameters, user] =
		hidden === undefined
			? [process.execPath, [program], nobody]
			: ["unshare", ["--mount", "sh", "-c", become, "sh", forbidden, hidden, process.execPath, program], {}];
	const child = spawn(command, parameters, {
		...user,
		cwd: "/",
		stdio: ["ignore", "inherit", "inherit", "ipc"],
		serialization: "advanced",
	});
	const client: Client<TestedSampler, unknown> = connect({
		// One that has just been ended takes no message any more: what it was asked is rejected when it exits.
		post: (message) => void child.send(message as object, () => undefined),
		listen: (listener) => {
			child.on("message", listener);
			return () => child.off("message", listener);
		},
	});
	child.on("exit", () => client.dispose({ code: "io", detail: "nobody's sampler ended" }));
	return {
		call: client.call,
		stop: async () => {
			if (child.exitCode === null && child.signalCode === null) {
				const ended = once(child, "exit");
				child.kill("SIGKILL");
				await ended;
			}
			await rm(folder, { recursive: true });
		},
	};
}

/** Builds the sampler's service into a folder that everybody may read, with the packages it needs. */
async function buildReadable(folder: string, program: string): Promise<void> {
	await build({
		absWorkingDir: checkout,
		entryPoints: ["test/support/samplerService.ts"],
		outfile: program,
		bundle: true,
		platform: "node",
		target: "node20",
		external: ["koffi"],
		logLevel: "silent",
	});
	for (const name of ["koffi", "@koromix"]) {
		await cp(join(checkout, "node_modules", name), join(folder, "node_modules", name), { recursive: true });
	}
	await run("chmod", ["-R", "a+rX", folder]);
}
