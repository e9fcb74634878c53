import type { Demo } from "../../../shared/labDemo";

const readWrite = "PROT_READ | PROT_WRITE";

export const fourMappings: Demo = {
	id: "four-mappings",
	number: 1,
	title: "The four mappings: who sees what",
	teaches:
		"Memory is private or shared, and comes from a file or from nothing: four kinds, told apart by who sees a write.",
	parameters: [
		{
			kind: "file",
			name: "path",
			title: "File to map",
			scratch: { text: "text of the file" },
			written: true,
		},
	],
	steps: [
		{
			title: "Open a file",
			code: "fd = open(path, O_RDWR);",
			look: "Nothing yet: an open file takes no addresses.",
			expect: [{ kind: "succeeds" }],
			why: `A descriptor is a number by which the kernel knows an open file. Only mmap makes addresses of it. O_RDWR, because a shared mapping that may be written to needs a file that may be written to.`,
			man: ["open(2)"],
		},
		{
			title: "Make one mapping of each kind",
			code: `file_private = mmap(NULL, page, ${readWrite},
                    MAP_PRIVATE, fd, 0);
file_shared = mmap(NULL, page, ${readWrite},
                   MAP_SHARED, fd, 0);
anon_private = mmap(NULL, page, ${readWrite},
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
anon_shared = mmap(NULL, page, ${readWrite},
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);`,
			look: "The last letter of the permissions, p or s, and the name: a file, nothing, or /dev/zero.",
			expect: [
				{ kind: "permissions", of: "file_private", are: "rw-p" },
				{ kind: "permissions", of: "file_shared", are: "rw-s" },
				{ kind: "permissions", of: "anon_private", are: "rw-p" },
				{ kind: "permissions", of: "anon_shared", are: "rw-s" },
				{ kind: "present", of: "anon_shared", pages: 0 },
			],
			why: `Two questions make four kinds. Where does the content come from: from a file, or from nothing, that is, zeros? And where do writes go: to an object that others may map as well (MAP_SHARED), or to copies of this process's own (MAP_PRIVATE)?

Programs and libraries are private file mappings, the heap is private anonymous, databases share files, and workers share anonymous memory.`,
			man: ["mmap(2)"],
		},
		{
			title: "A second process",
			code: "child = fork();",
			look: "The same four lines, twice.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "permissions", of: "file_private", process: "child", are: "rw-p" },
				{ kind: "permissions", of: "anon_shared", process: "child", are: "rw-s" },
			],
			why: `fork copies the address space: the child has the same mappings at the same addresses. Whether it is the same memory is what the next steps find out.`,
			man: ["fork(2)"],
		},
		{
			title: "The child writes to all four",
			process: "child",
			code: `strcpy(file_private, "child");
strcpy(file_shared, "child");
strcpy(anon_private, "child");
strcpy(anon_shared, "child");`,
			look: "The file: one of the two file mappings has written to it.",
			expect: [
				{ kind: "file", of: "path", starts: "child" },
				{ kind: "present", of: "file_private", pages: 1 },
				{ kind: "present", of: "anon_private", pages: 1 },
			],
			why: `The write through the shared mapping went into the page cache, which is where every program reads the file from: the file has changed for everybody, without a write(2).

The write through the private mapping made a copy of the page first, for the child alone.`,
			man: ["mmap(2)"],
		},
		{
			title: "What the parent sees",
			code: "puts(file_private);\nputs(file_shared);\nputs(anon_private);\nputs(anon_shared);",
			look: "What was private stayed with the child; what was shared has arrived.",
			table: {
				columns: ["From a file", "Anonymous"],
				rows: ["MAP_PRIVATE", "MAP_SHARED"],
				cells: [
					[0, 2],
					[1, 3],
				],
			},
			expect: [{ kind: "prints", text: "child\nchild\n\nchild" }],
			why: `Shared: the parent reads what the child wrote, in both kinds.

Private and anonymous: the parent still has zeros, an empty string.

Private and from the file is the one that surprises: the parent has not written to its own page, so there is no copy yet, and it still looks at the file's page, which the shared mapping has changed. POSIX leaves open whether such a change is seen; on Linux it is, until the first write to the page.`,
			man: ["mmap(2)"],
		},
		{
			title: "The parent writes to its private mappings",
			code: `strcpy(file_private, "parent");\nstrcpy(anon_private, "parent");`,
			look: "The page of the file and the zero page give way to anonymous ones. The file stays as it is.",
			expect: [
				{ kind: "file", of: "path", starts: "child" },
				{ kind: "smaps", of: "file_private", field: "Anonymous", bytes: "page" },
			],
			why: `Now the parent has copies of its own. From here on, nothing that happens to the file reaches this page.`,
			man: ["mmap(2)"],
		},
		{
			title: "What the child sees",
			process: "child",
			code: "puts(file_private);\nputs(file_shared);\nputs(anon_private);\nputs(anon_shared);",
			look: "Its own texts, in all four.",
			table: {
				columns: ["From a file", "Anonymous"],
				rows: ["MAP_PRIVATE", "MAP_SHARED"],
				cells: [
					[0, 2],
					[1, 3],
				],
			},
			expect: [{ kind: "prints", text: "child\nchild\nchild\nchild" }],
			why: `Private works both ways: the parent's writes do not reach the child either.`,
			man: ["fork(2)", "mmap(2)"],
		},
	],
};
