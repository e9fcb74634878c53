import type { Demo } from "../../../shared/labDemo";

const restarts = "The lab process dies of it, and is started again with the steps before run once more.";

export const faults: Demo = {
	id: "faults",
	number: 12,
	title: "Faults: SIGSEGV and SIGBUS",
	teaches:
		"SIGSEGV says that the mapping does not allow it, or is not there; SIGBUS that the mapping does, but there is nothing behind it.",
	data: [
		{
			name: "code",
			bytes: {
				x64: [0xb8, 0x2a, 0x00, 0x00, 0x00, 0xc3],
				arm64: [0x40, 0x05, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6],
			},
			comment: "A function that returns 42: mov eax, 42; ret on x86-64, mov w0, #42; ret on arm64.",
		},
	],
	steps: [
		{
			title: "Three pages with three kinds of rights",
			code: `p = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
memset(p, 1, 3 * page);
memcpy(p, code, sizeof code);
mprotect(p + page, page, PROT_READ);
mprotect(p + 2 * page, page, PROT_NONE);`,
			look: "Three lines in maps: rw-p, r--p and ---p. All three pages are present.",
			expect: [
				{ kind: "returns", value: 0 },
				{
					kind: "permissions",
					of: "p",
					are: [
						{ permissions: "rw-p", pages: 1 },
						{ permissions: "r--p", pages: 1 },
						{ permissions: "---p", pages: 1 },
					],
				},
				{ kind: "mappings", of: "p", count: 3 },
				{ kind: "present", of: "p", pages: 3 },
			],
			why: "The processor checks the rights of a page at every access. When it may not, it asks the kernel (a page fault), and the kernel looks into its list of mappings: maps.",
			man: ["mprotect(2)"],
		},
		{
			title: "Read from PROT_NONE",
			code: "value = p[2 * page];",
			look: `SIGSEGV with SEGV_ACCERR: there is a mapping, and it says no. ${restarts}`,
			expect: [{ kind: "killed", signal: "SIGSEGV", code: "SEGV_ACCERR", address: "p + 2 * page" }],
			why: "The page is in memory, its contents are known, and still nobody may see them: rights belong to the mapping. The kernel hands the address to the signal’s handler (si_addr), together with a code that says what kind of fault it was.",
			man: ["mprotect(2)", "sigaction(2)"],
		},
		{
			title: "Write to a read-only page",
			code: "p[page] = 2;",
			look: "SIGSEGV with SEGV_ACCERR, for another reason: reading would have been fine.",
			expect: [{ kind: "killed", signal: "SIGSEGV", code: "SEGV_ACCERR", address: "p + page" }],
			why: "Not every write fault is an error: copy-on-write works with pages that the processor holds for read-only. What decides is the w of the mapping.",
			man: ["mprotect(2)", "mmap(2)"],
		},
		{
			title: "Execute a page without PROT_EXEC",
			code: "((int (*)(void))p)();",
			look: "SIGSEGV with SEGV_ACCERR at the first instruction, although the bytes there are sound machine code.",
			expect: [{ kind: "killed", signal: "SIGSEGV", code: "SEGV_ACCERR", address: "p" }],
			why: "Data that cannot be executed is what stops the oldest of all attacks: writing code into a buffer and jumping to it. Processors have a bit for it in every page-table entry (NX, XN).",
			man: ["mprotect(2)"],
		},
		{
			title: "Unmap the middle",
			code: "munmap(p + page, page);",
			look: "A hole of one page between two mappings.",
			expect: [
				{ kind: "returns", value: 0 },
				{
					kind: "permissions",
					of: "p",
					are: [
						{ permissions: "rw-p", pages: 1 },
						{ permissions: "none", pages: 1 },
						{ permissions: "---p", pages: 1 },
					],
				},
				{ kind: "present", of: "p", pages: 2 },
			],
			why: "munmap takes any whole pages, also from the middle of what mmap gave.",
			man: ["munmap(2)"],
		},
		{
			title: "Touch what is not mapped",
			code: "value = p[page];",
			look: "SIGSEGV again, with another code: SEGV_MAPERR. The address belongs to no mapping.",
			expect: [{ kind: "killed", signal: "SIGSEGV", code: "SEGV_MAPERR", address: "p + page" }],
			why: "This is the common kind: a pointer that was never set, a freed block whose pages have gone, an index far too large.",
			man: ["sigaction(2)", "munmap(2)"],
		},
		{
			title: "Map four pages of a file that has two and a bit",
			code: `fd = memfd_create("faults", 0);
ftruncate(fd, 2 * page + 5);
f = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
memset(f, 'x', 2 * page + 5);`,
			look: "One mapping of four pages, rw-s. Three are present: the file’s last 5 bytes have a page to themselves.",
			expect: [
				{ kind: "permissions", of: "f", are: "rw-s" },
				{ kind: "mappings", of: "f", count: 1 },
				{ kind: "present", of: "f", pages: 3 },
			],
			why: "mmap does not ask whether the file is long enough. It may grow later, and then the mapping is already there. memfd_create makes a file that lies in memory only, so that no file of yours is touched.",
			man: ["mmap(2)", "memfd_create(2)"],
		},
		{
			title: "Read behind the end, on the last page",
			code: "value = f[2 * page + 100];",
			look: "No fault: it reads 0.",
			expect: [
				{ kind: "value", of: "value", is: 0 },
				{ kind: "present", of: "f", pages: 3 },
			],
			why: "The page is there for its first 5 bytes. The rest of it is zeros: it can be read, even written, but never becomes part of the file.",
			man: ["mmap(2)"],
		},
		{
			title: "Read a page beyond the end",
			code: "value = f[3 * page];",
			look: "SIGBUS, not SIGSEGV: the mapping covers the address and allows the access, but there is no such page in the file.",
			expect: [{ kind: "killed", signal: "SIGBUS", code: "BUS_ADRERR", address: "f + 3 * page" }],
			why: "The kernel consulted the mapping, which was content, and then the file, which had nothing to give. Programs that map files of others have to be ready for it.",
			man: ["mmap(2)", "sigaction(2)"],
		},
		{
			title: "Shorten the file under the mapping",
			code: "ftruncate(fd, page);",
			look: "The line in maps is the same. Two of the three pages have gone from the page table all the same.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "permissions", of: "f", are: "rw-s" },
				{ kind: "mappings", of: "f", count: 1 },
				{ kind: "present", of: "f", pages: 1 },
			],
			why: "Truncating removes the pages from the page cache, and from every process that had mapped them. Nobody is told: not even a process that has just been reading there.",
			man: ["ftruncate(2)", "mmap(2)"],
		},
		{
			title: "Touch what was there a moment ago",
			code: "value = f[page];",
			look: "SIGBUS: the same access as before the file was shortened, the same mapping, another answer.",
			expect: [{ kind: "killed", signal: "SIGBUS", code: "BUS_ADRERR", address: "f + page" }],
			why: "This is why mapped files and other programs that truncate them do not go together, and why tools that map logs or indices fall over once in a while. Sealing a memfd against shrinking rules it out.",
			man: ["mmap(2)", "memfd_create(2)"],
		},
		{
			title: "Map a huge page that nobody has reserved",
			code: `h = mmap(NULL, 2 << 20, PROT_READ | PROT_WRITE,
         MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_HUGE_2MB | MAP_NORESERVE, -1, 0);`,
			look: "The call succeeds even with an empty pool (HugePages_Free in /proc/meminfo), since MAP_NORESERVE waives the reservation.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "permissions", of: "h", are: "rw-p" },
				{ kind: "flag", of: "h", flag: "ht", set: true },
				{ kind: "present", of: "h", pages: 0 },
			],
			mayFail: [
				{ errno: "EINVAL", because: "This kernel or processor has no huge pages of 2 MiB." },
				{ errno: "ENOSYS", because: "This kernel was built without huge pages." },
				{ errno: "ENOMEM", because: "The system does not allow this process any huge pages." },
			],
			ends: true,
			why: "Huge pages come from a pool that an administrator sets aside. Without MAP_NORESERVE, mmap would have reserved one, and failed with ENOMEM when there is none.",
			man: ["mmap(2)"],
		},
		{
			title: "Touch it",
			code: "h[0] = 1;",
			look: "SIGBUS: the pool is empty. On a system with free huge pages in its pool the write succeeds instead.",
			expect: [{ kind: "killed", signal: "SIGBUS", code: "BUS_ADRERR", address: "h" }],
			why: "The promise of the mapping cannot be kept: there is no page of that size. An ordinary page would have been found, if need be by taking it from somebody else.",
			man: ["mmap(2)"],
		},
	],
};
