import { lstat, mkdir, mkdtemp, readdir, realpath, rmdir } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { isOwn, isPrivate, OpenFolder, unlessErrno } from "./openFolder";

/** A folder in which the private one may lie. */
export interface ScratchPlace {
	readonly folder: string;
	/** It has to be this user's own and closed to all others. Elsewhere, others may have files of theirs beside ours. */
	readonly own: boolean;
}

/**
 * Where scratch files may lie, best first: `XDG_RUNTIME_DIR` (XDG Base Directory Specification: absolute, the user's own,
 * mode 0700), then the temp folder, then the usual ones, for the case that the temp folder cannot be trusted.
 */
export function scratchPlaces(environment: NodeJS.ProcessEnv, temporary: string): ScratchPlace[] {
	const runtime = environment["XDG_RUNTIME_DIR"] ?? "";
	const shared = [...new Set([temporary, "/tmp", "/var/tmp"])];
	return [
		...(isAbsolute(runtime) ? [{ folder: runtime, own: true }] : []),
		...shared.map((folder) => ({ folder, own: false })),
	];
}

/**
 * Opens this user's private folder in a place, and creates it if it is missing. Every call checks owner and mode. A folder
 * that fails the check is left as it is, and one with another name is used. Resolves with the reason where
 * the place cannot be trusted; rejects with the errors of the file system.
 */
export async function openPrivateFolder({ folder, own }: ScratchPlace): Promise<OpenFolder | string> {
	if (own && !isPrivate(await lstat(folder))) return "not a folder of this user's own with mode 0700";
	const parent = await realpath(folder);
	const weak = await changeableFolder(parent);
	if (weak !== undefined) return `other users may change what is in ${weak}`;
	const path = join(parent, own ? "mapscope" : `mapscope-${process.geteuid?.()}`);
	const found = (await openUsual(path)) ?? (await openOther(path));
	if (found !== undefined) return found;
	const made = await mkdtemp(`${path}-`);
	const opened = await openChecked(made);
	if (opened !== undefined) return opened;
	await rmdir(made);
	return "a new folder does not get this user as owner and mode 0700";
}

/** Other labs remove the folder when they leave it empty; they never do so this often between two calls of ours. */
const maxAttempts = 100;

/** The private folder with its usual name, made where it is missing; undefined when what has the name fails the check. */
async function openUsual(path: string): Promise<OpenFolder | undefined> {
	for (let attempt = 0; attempt < maxAttempts; attempt++) {
		const made = await mkdir(path, 0o700).then(() => true, unlessErrno(["EEXIST"], false));
		const folder = await openChecked(path).catch(unlessErrno(["ENOENT"], "removed"));
		if (folder === undefined && made) await rmdir(path);
		if (folder !== "removed") return folder;
	}
	return undefined;
}

/** How many names are tried: another user may have taken any number of them. */
const maxOthers = 100;

/** A private folder with another name, which was made when the usual name was taken. */
async function openOther(path: string): Promise<OpenFolder | undefined> {
	const pattern = new RegExp(`^${basename(path)}-[A-Za-z0-9]{6}$`);
	const names = (await readdir(dirname(path))).filter((name) => pattern.test(name));
	for (const name of names.slice(0, maxOthers)) {
		const folder = await openChecked(join(dirname(path), name)).catch(unlessErrno(["ENOENT"]));
		if (folder !== undefined) return folder;
	}
	return undefined;
}

/** The folder at `path`; undefined when its owner or mode is not as it has to be, or a link or a file is there. */
async function openChecked(path: string): Promise<OpenFolder | undefined> {
	if (!isPrivate(await lstat(path))) return undefined;
	// EACCES: where user ids are not mapped, another user's folder looks like ours.
	const folder = await OpenFolder.open(path).catch(unlessErrno(["ENOTDIR", "ELOOP", "EACCES", "EPERM"]));
	if (folder === undefined) return undefined;
	if (isPrivate(await folder.stat())) return folder;
	await folder.close();
	return undefined;
}

/** Folders of the system: in a user namespace without root, their owner has the overflow id instead of 0. */
const systemFolders: ReadonlySet<string> = new Set(
	"/ /tmp /var /var/tmp /run /run/user /dev /dev/shm /home".split(" "),
);

/**
 * The first folder on the way from `path` to the root in which another user than root could put something else in the
 * place of what is ours; undefined when there is none. In such a folder a path means another file from one moment to the
 * next, whatever was checked before. Writable by others is safe with the sticky bit (inode(7)), as in `/tmp`: there, only
 * an entry's owner may rename or remove it.
 *
 * @param path without links.
 */
export async function changeableFolder(path: string): Promise<string | undefined> {
	const { uid: ruler } = await lstat("/");
	for (let at = path; ; at = dirname(at)) {
		const status = await lstat(at);
		const trusted = status.uid === 0 || isOwn(status) || (status.uid === ruler && systemFolders.has(at));
		const sticky = (status.mode & 0o1000) !== 0;
		if (!status.isDirectory() || !trusted || ((status.mode & 0o022) !== 0 && !sticky)) return at;
		if (at === dirname(at)) return undefined;
	}
}
