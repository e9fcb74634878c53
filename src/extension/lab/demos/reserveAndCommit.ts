import type { Demo } from "../../../shared/labDemo";

const readWrite = "PROT_READ | PROT_WRITE";
const anonymous = "MAP_PRIVATE | MAP_ANONYMOUS";
const reserved = "512L << 30";

export const reserveAndCommit: Demo = {
	id: "reserve-commit",
	number: 14,
	title: "Reserve and commit: addresses are not memory",
	teaches:
		"A process may hold far more addresses than there is memory. What the system limits is what it has promised, and what it gives is what was touched.",
	steps: [
		{
			title: "How much memory is there?",
			code: `text = mmap(NULL, 4 * page, ${readWrite}, ${anonymous}, -1, 0);
mode_file = open("/proc/sys/vm/overcommit_memory", O_RDONLY);
pread(mode_file, text, 1, 0);
mode = text[0] - '0';
info = open("/proc/meminfo", O_RDONLY);
pread(info, text, 4 * page - 1, 0);
line = strstr(text, "MemTotal:");
memory_kib = strtol(line + 9, NULL, 10);
line = strstr(text, "SwapTotal:");
swap_kib = strtol(line + 10, NULL, 10);`,
			look: "memory_kib and swap_kib are what this system has, in KiB; mode says how it deals with promises (vm.overcommit_memory).",
			expect: [
				{ kind: "permissions", of: "text", are: "rw-p" },
				{ kind: "present", of: "text", pages: 1, least: true },
			],
			varies: ["present", "values"],
			why: "Every page that a process has written to needs memory or swap. A page that was mapped and never touched needs neither. So a system can promise more than it has (overcommit), as airlines sell more seats than there are. Mode 0 refuses what is absurd, mode 1 refuses nothing, mode 2 counts strictly.",
			man: ["proc_meminfo(5)", "proc_sys_vm(5)"],
		},
		{
			title: "Ask for twice as much as there is",
			code: `absurd = 2 * (memory_kib + swap_kib) * 1024;
big = mmap(NULL, absurd, ${readWrite}, ${anonymous}, -1, 0);`,
			look: "In modes 0 and 2: MAP_FAILED, ENOMEM. In mode 1 it succeeds.",
			expect: [
				{ kind: "fails", errno: "ENOMEM", when: "mode != 1" },
				{ kind: "succeeds", when: "mode == 1" },
			],
			varies: ["present", "values"],
			why: "Private writable memory is a promise: each page of it may one day have to exist. In mode 0 the kernel refuses a single call that asks for more than all memory and swap together, and lets pass everything else.",
			man: ["mmap(2)", "proc_sys_vm(5)"],
		},
		{
			title: "Reserve 512 GiB",
			code: `p = mmap(NULL, ${reserved}, ${readWrite}, ${anonymous} | MAP_NORESERVE, -1, 0);`,
			look: "An address. Size is 512 GiB, Rss is 0. Among the VmFlags stands nr, and not ac.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "permissions", of: "p", are: "rw-p" },
				{ kind: "smaps", of: "p", field: "Size", bytes: reserved },
				{ kind: "smaps", of: "p", field: "Rss", bytes: 0 },
				{ kind: "present", of: "p", pages: 0 },
				{ kind: "flag", of: "p", flag: "nr", set: true },
				{ kind: "flag", of: "p", flag: "ac", set: false },
			],
			mayFail: [
				{
					errno: "ENOMEM",
					because: "This system counts strictly (vm.overcommit_memory is 2), or limits addresses (RLIMIT_AS).",
				},
			],
			ends: true,
			varies: ["present"],
			why: "MAP_NORESERVE says: promise nothing. The kernel writes down a start and an end, which costs the same for a page as for 512 GiB. Whoever touches more than there is will be killed by the OOM killer, which is the price of having asked for no promise.",
			man: ["mmap(2)", "proc_pid_smaps(5)"],
		},
		{
			title: "Touch three places",
			code: `p[0] = 1;
p[256L << 30] = 1;
p[(${reserved}) - 1] = 1;`,
			look: "Three pages are present, hundreds of gigabytes apart. Rss is a few KiB of 512 GiB. (Three huge pages, where transparent huge pages are set to “always”.)",
			expect: [
				{ kind: "present", of: "p", pages: 3, least: true },
				{ kind: "mappings", of: "p", count: 1 },
				{ kind: "smaps", of: "p", field: "Size", bytes: reserved },
			],
			varies: ["present"],
			why: "Page tables are trees: their branches exist only where something was touched. Sanitizers and garbage collectors build on that; they reserve a large part of the address space, and compute where in it something has to be.",
			man: ["mmap(2)"],
		},
		{
			title: "Another way: reserve what nobody may touch",
			code: `r = mmap(NULL, 1 << 30, PROT_NONE, ${anonymous}, -1, 0);`,
			look: "---p, and no ac among the VmFlags, although nothing was said about reserving.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "permissions", of: "r", are: "---p" },
				{ kind: "flag", of: "r", flag: "ac", set: false },
				{ kind: "present", of: "r", pages: 0 },
			],
			mayFail: [{ errno: "ENOMEM", because: "The addresses of this process are limited (RLIMIT_AS)." }],
			ends: true,
			varies: ["present"],
			why: "What cannot be written can never need memory of its own, so it counts for nothing, in every mode. That is how portable programs reserve: first PROT_NONE for all, later more rights for a part.",
			man: ["mmap(2)", "mprotect(2)"],
		},
		{
			title: "Commit it",
			code: `pread(info, text, 4 * page - 1, 0);
line = strstr(text, "Committed_AS:");
before_kib = strtol(line + 13, NULL, 10);
committed = mprotect(r, 1 << 30, ${readWrite});
pread(info, text, 4 * page - 1, 0);
line = strstr(text, "Committed_AS:");
after_kib = strtol(line + 13, NULL, 10);`,
			look: "rw-p, and now ac: this gibibyte counts. No page is present all the same.",
			expect: [
				{ kind: "value", of: "committed", is: 0 },
				{ kind: "permissions", of: "r", are: "rw-p" },
				{ kind: "flag", of: "r", flag: "ac", set: true },
				{ kind: "present", of: "r", pages: 0 },
				{ kind: "smaps", of: "r", field: "Rss", bytes: 0 },
			],
			mayFail: [
				{ of: "committed", errno: "ENOMEM", because: "This system does not want to promise another gibibyte." },
			],
			varies: ["values", "present"],
			why: "The promise is made when the memory becomes writable, not when it is used. Here a program can still be told no (ENOMEM); after that, every touch has to succeed.",
			man: ["mprotect(2)", "proc_pid_smaps(5)"],
		},
		{
			title: "Look at the system’s promises",
			code: `promised_gib = (after_kib - before_kib + (1 << 19)) / (1 << 20);
line = strstr(text, "CommitLimit:");
limit_kib = strtol(line + 12, NULL, 10);`,
			look: "Committed_AS had grown by 1 GiB between the two looks at it, right before and after. limit_kib is what mode 2 would allow at most.",
			expect: [
				{ kind: "value", of: "promised_gib", is: 1, when: "committed == 0" },
				{ kind: "permissions", of: "text", are: "rw-p" },
			],
			varies: ["values", "present"],
			why: "Committed_AS is the sum of all promises to all processes. On most systems it may be larger than all memory, and it says little about how full that is; MemAvailable is the number for that.",
			man: ["proc_meminfo(5)"],
		},
		{
			title: "Use a little of it",
			code: "if (committed == 0)\n    memset(r, 1, 1 << 20);",
			look: "Rss has grown by what was written (by a few MiB with huge pages). Size and ac are as before.",
			expect: [
				{ kind: "present", of: "r", pages: "(1 << 20) / page", least: true, when: "committed == 0" },
				{ kind: "mappings", of: "r", count: 1 },
				{ kind: "smaps", of: "r", field: "Size", bytes: "1 << 30" },
			],
			varies: ["present"],
			why: "Three numbers for one mapping: reserved (Size), promised (Size, if there is ac), and used (Rss). What top(1) shows as VIRT is the sum of the first, and no reason to worry.",
			man: ["proc_pid_smaps(5)"],
		},
		{
			title: "Decommit: give back memory and promise",
			code: `again = mmap(r, 1 << 30, PROT_NONE, ${anonymous} | MAP_FIXED, -1, 0);`,
			look: "---p without ac and without pages, at the same address: the reservation is as it was at first.",
			expect: [
				{ kind: "returns", value: "r" },
				{ kind: "permissions", of: "r", are: "---p" },
				{ kind: "flag", of: "r", flag: "ac", set: false },
				{ kind: "present", of: "r", pages: 0 },
			],
			varies: ["present"],
			why: "madvise with MADV_DONTNEED would give back the memory only, mprotect with PROT_NONE neither. Mapping anew with MAP_FIXED gives back both, and never lets go of the addresses.",
			man: ["mmap(2)", "madvise(2)"],
		},
		{
			title: "Give it all back",
			code: `munmap(r, 1 << 30);
munmap(p, ${reserved});`,
			look: "Two calls, and 513 GiB of addresses are free.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "permissions", of: "p", are: "none" },
				{ kind: "permissions", of: "r", are: "none" },
			],
			varies: ["present"],
			why: "In the tree of page tables, only branches that exist are visited. So size alone costs nothing here, either.",
			man: ["munmap(2)"],
		},
	],
};
