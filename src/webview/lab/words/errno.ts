/** What an errno means when a particular call returns it, after the call's manual page. */
const ofCall: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	mmap: {
		EACCES: "The file is not open for this: every mapping needs reading, and a shared writable one needs writing.",
		EAGAIN: "The pages would have to be locked in memory, and there may be no more of those.",
		EBADF: "There is no open file of this number, and the mapping is not anonymous.",
		EEXIST: "Something is mapped there already, and MAP_FIXED_NOREPLACE asks not to replace it.",
		EINVAL:
			"An argument makes no sense: the length is 0, the offset or address lies between pages, or the flags say neither shared nor private.",
		ENFILE: "The system has no room for further open files.",
		ENODEV: "What lies behind the descriptor cannot be mapped.",
		ENOMEM: "There is no room: no memory, no addresses, or no further mapping is allowed.",
		EOPNOTSUPP: "The file cannot do what a flag asks for.",
		EOVERFLOW: "Offset and length together go beyond what can be counted.",
		EPERM: "Not allowed: execution on a file system without it, or huge pages or low addresses without the privilege.",
		ETXTBSY: "The file is being executed.",
	},
	munmap: {
		EINVAL: "The address lies between pages, or the length is 0.",
		ENOMEM: "It would leave more mappings than are allowed.",
	},
	mprotect: {
		EACCES: "The mapping may not be given this access: its file is not open for it.",
		EINVAL: "The address lies between pages, or the access asked for makes no sense.",
		ENOMEM: "A part of the range is not mapped, or the mapping would fall into more parts than are allowed.",
	},
	mremap: {
		EAGAIN: "The mapping is locked, and growing it would go beyond the limit of locked memory.",
		EFAULT: "The old range is not one mapping.",
		EINVAL:
			"The arguments do not fit together: addresses between pages, overlapping ranges, a new size of 0, or flags that need others.",
		ENOMEM: "It cannot grow where it is, and it may not move; or there is no room.",
	},
	msync: {
		EBUSY: "MS_INVALIDATE was asked for, and a page in the range is locked in memory.",
		EINVAL: "The address lies between pages, or MS_ASYNC and MS_SYNC are asked for together.",
		ENOMEM: "A part of the range is not mapped.",
	},
	mincore: {
		EAGAIN: "The kernel has no resources for this now.",
		EFAULT: "The vector lies outside of memory that may be written.",
		EINVAL: "The address lies between pages.",
		ENOMEM: "A part of the range is not mapped.",
	},
	madvise: {
		EACCES: "The mapping may not be written, which this advice needs.",
		EAGAIN: "The kernel has no resources for this now.",
		EBADF: "The mapping has no file, which this advice needs.",
		EBUSY: "The memory cannot be set free or made huge now: somebody else holds it.",
		EFAULT: "Filling the pages would end in SIGBUS.",
		EINVAL: "This kernel or this kind of mapping does not know the advice, or the address lies between pages.",
		EIO: "Reading ahead would go beyond the limit of resident memory.",
		ENOMEM: "A part of the range is not mapped, or there is no memory to fill it.",
		EPERM: "Not allowed on this mapping: it is sealed or belongs to hardware.",
	},
	mlock: {
		EAGAIN: "Some of the pages could not be brought into memory.",
		EINVAL: "The range goes beyond the end of the address space.",
		ENOMEM: "The limit of locked memory (RLIMIT_MEMLOCK) would be passed, or a part of the range is not mapped.",
		EPERM: "The limit of locked memory is 0 and the process has no privilege to go beyond it.",
	},
	munlock: {
		EINVAL: "The range goes beyond the end of the address space.",
		ENOMEM: "A part of the range is not mapped.",
	},
	mlockall: {
		EINVAL: "The flags ask for nothing, or for something that this kernel does not know.",
		ENOMEM: "The limit of locked memory (RLIMIT_MEMLOCK) would be passed: all mappings together count.",
		EPERM: "The limit of locked memory is 0 and the process has no privilege to go beyond it.",
	},
	open: {
		EACCES: "The file, or a folder on the way to it, does not allow this.",
		EISDIR: "It is a folder, and folders cannot be written this way.",
		ELOOP: "Too many symbolic links lead to it.",
		ENOENT: "There is no such file.",
		ENXIO: "Nobody reads the other end of this pipe.",
		EROFS: "The file system is read-only.",
		ETXTBSY: "The file is being executed.",
	},
	execl: {
		EACCES: "The file may not be executed.",
		ENOENT: "There is no such program.",
		ENOEXEC: "The file is no program.",
	},
	fork: { EAGAIN: "No further process is allowed.", ENOMEM: "There is no memory for another process." },
	setrlimit: { EPERM: "Only a privileged process may raise its own limit.", EINVAL: "The limit makes no sense." },
};

const family: Readonly<Record<string, string>> = {
	mlock2: "mlock",
	execv: "execl",
};

/** What an errno means in general, after errno(3). */
const general: Readonly<Record<string, string>> = {
	E2BIG: "Too many arguments.",
	EACCES: "Permission denied.",
	EAGAIN: "Not possible now; it may be later.",
	EBADF: "There is no open file of this number.",
	EBUSY: "Somebody else uses it.",
	ECHILD: "There is no such child process.",
	EEXIST: "It exists already.",
	EFAULT: "An address given to the kernel is not valid.",
	EFBIG: "The file would grow too large.",
	EINTR: "A signal came first.",
	EINVAL: "An argument makes no sense.",
	EIO: "The device failed.",
	EISDIR: "It is a folder.",
	EMFILE: "The process may open no further file.",
	ENFILE: "The system has no room for further open files.",
	ENODEV: "The device cannot do this.",
	ENOENT: "There is no such file.",
	ENOMEM: "There is no room for it in memory or among the addresses.",
	ENOSPC: "The disk is full.",
	ENOSYS: "This kernel has no such call.",
	ENOTDIR: "A part of the path is no folder.",
	ENXIO: "There is no such device or address.",
	EOPNOTSUPP: "This is not supported here.",
	EPERM: "Not allowed.",
	EROFS: "The file system is read-only.",
	ESRCH: "There is no such process.",
	ETXTBSY: "The file is being executed.",
};

/** The meaning of `errno` from the call `name`, in a sentence; undefined for one that is not known here. */
export function errnoSentence(name: string | undefined, errno: string): string | undefined {
	const call = name === undefined ? undefined : own(ofCall, own(family, name) ?? name);
	return (call && own(call, errno)) ?? own(general, errno);
}

/** Names come from the reader's code, too: `constructor` is none of ours. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
	return Object.hasOwn(table, name) ? table[name] : undefined;
}
