// The user without privileges as whom root also runs some tests.
import { spawnSync } from "node:child_process";
import { chmod, chown, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout, run } from "./commands.mjs";
import { removeForeign } from "./removeForeign.mjs";

/** Debian's `nobody` and `nogroup`. */
export const nobody = Object.freeze({ uid: 65534, gid: 65534 });

/**
 * Calls `use` with a checkout that nobody can read: this one, or a copy when it lies in a private folder.
 * @template T
 * @param {(readable: string) => Promise<T>} use
 */
export async function withReadableCheckout(use) {
	const { status } = spawnSync("test", ["-r", join(checkout, "package.json")], nobody);
	if (status === 0) return await use(checkout);
	console.log("Copying the checkout to where nobody can read it");
	const copy = await mkdtemp(join(tmpdir(), "mapscope-copy-"));
	try {
		await chmod(copy, 0o755);
		// Of what was built, only what is finished: a package may be in the making there at this moment.
		const names = (await readdir(checkout)).filter((name) => name !== ".git" && name !== "out");
		const copied = await run("cp", ["-a", "--parents", ...names, "out/test", copy]);
		if (copied !== 0) throw new Error("The checkout could not be copied.");
		return await use(copy);
	} finally {
		await removeForeign(copy);
	}
}

/**
 * Gives a file to nobody.
 * @param {string} path
 */
export async function giveToNobody(path) {
	await chown(path, nobody.uid, nobody.gid);
}
