import type { Demo } from "../../../shared/labDemo";

const readWrite = "PROT_READ | PROT_WRITE";
const anonymous = "MAP_PRIVATE | MAP_ANONYMOUS";

export const flags: Demo = {
	id: "flags",
	number: 9,
	title: "Flags of mmap, one by one",
	teaches: "What each flag of mmap does, how maps and smaps show it, and how it fails.",
	steps: [
		{
			title: "MAP_ANONYMOUS",
			code: `p = mmap(NULL, 4 * page, ${readWrite}, ${anonymous}, -1, 0);
value = p[0];`,
			look: "A line without a name, and a byte that is 0.",
			expect: [
				{ kind: "permissions", of: "p", are: "rw-p" },
				{ kind: "mappings", of: "p", count: 1 },
				{ kind: "value", of: "value", is: 0 },
			],
			why: "Memory without a file behind it. It always starts as zeros, since what other processes have left in it is nobody’s business. The descriptor is ignored; portable programs pass −1.",
			man: ["mmap(2)"],
		},
		{
			title: "Without MAP_ANONYMOUS",
			code: `q = mmap(NULL, page, ${readWrite}, MAP_PRIVATE, -1, 0);`,
			look: "MAP_FAILED, EBADF: now the descriptor is meant, and −1 is none.",
			expect: [{ kind: "fails", errno: "EBADF" }],
			why: "It is the flag that decides, not the descriptor.",
			man: ["mmap(2)"],
		},
		{
			title: "MAP_SHARED and MAP_PRIVATE",
			code: `fd = memfd_create("flags", 0);
ftruncate(fd, 2 * page);
s = mmap(NULL, 2 * page, ${readWrite}, MAP_SHARED, fd, 0);
v = mmap(NULL, 2 * page, ${readWrite}, MAP_PRIVATE, fd, 0);
s[0] = 's';
v[page] = 'v';
through_v = v[0];
through_s = s[page];`,
			look: "Two lines for the same file: rw-s and rw-p. What was written to s is seen through v (115 is “s”); what was written to v is not seen through s (0).",
			expect: [
				{ kind: "permissions", of: "s", are: "rw-s" },
				{ kind: "permissions", of: "v", are: "rw-p" },
				{ kind: "value", of: "through_v", is: "'s'" },
				{ kind: "value", of: "through_s", is: 0 },
				{ kind: "smaps", of: "s", field: "Anonymous", bytes: 0 },
				{ kind: "smaps", of: "v", field: "Anonymous", bytes: "page" },
				{ kind: "present", of: "s", pages: 2 },
				{ kind: "present", of: "v", pages: 2 },
			],
			why: "Shared writes go into the file. A private write makes a copy of the page first (Anonymous in smaps), and goes there. A page that has not been copied still shows the file.",
			man: ["mmap(2)", "proc_pid_smaps(5)"],
		},
		{
			title: "Neither, or both",
			code: `q = mmap(NULL, page, PROT_READ, MAP_ANONYMOUS, -1, 0);
q = mmap(NULL, page, PROT_READ, MAP_ANONYMOUS | MAP_PRIVATE | MAP_SHARED, -1, 0);`,
			look: "MAP_FAILED, EINVAL, twice.",
			expect: [{ kind: "fails", errno: "EINVAL" }],
			why: "Together the two bits are the number of a third kind, MAP_SHARED_VALIDATE, which is for files only.",
			man: ["mmap(2)"],
		},
		{
			title: "MAP_SHARED without the right to write",
			code: `readable = open("/proc/self/exe", O_RDONLY);
q = mmap(NULL, page, ${readWrite}, MAP_PRIVATE, readable, 0);
q = mmap(NULL, page, ${readWrite}, MAP_SHARED, readable, 0);`,
			look: "Private: an address. Shared: MAP_FAILED, EACCES.",
			expect: [
				{ kind: "fails", errno: "EACCES" },
				{ kind: "permissions", of: "s", are: "rw-s" },
			],
			why: "Writing to a private mapping never reaches the file, so reading is all it needs.",
			man: ["mmap(2)"],
		},
		{
			title: "MAP_FIXED",
			code: `memset(p, 'p', 4 * page);
fixed = mmap(p + page, page, PROT_READ, ${anonymous} | MAP_FIXED, -1, 0);
value = p[page];`,
			look: "Exactly this address, in the middle of p, which falls into three mappings. The old page and its contents are gone: it reads 0.",
			expect: [
				{ kind: "value", of: "value", is: 0 },
				{
					kind: "permissions",
					of: "p",
					are: [
						{ permissions: "rw-p", pages: 1 },
						{ permissions: "r--p", pages: 1 },
						{ permissions: "rw-p", pages: 2 },
					],
				},
				{ kind: "mappings", of: "p", count: 3 },
			],
			why: "Without the flag an address is only a wish. With it, whatever lies there is replaced, be it the program itself. It is safe within addresses that one has reserved, and nowhere else.",
			man: ["mmap(2)"],
		},
		{
			title: "MAP_FIXED between two pages",
			code: `q = mmap(p + 1, page, PROT_READ, ${anonymous} | MAP_FIXED, -1, 0);`,
			look: "MAP_FAILED, EINVAL.",
			expect: [
				{ kind: "fails", errno: "EINVAL" },
				{ kind: "mappings", of: "p", count: 3 },
			],
			why: "A wish would have been rounded to a page.",
			man: ["mmap(2)"],
		},
		{
			title: "MAP_FIXED_NOREPLACE, where something is",
			code: `q = mmap(p + page, page, PROT_READ, ${anonymous} | MAP_FIXED_NOREPLACE, -1, 0);`,
			look: "MAP_FAILED, EEXIST, and nothing was replaced.",
			expect: [
				{ kind: "fails", errno: "EEXIST" },
				{ kind: "mappings", of: "p", count: 3 },
			],
			why: "The careful sister of MAP_FIXED (since Linux 4.17).",
			man: ["mmap(2)"],
		},
		{
			title: "MAP_FIXED_NOREPLACE, where nothing is",
			code: `munmap(p + page, page);
mmap(p + page, page, PROT_READ | PROT_WRITE, ${anonymous} | MAP_FIXED_NOREPLACE, -1, 0);`,
			look: "The address that was asked for. The hole is closed.",
			expect: [
				{ kind: "returns", value: "p + page" },
				{ kind: "permissions", of: "p", are: "rw-p" },
				{ kind: "present", of: "p", pages: 3 },
			],
			why: "An older kernel takes the flag for a wish without it, and may return another address. So compare.",
			man: ["mmap(2)"],
		},
		{
			title: "MAP_POPULATE",
			code: `populated = mmap(NULL, 8 * page, ${readWrite}, ${anonymous} | MAP_POPULATE, -1, 0);`,
			look: "Eight pages present, before anything was touched.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "present", of: "populated", pages: 8 },
				{ kind: "smaps", of: "populated", field: "Rss", bytes: "8 * page" },
			],
			why: "All page faults at once, within the call. For files it also reads ahead.",
			man: ["mmap(2)"],
		},
		{
			title: "MAP_POPULATE that cannot",
			code: `empty = mmap(NULL, 8 * page, PROT_NONE, ${anonymous} | MAP_POPULATE, -1, 0);`,
			look: "An address, and not a page: nothing may be touched there, not even by the kernel on one’s behalf. mmap does not say so.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "permissions", of: "empty", are: "---p" },
				{ kind: "present", of: "empty", pages: 0 },
			],
			why: "Filling is best effort: mmap never fails because of it. MADV_POPULATE_WRITE is the same with an error.",
			man: ["mmap(2)", "madvise(2)"],
		},
		{
			title: "MAP_LOCKED",
			code: `locked = mmap(NULL, 4 * page, ${readWrite}, ${anonymous} | MAP_LOCKED, -1, 0);`,
			look: "Four pages present, and lo among the VmFlags.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "flag", of: "locked", flag: "lo", set: true },
				{ kind: "present", of: "locked", pages: 4 },
				{ kind: "smaps", of: "locked", field: "Locked", bytes: "4 * page" },
			],
			mayFail: [
				{ errno: "EAGAIN", because: "This user may not lock as much memory (RLIMIT_MEMLOCK)." },
				{ errno: "EPERM", because: "This user may not lock memory at all (RLIMIT_MEMLOCK is 0)." },
			],
			why: "As mmap and then mlock, except that it does not report pages which could not be brought in.",
			man: ["mmap(2)", "mlock(2)"],
		},
		{
			title: "MAP_LOCKED beyond the limit",
			code: `getrlimit(RLIMIT_MEMLOCK, &limit);
limit.rlim_cur = 4 * page;
setrlimit(RLIMIT_MEMLOCK, &limit);
more = mmap(NULL, 8 * page, ${readWrite}, ${anonymous} | MAP_LOCKED, -1, 0);`,
			look: "As an ordinary user: MAP_FAILED, EAGAIN. As root it succeeds.",
			expect: [
				{ kind: "fails", errno: "EAGAIN", only: "user" },
				{ kind: "succeeds", only: "root" },
				{ kind: "present", of: "more", pages: 8, only: "root" },
			],
			mayFail: [{ errno: "EPERM", because: "This user may not lock memory at all (RLIMIT_MEMLOCK is 0)." }],
			why: "RLIMIT_MEMLOCK counts everything that the process has locked.",
			man: ["mmap(2)", "getrlimit(2)"],
		},
		{
			title: "MAP_NORESERVE",
			code: `mode_file = open("/proc/sys/vm/overcommit_memory", O_RDONLY);
pread(mode_file, p, 1, 0);
mode = p[0] - '0';
unreserved = mmap(NULL, 1 << 30, ${readWrite}, ${anonymous} | MAP_NORESERVE, -1, 0);`,
			look: "nr among the VmFlags, and not ac: this gibibyte does not count as promised. (With mode 2, strict counting, the flag is ignored.)",
			expect: [
				{ kind: "succeeds" },
				{ kind: "flag", of: "unreserved", flag: "nr", set: true, when: "mode != 2" },
				{ kind: "flag", of: "unreserved", flag: "ac", set: false, when: "mode != 2" },
				{ kind: "flag", of: "unreserved", flag: "ac", set: true, when: "mode == 2" },
				{ kind: "present", of: "unreserved", pages: 0 },
			],
			mayFail: [
				{ errno: "ENOMEM", because: "This system counts strictly (vm.overcommit_memory is 2), or limits addresses." },
			],
			varies: ["values"],
			why: "For mappings of which little will be used. There is a demo of its own about reserving.",
			man: ["mmap(2)", "proc_sys_vm(5)"],
		},
		{
			title: "MAP_HUGETLB",
			code: `h = mmap(NULL, 2 << 20, ${readWrite}, ${anonymous} | MAP_HUGETLB | MAP_HUGE_2MB, -1, 0);`,
			look: "ht among the VmFlags, if the administrator has set huge pages aside. Else: MAP_FAILED, ENOMEM.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "flag", of: "h", flag: "ht", set: true },
				{ kind: "present", of: "h", pages: 0 },
			],
			mayFail: [
				{ errno: "ENOMEM", because: "The pool of huge pages is empty (HugePages_Free in /proc/meminfo)." },
				{ errno: "EINVAL", because: "This kernel or processor has no huge pages of 2 MiB." },
				{ errno: "ENOSYS", because: "This kernel was built without huge pages." },
				{ errno: "EOPNOTSUPP", because: "This kernel was built without huge pages." },
			],
			why: "Huge pages of the pool are reserved by mmap, so that a later touch cannot fail. Unlike transparent ones (MADV_HUGEPAGE) they are there for sure, and used by nobody else.",
			man: ["mmap(2)"],
		},
		{
			title: "MAP_HUGETLB for an ordinary file",
			code: "q = mmap(NULL, 2 << 20, PROT_READ, MAP_PRIVATE | MAP_HUGETLB, fd, 0);",
			look: "MAP_FAILED, EINVAL.",
			expect: [{ kind: "fails", errno: "EINVAL" }],
			mayFail: [{ errno: "ENOSYS", because: "This kernel was built without huge pages." }],
			why: "The page cache of a file decides how large its pages are. Only files on hugetlbfs have these.",
			man: ["mmap(2)"],
		},
		{
			title: "MAP_UNINITIALIZED",
			code: `u = mmap(NULL, page, ${readWrite}, ${anonymous} | MAP_UNINITIALIZED, -1, 0);
value = u[0];`,
			look: "Zeros, in spite of the name.",
			expect: [
				{ kind: "value", of: "value", is: 0 },
				{ kind: "permissions", of: "u", are: "rw-p" },
			],
			why: "It asks for a page that was not cleared. Only kernels for devices without a memory management unit can be built to obey, since it hands out what others have left behind. Everywhere else the flag is ignored.",
			man: ["mmap(2)"],
		},
		{
			title: "MAP_GROWSDOWN",
			// The upper half of the hole is for whatever the process itself maps meanwhile: it gets the highest free addresses.
			code: `room = mmap(NULL, 16 << 20, PROT_NONE, ${anonymous}, -1, 0);
room = mmap(room, 8 << 20, PROT_NONE, ${anonymous} | MAP_FIXED, -1, 0);
munmap(room, 16 << 20);
g = mmap(room + (4 << 20), 4 * page, ${readWrite}, ${anonymous} | MAP_GROWSDOWN | MAP_FIXED, -1, 0);`,
			look: "Four pages in the middle of free addresses, with gd among the VmFlags.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "flag", of: "g", flag: "gd", set: true },
				{
					kind: "permissions",
					of: "room",
					are: [
						{ permissions: "none", pages: "(4 << 20) / page" },
						{ permissions: "rw-p", pages: 4 },
						{ permissions: "none", pages: "(4 << 20) / page - 4" },
					],
				},
			],
			why: "This is how the kernel maps the stack of a program’s first thread.",
			man: ["mmap(2)"],
		},
		{
			title: "Touch the byte below",
			code: "room[(4 << 20) - 1] = 1;",
			look: "No SIGSEGV: the mapping has grown by a page, downwards.",
			expect: [
				{
					kind: "permissions",
					of: "room",
					are: [
						{ permissions: "none", pages: "(4 << 20) / page - 1" },
						{ permissions: "rw-p", pages: 5 },
						{ permissions: "none", pages: "(4 << 20) / page - 4" },
					],
				},
				{ kind: "present", of: "room", pages: 1 },
			],
			why: "A fault below such a mapping makes it longer, down to the limit of stacks (RLIMIT_STACK), and as long as a gap to what lies below remains. New programs do without: any wild pointer there makes it grow, too.",
			man: ["mmap(2)", "getrlimit(2)"],
		},
		{
			title: "MAP_GROWSDOWN for shared memory",
			code: `q = mmap(NULL, page, ${readWrite}, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0);`,
			look: "MAP_FAILED, EINVAL.",
			expect: [{ kind: "fails", errno: "EINVAL" }],
			why: "Shared memory is an object with a first byte. To grow downwards would take what comes before it.",
			man: ["mmap(2)"],
		},
		{
			title: "MAP_STACK",
			code: `stack = mmap(NULL, 64 * page, ${readWrite}, ${anonymous} | MAP_STACK, -1, 0);`,
			look: "An ordinary mapping, which does not grow. Since Linux 6.7 it also has nh: no transparent huge pages.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "permissions", of: "stack", are: "rw-p" },
				{ kind: "flag", of: "stack", flag: "gd", set: false },
				{ kind: "present", of: "stack", pages: 0 },
			],
			why: "A note to the kernel that a thread’s stack will be here; glibc makes all stacks of threads like that. It never fails, and there is nothing to fail.",
			man: ["mmap(2)"],
		},
	],
};
