import type { Demo } from "../../../shared/labDemo";

export const exec: Demo = {
	id: "exec",
	number: 11,
	title: "exec: a new address space for the same process",
	teaches: "exec replaces all mappings at once and keeps the pid; an exec that fails changes nothing.",
	steps: [
		{
			title: "Map private and shared memory",
			code: `p = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
s = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
memset(p, 'p', 4 * page);
memset(s, 's', 4 * page);`,
			look: "Two mappings, with all of their pages present: rw-p and rw-s.",
			expect: [
				{ kind: "permissions", of: "p", are: "rw-p" },
				{ kind: "permissions", of: "s", are: "rw-s" },
				{ kind: "present", of: "p", pages: 4 },
				{ kind: "present", of: "s", pages: 4 },
			],
			why: "Something to lose: memory that is this process’s own, and memory that others may hold as well.",
			man: ["mmap(2)"],
		},
		{
			title: "Fork a child that will do it",
			code: "child = fork();",
			look: "The child has both mappings, at the same addresses.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "process", of: "child", is: "alive" },
				{ kind: "permissions", of: "p", process: "child", are: "rw-p" },
				{ kind: "permissions", of: "s", process: "child", are: "rw-s" },
			],
			varies: ["present"],
			why: "fork copies the address space, exec throws it away: together they are how almost every process on the system has started. The pages of p are not copied for that: parent and child share them until one of them writes.",
			man: ["fork(2)"],
		},
		{
			title: "The child writes to both",
			process: "child",
			code: "p[0] = 'c';\ns[0] = 'c';",
			look: "The child’s write to p has made a copy of one page. The write to s went into the page that both have.",
			expect: [
				{ kind: "present", of: "p", pages: 4 },
				{ kind: "present", of: "p", process: "main", pages: 4 },
			],
			varies: ["present"],
			why: "So the child owns something now that exists nowhere else: a page of p.",
			man: ["mmap(2)", "fork(2)"],
		},
		{
			title: "An exec that fails",
			process: "child",
			code: 'execl("/nowhere/program", "program", NULL);',
			look: "The call returns, with −1 and ENOENT. Every mapping is as it was.",
			expect: [
				{ kind: "fails", errno: "ENOENT" },
				{ kind: "process", of: "child", is: "alive" },
				{ kind: "permissions", of: "p", are: "rw-p" },
				{ kind: "permissions", of: "s", are: "rw-s" },
			],
			varies: ["present"],
			why: "The kernel first finds the new program and reads its header, and builds its first stack aside. Until all that has succeeded the old address space is left alone, since there has to be somebody to return to.",
			man: ["execve(2)", "exec(3)"],
		},
		{
			title: "An exec that succeeds",
			process: "child",
			code: 'execl("/bin/sleep", "sleep", "1000", NULL);',
			look: "There is no return value, since nobody is left to return to. Every mapping of the child has gone; its pid is the same.",
			expect: [
				{ kind: "process", of: "child", is: "executed" },
				{ kind: "permissions", of: "p", are: "none" },
				{ kind: "permissions", of: "s", are: "none" },
				{ kind: "mappings", of: "p", count: 0 },
				{ kind: "mappings", of: "s", count: 0 },
			],
			varies: ["present"],
			why: `The kernel gave the process a new, empty address space and mapped the new program into it: its segments, the dynamic linker, a stack, and its own vdso. Open the child in the Memory Map to see them.

What a process keeps through exec is little: the pid, its parent, the working directory, and descriptors without O_CLOEXEC. Memory is never among it, shared or not.`,
			man: ["execve(2)"],
		},
		{
			title: "Look at the parent",
			code: "own = p[0];\nshared = s[0];",
			look: "p still starts with “p” (112), s with the “c” (99) that the child wrote.",
			expect: [
				{ kind: "value", of: "own", is: 112 },
				{ kind: "value", of: "shared", is: 99 },
				{ kind: "permissions", of: "p", are: "rw-p" },
				{ kind: "permissions", of: "s", are: "rw-s" },
				{ kind: "present", of: "p", pages: 4 },
				{ kind: "present", of: "s", pages: 4 },
			],
			why: "The child’s copy of p went with its address space. Shared memory lives as long as anybody has it mapped: here, the parent.",
			man: ["mmap(2)"],
		},
		{
			title: "The pid still names the child",
			code: "kill(child, SIGKILL);\nended = waitpid(child, NULL, 0);",
			look: "waitpid returns the number that fork returned: for the parent it has been the same child all the time.",
			expect: [
				{ kind: "returns", value: "child" },
				{ kind: "process", of: "child", is: "ended" },
			],
			why: "A process is not its program. That is why a tool that watches a pid has to notice when another program has moved in.",
			man: ["waitpid(2)", "execve(2)"],
		},
	],
};
