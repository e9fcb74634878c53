import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";

/**
 * A folder that is held open. Its entries are reached through the descriptor, so they are those of this very folder
 * wherever its path leads meanwhile. Node lacks openat(2) and unlinkat(2); `/proc/self/fd/N/NAME` does the same, since the
 * kernel goes from the descriptor straight to the folder (proc(5)).
 */
export class OpenFolder {
	private constructor(
		/** Where it was found: for people, and for programs that take a path. */
		readonly path: string,
		private readonly handle: FileHandle,
	) {}

	/**
	 * Opens a folder. Rejects with the errors of open(2): ENOTDIR for what is no folder, and for a link, which is not
	 * followed.
	 *
	 * @param through the path to open it by, where that is another than the one it has for people.
	 */
	static async open(path: string, through = path): Promise<OpenFolder> {
		const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
		return new OpenFolder(path, await open(through, flags));
	}

	/** A folder in this one, opened in the same way. */
	folder(name: string): Promise<OpenFolder> {
		return OpenFolder.open(join(this.path, name), this.at(name));
	}

	/** The path by which system calls reach an entry of this folder; `""` for the folder itself. */
	at(name: string): string {
		return `/proc/self/fd/${this.handle.fd}/${name}`;
	}

	get descriptor(): number {
		return this.handle.fd;
	}

	stat(): Promise<Stats> {
		return this.handle.stat();
	}

	close(): Promise<void> {
		return this.handle.close();
	}
}

/** Whether a folder belongs to this user and is closed to all others (mode 0700). */
export function isPrivate(status: Stats): boolean {
	return status.isDirectory() && isOwn(status) && (status.mode & 0o777) === 0o700;
}

/** Whether something belongs to this user. */
export function isOwn({ uid }: Stats): boolean {
	return uid === process.geteuid?.();
}

/** The errno's name of an error of the file system; undefined for every other error. */
export function errnoOf(error: unknown): string | undefined {
	if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
	return String(error.code);
}

/** For `catch`: `answer` for errors of the file system with one of these names; passes on all others. */
export function unlessErrno<const T = undefined>(expected: readonly string[], answer?: T): (error: unknown) => T {
	return (error) => {
		if (!expected.includes(errnoOf(error) ?? "")) throw error;
		return answer as T;
	};
}
