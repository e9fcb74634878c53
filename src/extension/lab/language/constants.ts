/**
 * Constants of the C library's and the kernel's headers that the language knows (include/uapi/asm-generic/mman*.h,
 * fcntl.h, resource.h). The same on x86-64 and arm64.
 */
const constants = {
	NULL: 0n,
	MAP_FAILED: -1n,

	PROT_NONE: 0n,
	PROT_READ: 1n,
	PROT_WRITE: 2n,
	PROT_EXEC: 4n,
	PROT_GROWSDOWN: 0x01000000n,

	MAP_SHARED: 1n,
	MAP_PRIVATE: 2n,
	MAP_SHARED_VALIDATE: 3n,
	MAP_DROPPABLE: 8n,
	MAP_FIXED: 0x10n,
	MAP_ANONYMOUS: 0x20n,
	MAP_GROWSDOWN: 0x100n,
	MAP_LOCKED: 0x2000n,
	MAP_NORESERVE: 0x4000n,
	MAP_POPULATE: 0x8000n,
	MAP_NONBLOCK: 0x10000n,
	MAP_STACK: 0x20000n,
	MAP_HUGETLB: 0x40000n,
	MAP_SYNC: 0x80000n,
	MAP_FIXED_NOREPLACE: 0x100000n,
	MAP_UNINITIALIZED: 0x4000000n,
	MAP_HUGE_2MB: 21n << 26n,

	MREMAP_MAYMOVE: 1n,
	MREMAP_FIXED: 2n,
	MREMAP_DONTUNMAP: 4n,

	MS_ASYNC: 1n,
	MS_INVALIDATE: 2n,
	MS_SYNC: 4n,

	MADV_NORMAL: 0n,
	MADV_RANDOM: 1n,
	MADV_SEQUENTIAL: 2n,
	MADV_WILLNEED: 3n,
	MADV_DONTNEED: 4n,
	MADV_FREE: 8n,
	MADV_REMOVE: 9n,
	MADV_DONTFORK: 10n,
	MADV_DOFORK: 11n,
	MADV_MERGEABLE: 12n,
	MADV_UNMERGEABLE: 13n,
	MADV_HUGEPAGE: 14n,
	MADV_NOHUGEPAGE: 15n,
	MADV_DONTDUMP: 16n,
	MADV_DODUMP: 17n,
	MADV_WIPEONFORK: 18n,
	MADV_KEEPONFORK: 19n,
	MADV_COLD: 20n,
	MADV_PAGEOUT: 21n,
	MADV_POPULATE_READ: 22n,
	MADV_POPULATE_WRITE: 23n,
	MADV_DONTNEED_LOCKED: 24n,
	MADV_COLLAPSE: 25n,
	MADV_GUARD_INSTALL: 102n,
	MADV_GUARD_REMOVE: 103n,

	MLOCK_ONFAULT: 1n,
	MCL_CURRENT: 1n,
	MCL_FUTURE: 2n,
	MCL_ONFAULT: 4n,

	O_RDONLY: 0n,
	O_WRONLY: 1n,
	O_RDWR: 2n,
	O_CREAT: 0o100n,
	O_EXCL: 0o200n,
	O_TRUNC: 0o1000n,
	O_APPEND: 0o2000n,
	O_NONBLOCK: 0o4000n,

	MFD_ALLOW_SEALING: 2n,
	F_ADD_SEALS: 1033n,
	F_SEAL_SHRINK: 2n,
	F_SEAL_GROW: 4n,
	F_SEAL_WRITE: 8n,

	RLIMIT_DATA: 2n,
	RLIMIT_STACK: 3n,
	RLIMIT_MEMLOCK: 8n,
	RLIMIT_AS: 9n,

	POSIX_FADV_DONTNEED: 4n,

	SIGKILL: 9n,
	SIGTERM: 15n,
} as const;

/** Value of a constant; undefined for a name that is none. */
export function constantValue(name: string): bigint | undefined {
	return Object.hasOwn(constants, name) ? constants[name as keyof typeof constants] : undefined;
}

/** Names of all constants, for the playground's lists. */
export const constantNames: readonly string[] = Object.keys(constants);

/** Constants that older headers lack: an exported program brings them along. */
export const newerConstants: ReadonlySet<string> = new Set([
	"MAP_DROPPABLE",
	"MAP_SYNC",
	"MAP_SHARED_VALIDATE",
	"MAP_UNINITIALIZED",
	"MAP_HUGE_2MB",
	"MAP_FIXED_NOREPLACE",
	"MREMAP_DONTUNMAP",
	"MADV_COLD",
	"MADV_PAGEOUT",
	"MADV_POPULATE_READ",
	"MADV_POPULATE_WRITE",
	"MADV_DONTNEED_LOCKED",
	"MADV_COLLAPSE",
	"MADV_GUARD_INSTALL",
	"MADV_GUARD_REMOVE",
]);
