import type koffiModule from "koffi";
import { MapscopeError } from "../../shared/errors";

/**
 * The C library through koffi: the only place that loads it, on first use, since a missing binary for this platform
 * must cost no more than the functions that need it.
 */
type Koffi = typeof koffiModule;

/** A foreign function. 64-bit results arrive as number where exact, else bigint; pointers always as bigint. */
type Foreign = (...parameters: unknown[]) => unknown;

/** The calls in use. Arguments and results as in C; `errno()` must be the very next statement after a call. */
export interface Libc {
	ioctl(descriptor: number, request: number, argument: Uint8Array): number;
	/** Address, or 2^64 - 1 (`MAP_FAILED`). */
	mmap(address: null, length: bigint, protection: number, flags: number, descriptor: number, offset: bigint): bigint;
	munmap(address: bigint, length: bigint): number;
	madvise(address: bigint, length: bigint, advice: number): number;
	mincore(address: bigint, length: bigint, vector: Uint8Array): number;
	/** A file in memory without a name, or -1; also where the C library does not have the call. */
	memfdCreate(name: string, flags: number): number;
	flock(descriptor: number, operation: number): number;
	/** For descriptors of {@link Libc.memfdCreate}: in a worker, Node warns when it closes one that it has not opened. */
	close(descriptor: number): number;
	/** The bare system call, for those that the C library has no wrapper for. */
	cachestat(descriptor: number, range: Uint8Array, result: Uint8Array): number;
	/** errno of the last call, as its name (`EPERM`). Anything else in between changes it. */
	errno(): string;
	/** Address of a buffer's bytes. Does not keep the buffer alive: hold it in a variable until after the call. */
	address(buffer: Uint8Array): bigint;
}

/** What mmap returns on failure, read as an unsigned pointer. */
export const mapFailed = 2n ** 64n - 1n;

/** `cachestat` has the same number on every architecture (Linux 6.5). */
const cachestatNumber = 451;

let loaded: Libc | MapscopeError | undefined;

/** The C library. Throws `unsupported` (feature `koffi`) where there is no binary for this platform. */
export function libc(): Libc {
	loaded ??= load();
	if (loaded instanceof MapscopeError) throw loaded;
	return loaded;
}

/** Makes every later {@link libc} fail as on a platform without a binary (or undoes it): for tests of that case. */
export function forbidNative(forbidden: boolean): void {
	loaded = forbidden ? missing("forbidden") : undefined;
}

function missing(detail: string): MapscopeError {
	return new MapscopeError({ code: "unsupported", feature: "koffi", detail });
}

function load(): Libc | MapscopeError {
	let koffi: Koffi;
	try {
		// `require`, not `import`: the module must be loaded now and not when the bundle starts.
		koffi = require("koffi") as Koffi;
	} catch (error) {
		return missing(String(error));
	}
	const library = koffi.load(null);
	const declare = (prototype: string): Foreign => library.func(prototype) as Foreign;
	const ioctl = declare("int ioctl(int, unsigned long, void*)");
	const mmap = declare("void* mmap(void*, size_t, int, int, int, int64_t)");
	const munmap = declare("int munmap(void*, size_t)");
	const madvise = declare("int madvise(void*, size_t, int)");
	const mincore = declare("int mincore(void*, size_t, void*)");
	const syscall = declare("int64_t syscall(long, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t)");
	const close = declare("int close(int)");
	const flock = declare("int flock(int, int)");
	const memfdCreate = optional(() => declare("int memfd_create(const char*, unsigned int)"));
	const errnoNames = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name]));
	const address = (buffer: Uint8Array): bigint => BigInt(koffi.address(buffer));
	return {
		ioctl: (descriptor, request, argument) => Number(ioctl(descriptor, request, argument)),
		mmap: (hint, length, protection, flags, descriptor, offset) =>
			BigInt(mmap(hint, length, protection, flags, descriptor, offset) as bigint),
		munmap: (at, length) => Number(munmap(at, length)),
		madvise: (at, length, advice) => Number(madvise(at, length, advice)),
		mincore: (at, length, vector) => Number(mincore(at, length, vector)),
		memfdCreate: (name, flags) => (memfdCreate === undefined ? -1 : Number(memfdCreate(name, flags))),
		flock: (descriptor, operation) => Number(flock(descriptor, operation)),
		close: (descriptor) => Number(close(descriptor)),
		cachestat: (descriptor, range, result) =>
			Number(syscall(cachestatNumber, descriptor, address(range), address(result), 0, 0, 0)),
		errno: () => {
			const number = koffi.errno();
			return errnoNames.get(number) ?? String(number);
		},
		address,
	};
}

function optional(declare: () => Foreign): Foreign | undefined {
	try {
		return declare();
	} catch {
		return undefined;
	}
}
