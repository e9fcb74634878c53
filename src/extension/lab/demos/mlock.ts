import type { Demo } from "../../../shared/labDemo";

const readWrite = "PROT_READ | PROT_WRITE";
const anonymous = "MAP_PRIVATE | MAP_ANONYMOUS";

const lockFailures = [
	{ errno: "ENOMEM", because: "This user may not lock as much memory (RLIMIT_MEMLOCK)." },
	{ errno: "EPERM", because: "This user may not lock memory at all (RLIMIT_MEMLOCK is 0)." },
];

export const mlock: Demo = {
	id: "mlock",
	number: 8,
	title: "mlock: memory that stays",
	teaches: "Locked pages are brought in at once and stay in memory; how many, RLIMIT_MEMLOCK decides.",
	steps: [
		{
			title: "Sixteen pages, none present",
			code: `p = mmap(NULL, 16 * page, ${readWrite}, ${anonymous}, -1, 0);`,
			look: "A mapping without pages. Locked is 0.",
			expect: [
				{ kind: "permissions", of: "p", are: "rw-p" },
				{ kind: "present", of: "p", pages: 0 },
				{ kind: "smaps", of: "p", field: "Locked", bytes: 0 },
				{ kind: "flag", of: "p", flag: "lo", set: false },
			],
			why: "A page that is not present costs a fault when it is touched, and one that was swapped out a wait for the disk. Programs that must not wait, and those that keep keys which must never reach a disk, lock their memory.",
			man: ["mlock(2)"],
		},
		{
			title: "mlock: the first eight",
			code: "mlock(p, 8 * page);",
			look: "Eight pages are present, though nobody has touched them. lo stands among the VmFlags, and the line in maps has become two.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "present", of: "p", pages: 8 },
				{ kind: "smaps", of: "p", field: "Locked", bytes: "8 * page" },
				{ kind: "flag", of: "p", flag: "lo", set: true },
				{ kind: "mappings", of: "p", count: 2 },
			],
			mayFail: lockFailures,
			ends: true,
			why: "When mlock returns, all pages of the range are in memory, and will stay. Being locked is a property of the mapping, so the kernel splits it.",
			man: ["mlock(2)", "proc_pid_smaps(5)"],
		},
		{
			title: "munlock",
			code: "munlock(p, 8 * page);",
			look: "The pages are still present, but free to go. The two lines are one again.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "present", of: "p", pages: 8 },
				{ kind: "smaps", of: "p", field: "Locked", bytes: 0 },
				{ kind: "flag", of: "p", flag: "lo", set: false },
			],
			why: "Locks do not add up: one munlock undoes any number of mlock calls on the same pages.",
			man: ["munlock(2)"],
		},
		{
			title: "mlock2: lock pages when they come",
			code: "mlock2(p, 16 * page, MLOCK_ONFAULT);",
			look: "Still eight pages. They count as locked, the others will when they are touched: lf stands beside lo.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "present", of: "p", pages: 8 },
				{ kind: "smaps", of: "p", field: "Locked", bytes: "8 * page" },
				{ kind: "flag", of: "p", flag: "lo", set: true },
			],
			mayFail: [...lockFailures, { errno: "ENOSYS", because: "mlock2 came with Linux 4.4." }],
			ends: true,
			why: "For large mappings of which little is used, locking all of it would waste memory. The limit counts the whole range all the same.",
			man: ["mlock2(2)"],
		},
		{
			title: "Touch another one",
			code: "p[12 * page] = 1;",
			look: "Nine pages present, and nine locked.",
			expect: [
				{ kind: "present", of: "p", pages: 9 },
				{ kind: "smaps", of: "p", field: "Locked", bytes: "9 * page" },
			],
			why: "The fault brought the page, and locked it in the same breath.",
			man: ["mlock2(2)"],
		},
		{
			title: "Lock across a hole",
			code: "munlock(p, 16 * page);\nmunmap(p + 4 * page, page);\nmlock(p, 8 * page);",
			look: "−1, ENOMEM. The pages before the hole are locked nevertheless.",
			expect: [
				{ kind: "fails", errno: "ENOMEM" },
				{ kind: "flag", of: "p", flag: "lo", set: true },
				{
					kind: "permissions",
					of: "p",
					are: [
						{ permissions: "rw-p", pages: 4 },
						{ permissions: "none", pages: 1 },
						{ permissions: "rw-p", pages: 11 },
					],
				},
			],
			why: "mlock works its way through the range and stops at the first page that is not mapped. What it has done by then is not taken back.",
			man: ["mlock(2)"],
		},
		{
			title: "Lower the limit",
			code: `munlock(p, 16 * page);
getrlimit(RLIMIT_MEMLOCK, &limit);
limit.rlim_cur = 16 * page;
setrlimit(RLIMIT_MEMLOCK, &limit);`,
			look: "0. From now on, sixteen pages may be locked, unless the process has the privilege CAP_IPC_LOCK, as root has.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "flag", of: "p", flag: "lo", set: false },
			],
			mayFail: [{ errno: "EINVAL", because: "The limit of this user is lower already." }],
			why: "What one process locks, all others lack. So there is a limit: 8 MiB by default since Linux 5.16, 64 KiB before.",
			man: ["getrlimit(2)", "capabilities(7)"],
		},
		{
			title: "mlock beyond the limit",
			code: `q = mmap(NULL, 32 * page, ${readWrite}, ${anonymous}, -1, 0);
mlock(q, 32 * page);`,
			look: "As an ordinary user: −1, ENOMEM, and nothing was locked. As root: 0, all pages present.",
			expect: [
				{ kind: "fails", errno: "ENOMEM", only: "user" },
				{ kind: "flag", of: "q", flag: "lo", set: false, only: "user" },
				{ kind: "present", of: "q", pages: 0, only: "user" },
				{ kind: "returns", value: 0, only: "root" },
				{ kind: "flag", of: "q", flag: "lo", set: true, only: "root" },
				{ kind: "present", of: "q", pages: 32, only: "root" },
			],
			why: "The limit is looked at first, before any page is brought in.",
			man: ["mlock(2)", "getrlimit(2)"],
		},
		{
			title: "mmap with MAP_LOCKED beyond the limit",
			code: `r = mmap(NULL, 32 * page, ${readWrite}, ${anonymous} | MAP_LOCKED, -1, 0);`,
			look: "As an ordinary user: MAP_FAILED, EAGAIN. The same limit, but mmap has another errno for it.",
			expect: [
				{ kind: "fails", errno: "EAGAIN", only: "user" },
				{ kind: "succeeds", only: "root" },
				{ kind: "flag", of: "r", flag: "lo", set: true, only: "root" },
				{ kind: "present", of: "r", pages: 32, only: "root" },
			],
			why: "For mmap, ENOMEM means that there is no room for the mapping itself. That it may not be locked is something that can change, hence “try again”.",
			man: ["mmap(2)"],
		},
		{
			title: "Lock four pages, and fork",
			code: "mlock(p, 4 * page);\nchild = fork();",
			look: "The parent’s p is locked. The child has the same mapping, without lo.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "flag", of: "p", flag: "lo", set: true },
				{ kind: "flag", of: "p", process: "child", flag: "lo", set: false },
			],
			varies: ["present"],
			why: "Locks are not inherited: else a process could double what it may lock by forking.",
			man: ["mlock(2)", "fork(2)"],
		},
		{
			title: "mlockall: everything that there is",
			process: "child",
			code: "mlockall(MCL_CURRENT | MCL_ONFAULT);",
			look: "As an ordinary user: −1, ENOMEM, since all mappings together are far more than sixteen pages. As root every mapping is locked.",
			expect: [
				{ kind: "fails", errno: "ENOMEM", only: "user" },
				{ kind: "flag", of: "p", flag: "lo", set: false, only: "user" },
				{ kind: "returns", value: 0, only: "root" },
				{ kind: "flag", of: "p", flag: "lo", set: true, only: "root" },
			],
			mayFail: [{ errno: "EINVAL", because: "MCL_ONFAULT came with Linux 4.4." }],
			varies: ["present"],
			why: "The limit is held against the whole address space, libraries and reservations included, whether they have pages or not. MCL_ONFAULT keeps the kernel from bringing all of that into memory.",
			man: ["mlockall(2)"],
		},
		{
			title: "mlockall: everything that will come",
			process: "child",
			code: `munlockall();
mlockall(MCL_FUTURE);
s = mmap(NULL, 4 * page, ${readWrite}, ${anonymous}, -1, 0);`,
			look: "mmap was called without a special flag, and still its pages are present and locked. Older mappings are not.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "present", of: "s", pages: 4 },
				{ kind: "flag", of: "s", flag: "lo", set: true },
				{ kind: "flag", of: "p", flag: "lo", set: false },
			],
			varies: ["present"],
			why: "With MCL_FUTURE every mapping to come is locked and filled: those of mmap, the growing heap, the stack of a new thread. Real-time programs call it once at their start.",
			man: ["mlockall(2)"],
		},
		{
			title: "… until the limit is reached",
			process: "child",
			code: `t = mmap(NULL, 32 * page, ${readWrite}, ${anonymous}, -1, 0);`,
			look: "As an ordinary user: MAP_FAILED, EAGAIN, from an mmap that looks quite harmless. As root it succeeds.",
			expect: [
				{ kind: "fails", errno: "EAGAIN", only: "user" },
				{ kind: "succeeds", only: "root" },
				{ kind: "present", of: "t", pages: 32, only: "root" },
			],
			varies: ["present"],
			why: "This is how malloc comes to fail in programs that have called mlockall with MCL_FUTURE.",
			man: ["mlockall(2)", "mmap(2)"],
		},
		{
			title: "munlockall",
			process: "child",
			code: `munlockall();
u = mmap(NULL, 4 * page, ${readWrite}, ${anonymous}, -1, 0);`,
			look: "Nothing is locked any more, and new mappings are ordinary ones again: without pages.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "flag", of: "s", flag: "lo", set: false },
				{ kind: "present", of: "s", pages: 4 },
				{ kind: "flag", of: "u", flag: "lo", set: false },
				{ kind: "present", of: "u", pages: 0 },
			],
			varies: ["present"],
			why: "It undoes mlock, mlock2 and mlockall alike, for the present and for the future.",
			man: ["munlockall(2)"],
		},
		{
			title: "End the child",
			code: "kill(child, SIGKILL);\nended = waitpid(child, NULL, 0);",
			look: "waitpid returns its pid.",
			expect: [
				{ kind: "returns", value: "child" },
				{ kind: "process", of: "child", is: "ended" },
			],
			why: "Locks end with the process, whatever kills it.",
			man: ["waitpid(2)", "mlock(2)"],
		},
		{
			title: "A limit of zero",
			code: `munlock(p, 4 * page);
limit.rlim_cur = 0;
setrlimit(RLIMIT_MEMLOCK, &limit);
mlock(p, page);`,
			look: "As an ordinary user: −1, EPERM instead of ENOMEM. As root it succeeds.",
			expect: [
				{ kind: "fails", errno: "EPERM", only: "user" },
				{ kind: "returns", value: 0, only: "root" },
			],
			why: "A limit of 0 is no matter of how much: this user may not lock at all.",
			man: ["mlock(2)"],
		},
	],
};
