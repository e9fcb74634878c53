import { lstat, mkdir, mkdtemp, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { MapscopeError } from "../../../shared/errors";
import { errnoOf, isOwn, isPrivate, OpenFolder, unlessErrno } from "./openFolder";

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
 * Opens this user's private folder in the first of `places` that will do, and makes it where it is missing. Its owner and
 * mode are checked anew at every call; one that fails the check is left as it is, and a new one with another name is made.
 * Rejects with `unsupported` (feature `labScratch`) when no place will do, with each one's reason as detail.
 */
export async function openPrivateFolder(places: readonly ScratchPlace[]): Promise<OpenFolder> {
	const reasons: string[] = [];
	for (const place of places) {
		try {
			const found = await openIn(place);
			if (typeof found !== "string") return found;
			reasons.push(`${place.folder}: ${found}`);
		} catch (error) {
			const errno = errnoOf(error);
			if (errno === undefined) throw error;
			reasons.push(`${place.folder}: ${errno}`);
		}
	}
	throw new MapscopeError({ code: "unsupported", feature: "labScratch", detail: reasons.join("; ") });
}

/** The private folder of a place; or why the place will not do. Rejects with the errors of the file system. */
async function openIn({ folder, own }: ScratchPlace): Promise<OpenFolder | string> {
	if (own && !isPrivate(await lstat(folder))) return "not a folder of this user's own with mode 0700";
	const parent = await realpath(folder);
	const weak = await changeableFolder(parent);
	if (weak !== undefined) return `other users may change what is in ${weak}`;
	const path = join(parent, own ? "mapscope" : `mapscope-${process.geteuid?.()}`);
	return (await openUsual(path)) ?? (await openChecked(await mkdtemp(`${path}-`))) ?? "a new folder fails the check";
}

/** More often than other labs, which remove the folder when they leave it empty, will ever come between. */
const maxAttempts = 100;

/** The private folder with its usual name, made where it is missing; undefined when what has the name fails the check. */
async function openUsual(path: string): Promise<OpenFolder | undefined> {
	for (let attempt = 0; attempt < maxAttempts; attempt++) {
		await mkdir(path, 0o700).catch(unlessErrno(["EEXIST"]));
		const folder = await openChecked(path).catch(unlessErrno(["ENOENT"], "removed"));
		if (folder !== "removed") return folder;
	}
	return undefined;
}

/** The folder at `path`; undefined when its owner or mode is not as it has to be, or a link or a file is there. */
async function openChecked(path: string): Promise<OpenFolder | undefined> {
	if (!isPrivate(await lstat(path))) return undefined;
	const folder = await OpenFolder.open(path).catch(unlessErrno(["ENOTDIR", "ELOOP"]));
	if (folder === undefined) return undefined;
	if (isPrivate(await folder.stat())) return folder;
	await folder.close();
	return undefined;
}

/**
 * The first folder on the way from `path` to the root in which another user than root could put something else in the
 * place of what is ours; undefined when there is none. In such a folder a path means another file from one moment to the
 * next, whatever was checked before. Writable by others is safe with the sticky bit (inode(7)), as in `/tmp`: there, only
 * an entry's owner may rename or remove it.
 *
 * @param path without links.
 */
async function changeableFolder(path: string): Promise<string | undefined> {
	// Who owns the root rules over all of it. In a user namespace without root this is not 0, but the overflow id.
	const { uid: ruler } = await lstat("/");
	for (let at = path; ; at = dirname(at)) {
		const status = await lstat(at);
		const trusted = status.uid === 0 || status.uid === ruler || isOwn(status);
		const sticky = (status.mode & 0o1000) !== 0;
		if (!status.isDirectory() || !trusted || ((status.mode & 0o022) !== 0 && !sticky)) return at;
		if (at === dirname(at)) return undefined;
	}
}
