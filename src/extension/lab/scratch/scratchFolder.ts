import { lstat, mkdtemp, readdir, rmdir, unlink, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { MapscopeError } from "../../../shared/errors";
import { errnoOf, isOwn, isPrivate, type OpenFolder, unlessErrno } from "./openFolder";
import { openPrivateFolder, type ScratchPlace } from "./privateFolder";

export interface ScratchFolderOptions {
	/** Where it may lie, best first. */
	readonly places: readonly ScratchPlace[];
	/** Names of all files that scratch folders hold. Nothing else in them is removed. */
	readonly names: ReadonlySet<string>;
	/** Takes the lock of a descriptor of this process, or resolves with false; see `SamplerService.tryLock`. */
	readonly tryLock: (descriptor: number) => Promise<boolean>;
}

const prefix = "lab-";
/** As mkdtemp(3) makes them. */
const nameOfFolder = /^lab-[A-Za-z0-9]{6}$/;

/** Other labs remove abandoned folders; they never come between two calls of ours this often. */
const maxAttempts = 100;

/** Errors that another place would give, too: this process, or the system, has no descriptor or memory left. */
const elsewhereToo = ["EMFILE", "ENFILE", "ENOMEM"];

/**
 * A folder of its own for the scratch files of one demo, in this user's private folder. As long as the lab lives it holds a
 * lock on the folder. A folder without a lock was left by a lab that was killed, and is removed by the next one. The lock
 * says so in all pid namespaces, where asking whether the pid still exists would not.
 */
export class ScratchFolder {
	private constructor(
		private readonly parent: OpenFolder,
		private readonly folder: OpenFolder,
		private readonly names: ReadonlySet<string>,
	) {}

	/**
	 * Makes a new one with these files, by name, in the first place that will do. Rejects with `unsupported` (feature
	 * `labScratch`, each place's reason as detail) when none will, with `io` when that is not the places' fault.
	 */
	static async make(options: ScratchFolderOptions, files: ReadonlyMap<string, Uint8Array>): Promise<ScratchFolder> {
		const reasons: string[] = [];
		for (const place of options.places) {
			try {
				const made = await ScratchFolder.#makeIn(place, options, files);
				if (typeof made !== "string") return made;
				reasons.push(`${place.folder}: ${made}`);
			} catch (error) {
				const errno = errnoOf(error);
				if (errno === undefined) throw error;
				if (elsewhereToo.includes(errno)) throw new MapscopeError({ code: "io", path: place.folder, errno });
				reasons.push(`${place.folder}: ${errno}`);
			}
		}
		throw new MapscopeError({ code: "unsupported", feature: "labScratch", detail: reasons.join("; ") });
	}

	/** As {@link make}, in one place; or why it cannot be trusted. Leaves nothing behind when it fails. */
	static async #makeIn(
		place: ScratchPlace,
		options: ScratchFolderOptions,
		files: ReadonlyMap<string, Uint8Array>,
	): Promise<ScratchFolder | string> {
		for (let attempt = 0; attempt < maxAttempts; attempt++) {
			const parent = await openPrivateFolder(place);
			if (typeof parent === "string") return parent;
			let made: ScratchFolder | undefined;
			try {
				await removeAbandoned(parent, options);
				const folder = await makeLocked(parent, options);
				if (folder !== undefined) {
					made = new ScratchFolder(parent, folder, options.names);
					for (const [name, bytes] of files) await made.#write(name, bytes);
					return made;
				}
			} catch (error) {
				await (made?.remove() ?? closeUnused(parent));
				throw error;
			}
			await parent.close();
		}
		return "other labs removed every new folder at once";
	}

	/** Where it is. */
	get path(): string {
		return this.folder.path;
	}

	/** Removes the files and their folder, and the private folder with the last of them. What is not ours stays. */
	async remove(): Promise<void> {
		try {
			await removeKnown(this.parent, this.folder, this.names);
			// The path leads to the folder that was checked: it was made where no other user may rename it.
			await removeEmpty(this.parent.path);
		} finally {
			await Promise.all([this.folder.close(), this.parent.close()]);
		}
	}

	async #write(name: string, bytes: Uint8Array): Promise<void> {
		await writeFile(this.folder.at(name), bytes, { flag: "wx", mode: 0o600 });
	}
}

