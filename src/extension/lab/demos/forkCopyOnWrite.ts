import type { Demo } from "../../../shared/labDemo";

const readWrite = "PROT_READ | PROT_WRITE";

export const forkCopyOnWrite: Demo = {
	id: "fork",
	number: 10,
	title: "fork: shared until one of them writes",
	teaches:
		"fork copies no memory, only the right to it: private pages are copied one by one, when somebody writes to them.",
	steps: [
		{
			title: "Four pages of each kind",
			code: `p = mmap(NULL, 4 * page, ${readWrite},
         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
s = mmap(NULL, 4 * page, ${readWrite},
         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
memset(p, 'A', 4 * page);
memset(s, 'A', 4 * page);`,
			look: "Eight pages, all present and all this process's own.",
			expect: [
				{ kind: "present", of: "p", pages: 4 },
				{ kind: "present", of: "s", pages: 4 },
				{ kind: "smaps", of: "p", field: "Private_Dirty", bytes: "4 * page" },
			],
			why: `p is private, s is shared. As long as there is one process, that makes no difference but a letter in maps.`,
			man: ["mmap(2)"],
		},
		{
			title: "fork",
			code: "child = fork();",
			look: "The child's p has four pages already; its PSS is half of its RSS. Its s has none.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "present", of: "p", pages: 4 },
				{ kind: "present", of: "p", process: "child", pages: 4 },
				{ kind: "exclusive", of: "p", pages: 0 },
				{ kind: "smaps", of: "p", field: "Pss", bytes: "2 * page" },
				{ kind: "smaps", of: "p", process: "child", field: "Private_Dirty", bytes: 0 },
				{ kind: "mappings", of: "s", process: "child", count: 1 },
			],
			why: `For private memory the kernel copies the page table, not the pages: both processes now map the same four, write-protected in both. So fork of a process of gigabytes takes milliseconds.

RSS counts each page in both processes, PSS half of it in each. That is why the sum of all RSS is more than there is.

The shared pages are in an object that the child can look up when it needs them: their entries are not even copied.`,
			man: ["fork(2)", "proc_pid_smaps(5)"],
		},
		{
			title: "The child writes to page 1",
			process: "child",
			code: "p[page] = 'B';",
			look: "One page in each process is now its own; three are still shared.",
			expect: [
				{ kind: "smaps", of: "p", field: "Private_Dirty", bytes: "page" },
				{ kind: "smaps", of: "p", process: "main", field: "Private_Dirty", bytes: "page" },
				{ kind: "smaps", of: "p", field: "Shared_Dirty", bytes: "3 * page" },
				{ kind: "exclusive", of: "p", pages: 1 },
				{ kind: "exclusive", of: "p", process: "main", pages: 1 },
				{ kind: "present", of: "p", pages: 4 },
			],
			why: `The write hits a write-protected page: a page fault. The kernel sees that the mapping does allow writing, copies this one page for the child, and lets the instruction run again. That is copy-on-write.

The original has one user left, the parent, and so counts as private there, too.`,
			man: ["fork(2)"],
		},
		{
			title: "The parent reads page 1",
			code: "c = p[page];",
			look: "65 is 'A': the parent has kept the original.",
			expect: [{ kind: "value", of: "c", is: "'A'" }],
			why: `Private means that nobody else's writes are seen. Reading copies nothing.`,
			man: ["fork(2)"],
		},
		{
			title: "The parent writes to page 2",
			code: "p[2 * page] = 'C';",
			look: "It goes both ways: now the parent gets the copy, and the child keeps the original.",
			expect: [
				{ kind: "smaps", of: "p", field: "Private_Dirty", bytes: "2 * page" },
				{ kind: "smaps", of: "p", field: "Pss", bytes: "3 * page" },
			],
			why: `There is no original and no copy in the kernel's eyes: whoever writes first to a page with several users gets a new one.`,
			man: ["fork(2)"],
		},
		{
			title: "The child writes to shared memory",
			process: "child",
			code: `strcpy(s, "hello from the child");`,
			look: "The child's first page of s: not a copy, but the parent's page.",
			expect: [
				{ kind: "present", of: "s", pages: 1 },
				{ kind: "flag", of: "s", flag: "sh", set: true },
			],
			why: `The fault finds the page in the shared object and enters it into the child's page table. Nothing is copied, whoever writes.`,
			man: ["mmap(2)"],
		},
		{
			title: "The parent reads it",
			code: "puts(s);",
			look: "The child's words.",
			expect: [{ kind: "prints", text: "hello from the child" }],
			why: `Shared anonymous memory is the simplest way for related processes to speak to each other: no name, no file, gone with the last of them.`,
			man: ["mmap(2)"],
		},
		{
			title: "The child ends",
			code: "kill(child, SIGKILL);\nwaitpid(child, NULL, 0);",
			look: "All four pages of p are the parent's own again, and PSS is RSS.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "smaps", of: "p", field: "Private_Dirty", bytes: "4 * page" },
				{ kind: "smaps", of: "p", field: "Pss", bytes: "4 * page" },
			],
			why: `The child's pages are freed, and its share of the others falls away. Should the parent write to page 0 now, the kernel finds that there is no other user, and copies nothing.`,
			man: ["wait(2)", "kill(2)"],
		},
	],
};
