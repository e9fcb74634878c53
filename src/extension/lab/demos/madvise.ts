import type { Demo } from "../../../shared/labDemo";
import { noZeroPage } from "./zeroPage";

const readWrite = "PROT_READ | PROT_WRITE";
const anonymous = "MAP_PRIVATE | MAP_ANONYMOUS";
const hugeLength = "8 << 20";

export const madvise: Demo = {
	id: "madvise",
	number: 7,
	title: "madvise: tell the kernel what you will do",
	teaches:
		"Some advice is only a hint, some throws pages away, some brings them in, and some decides what fork or a core dump take.",
	parameters: [
		{
			kind: "file",
			name: "file",
			title: "File to read",
			scratch: { text: "The first of 64 pages.\n", size: "64 * page" },
		},
	],
	steps: [
		{
			title: "Eight pages, all written to",
			code: `p = mmap(NULL, 8 * page, ${readWrite}, ${anonymous}, -1, 0);
memset(p, 'x', 8 * page);`,
			look: "Eight pages present, and dirty: Private_Dirty.",
			expect: [
				{ kind: "permissions", of: "p", are: "rw-p" },
				{ kind: "present", of: "p", pages: 8 },
				{ kind: "smaps", of: "p", field: "Private_Dirty", bytes: "8 * page" },
			],
			why: "The kernel watches what a program does and guesses what comes next. madvise is for programs that know better.",
			man: ["madvise(2)"],
		},
		{
			title: "MADV_DONTNEED: throw away",
			code: "madvise(p, 4 * page, MADV_DONTNEED);",
			look: "Four of the eight pages have gone at once. The line in maps has not changed.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "present", of: "p", pages: 4 },
				{ kind: "smaps", of: "p", field: "Rss", bytes: "4 * page" },
				{ kind: "mappings", of: "p", count: 1 },
				{ kind: "permissions", of: "p", are: "rw-p" },
			],
			why: "It sounds like a hint, but on Linux it is a deed: contents are lost, and RSS falls. Allocators use it to give memory back and keep the addresses.",
			man: ["madvise(2)"],
		},
		{
			title: "Read what was thrown away",
			code: "value = p[0];",
			look: "0 instead of “x”. The page that came for it is the zero page, which is not in RSS.",
			expect: [
				{ kind: "value", of: "value", is: 0 },
				{ kind: "present", of: "p", pages: 5 },
				{ kind: "smaps", of: "p", field: "Rss", bytes: "4 * page" },
			],
			withoutZeroPage: {
				of: "p",
				expect: [
					{ kind: "value", of: "value", is: 0 },
					{ kind: "present", of: "p", pages: 5 },
					{ kind: "smaps", of: "p", field: "Rss", bytes: "5 * page" },
				],
				because: noZeroPage,
			},
			why: "Private anonymous memory starts again from zeros. In a mapping of a file, MADV_DONTNEED would have led back to the file’s contents.",
			man: ["madvise(2)"],
		},
		{
			title: "MADV_FREE: may be thrown away",
			code: "memset(p, 'x', 8 * page);\nmadvise(p, 8 * page, MADV_FREE);",
			look: "The pages are still present, but none is dirty any more: Private_Dirty has become Private_Clean.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "smaps", of: "p", field: "Private_Dirty", bytes: 0 },
			],
			mayFail: [{ errno: "EINVAL", because: "MADV_FREE came with Linux 4.5." }],
			varies: ["present"],
			why: "Lazier than MADV_DONTNEED: the kernel takes the pages only when it runs short of memory, without saving them. Until then reading finds the old bytes, afterwards zeros. (LazyFree in smaps counts such pages, some time later.)",
			man: ["madvise(2)", "proc_pid_smaps(5)"],
		},
		{
			title: "Use one of them again",
			code: "p[0] = 'y';",
			look: "One page is dirty again, and so safe. The other seven may still go.",
			expect: [
				{ kind: "smaps", of: "p", field: "Private_Dirty", bytes: "page" },
				{ kind: "present", of: "p", pages: 1, least: true },
			],
			varies: ["present"],
			why: "A write takes the permission back, without a system call. That makes MADV_FREE cheap for memory that is soon used again.",
			man: ["madvise(2)"],
		},
		{
			title: "MADV_COLD: not used for now",
			code: "madvise(p, 8 * page, MADV_DONTNEED);\nmemset(p, 'x', 8 * page);\nmadvise(p, 8 * page, MADV_COLD);",
			look: "Eight new pages are present and dirty, but Referenced is 0.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "present", of: "p", pages: 8 },
				{ kind: "smaps", of: "p", field: "Referenced", bytes: 0 },
			],
			mayFail: [{ errno: "EINVAL", because: "MADV_COLD came with Linux 5.4." }],
			why: "Nothing is lost: the pages are only moved to where the kernel looks first when it needs some. It then swaps them out, as it would any other. Pages that came a moment ago wait in a short list of the processor they came on; the call passes over those in the list of another one, so the step begins with new pages.",
			man: ["madvise(2)"],
		},
		{
			title: "MADV_GUARD_INSTALL: a page that bites",
			code: "guard = madvise(p + page, page, MADV_GUARD_INSTALL);",
			look: "One page has gone and its place is a guard. In maps there is still a single line, rw-p from end to end.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "present", of: "p", pages: 7 },
				{ kind: "mappings", of: "p", count: 1 },
				{ kind: "permissions", of: "p", are: "rw-p" },
			],
			mayFail: [{ errno: "EINVAL", because: "MADV_GUARD_INSTALL came with Linux 6.13." }],
			why: "A guard page catches what runs over the end of a buffer or a stack. With mprotect each one makes two more mappings; here the mark is an entry of the page table, and costs nothing else.",
			man: ["madvise(2)"],
		},
		{
			title: "Touch the guard",
			code: "value = p[page];",
			look: "SIGSEGV, in the middle of a mapping that allows reading. Without guards (before Linux 6.13) the read succeeds.",
			expect: [
				{ kind: "killed", signal: "SIGSEGV", address: "p + page", when: "guard == 0" },
				{ kind: "value", of: "value", is: "'x'", when: "guard != 0" },
			],
			why: "The kernel found the mark where a page should be. The signal’s code is that of an address without a mapping (SEGV_MAPERR), although maps shows one: guards are in the page table only. The lab process has died of it, and was started again.",
			man: ["madvise(2)", "sigaction(2)"],
		},
		{
			title: "MADV_GUARD_REMOVE",
			code: "madvise(p + page, page, MADV_GUARD_REMOVE);\nvalue = p[page];",
			look: "It can be read again, and is 0: what was there before the guard is lost.",
			expect: [
				{ kind: "value", of: "value", is: 0, when: "guard == 0" },
				{ kind: "value", of: "value", is: "'x'", when: "guard != 0" },
				{ kind: "mappings", of: "p", count: 1 },
			],
			varies: ["present"],
			why: "Removing makes an ordinary page that is not present of it.",
			man: ["madvise(2)"],
		},
		{
			title: "MADV_POPULATE_WRITE: bring in, ready for writing",
			code: `w = mmap(NULL, 16 * page, ${readWrite}, ${anonymous}, -1, 0);
madvise(w, 16 * page, MADV_POPULATE_WRITE);`,
			look: "Sixteen pages that nobody has written to are present, and each is the process’s own.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "present", of: "w", pages: 16 },
				{ kind: "exclusive", of: "w", pages: 16 },
				{ kind: "smaps", of: "w", field: "Rss", bytes: "16 * page" },
			],
			mayFail: [{ errno: "EINVAL", because: "MADV_POPULATE_WRITE came with Linux 5.14." }],
			why: "All page faults at once, at a time of one’s own choice, and with an error instead of a signal when there is no memory.",
			man: ["madvise(2)"],
		},
		{
			title: "MADV_DONTFORK and MADV_WIPEONFORK",
			code: `memset(w, 'w', 16 * page);
madvise(p, 8 * page, MADV_DONTFORK);
madvise(w, 16 * page, MADV_WIPEONFORK);`,
			look: "Two marks among the VmFlags: dc (don’t copy) on p, wf (wipe on fork) on w.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "flag", of: "p", flag: "dc", set: true },
				{ kind: "flag", of: "w", flag: "wf", set: true },
			],
			mayFail: [{ errno: "EINVAL", because: "MADV_WIPEONFORK came with Linux 4.14." }],
			ends: true,
			varies: ["present"],
			why: "MADV_DONTFORK is for memory that a device writes to, which copy-on-write would move away from under it. MADV_WIPEONFORK is for secrets and seeds: two processes must not go on with the same random numbers.",
			man: ["madvise(2)"],
		},
		{
			title: "Fork",
			code: "child = fork();",
			look: "In the child p is not mapped at all. w is there, and empty.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "permissions", of: "p", process: "child", are: "none" },
				{ kind: "permissions", of: "w", process: "child", are: "rw-p" },
				{ kind: "present", of: "w", process: "child", pages: 0 },
				{ kind: "present", of: "w", pages: 16 },
			],
			varies: ["present"],
			why: "fork looks at these marks for each mapping. Undo them with MADV_DOFORK and MADV_KEEPONFORK.",
			man: ["fork(2)", "madvise(2)"],
		},
		{
			title: "The child reads w",
			process: "child",
			code: "value = w[0];",
			look: "0 in the child. In the parent it is “w”.",
			expect: [
				{ kind: "value", of: "value", is: 0 },
				{ kind: "permissions", of: "w", are: "rw-p" },
			],
			varies: ["present"],
			why: "A child that reads p would die of SIGSEGV; one that reads w finds zeros, and can tell from them that it is a new process.",
			man: ["madvise(2)"],
		},
		{
			title: "End the child",
			code: "kill(child, SIGKILL);\nended = waitpid(child, NULL, 0);",
			look: "waitpid returns its pid.",
			expect: [
				{ kind: "returns", value: "child" },
				{ kind: "process", of: "child", is: "ended" },
			],
			varies: ["present"],
			why: "It has shown what it could.",
			man: ["waitpid(2)"],
		},
		{
			title: "MADV_DONTDUMP: leave out of core dumps",
			code: "madvise(w, 16 * page, MADV_DONTDUMP);",
			look: "dd among the VmFlags of w. Nothing else changes.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "flag", of: "w", flag: "dd", set: true },
				{ kind: "present", of: "w", pages: 16 },
			],
			varies: ["present"],
			why: "A core dump is a file with the memory of a program that crashed. Keys should not be in it, nor caches of gigabytes that nobody will look at.",
			man: ["madvise(2)", "core(5)"],
		},
		{
			title: "MADV_HUGEPAGE: larger pages, please",
			code: `h = mmap(NULL, ${hugeLength}, ${readWrite}, ${anonymous}, -1, 0);
huge_allowed = madvise(h, ${hugeLength}, MADV_HUGEPAGE);`,
			look: "hg among the VmFlags of h. Nothing is present yet.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "flag", of: "h", flag: "hg", set: true },
				{ kind: "present", of: "h", pages: 0 },
			],
			mayFail: [{ errno: "EINVAL", because: "This kernel was built without transparent huge pages." }],
			varies: ["present"],
			why: "A huge page (2 MiB on x86-64, and on arm64 with pages of 4 KiB) needs one entry in the page table, and one in the processor’s cache of such entries, where small pages need 512. The kernel uses them only for aligned pieces that lie in the mapping as a whole.",
			man: ["madvise(2)"],
		},
		{
			title: "Touch one byte of it",
			code: `h[4 << 20] = 1;
mincore(h + (4 << 20) - page, 3 * page, vec);
huge = (vec[0] | vec[2]) & 1;`,
			look: "One byte, and 2 MiB are present: AnonHugePages says so, too. (If huge is 0 the system had no huge page to give, or does not want to: see /sys/kernel/mm/transparent_hugepage/enabled.)",
			expect: [
				{ kind: "present", of: "h", pages: 1, when: "huge == 0" },
				{ kind: "present", of: "h", pages: "(2 << 20) / page", when: "huge == 1" },
				{ kind: "smaps", of: "h", field: "Rss", bytes: "2 << 20", when: "huge == 1" },
				{ kind: "smaps", of: "h", field: "AnonHugePages", bytes: "2 << 20", when: "huge == 1" },
			],
			varies: ["present", "values"],
			why: "The fault took a huge page instead of a small one. That is one fault instead of 512, and memory that may never be used: hence the choice.",
			man: ["madvise(2)", "proc_pid_smaps(5)"],
		},
		{
			title: "A file mapping",
			code: `fd = open(file, O_RDONLY);
fsync(fd);
f = mmap(NULL, 64 * page, PROT_READ, MAP_SHARED, fd, 0);
for (i = 0; i < 64; i++)
    value = f[i * page];`,
			look: "All 64 pages of the file are present.",
			expect: [
				{ kind: "permissions", of: "f", are: "r--s" },
				{ kind: "present", of: "f", pages: 64 },
			],
			varies: ["present"],
			why: "The rest of the advice is about pages that can be read from a file again.",
			man: ["mmap(2)"],
		},
		{
			title: "MADV_PAGEOUT: get it out of memory",
			code: "madvise(f, 64 * page, MADV_PAGEOUT);\nmincore(f, 64 * page, vec);\nkept = vec[32] & 1;",
			look: "From a file on disk the pages have gone, from this process and from the page cache. (On tmpfs they would have to be swapped out; kept is 1 if they were not.)",
			expect: [
				{ kind: "mappings", of: "f", count: 1 },
				{ kind: "permissions", of: "f", are: "r--s" },
				{ kind: "present", of: "f", pages: 0, when: "kept == 0" },
			],
			mayFail: [{ errno: "EINVAL", because: "MADV_PAGEOUT came with Linux 5.4." }],
			varies: ["present", "values"],
			why: "What MADV_COLD only suggests is done at once: clean pages of files are dropped, others are written to disk or to swap first. Pages that another process uses, too, are left alone.",
			man: ["madvise(2)"],
		},
		{
			title: "MADV_WILLNEED: start reading",
			code: "madvise(f, 64 * page, MADV_WILLNEED);\nmincore(f, 64 * page, vec);",
			look: "The kernel has begun to read. How much has arrived when mincore looks is a matter of the disk; and nothing is mapped by it.",
			expect: [
				{ kind: "permissions", of: "f", are: "r--s" },
				{ kind: "mappings", of: "f", count: 1 },
			],
			varies: ["present", "values"],
			why: "It returns without waiting. Later touches will find the pages in the page cache, and only need to map them.",
			man: ["madvise(2)", "readahead(2)"],
		},
		{
			title: "MADV_POPULATE_READ: read and map, now",
			code: "madvise(f, 64 * page, MADV_POPULATE_READ);\nmincore(f, 64 * page, vec);",
			look: "All 64 pages are in memory and present.",
			expect: [
				{ kind: "inCore", pages: 64 },
				{ kind: "present", of: "f", pages: 64 },
			],
			mayFail: [{ errno: "EINVAL", because: "MADV_POPULATE_READ came with Linux 5.14." }],
			why: "This one waits, and reports errors of the disk as an errno instead of a SIGBUS.",
			man: ["madvise(2)"],
		},
		{
			title: "MADV_SEQUENTIAL: from front to back",
			code: "madvise(f, 64 * page, MADV_SEQUENTIAL);",
			look: "sr among the VmFlags.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "flag", of: "f", flag: "sr", set: true },
				{ kind: "mappings", of: "f", count: 1 },
			],
			varies: ["present"],
			why: "The kernel will read ahead more, and let go earlier of what was passed.",
			man: ["madvise(2)"],
		},
		{
			title: "MADV_RANDOM: here and there",
			code: "madvise(f, 32 * page, MADV_RANDOM);",
			look: "rr for the first half, sr for the second: the mapping is split, since each has one advice.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "flag", of: "f", flag: "rr", set: true },
				{ kind: "flag", of: "f", flag: "sr", set: false },
				{ kind: "mappings", of: "f", count: 2 },
				{ kind: "permissions", of: "f", are: "r--s" },
			],
			varies: ["present"],
			why: "A fault will read the one page that was asked for and nothing around it, which is what a database that jumps through a large file wants.",
			man: ["madvise(2)"],
		},
		{
			title: "MADV_NORMAL: as at first",
			code: "madvise(f, 64 * page, MADV_NORMAL);",
			look: "Neither rr nor sr, and a single mapping again.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "flag", of: "f", flag: "rr", set: false },
				{ kind: "flag", of: "f", flag: "sr", set: false },
				{ kind: "mappings", of: "f", count: 1 },
			],
			varies: ["present"],
			why: "These three replace one another.",
			man: ["madvise(2)"],
		},
		{
			title: "Advice that the kernel does not know",
			code: "madvise(p, page, 99);",
			look: "−1, EINVAL.",
			expect: [
				{ kind: "fails", errno: "EINVAL" },
				{ kind: "mappings", of: "p", count: 1 },
			],
			varies: ["present"],
			why: "New advice comes with most kernels. A program that can do without calls madvise, and goes on if the answer is EINVAL.",
			man: ["madvise(2)"],
		},
	],
};
