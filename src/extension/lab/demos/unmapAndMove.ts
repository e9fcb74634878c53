import type { Demo } from "../../../shared/labDemo";

const readWrite = "PROT_READ | PROT_WRITE";

export const unmapAndMove: Demo = {
	id: "munmap-mremap-msync",
	number: 5,
	title: "munmap, mremap, msync: give back, move, save",
	teaches:
		"A mapping can be cut anywhere, grown, shrunk and moved without copying a byte; msync decides when a file’s pages are on disk.",
	parameters: [
		{
			kind: "file",
			name: "file",
			title: "File to write to",
			scratch: { text: "eight pages\n", size: "8 * page" },
			written: true,
		},
	],
	steps: [
		{
			title: "Eight pages, written to",
			code: `p = mmap(NULL, 8 * page, ${readWrite}, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
memset(p, 'p', 8 * page);`,
			look: "One line in maps, eight pages present.",
			expect: [
				{ kind: "permissions", of: "p", are: "rw-p" },
				{ kind: "mappings", of: "p", count: 1 },
				{ kind: "present", of: "p", pages: 8 },
			],
			why: "What mmap has given as one is not tied together: every page can later have another fate.",
			man: ["mmap(2)"],
		},
		{
			title: "munmap: a hole in the middle",
			code: "munmap(p + 2 * page, 2 * page);",
			look: "One mapping has become two, with a hole of two pages. Six pages are present.",
			expect: [
				{ kind: "returns", value: 0 },
				{
					kind: "permissions",
					of: "p",
					are: [
						{ permissions: "rw-p", pages: 2 },
						{ permissions: "none", pages: 2 },
						{ permissions: "rw-p", pages: 4 },
					],
				},
				{ kind: "mappings", of: "p", count: 2 },
				{ kind: "present", of: "p", pages: 6 },
			],
			why: `munmap takes a range of addresses, not the result of an mmap. It may cut a mapping, and it may span several. What lies in the range is lost at once, addresses and memory alike.

Unlike free(3) it does give the memory back to the system.`,
			man: ["munmap(2)"],
		},
		{
			title: "munmap: nothing there",
			code: "munmap(p + 2 * page, 2 * page);",
			look: "0, once more: it is no error to unmap what is not mapped.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "mappings", of: "p", count: 2 },
				{ kind: "present", of: "p", pages: 6 },
			],
			why: "After the call the range is free, and that is all it promises. So unmapping twice goes unnoticed here; in a program with threads, somebody else may have been given the range meanwhile.",
			man: ["munmap(2)"],
		},
		{
			title: "munmap: an address inside a page",
			code: "munmap(p + 1, page);",
			look: "−1, EINVAL. Nothing has changed.",
			expect: [
				{ kind: "fails", errno: "EINVAL" },
				{ kind: "mappings", of: "p", count: 2 },
			],
			why: "Half a page cannot be taken out of a page table. The start has to lie between two pages; the length is rounded up.",
			man: ["munmap(2)"],
		},
		{
			title: "mremap: grow where it is",
			code: "mremap(p, 2 * page, 4 * page, 0);",
			look: "The same address, four pages instead of two: the hole is closed. The new pages are not present yet.",
			expect: [
				{ kind: "returns", value: "p" },
				{ kind: "permissions", of: "p", are: "rw-p" },
				{ kind: "present", of: "p", pages: 6 },
			],
			why: "mremap changes the size of a mapping. Where the addresses behind it are free it just takes them, which costs next to nothing however large the mapping is.",
			man: ["mremap(2)"],
		},
		{
			title: "mremap: shrink",
			code: "mremap(p, 4 * page, 2 * page, 0);",
			look: "The hole is back. Shrinking never moves anything.",
			expect: [
				{ kind: "returns", value: "p" },
				{
					kind: "permissions",
					of: "p",
					are: [
						{ permissions: "rw-p", pages: 2 },
						{ permissions: "none", pages: 2 },
						{ permissions: "rw-p", pages: 4 },
					],
				},
				{ kind: "present", of: "p", pages: 6 },
			],
			why: "It is a munmap of the end.",
			man: ["mremap(2)"],
		},
		{
			title: "mremap: no room to grow",
			code: "mremap(p, 2 * page, 6 * page, 0);",
			look: "MAP_FAILED, ENOMEM: two pages are free, four would be needed. The mapping stays as it was.",
			expect: [
				{ kind: "fails", errno: "ENOMEM" },
				{ kind: "mappings", of: "p", count: 2 },
				{ kind: "present", of: "p", pages: 6 },
			],
			why: "Without MREMAP_MAYMOVE the address has to stay, since there may be pointers into the mapping. ENOMEM is about addresses here, not about memory.",
			man: ["mremap(2)"],
		},
		{
			title: "mremap: move the pages, leave the mapping",
			code: `r = mremap(p + 4 * page, 4 * page, 4 * page, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);`,
			look: "The last four pages of p are in r now. Their old mapping is still there, and empty.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "permissions", of: "r", are: "rw-p" },
				{ kind: "present", of: "r", pages: 4 },
				{
					kind: "permissions",
					of: "p",
					are: [
						{ permissions: "rw-p", pages: 2 },
						{ permissions: "none", pages: 2 },
						{ permissions: "rw-p", pages: 4 },
					],
				},
				{ kind: "present", of: "p", pages: 2 },
			],
			mayFail: [{ errno: "EINVAL", because: "MREMAP_DONTUNMAP came with Linux 5.7." }],
			why: "No byte was copied: the kernel has moved entries from one place in the page table to another. Whoever touches the old place finds fresh zeros, or, if the program watches it with userfaultfd(2), waits until somebody puts a page there. Garbage collectors use that to move objects while the program runs.",
			man: ["mremap(2)", "userfaultfd(2)"],
		},
		{
			title: "mremap: move, to grow",
			code: `q = mremap(p, 2 * page, 6 * page, MREMAP_MAYMOVE);
moved = q != p;
first = q[0];`,
			look: "Another address. Two pages and what was in them are there already (112 is “p”); the old ones are gone.",
			expect: [
				{ kind: "value", of: "moved", is: 1 },
				{ kind: "value", of: "first", is: "'p'" },
				{ kind: "permissions", of: "q", are: "rw-p" },
				{ kind: "present", of: "q", pages: 2 },
				{
					kind: "permissions",
					of: "p",
					are: [
						{ permissions: "none", pages: 4 },
						{ permissions: "rw-p", pages: 4 },
					],
				},
			],
			why: `The kernel has found room for six pages elsewhere, and moved the entries of the page table there. That is how realloc(3) grows large blocks without copying them.

Pointers into the old place are invalid now. With MREMAP_FIXED the caller chooses the new address, and whatever is there is replaced.`,
			man: ["mremap(2)"],
		},
		{
			title: "A shared file, written to",
			code: `fd = open(file, O_RDWR);
f = mmap(NULL, 8 * page, ${readWrite}, MAP_SHARED, fd, 0);
memset(f, 'f', 8 * page);`,
			look: "The file has changed for every program. In smaps its eight pages are dirty: not on disk, or not yet.",
			expect: [
				{ kind: "permissions", of: "f", are: "rw-s" },
				{ kind: "present", of: "f", pages: 8 },
				{ kind: "file", of: "file", starts: "ffff" },
			],
			why: "The bytes went into the page cache, which all programs read. A disk follows some seconds later, when the kernel writes back what is dirty.",
			man: ["mmap(2)", "proc_pid_smaps(5)"],
		},
		{
			title: "msync: do not wait",
			code: "msync(f, 8 * page, MS_ASYNC);",
			look: "0, and nothing has changed: the pages are as dirty as before.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "present", of: "f", pages: 8 },
				{ kind: "unchanged", of: "file" },
			],
			why: "MS_ASYNC has done nothing since Linux 2.6.19: the kernel keeps track of dirty pages by itself and writes them in its own time. Programs that want writing to start now use sync_file_range(2).",
			man: ["msync(2)"],
		},
		{
			title: "msync: wait until it is on disk",
			code: "msync(f, 8 * page, MS_SYNC);",
			look: "0. On a file system on disk, Private_Dirty has become Private_Clean. The contents are the same.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "present", of: "f", pages: 8 },
				{ kind: "unchanged", of: "file" },
			],
			why: "The kernel has written the dirty pages and waited for the device. It write-protects them, too, so that it notices the next store. A file in memory (tmpfs) has no disk to be written to, and stays dirty.",
			man: ["msync(2)"],
		},
		{
			title: "msync: both at once",
			code: "msync(f, 8 * page, MS_SYNC | MS_ASYNC);",
			look: "−1, EINVAL.",
			expect: [{ kind: "fails", errno: "EINVAL" }],
			why: "Waiting and not waiting exclude each other.",
			man: ["msync(2)"],
		},
		{
			title: "msync: a range with a hole",
			code: "munmap(f + page, page);\nmsync(f, 8 * page, MS_SYNC);",
			look: "−1, ENOMEM. The mapped pages of the range have been written all the same.",
			expect: [
				{ kind: "fails", errno: "ENOMEM" },
				{
					kind: "permissions",
					of: "f",
					are: [
						{ permissions: "rw-s", pages: 1 },
						{ permissions: "none", pages: 1 },
						{ permissions: "rw-s", pages: 6 },
					],
				},
			],
			why: "msync goes on behind the hole and reports it in the end. It is the usual way to learn that a range is not what one thought.",
			man: ["msync(2)"],
		},
		{
			title: "Lock a page",
			code: "mlock(f, page);",
			look: "lo stands among the VmFlags of the first page.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "flag", of: "f", flag: "lo", set: true },
			],
			mayFail: [
				{ errno: "ENOMEM", because: "This user has no right to lock a page more (RLIMIT_MEMLOCK)." },
				{ errno: "EPERM", because: "This user has no right to lock memory (RLIMIT_MEMLOCK is 0)." },
			],
			ends: true,
			why: "A locked page may not leave memory.",
			man: ["mlock(2)"],
		},
		{
			title: "msync: invalidate what is locked",
			code: "msync(f, page, MS_INVALIDATE);",
			look: "−1, EBUSY.",
			expect: [
				{ kind: "fails", errno: "EBUSY" },
				{ kind: "flag", of: "f", flag: "lo", set: true },
			],
			why: "MS_INVALIDATE asks that all mappings of the file show what was written to it last. On Linux they do anyway, since they show the same page. What is left of the flag is this error.",
			man: ["msync(2)"],
		},
		{
			title: "msync: invalidate what is not",
			code: "munlock(f, page);\nmsync(f, page, MS_INVALIDATE);",
			look: "0, and no other effect: the page is still present.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "flag", of: "f", flag: "lo", set: false },
				{ kind: "present", of: "f", pages: 7 },
				{ kind: "unchanged", of: "file" },
			],
			why: "There is no second copy that could be out of date.",
			man: ["msync(2)", "munlock(2)"],
		},
	],
};
