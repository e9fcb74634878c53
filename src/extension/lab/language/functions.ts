/** What a C function returns, and so what of it is shown and compared. */
export type ReturnKind =
	/** `int`: 0 or a count; -1 and errno on failure. */
	| "int"
	/** `ssize_t` and the like: as `int`, with 64 bits. */
	| "long"
	/** `void *`: MAP_FAILED and errno on failure. */
	| "address"
	/** `int`: a file descriptor. */
	| "descriptor"
	/** `pid_t`. */
	| "pid"
	/** Its own argument (memset) or nothing: not shown. */
	| "nothing";

/** A C function of the language. */
export interface LabFunction {
	readonly header: string;
	readonly parameters: readonly [least: number, most: number];
	readonly returns: ReturnKind;
	/** The C library's symbol, where it is not the function's own name. */
	readonly symbol?: string;
	/** Does something that the interpreter takes care of itself. */
	readonly special?: "fork" | "exec" | "puts" | "fwrite" | "mincore" | "clearCache" | "fstat";
}

const mman = "sys/mman.h";
const unistd = "unistd.h";
const string = "string.h";
const resource = "sys/resource.h";

/**
 * Every function that a demo may call. A further one that takes integers, pointers, strings and structures of
 * `variables.ts` needs its line here, and one in `process/effects.ts` if it changes or touches memory.
 */
const functions: Readonly<Record<string, LabFunction>> = {
	mmap: { header: mman, parameters: [6, 6], returns: "address" },
	munmap: { header: mman, parameters: [2, 2], returns: "int" },
	mremap: { header: mman, parameters: [4, 5], returns: "address" },
	mprotect: { header: mman, parameters: [3, 3], returns: "int" },
	msync: { header: mman, parameters: [3, 3], returns: "int" },
	mincore: { header: mman, parameters: [3, 3], returns: "int", special: "mincore" },
	madvise: { header: mman, parameters: [3, 3], returns: "int" },
	mlock: { header: mman, parameters: [2, 2], returns: "int" },
	mlock2: { header: mman, parameters: [3, 3], returns: "int" },
	munlock: { header: mman, parameters: [2, 2], returns: "int" },
	mlockall: { header: mman, parameters: [1, 1], returns: "int" },
	munlockall: { header: mman, parameters: [0, 0], returns: "int" },

	open: { header: "fcntl.h", parameters: [2, 3], returns: "descriptor" },
	memfd_create: { header: mman, parameters: [2, 2], returns: "descriptor" },
	eventfd: { header: "sys/eventfd.h", parameters: [2, 2], returns: "descriptor" },
	posix_fadvise: { header: "fcntl.h", parameters: [4, 4], returns: "int" },
	fcntl: { header: "fcntl.h", parameters: [2, 3], returns: "int" },
	close: { header: unistd, parameters: [1, 1], returns: "int" },
	fstat: { header: "sys/stat.h", parameters: [2, 2], returns: "int", special: "fstat" },
	ftruncate: { header: unistd, parameters: [2, 2], returns: "int" },
	fsync: { header: unistd, parameters: [1, 1], returns: "int" },
	pread: { header: unistd, parameters: [4, 4], returns: "long" },
	pwrite: { header: unistd, parameters: [4, 4], returns: "long" },

	memset: { header: string, parameters: [3, 3], returns: "nothing" },
	memcpy: { header: string, parameters: [3, 3], returns: "nothing" },
	strcpy: { header: string, parameters: [2, 2], returns: "nothing" },
	strlen: { header: string, parameters: [1, 1], returns: "long" },
	strnlen: { header: string, parameters: [2, 2], returns: "long" },
	strstr: { header: string, parameters: [2, 2], returns: "address" },
	strtol: { header: "stdlib.h", parameters: [3, 3], returns: "long" },
	fwrite: { header: "stdio.h", parameters: [4, 4], returns: "nothing", special: "fwrite" },
	puts: { header: "stdio.h", parameters: [1, 1], returns: "nothing", special: "puts" },
	__builtin___clear_cache: { header: string, parameters: [2, 2], returns: "nothing", special: "clearCache" },

	fork: { header: unistd, parameters: [0, 0], returns: "pid", special: "fork" },
	execl: { header: unistd, parameters: [3, 6], returns: "int", special: "exec" },
	kill: { header: "signal.h", parameters: [2, 2], returns: "int" },
	waitpid: { header: "sys/wait.h", parameters: [3, 3], returns: "pid" },
	getrlimit: { header: resource, parameters: [2, 2], returns: "int" },
	setrlimit: { header: resource, parameters: [2, 2], returns: "int" },
};

/** A function by name; undefined when the language has none of that name. */
export function labFunction(name: string): LabFunction | undefined {
	return Object.hasOwn(functions, name) ? functions[name] : undefined;
}

/** Names of all functions, for the playground's list. */
export const functionNames: readonly string[] = Object.keys(functions);
