import type { Demo } from "../../../shared/labDemo";

const all = "1 << 20";

export const mprotect: Demo = {
	id: "mprotect",
	number: 4,
	title: "mprotect: from PROT_NONE to read-write",
	teaches: "Permissions belong to mappings: changing them moves no byte, but splits and merges the lines of maps.",
	data: [
		{
			name: "code",
			comment: "return 42: mov eax, 42; ret on x86-64, mov w0, #42; ret on arm64.",
			bytes: { x64: [0xb8, 0x2a, 0, 0, 0, 0xc3], arm64: [0x40, 0x05, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6] },
		},
	],
	steps: [
		{
			title: "Reserve 1 MiB that nobody may touch",
			code: `p = mmap(NULL, ${all}, PROT_NONE,\n         MAP_SHARED | MAP_ANONYMOUS, -1, 0);`,
			look: "One new line in maps, with no right at all: ---s.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "permissions", of: "p", are: "---s" },
				{ kind: "mappings", of: "p", count: 1 },
				{ kind: "present", of: "p", pages: 0 },
			],
			why: `A mapping is a promise about addresses. This one promises that they are taken, and nothing else.

Memory that is to be shared needs an object that others can map, too. Where the caller names none, the kernel makes a nameless file in memory; maps shows it as “/dev/zero (deleted)”.`,
			man: ["mmap(2)"],
		},
		{
			title: "Touch it: the processor says no",
			code: "p[0] = 'h';",
			look: "The signal, and its code: SEGV_ACCERR is “mapped, but not for this”.",
			expect: [{ kind: "killed", signal: "SIGSEGV", code: "SEGV_ACCERR", address: "p" }],
			why: `The store finds no right to write in the page table, and the processor hands over to the kernel. The kernel finds the mapping, sees that it does not allow writing either, and sends SIGSEGV. Its siginfo says why: SEGV_ACCERR for a mapping that forbids it, SEGV_MAPERR for an address without a mapping.

The lab process has died of it. It was started again, and the steps before have been run once more.`,
			man: ["sigaction(2)", "signal(7)"],
		},
		{
			title: "Open it for reading and writing",
			code: `mprotect(p, ${all}, PROT_READ | PROT_WRITE);`,
			look: "The same line, the same inode: only ---s has become rw-s.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "permissions", of: "p", are: "rw-s" },
				{ kind: "mappings", of: "p", count: 1 },
				{ kind: "present", of: "p", pages: 0 },
				{ kind: "flag", of: "p", flag: "wr", set: true },
			],
			why: `mprotect changes the promise, not the memory. The address that killed the process a step ago may now be written to.

There is still no page: the kernel makes one when it is touched for the first time, and not before.`,
			man: ["mprotect(2)"],
		},
		{
			title: "Write to three pages",
			code: `memcpy(p, "hello", 6);\nmemcpy(p + 20 * page, "page 20", 8);\nmemcpy(p + (${all}) - page, "last", 5);`,
			look: "Three cells are filled: one page for each touch.",
			expect: [
				{ kind: "present", of: "p", pages: 3 },
				{ kind: "smaps", of: "p", field: "Rss", bytes: "3 * page" },
			],
			why: `Each first touch of a page is a page fault: the kernel takes a page of memory, fills it with zeros, enters it into the page table, and has the instruction run again. Six bytes cost a whole page.`,
			man: ["mmap(2)", "getrusage(2)"],
		},
		{
			title: "Make the middle read-only: one mapping becomes three",
			code: `mprotect(p + (${all}) / 4, (${all}) / 2, PROT_READ);`,
			look: "Three lines instead of one. Their offsets show that the object behind them is still one.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "mappings", of: "p", count: 3 },
				{
					kind: "permissions",
					of: "p",
					are: [
						{ permissions: "rw-s", pages: `(${all}) / 4 / page` },
						{ permissions: "r--s", pages: `(${all}) / 2 / page` },
						{ permissions: "rw-s", pages: `(${all}) / 4 / page` },
					],
				},
				{ kind: "present", of: "p", pages: 3 },
			],
			why: `A mapping has one set of permissions. To give the middle others, the kernel splits it; each part is a line of maps, and counts towards the limit vm.max_map_count. So mprotect can fail with ENOMEM without needing any memory.`,
			man: ["mprotect(2)", "proc_sys_vm(5)"],
		},
		{
			title: "Write to the middle",
			code: `p[(${all}) / 2] = 'x';`,
			look: "SIGSEGV again: readable is not writable.",
			expect: [{ kind: "killed", signal: "SIGSEGV", code: "SEGV_ACCERR", address: `p + (${all}) / 2` }],
			why: `The page need not even be there: what the mapping forbids is not tried.

Programs that catch this signal make a tool of it: garbage collectors and debuggers find out in this way which pages are written to.`,
			man: ["mprotect(2)"],
		},
		{
			title: "Change it back: three become one",
			code: `mprotect(p + (${all}) / 4, (${all}) / 2, PROT_READ | PROT_WRITE);`,
			look: "One line again, as if nothing had been.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "permissions", of: "p", are: "rw-s" },
				{ kind: "mappings", of: "p", count: 1 },
			],
			why: `Neighbours that agree in everything (permissions, object, offset, flags) are merged: the kernel would rather keep one mapping than three.`,
			man: ["mprotect(2)"],
		},
		{
			title: "A page for machine code: write it",
			code: `q = mmap(NULL, page, PROT_READ | PROT_WRITE,\n         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\nmemcpy(q, code, sizeof code);`,
			look: "A new line, rw-p, with one page.",
			expect: [
				{ kind: "permissions", of: "q", are: "rw-p" },
				{ kind: "present", of: "q", pages: 1 },
			],
			why: `These few bytes are a function that returns 42. As long as they are only data, they are harmless.`,
			man: ["mmap(2)"],
		},
		{
			title: "Call it too early",
			code: "((int (*)(void))q)();",
			look: "SIGSEGV at the address of the first instruction.",
			expect: [{ kind: "killed", signal: "SIGSEGV", code: "SEGV_ACCERR", address: "q" }],
			why: `Without PROT_EXEC the processor does not fetch instructions from the page (the NX bit on x86-64, XN on arm64). That keeps data which an attacker has put into memory from being run.`,
			man: ["mprotect(2)"],
		},
		{
			title: "Make it executable, and no longer writable",
			code: `mprotect(q, page, PROT_READ | PROT_EXEC);\n__builtin___clear_cache(q, q + sizeof code);\nanswer = ((int (*)(void))q)();`,
			look: "r-xp, and an answer.",
			expect: [
				{ kind: "permissions", of: "q", are: "r-xp" },
				{ kind: "value", of: "answer", is: 42 },
			],
			why: `A page is writable or executable, never both: “W^X”. Compilers that make code at run time work like this, write, then mprotect, then call; systems with SELinux may forbid even that (execmem).

On arm64 the instruction cache has to be told about fresh code; on x86-64 that costs nothing.`,
			man: ["mprotect(2)", "memfd_create(2)"],
		},
		{
			title: "Write to the code",
			code: "q[0] = 0;",
			look: "What may be run may not be changed.",
			expect: [{ kind: "killed", signal: "SIGSEGV", code: "SEGV_ACCERR", address: "q" }],
			why: `The other half of W^X: whoever has a bug that writes to any address cannot write into this function.`,
			man: ["mprotect(2)"],
		},
	],
};
