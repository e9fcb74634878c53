import type { DemoStep } from "../../../shared/labDemo";

type Failures = NonNullable<DemoStep["mayFail"]>;

/** How `open` may refuse a file that the reader picked (open(2)). */
export const openFailures: Failures = [
	{
		errno: "ENOENT",
		because: "There is no file of this name any more: it was deleted or renamed since it was picked.",
	},
	{
		errno: "EACCES",
		because: "You may not open this file: its permissions, or those of a folder on its path, forbid it.",
	},
	{ errno: "EPERM", because: "The system does not let you open this file in this way." },
	{ errno: "ENOTDIR", because: "Part of the path is not a folder." },
	{ errno: "ELOOP", because: "The path leads through too many symbolic links." },
	{ errno: "ENXIO", because: "This is a socket, or a device that is not there: neither can be opened as a file." },
	{ errno: "ENODEV", because: "There is no such device." },
	{ errno: "EBUSY", because: "This is a device that somebody else is using." },
	{ errno: "EMFILE", because: "The process has as many open files as it may have." },
	{ errno: "ENFILE", because: "The system has as many open files as it may have." },
];

/** The same for writing, too. */
export const openForWritingFailures: Failures = [
	...openFailures,
	{ errno: "EISDIR", because: "This is a directory, and no directory can be opened for writing." },
	{ errno: "EROFS", because: "The file is on a file system that is mounted read-only." },
	{ errno: "ETXTBSY", because: "The file is a program that is running: it cannot be opened for writing meanwhile." },
];

/** How `mmap` may refuse as many bytes as `fstat` says of such a file (mmap(2)). */
export const sizeFailures: Failures = [
	{
		errno: "EINVAL",
		because:
			"The file has no bytes, and no mapping has length 0. It is empty, or it is no ordinary file: of a FIFO, a device and most files in /proc, fstat says 0 bytes, too.",
	},
	{
		errno: "ENODEV",
		because: "What was opened cannot be mapped at all: it is a directory, or a file without pages of its own.",
	},
	{ errno: "EACCES", because: "The file is no ordinary file, or was not opened for what the mapping should allow." },
	{ errno: "EPERM", because: "The file is sealed against such a mapping, or its file system forbids it." },
	{ errno: "ENOMEM", because: "The file is larger than the addresses that this process may still use." },
	{ errno: "EOVERFLOW", because: "The file is longer than mappings can reach." },
	{ errno: "EAGAIN", because: "The file is locked." },
];
