import type { Demo } from "../../../shared/labDemo";
import { openForWritingFailures, sizeFailures } from "./fileFailures";

export const sharedFile: Demo = {
	id: "shared-file",
	number: 3,
	title: "A shared file mapping",
	teaches:
		"Writing to a shared mapping changes the file itself, at once and for everybody; msync only waits for the disk.",
	parameters: [
		{
			kind: "file",
			name: "file",
			title: "File to change",
			scratch: { text: "This is what the file said at first.", size: 64 },
			written: true,
		},
		{ kind: "text", name: "text", title: "Text to write", initial: "Written through a mapping" },
		{ kind: "number", name: "most", title: "Bytes to map", initial: 64, least: 1, most: 256 },
	],
	steps: [
		{
			title: "Open the file for reading and writing",
			code: "fd = open(file, O_RDWR | O_NONBLOCK);",
			look: "The file’s first bytes are shown below, as another program reads them.",
			expect: [{ kind: "succeeds" }],
			mayFail: openForWritingFailures,
			ends: true,
			why: "A shared mapping writes to the file, so the descriptor must allow it. Reading must be allowed in any case: what is mapped can be read.",
			man: ["open(2)", "mmap(2)"],
		},
		{
			title: "How much is there, and how much is needed?",
			code: "fstat(fd, &st);\nlength = st.st_size;\nif (length > most)\n    length = most;\nneeded = strlen(text);",
			look: "length bytes of the file will be shown and replaced, as many as you chose at most. The new text needs another number of them.",
			expect: [
				{ kind: "value", of: "length", is: "most", when: "st.st_size >= most" },
				{ kind: "value", of: "length", is: "st.st_size", when: "st.st_size < most" },
			],
			why: "Bytes beyond the end of a file can be written in the last page of a mapping, but they go nowhere: a mapping never makes a file longer.",
			man: ["fstat(2)", "mmap(2)"],
		},
		{
			title: "Map them, shared and writable",
			code: "p = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);",
			look: "One new line in maps: rw-s. The s is for shared. It is a whole page, although fewer bytes were asked for.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "permissions", of: "p", are: "rw-s" },
				{ kind: "mappings", of: "p", count: 1 },
				{ kind: "present", of: "p", pages: 0 },
			],
			mayFail: sizeFailures,
			ends: true,
			why: "The mapping will show the very pages of the page cache that read(2) and write(2) use. There is one copy of the file’s contents in memory, however many processes look at it.",
			man: ["mmap(2)"],
		},
		{
			title: "Close the descriptor",
			code: "close(fd);",
			look: "The mapping stays.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "permissions", of: "p", are: "rw-s" },
			],
			why: "The mapping keeps the file open in the kernel by itself, until it is unmapped.",
			man: ["mmap(2)", "close(2)"],
		},
		{
			title: "Show the current string",
			code: "used = strnlen(p, length);\nfwrite(p, 1, used, stdout);",
			look: "The file’s own bytes. The page is present now, and it is not anonymous: it belongs to the file.",
			expect: [
				{ kind: "present", of: "p", pages: 1 },
				{ kind: "smaps", of: "p", field: "Anonymous", bytes: 0 },
			],
			why: "Nothing marks the end of a string in a file. So the search for it must stop at the end of the bytes that were mapped.",
			man: ["strnlen(3)"],
		},
		{
			title: "Start a second process",
			code: "child = fork();",
			look: "A second process of the lab, with a copy of the first one’s mappings.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "process", of: "child", is: "alive" },
				{ kind: "permissions", of: "p", process: "child", are: "rw-s" },
			],
			varies: ["present"],
			why: "It has inherited the shared mapping, but will not rely on that: in the next step it opens the file by its name, as any other program would.",
			man: ["fork(2)"],
		},
		{
			title: "The second process maps the file for itself",
			process: "child",
			code: `fd = open(file, O_RDONLY | O_NONBLOCK);
q = mmap(NULL, length, PROT_READ, MAP_SHARED, fd, 0);
close(fd);
used = strnlen(q, length);
fwrite(q, 1, used, stdout);`,
			look: "Another mapping, in another process: r--s at its own address, with the same inode.",
			expect: [
				{ kind: "permissions", of: "q", are: "r--s" },
				{ kind: "present", of: "q", pages: 1 },
				{ kind: "unchanged", of: "file" },
			],
			varies: ["present"],
			why: "Two mappings of the same page of a file are two entries in page tables that point at the same memory. smaps shows it as a PSS that is smaller than the RSS.",
			man: ["mmap(2)", "proc_pid_smaps(5)"],
		},
		{
			title: "Replace the string, if it fits",
			code: `if (needed > length) {
    puts("string too long");
} else {
    memset(p, 0, length);
    memcpy(p, text, needed);
}`,
			look: "The file has changed for everybody, and nobody has called write. A text that is too long is refused, and the file stays.",
			expect: [
				{ kind: "file", of: "file", starts: { parameter: "text" }, when: "needed <= length" },
				{ kind: "prints", text: "string too long", when: "needed > length" },
				{ kind: "unchanged", of: "file", when: "needed > length" },
			],
			varies: ["present"],
			why: `memcpy wrote into the page cache, and the page cache is the file as far as programs are concerned. Zeros first: the rest of a longer, older string would else remain.

The length is checked before the first byte is written. mmap would not help: up to the end of its page the mapping takes whatever is written.`,
			man: ["mmap(2)", "memcpy(3)"],
		},
		{
			title: "The second process looks again",
			process: "child",
			code: "used = strnlen(q, length);\nfwrite(q, 1, used, stdout);",
			look: "It reads the new text, before anything was saved.",
			expect: [
				{ kind: "present", of: "q", pages: 1 },
				{ kind: "prints", text: { parameter: "text" }, when: "needed <= length" },
			],
			varies: ["present"],
			why: "It is the same page. No message was sent, nothing was copied, and neither process made a system call for it.",
			man: ["mmap(2)"],
		},
		{
			title: "Wait until it is on disk",
			code: "msync(p, length, MS_SYNC);",
			look: "On a file system on disk the page is clean now: in smaps, dirty bytes have become clean ones.",
			expect: [{ kind: "returns", value: 0 }],
			varies: ["present"],
			why: `msync is not what makes the change visible: that it was from the first byte. It is about a power failure. MS_SYNC writes the dirty pages of the range and returns when the storage has them.

Without it, the kernel would write them within about half a minute, also when the process has ended meanwhile.`,
			man: ["msync(2)"],
		},
		{
			title: "End the second process",
			code: "kill(child, SIGKILL);\nended = waitpid(child, NULL, 0);",
			look: "waitpid returns the pid of the process that has ended.",
			expect: [
				{ kind: "returns", value: "child" },
				{ kind: "process", of: "child", is: "ended" },
			],
			varies: ["present"],
			why: "The end of a process unmaps everything that it had mapped. The file and its page in the cache do not notice.",
			man: ["kill(2)", "waitpid(2)"],
		},
		{
			title: "Unmap the file",
			code: "munmap(p, length);",
			look: "The line is gone from maps. The file keeps its new text.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "permissions", of: "p", are: "none" },
				{ kind: "unchanged", of: "file" },
			],
			why: "Unmapping loses nothing: what was written to a shared mapping is the file’s.",
			man: ["munmap(2)"],
		},
	],
};
