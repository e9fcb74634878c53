import type { Demo } from "../../../shared/labDemo";

export const errors: Demo = {
	id: "errors",
	number: 13,
	title: "Errors: what mmap refuses, and why",
	teaches: "Every errno of mmap that can be had without harm, call by call; a call that fails changes nothing.",
	steps: [
		{
			title: "Something to build on",
			code: `p = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
fd = open("/proc/self/exe", O_RDONLY);`,
			look: "One mapping, and a descriptor of the running program, which may only be read.",
			expect: [{ kind: "succeeds" }, { kind: "permissions", of: "p", are: "rw-p" }],
			ends: true,
			why: "mmap reports an error by returning MAP_FAILED, which is −1 and not NULL, and says in errno which it was.",
			man: ["mmap(2)", "errno(3)"],
		},
		{
			title: "EINVAL: no length",
			code: "q = mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);",
			look: "MAP_FAILED, EINVAL. maps has not changed.",
			expect: [{ kind: "fails", errno: "EINVAL" }],
			why: "An empty mapping would be no mapping. It happens with a file that turns out to be empty.",
			man: ["mmap(2)"],
		},
		{
			title: "EINVAL: neither private nor shared",
			code: "q = mmap(NULL, page, PROT_READ, MAP_ANONYMOUS, -1, 0);",
			look: "MAP_FAILED, EINVAL: exactly one of MAP_PRIVATE, MAP_SHARED and MAP_SHARED_VALIDATE has to be there.",
			expect: [{ kind: "fails", errno: "EINVAL" }],
			why: "Who sees what is written is the first thing that the kernel has to know of a mapping. There is no default.",
			man: ["mmap(2)"],
		},
		{
			title: "EINVAL: private and shared",
			code: "q = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_SHARED | MAP_ANONYMOUS, -1, 0);",
			look: "MAP_FAILED, EINVAL: it cannot be both.",
			expect: [{ kind: "fails", errno: "EINVAL" }],
			why: "The two flags together are the number of a third kind, MAP_SHARED_VALIDATE, which came with Linux 4.15 and is for files only.",
			man: ["mmap(2)"],
		},
		{
			title: "EINVAL: an offset inside a page",
			code: "q = mmap(NULL, page, PROT_READ, MAP_PRIVATE, fd, 1);",
			look: "MAP_FAILED, EINVAL.",
			expect: [{ kind: "fails", errno: "EINVAL" }],
			why: "A page table can only map whole pages, and those of the page cache start at multiples of the page size in the file. To see from byte 1 on, map from 0 and add 1 to the pointer.",
			man: ["mmap(2)"],
		},
		{
			title: "EINVAL: a fixed address inside a page",
			code: "q = mmap(p + 1, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);",
			look: "MAP_FAILED, EINVAL. p is still a single mapping.",
			expect: [
				{ kind: "fails", errno: "EINVAL" },
				{ kind: "mappings", of: "p", count: 1 },
			],
			why: "As a hint, without MAP_FIXED, the same address would have been rounded. An order cannot be rounded.",
			man: ["mmap(2)"],
		},
		{
			title: "EINVAL: a shared mapping that grows",
			code: "q = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0);",
			look: "MAP_FAILED, EINVAL.",
			expect: [{ kind: "fails", errno: "EINVAL" }],
			why: "A mapping that grows towards lower addresses is a stack. What it shows would have to grow with it, and neither a file nor shared memory grows at its start.",
			man: ["mmap(2)"],
		},
		{
			title: "EINVAL: huge pages of an ordinary file",
			code: "q = mmap(NULL, 2 << 20, PROT_READ, MAP_PRIVATE | MAP_HUGETLB, fd, 0);",
			look: "MAP_FAILED, EINVAL.",
			expect: [{ kind: "fails", errno: "EINVAL" }],
			why: "MAP_HUGETLB asks for pages of a pool of their own. A file’s pages are from that pool only if the file lies on a hugetlbfs file system, or comes from memfd_create with MFD_HUGETLB.",
			man: ["mmap(2)", "memfd_create(2)"],
		},
		{
			title: "EBADF: no file",
			code: "q = mmap(NULL, page, PROT_READ, MAP_PRIVATE, -1, 0);",
			look: "MAP_FAILED, EBADF: −1 is no descriptor.",
			expect: [{ kind: "fails", errno: "EBADF" }],
			why: "The usual reason is a MAP_ANONYMOUS that was forgotten, or an open whose result nobody looked at.",
			man: ["mmap(2)"],
		},
		{
			title: "EACCES: writing to a file that was opened for reading",
			code: "q = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);",
			look: "MAP_FAILED, EACCES. With MAP_PRIVATE the same call would succeed.",
			expect: [{ kind: "fails", errno: "EACCES" }],
			why: "A shared mapping is a way of writing to the file, so it needs a descriptor that may. Being root does not help: what counts is how the file was opened.",
			man: ["mmap(2)"],
		},
		{
			title: "EACCES: a file that was opened for writing only",
			code: 'out = open("/dev/null", O_WRONLY);\nq = mmap(NULL, page, PROT_WRITE, MAP_SHARED, out, 0);',
			look: "MAP_FAILED, EACCES, even for a mapping that should only be written to.",
			expect: [{ kind: "fails", errno: "EACCES" }],
			why: "To write one byte of a page, the rest of the page has to be read first. So every file mapping needs the right to read.",
			man: ["mmap(2)", "open(2)"],
		},
		{
			title: "ENODEV: something without pages",
			code: 'folder = open("/", O_RDONLY);\nq = mmap(NULL, page, PROT_READ, MAP_PRIVATE, folder, 0);',
			look: "MAP_FAILED, ENODEV.",
			expect: [{ kind: "fails", errno: "ENODEV" }],
			why: "A directory can be opened, but its file system offers no way to map it. The same is true of pipes, sockets and most files in /proc.",
			man: ["mmap(2)"],
		},
		{
			title: "ENODEV: a descriptor that is no file",
			code: "counter = eventfd(0, 0);\nq = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, counter, 0);",
			look: "MAP_FAILED, ENODEV: eventfd makes a counter in the kernel, which can be read and written, but has no pages.",
			expect: [{ kind: "fails", errno: "ENODEV" }],
			why: "What mmap does is up to what lies behind the descriptor, and most things have nothing to offer. Those that do hand out what they like: the rings of io_uring, the samples of perf_event_open, the memory of a graphics card.",
			man: ["mmap(2)", "eventfd(2)"],
		},
		{
			title: "EPERM: a sealed file",
			code: `sealed = memfd_create("sealed", MFD_ALLOW_SEALING);
ftruncate(sealed, page);
fcntl(sealed, F_ADD_SEALS, F_SEAL_WRITE);
q = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, sealed, 0);`,
			look: "MAP_FAILED, EPERM, although the descriptor itself was made for writing.",
			expect: [{ kind: "fails", errno: "EPERM" }],
			why: "A seal is a promise about a file in memory that nobody can take back. F_SEAL_WRITE rules out write(2) as well as writable shared mappings, for its owner and for root.",
			man: ["mmap(2)", "memfd_create(2)", "fcntl(2)"],
		},
		{
			title: "EPERM: code from a file system without code",
			code: 'maps = open("/proc/self/maps", O_RDONLY);\nq = mmap(NULL, page, PROT_READ | PROT_EXEC, MAP_PRIVATE, maps, 0);',
			look: "MAP_FAILED, EPERM.",
			expect: [{ kind: "fails", errno: "EPERM" }],
			why: "Nothing on /proc may be executed, as on any file system that is mounted with noexec. That is checked before the kernel finds out that this file could not be mapped anyway (ENODEV).",
			man: ["mmap(2)", "mount(8)"],
		},
		{
			title: "EEXIST: an address that is taken",
			code: "q = mmap(p, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);",
			look: "MAP_FAILED, EEXIST. MAP_FIXED alone would have replaced the first page of p without a word.",
			expect: [
				{ kind: "fails", errno: "EEXIST" },
				{ kind: "mappings", of: "p", count: 1 },
				{ kind: "permissions", of: "p", are: "rw-p" },
			],
			why: "MAP_FIXED_NOREPLACE means this address or none. Kernels before Linux 4.17 do not know the flag and take the address for a hint, so a careful program also compares what was returned.",
			man: ["mmap(2)"],
		},
		{
			title: "ENOMEM: more than there are addresses",
			code: "q = mmap(NULL, 1L << 60, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);",
			look: "MAP_FAILED, ENOMEM, although not a byte of memory was asked for.",
			expect: [{ kind: "fails", errno: "ENOMEM" }],
			why: `ENOMEM is about addresses and limits as much as about memory. A process has 128 TiB of addresses on x86-64, and this is a million TiB.

The same errno comes when the system does not want to promise as much memory as was asked for. Overcommit has a demo of its own.`,
			man: ["mmap(2)", "proc_sys_vm(5)"],
		},
		{
			title: "ENOMEM: an address that does not exist",
			code: "q = mmap(p + (1L << 60), page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);",
			look: "MAP_FAILED, ENOMEM: the address lies above all that a process may use.",
			expect: [{ kind: "fails", errno: "ENOMEM" }],
			why: "Of the 64 bits of a pointer, processors use 48 or so, and half of these addresses belong to the kernel. Below /proc/sys/vm/mmap_min_addr the answer is EPERM, except for root, who would be given even address 0; the lab never asks for that.",
			man: ["mmap(2)"],
		},
		{
			title: "ENOMEM: more huge pages than there are",
			code: `q = mmap(NULL, 1L << 40, PROT_READ | PROT_WRITE,
         MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_HUGE_2MB, -1, 0);`,
			look: "MAP_FAILED, ENOMEM: the pool has no 1 TiB (HugePages_Free in /proc/meminfo).",
			expect: [{ kind: "fails", errno: "ENOMEM" }],
			mayFail: [
				{ errno: "EINVAL", because: "This kernel or processor has no huge pages of 2 MiB." },
				{ errno: "ENOSYS", because: "This kernel was built without huge pages." },
			],
			why: "Huge pages are reserved by mmap, not by the first touch: better an error here than a SIGBUS later. MAP_NORESERVE would turn it round.",
			man: ["mmap(2)"],
		},
		{
			title: "EINVAL: huge pages of a size that there is none of",
			code: `q = mmap(NULL, 2 << 20, PROT_READ | PROT_WRITE,
         MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | (13 << 26), -1, 0);`,
			look: "MAP_FAILED, EINVAL, whatever the pool holds.",
			expect: [{ kind: "fails", errno: "EINVAL" }],
			mayFail: [{ errno: "ENOSYS", because: "This kernel was built without huge pages." }],
			why: "The six bits from MAP_HUGE_SHIFT (26) on hold the logarithm of the wanted size: 21 for 2 MiB, 30 for 1 GiB. There are none of 2 to the power of 13 bytes; /sys/kernel/mm/hugepages lists those that there are.",
			man: ["mmap(2)"],
		},
		{
			title: "A child, for limits",
			code: "child = fork();",
			look: "A child, which can be driven to its limits without harm to anybody.",
			expect: [{ kind: "succeeds" }],
			why: "The next three steps take from a process every further mapping. Here that would soon stop the lab process itself.",
			man: ["getrlimit(2)", "fork(2)"],
		},
		{
			title: "ENOMEM: too many mappings",
			process: "child",
			code: `setting = open("/proc/sys/vm/max_map_count", O_RDONLY);
pread(setting, p, 16, 0);
most = strtol(p, NULL, 10);
if (most < 100000) {
    many = mmap(NULL, most * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (i = 0; i < most; i += 2)
        mprotect(many + i * page, page, PROT_NONE);
    last = mmap(NULL, page, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    q = mmap(NULL, page, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    munmap(many, most * page);
}`,
			look: "Every other page of many got other permissions, until the process had as many mappings as it may have. Then mmap failed for a single page, on a machine with plenty of memory. The last call gave all of them back.",
			expect: [
				{ kind: "fails", errno: "ENOMEM", of: "q", when: "most < 100000" },
				{ kind: "returns", value: 0, when: "most < 100000" },
				{ kind: "permissions", of: "p", are: "rw-p" },
			],
			varies: ["present"],
			why: `The setting vm.max_map_count, 65,530 unless somebody has raised it, bounds the mappings of a process: each costs the kernel memory, some 200 bytes. Databases and games reach it, and so do programs that mprotect single pages. The kernel holds the limit against the number before the new one, so one more may slip in.

Where the setting is higher (some distributions have a million), this step only reads it: so many mappings would take long.`,
			man: ["mmap(2)", "proc_sys_vm(5)"],
		},
		{
			title: "ENOMEM: more private memory than RLIMIT_DATA allows",
			process: "child",
			code: `getrlimit(RLIMIT_DATA, &limit);
limit.rlim_cur = page;
setrlimit(RLIMIT_DATA, &limit);
read_only = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
q = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);`,
			look: "A page that may only be read is still to be had. One that may be written: MAP_FAILED, ENOMEM.",
			expect: [
				{ kind: "permissions", of: "read_only", are: "r--p" },
				{ kind: "fails", errno: "ENOMEM" },
			],
			varies: ["present"],
			why: "What is private and writable becomes memory of the process’s own as soon as it is written. Since Linux 4.7 that is what RLIMIT_DATA counts, wherever it comes from; before, only the heap that brk makes.",
			man: ["getrlimit(2)", "mmap(2)"],
		},
		{
			title: "ENOMEM: more than RLIMIT_AS allows",
			process: "child",
			code: `getrlimit(RLIMIT_AS, &limit);
limit.rlim_cur = page;
setrlimit(RLIMIT_AS, &limit);
q = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);`,
			look: "MAP_FAILED, ENOMEM. The mappings that it already had stay, far above the limit.",
			expect: [
				{ kind: "fails", errno: "ENOMEM" },
				{ kind: "permissions", of: "p", are: "rw-p" },
			],
			varies: ["present"],
			why: "A limit is looked at when something is asked for, and takes nothing away. It counts for root, too.",
			man: ["getrlimit(2)", "mmap(2)"],
		},
		{
			title: "End the child",
			code: "kill(child, SIGKILL);\nended = waitpid(child, NULL, 0);",
			look: "waitpid returns its pid.",
			expect: [{ kind: "returns", value: "child" }],
			why: "Its limit was its own, and goes with it.",
			man: ["waitpid(2)"],
		},
		{
			title: "EAGAIN: more locked memory than allowed",
			code: `getrlimit(RLIMIT_MEMLOCK, &limit);
limit.rlim_cur = page;
setrlimit(RLIMIT_MEMLOCK, &limit);
locked = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);`,
			look: "As an ordinary user: MAP_FAILED, EAGAIN. As root the call succeeds, and lo stands among the VmFlags.",
			expect: [
				{ kind: "fails", errno: "EAGAIN", only: "user" },
				{ kind: "succeeds", only: "root" },
				{ kind: "flag", of: "locked", flag: "lo", set: true, only: "root" },
				{ kind: "present", of: "locked", pages: 2, only: "root" },
			],
			why: "Memory that may not be swapped out is taken away from everybody else. So RLIMIT_MEMLOCK limits it, except for those with the capability CAP_IPC_LOCK.",
			man: ["mmap(2)", "getrlimit(2)", "capabilities(7)"],
		},
		{
			title: "EPERM: no locked memory at all",
			code: `limit.rlim_cur = 0;
setrlimit(RLIMIT_MEMLOCK, &limit);
more = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);`,
			look: "As an ordinary user: MAP_FAILED, EPERM instead of EAGAIN. As root it succeeds again.",
			expect: [
				{ kind: "fails", errno: "EPERM", only: "user" },
				{ kind: "succeeds", only: "root" },
			],
			why: "A limit of 0 means that the user may not lock memory: no matter of how much, but of permission.",
			man: ["mmap(2)", "mlock(2)"],
		},
		{
			title: "EOVERFLOW: beyond the end of any file",
			code: "q = mmap(NULL, 0x20000, PROT_READ, MAP_PRIVATE, fd, 0x7fffffffffff0000);",
			look: "MAP_FAILED, EOVERFLOW: offset and length together are more than a file can have.",
			expect: [{ kind: "fails", errno: "EOVERFLOW" }],
			why: "An offset beyond the end of this file would have been accepted: it might grow. This one lies beyond what any file can grow to.",
			man: ["mmap(2)"],
		},
		{
			title: "EOPNOTSUPP: a flag that must be understood",
			code: `memory = memfd_create("memory", 0);
ftruncate(memory, page);
q = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED_VALIDATE | MAP_SYNC, memory, 0);`,
			look: "MAP_FAILED, EOPNOTSUPP: MAP_SYNC is for files in persistent memory.",
			expect: [{ kind: "fails", errno: "EOPNOTSUPP" }],
			why: "MAP_SHARED_VALIDATE shares like MAP_SHARED, but refuses flags that the kernel or the file does not support.",
			man: ["mmap(2)"],
		},
		{
			title: "No error: the same flag without validation",
			code: "q = mmap(NULL, page, PROT_READ, MAP_SHARED | MAP_SYNC, memory, 0);",
			look: "It succeeds, and MAP_SYNC is without effect: MAP_SHARED has never looked whether a flag is supported.",
			expect: [{ kind: "succeeds" }, { kind: "permissions", of: "q", are: "r--s" }],
			why: `Old programs may pass stray bits, so the old flags can never become strict. A new one could.

Three errors of the manual page have no step here. ENFILE says that the whole system is out of open files: to bring that about would harm everybody else. ETXTBSY came from MAP_DENYWRITE, which Linux ignores today. And the EAGAIN of a locked file needed mandatory locks, which Linux 5.15 has removed.

SIGSEGV and SIGBUS are no errors of mmap: they come later, when the mapping is touched, and have a demo of their own.`,
			man: ["mmap(2)"],
		},
	],
};
