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
 * {@link withProcFile} for files of a single record, which the kernel gives whole to a reader with room for it (fs/proc:
 * `stat` and `status` by `single_open`, `cmdline` by a loop of its own): it need not be asked once more.
 */
export function withSingleRecord<T>(path: string, use: (bytes: Buffer) => T): T {
	return use(scratch.subarray(0, readIntoScratch(path, true)));
}

/** An open file that is being read, from where it is read to already. */
export interface Reading {
	/**
	 * Writes what comes next into a buffer from `at` on, where there must be room for a read; returns how many bytes, 0 at the
	 * end, and undefined when what comes next is lost. Throws as `readSync`.
	 */
	read(into: Buffer, at: number): number | undefined;
	/** Lets go of the file: nobody may close it before. */
	end(): void;
}

/** Somebody who reads a file while what was read before is parsed; not by functions of this module, whose buffer is in use. */
export interface ReadAhead {
	/**
	 * Takes over an open file of which so many bytes have been read; undefined when that is not worth it, or when there is
	 * nobody to do it. It is asked again after each piece, then.
	 */
	takeOver(descriptor: number, bytesPerRead: number, bytesRead: number): Reading | undefined;
	/** Processor time that this has taken until now, ms: none of it is in the calling thread's. */
	readonly spentMilliseconds: number;
}

/** Parses a file as it comes. */
export interface PieceParser<T> {
	/** Gets what has come and was not used yet; returns how many of these bytes it is done with. */
	add(bytes: Buffer, ended: boolean): number;
	finish(): T;
}

/**
 * Reads a kernel file piece by piece, for those too large to be held: the parser gets what has come and was not used yet,
 * until the file has ended and once more then. The buffer is reused, and what is left at the end is dropped.
 *
 * @param bytesPerRead bytes to ask for at once; see `readSmaps` for why that may matter.
 * @param ahead may take the reading over.
 * Errors as {@link readProcFile}.
 */
export function readProcPieces<T>(
	path: string,
	bytesPerRead: number,
	makeParser: () => PieceParser<T>,
	ahead?: ReadAhead,
): T {
	const parser = makeParser();
	const descriptor = openProcFile(path);
	const own = new OwnReading(descriptor, bytesPerRead);
	let reading: Reading = own;
	let length = 0;
	let total = 0;
	try {
		for (;;) {
			// A line that fills the buffer: what was used makes room otherwise.
			if (length + bytesPerRead > scratch.length) growScratch(path, length);
			const count = reading.read(scratch, length);
			if (count === undefined) break;
			total += count;
			length += count;
			const used = parser.add(scratch.subarray(0, length), count === 0);
			if (count === 0) return parser.finish();
			scratch.copyWithin(0, used, length);
			length -= used;
			if (reading === own) reading = ahead?.takeOver(descriptor, bytesPerRead, total) ?? own;
		}
	} catch (error) {
		throw procError(error, path);
	} finally {
		reading.end();
		closeSync(descriptor);
	}
	// Whoever read ahead has died with some of it.
	return readProcPieces(path, bytesPerRead, makeParser);
}

/** Reads in the calling thread, as much as there is room for at a time. */
class OwnReading implements Reading {
	constructor(
		private readonly descriptor: number,
		private readonly bytesPerRead: number,
	) {}

	read(into: Buffer, start: number): number {
		let at = start;
		while (at + this.bytesPerRead <= into.length) {
			const count = readSync(this.descriptor, into, at, this.bytesPerRead, null);
			if (count === 0) break;
			at += count;
		}
		return at - start;
	}

	end(): void {
		// Closing the file is all there is to do.
	}
}

function growScratch(path: string, length: number): void {
	if (length >= maximumFileSize) throw new MapscopeError({ code: "io", path, errno: "EFBIG" });
	const larger = Buffer.allocUnsafe(scratch.length * 2);
	scratch.copy(larger, 0, 0, length);
	scratch = larger;
}

function readIntoScratch(path: string, isSingleRecord = false): number {
	const descriptor = openProcFile(path);
	let length = 0;
	try {
		for (;;) {
			if (length === scratch.length) growScratch(path, length);
			// Position null: procfs text is not byte-positioned, a position would re-generate it from the start.
			const count = readSync(descriptor, scratch, length, scratch.length - length, null);
			if (count === 0) return length;
			length += count;
			if (isSingleRecord && length < scratch.length) return length;
		}
	} catch (error) {
		throw procError(error, path);
	} finally {
		closeSync(descriptor);
	}
}
