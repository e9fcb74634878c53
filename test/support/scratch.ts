import { chmod, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ScratchPlace } from "../../src/extension/lab/scratch/privateFolder";
import { ScratchFiles } from "../../src/extension/lab/scratch/scratchFiles";
import { tryLock } from "../../src/extension/native/fileLock";
import { demoOf } from "./labSessions";

/** The name of the private folder in a place that all users share. */
export const privateName = `mapscope-${process.geteuid?.()}`;

/** The name of the one scratch file of {@link scratchIn}: one that real demos use, too. */
export const scratchName = "file.txt";

const demo = demoOf([], { parameters: [{ kind: "file", name: "file", title: "", scratch: { text: "text" } }] });

/** The scratch files of a demo with one file, in the first of some places that will do. */
export function scratchIn(...places: readonly (ScratchPlace | string)[]): ScratchFiles {
	return new ScratchFiles(demo, {
		places: places.map((place) => (typeof place === "string" ? { folder: place, own: false } : place)),
		tryLock: async (descriptor) => tryLock(descriptor),
	});
}

/** Makes the files of {@link scratchIn}, and resolves with where the one file is. */
export async function makeScratch(files: ScratchFiles): Promise<string> {
	return String((await files.make({}, 4096))["file"]);
}

/** The private folder that holds a scratch file. */
export const privateFolderOf = (file: string): string => dirname(dirname(file));

/** A folder that all users share, as `/tmp`, in the temp folder. */
export async function makeShared(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "scratch-shared-"));
	await chmod(folder, 0o1777);
	return folder;
}

/** Paths of all that is below a folder, links not followed. */
export async function treeOf(folder: string): Promise<string[]> {
	return (await readdir(folder, { recursive: true })).sort();
}
