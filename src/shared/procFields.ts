/**
 * What the fields of `/proc/PID/smaps` mean, in one sentence each, after proc_pid_smaps(5) and the kernel's
 * Documentation/filesystems/proc.rst. The list is open: kernels add fields.
 */
const meanings: Readonly<Record<string, string>> = {
	Size: "Size of the mapping: addresses, whether or not anything is behind them.",
	KernelPageSize: "Size of the pages the kernel manages this mapping in; larger than usual for hugetlb.",
	MMUPageSize: "Size of the pages the processor's page table uses for this mapping.",
	Rss: "Resident: the part that is in memory and in this process's page table. Pages shared with others count in full.",
	Pss: "Proportional share: resident pages, each divided by how often it is mapped. Sums over processes make sense.",
	Pss_Dirty: "The dirty part of the proportional share.",
	Pss_Anon: "The part of the proportional share that belongs to no file.",
	Pss_File: "The part of the proportional share that is file pages.",
	Pss_Shmem: "The part of the proportional share that is shared memory.",
	Shared_Clean: "Resident pages mapped more than once and not written since they were read from their file.",
	Shared_Dirty: "Resident pages mapped more than once and written since.",
	Private_Clean: "Resident pages mapped only here and not written since they were read from their file.",
	Private_Dirty: "Resident pages mapped only here and written: what the system gets back when this process ends.",
	Referenced: "Pages that were used since the kernel, or someone through clear_refs, last looked.",
	Anonymous: "Resident pages that belong to no file, private copies of file pages included.",
	KSM: "Pages that were merged with equal ones (kernel same-page merging).",
	LazyFree: "Pages given up with MADV_FREE, which the kernel takes when it needs memory.",
	AnonHugePages: "Anonymous memory that is mapped as transparent huge pages.",
	ShmemPmdMapped: "Shared memory that is mapped as huge pages.",
	FilePmdMapped: "File pages that are mapped as huge pages.",
	Shared_Hugetlb: "Pages of the hugetlb pool that are mapped more than once; not part of Rss.",
	Private_Hugetlb: "Pages of the hugetlb pool that are mapped only here; not part of Rss.",
	Swap: "What was moved to swap space. For shared memory: of the whole object in this range.",
	SwapPss: "Proportional share of what was moved to swap space.",
	Locked: "The proportional share that mlock keeps in memory.",
	THPeligible: "1 when the kernel may use transparent huge pages here, else 0.",
	ProtectionKey: "Number of the memory protection key of the mapping.",
	VmFlags: "Properties of the mapping that the kernel knows, two letters each.",
};

/** What a field of `smaps` means; `undefined` for one that this version does not know. */
export function fieldMeaning(field: string): string | undefined {
	return meanings[field];
}

const pseudoNames: readonly (readonly [pattern: RegExp, meaning: string])[] = [
	[/^\[heap\]$/, "The heap that the program break (brk) ends; malloc takes small pieces from here."],
	[/^\[stack(:\d+)?\]$/, "The stack of the main thread; it grows downwards by itself up to its limit."],
	[/^\[vdso\]$/, "Code of the kernel that the program calls without a system call, for instance to read the clock."],
	[/^\[vvar(_vclock)?\]$/, "Variables of the kernel that the code in [vdso] reads."],
	[/^\[vsyscall\]$/, "The old fixed place of a few system calls, kept for old programs. It lies outside the process."],
	[/^\[uprobes\]$/, "Room in which the kernel runs instructions that a uprobe has replaced."],
	[/^\[anon:/, "Anonymous memory that the program gave a name with prctl(PR_SET_VMA)."],
	[/^\[anon_shmem:/, "Shared anonymous memory that the program gave a name with prctl(PR_SET_VMA)."],
	[/^\[rollup\]$/, "The sums over all mappings of the process."],
	[/^\/memfd:/, "A file that lives in memory and has no place in a directory (memfd_create)."],
	[/^\/dev\/zero \(deleted\)$/, "Shared anonymous memory: mmap with MAP_SHARED and MAP_ANONYMOUS."],
	[/^\/SYSV[0-9a-f]{8}/, "A System V shared memory segment; the digits are its key."],
	[/^\/dev\/shm\//, "POSIX shared memory (shm_open), a file that lives in memory."],
	[/^anon_inode:/, "An object of the kernel without a file, such as an event ring."],
	[/ \(deleted\)$/, "The file was removed; the mapping keeps its content."],
	[/^\//, "The mapped file."],
];

/** What a name at the end of a mapping's line means; an empty name is anonymous memory. */
export function nameMeaning(name: string): string | undefined {
	return pseudoNames.find(([pattern]) => pattern.test(name))?.[1];
}
