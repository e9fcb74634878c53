import { closeSync, constants, openSync, readSync } from "node:fs";
import { type ErrorCode, MapscopeError } from "../../shared/errors";

/**
 * Reads of kernel files. They run in the sampler's worker thread, synchronously on purpose: a `read` of `/proc` never
 * waits for a disk, and `fs.promises` was measured to cost three times as much.
 */

/** Most bytes one kernel file is read to: 65,530 mappings make 47 MB of `smaps`; more than 1 GiB is a fault. */
const maximumFileSize = 2 ** 30;

const codeByErrno: Readonly<Record<string, ErrorCode>> = {
	EACCES: "permissionDenied",
	EPERM: "permissionDenied",
	ENOENT: "processGone",
	ESRCH: "processGone",
};

/** Turns an error of a system call on `path` into ours; `processGone` only below `/proc/PID`. */
export function procError(thrown: unknown, path: string): MapscopeError {
	if (thrown instanceof MapscopeError) return thrown;
	const errno = typeof thrown === "object" && thrown !== null && "code" in thrown ? String(thrown.code) : "";
	// Node's own complaints about arguments are ERR_…: nothing that the kernel said.
	if (!/^E[A-Z0-9]+$/.test(errno)) return new MapscopeError({ code: "bug", path, detail: String(thrown) });
	let code = codeByErrno[errno] ?? "io";
	if (code === "processGone" && !/^\/proc\/\d/.test(path)) code = "io";
	return new MapscopeError({ code, path, errno });
}

/** Opens a kernel file for reading. */
export function openProcFile(path: string): number {
	try {
		return openSync(path, constants.O_RDONLY);
	} catch (error) {
		throw procError(error, path);
	}
}

let scratch = Buffer.allocUnsafe(256 * 1024);

/**
 * Reads a whole kernel file. Such files report size 0 and give at most a page per `read`, so it loops to the end. The
 * buffer returned is the caller's own.
 *
 * Errors: `permissionDenied`, `processGone`, `io`.
 */
export function readProcFile(path: string): Buffer {
	const length = readIntoScratch(path);
	return Buffer.from(scratch.subarray(0, length));
}

/** {@link readProcFile} as text; bytes that are not UTF-8 become U+FFFD. */
export function readProcText(path: string): string {
	const length = readIntoScratch(path);
	return scratch.toString("utf8", 0, length);
}

/**
 * Calls `use` with the file's bytes in a buffer that is reused by the next read: for parsers that keep nothing of it,
 * which saves a copy of up to 47 MB.
 */
export function withProcFile<T>(path: string, use: (bytes: Buffer) => T): T {
	const length = readIntoScratch(path);
	const result = use(scratch.subarray(0, length));
	// One huge process must not hold tens of megabytes for the rest of the session.
	if (scratch.length > 16 * 2 ** 20) scratch = Buffer.allocUnsafe(256 * 1024);
	return result;
}

/**
 * Reads a kernel file piece by piece, for those too large to be held: calls `use` with what has come and was not used
 * yet, until the file has ended and once more then; `use` returns how many of these bytes it is done with. The buffer is
 * reused, and what is left at the end is dropped.
 *
 * @param bytesPerRead bytes to ask for at once; see `readSmaps` for why that may matter.
 * Errors as {@link readProcFile}.
 */
export function readProcPieces(
	path: string,
	bytesPerRead: number,
	use: (bytes: Buffer, ended: boolean) => number,
): void {
	const descriptor = openProcFile(path);
	let length = 0;
	try {
		for (;;) {
			// A line that fills the buffer: what was used makes room otherwise.
			if (length + bytesPerRead > scratch.length) growScratch(path, length);
			let count = 1;
			while (count > 0 && length + bytesPerRead <= scratch.length) {
				count = readSync(descriptor, scratch, length, bytesPerRead, null);
				length += count;
			}
			const used = use(scratch.subarray(0, length), count === 0);
			if (count === 0) return;
			scratch.copyWithin(0, used, length);
			length -= used;
		}
	} catch (error) {
		throw procError(error, path);
	} finally {
		closeSync(descriptor);
	}
}

function growScratch(path: string, length: number): void {
	if (length >= maximumFileSize) throw new MapscopeError({ code: "io", path, errno: "EFBIG" });
	const larger = Buffer.allocUnsafe(scratch.length * 2);
	scratch.copy(larger, 0, 0, length);
	scratch = larger;
}

function readIntoScratch(path: string): number {
	const descriptor = openProcFile(path);
	let length = 0;
	try {
		for (;;) {
			if (length === scratch.length) growScratch(path, length);
			// Position null: procfs text is not byte-positioned, a position would re-generate it from the start.
			const count = readSync(descriptor, scratch, length, scratch.length - length, null);
			if (count === 0) return length;
			length += count;
		}
	} catch (error) {
		throw procError(error, path);
	} finally {
		closeSync(descriptor);
	}
}
