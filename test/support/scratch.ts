import { deepEqual } from "node:assert/strict";
import { chmod, chown, mkdir, mkdtemp, readdir, readlink, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { removeForeign } from "../../scripts/support/removeForeign.mjs";
import { changeableFolder, type ScratchPlace } from "../../src/extension/lab/scratch/privateFolder";
import { ScratchFiles } from "../../src/extension/lab/scratch/scratchFiles";
import { tryLock } from "../../src/extension/native/fileLock";
import { demoOf, quiet } from "./labSessions";
import { skip } from "./skip";

/** The name of the private folder in a place that all users share. */
export const privateName = `mapscope-${process.geteuid?.()}`;

/** The name of the one scratch file of {@link scratchIn}: one that real demos use, too. */
export const scratchName = "file.txt";

const demo = demoOf([], { parameters: [{ kind: "file", name: "file", title: "", scratch: { text: "text" } }] });

/** The scratch files of a demo with one file, in the first of some places that will do. */
export function scratchIn(...places: readonly (ScratchPlace | string)[]): ScratchFiles {
	const described = places.map((place) => (typeof place === "string" ? { folder: place, own: false } : place));
	return scratchWith(described, async (descriptor) => tryLock(descriptor));
}

/** As {@link scratchIn}, with locks of the test's own. */
export function scratchWith(
	places: readonly ScratchPlace[],
	lock: (descriptor: number) => Promise<boolean>,
): ScratchFiles {
	return new ScratchFiles(demo, { places, tryLock: lock, log: quiet });
}

/** Makes the files of {@link scratchIn}, and resolves with where the one file is. */
export async function makeScratch(files: ScratchFiles): Promise<string> {
	return String((await files.make({}, 4096))["file"]);
}

/** The private folder that holds a scratch file. */
export const privateFolderOf = (file: string): string => dirname(dirname(file));

/** Folders for tests of places; in one that is closed to other users, unless {@link PlaceFolders.open} says otherwise. */
export class PlaceFolders {
	private constructor(
		/** Without links, as the lab finds it. */
		readonly base: string,
	) {}

	/** Skips the test, or the suite of a `before` hook, where the temp folder itself is not safe. */
	static async make(context: Mocha.Context): Promise<PlaceFolders> {
		const temporary = await realpath(tmpdir());
		const weak = await changeableFolder(temporary);
		if (weak !== undefined) return skip(context, `other users may change what is in ${weak}`);
		return new PlaceFolders(await mkdtemp(join(temporary, "scratch-places-")));
	}

	/** Lets other users enter the base. */
	async open(): Promise<void> {
		await chmod(this.base, 0o755);
	}

	/** Makes a folder, whatever the umask. */
	async folder(name: string, mode: number, owner?: { readonly uid: number; readonly gid: number }): Promise<string> {
		const path = join(this.base, name);
		await mkdir(path);
		await chmod(path, mode);
		if (owner) await chown(path, owner.uid, owner.gid);
		return path;
	}

	/** Removes all of it. Throws when this process has something of it open. */
	async remove(): Promise<void> {
		const open = (await readdir("/proc/self/fd")).map((name) => readlink(`/proc/self/fd/${name}`).catch(() => ""));
		const left = (await Promise.all(open)).filter((path) => path.startsWith(`${this.base}/`));
		await removeForeign(this.base);
		deepEqual(left, []);
	}
}

/** Paths of all that is below a folder, links not followed. */
export async function treeOf(folder: string): Promise<string[]> {
	return (await readdir(folder, { recursive: true })).sort();
}
