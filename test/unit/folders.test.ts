import { deepEqual, match, notEqual, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, lstat, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkout } from "../support/checkout";

/** How a script of a checkout ended. */
interface Ending {
	readonly code: number;
	readonly output: string;
}

describe("scripts in a checkout with links", () => {
	/** A checkout with the scripts and nothing to install. */
	let copy: string;
	/** A folder elsewhere, to which links lead. */
	let elsewhere: string;

	beforeEach(async () => {
		copy = await mkdtemp(join(tmpdir(), "links-"));
		elsewhere = await mkdtemp(join(tmpdir(), "links-elsewhere-"));
		await cp(join(checkout, "scripts"), join(copy, "scripts"), { recursive: true });
		const manifest = { name: "links", version: "1.0.0" };
		await writeFile(join(copy, "package.json"), JSON.stringify(manifest));
		const lock = { ...manifest, lockfileVersion: 3, requires: true, packages: { "": manifest } };
		await writeFile(join(copy, "package-lock.json"), JSON.stringify(lock));
		await mkdir(join(elsewhere, "test"));
		await writeFile(join(elsewhere, "test/kept"), "");
	});
	afterEach(async () => {
		for (const folder of [copy, elsewhere]) await rm(folder, { recursive: true });
	});

	async function runNode(...parameters: string[]): Promise<Ending> {
		return await new Promise((resolve) => {
			execFile(process.execPath, parameters, { cwd: copy }, (error, stdout, stderr) => {
				resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
			});
		});
	}

	/** Calls a function of `scripts/support/folders.mjs` in the copy. */
	async function callFolders(name: string, path: string): Promise<Ending> {
		const url = pathToFileURL(join(copy, "scripts/support/folders.mjs")).href;
		const source = `await (await import(${JSON.stringify(url)})).${name}(${JSON.stringify(join(copy, path))})`;
		return await runNode("--input-type=module", "--eval", source);
	}

	async function expectRefused({ code, output }: Ending, link: string): Promise<void> {
		notEqual(code, 0);
		ok(output.includes(`${link} is a link to ${elsewhere}`), output);
		deepEqual(await readdir(elsewhere, { recursive: true }), ["test", "test/kept"]);
		ok((await lstat(join(copy, link))).isSymbolicLink());
	}

	for (const script of ["package", "start", "screenshots"]) {
		it(`do not install through a link: npm run ${script}`, async () => {
			await symlink(elsewhere, join(copy, "node_modules"));
			await mkdir(join(copy, "test/workbench/harness"), { recursive: true });
			for (const name of ["harness/server.mjs", "harness/findProgram.mjs"]) {
				await cp(join(checkout, "test/workbench", name), join(copy, "test/workbench", name));
			}
			await expectRefused(await runNode(`scripts/${script}.mjs`), "node_modules");
		});
	}

	it("do not empty a folder that is a link, or lies behind one", async () => {
		await symlink(elsewhere, join(copy, "out"));
		for (const path of ["out", "out/test", "out/test/deeper"]) {
			for (const name of ["removeFolder", "makeEmpty"]) await expectRefused(await callFolders(name, path), "out");
		}
	});

	it("remove a link in a folder that they empty, and not what it leads to", async () => {
		await mkdir(join(copy, "out/test"), { recursive: true });
		await symlink(elsewhere, join(copy, "out/test/link"));
		deepEqual(await callFolders("makeEmpty", "out/test"), { code: 0, output: "" });
		deepEqual(await readdir(join(copy, "out/test")), []);
		deepEqual(await readdir(elsewhere), ["test"]);
	});

	it("empty nothing outside the checkout, nor all of it", async () => {
		for (const path of ["../elsewhere", "."]) {
			const { code, output } = await callFolders("removeFolder", path);
			notEqual(code, 0);
			match(output, /is not below/);
		}
	});
});