async function closeUnused(parent: OpenFolder): Promise<void> {
	try {
		await removeEmpty(parent.path);
	} finally {
		await parent.close();
	}
}

/** A new folder with a lock; undefined when a lab that looked for abandoned ones came between. */
async function makeLocked(parent: OpenFolder, { tryLock }: ScratchFolderOptions): Promise<OpenFolder | undefined> {
	const name = await gone(async () => basename(await mkdtemp(parent.at(prefix))));
	const folder = name === undefined ? undefined : await gone(() => parent.folder(name));
	if (name === undefined || folder === undefined) return undefined;
	try {
		// Without locks, labs cannot tell which folders are in use, and take none away: see removeAbandoned.
		const locked = await tryLock(folder.descriptor).catch(unlessUnsupported(true));
		if (locked && (await isStillThere(parent, name, folder))) return folder;
	} catch (error) {
		await removeEmpty(parent.at(name)).finally(() => folder.close());
		throw error;
	}
	await folder.close();
	return undefined;
}

async function isStillThere(parent: OpenFolder, name: string, folder: OpenFolder): Promise<boolean> {
	const [named, open] = [await gone(() => lstat(parent.at(name))), await folder.stat()];
	return named?.ino === open.ino && named.dev === open.dev;
}

/** Removes the scratch folders that no lab holds a lock on. What is not surely one of them is left alone. */
async function removeAbandoned(parent: OpenFolder, options: ScratchFolderOptions): Promise<void> {
	for (const name of await readdir(parent.at(""))) {
		if (!nameOfFolder.test(name)) continue;
		try {
			await removeIfAbandoned(parent, name, options);
		} catch (error) {
			// A link, say, or a file that may not be removed: it stays, and keeps no demo from starting.
			if (errnoOf(error) === undefined) throw error;
		}
	}
}

async function removeIfAbandoned(
	parent: OpenFolder,
	name: string,
	{ names, tryLock }: ScratchFolderOptions,
): Promise<void> {
	const folder = await parent.folder(name);
	try {
		if (!isPrivate(await folder.stat())) return;
		if (await tryLock(folder.descriptor).catch(unlessUnsupported(false))) await removeKnown(parent, folder, names);
	} finally {
		await folder.close();
	}
}

/** Removes files with known names from a folder of ours, and then the folder, if nothing else is in it. */
async function removeKnown(parent: OpenFolder, folder: OpenFolder, names: ReadonlySet<string>): Promise<void> {
	for (const name of names) {
		const status = await gone(() => lstat(folder.at(name)));
		if (status?.isFile() && isOwn(status)) await gone(() => unlink(folder.at(name)));
	}
	const name = basename(folder.path);
	if (await isStillThere(parent, name, folder)) await removeEmpty(parent.at(name));
}

/** rmdir(2), which removes no folder with anything in it and follows no link. */
async function removeEmpty(path: string): Promise<void> {
	await rmdir(path).catch(unlessErrno(["ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR", "EBUSY"]));
}

/** What a call gives; undefined when what it is about has gone. */
function gone<T>(call: () => Promise<T>): Promise<T | undefined> {
	return call().catch(unlessErrno(["ENOENT"]));
}

/** The answer where there are no locks: the file system has none, or this platform no native calls. */
function unlessUnsupported(answer: boolean): (error: unknown) => boolean {
	return (error) => {
		if (!(error instanceof MapscopeError) || error.code !== "unsupported") throw error;
		return answer;
	};
}
