import type { Demo } from "../../../shared/labDemo";
import { openFailures, sizeFailures } from "./fileFailures";

const text = `A mapped file is a window onto the page cache.

The kernel keeps the pages of files that were read or written lately in memory, once for everybody. read(2) copies
bytes out of that cache into a buffer of the program. mmap(2) copies nothing: it gives the pages of the cache
addresses in the program, and the program reads them where they lie.

A private mapping promises one thing more: whatever the program writes stays its own. The kernel keeps that promise
as late as it can. Until the first write to a page, everybody shares the same one.
`;

export const privateFile: Demo = {
	id: "private-file",
	number: 2,
	title: "A private file mapping",
	teaches: "A private mapping shows the file’s own pages until you write: then one page is copied, and the file stays.",
	parameters: [{ kind: "file", name: "file", title: "File to map", scratch: { text } }],
	steps: [
		{
			title: "Open the file for reading",
			code: "fd = open(file, O_RDONLY | O_NONBLOCK);",
			look: "The call returns a descriptor. There is no mapping yet.",
			expect: [{ kind: "succeeds" }],
			mayFail: openFailures,
			ends: true,
			why: `A mapping starts from an open file, and can never do more than the descriptor was opened for.

O_NONBLOCK changes nothing for an ordinary file. It is here for a FIFO, which would otherwise keep the call waiting until somebody writes.`,
			man: ["open(2)"],
		},
		{
			title: "Ask how long it is",
			code: "fstat(fd, &st);\nsize = st.st_size;",
			look: "size is the file’s length in bytes, which is seldom a whole number of pages.",
			expect: [{ kind: "value", of: "size", is: "st.st_size" }],
			why: "mmap has to be told how much to map: a descriptor alone does not say it.",
			man: ["fstat(2)"],
		},
		{
			title: "Map all of it, read-only and private",
			code: "p = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);",
			look: "One new line in maps: r--p, with the file’s device, inode and path. Not a single page is mapped yet.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "permissions", of: "p", are: "r--p" },
				{ kind: "mappings", of: "p", count: 1 },
				{ kind: "present", of: "p", pages: 0 },
			],
			mayFail: sizeFailures,
			ends: true,
			why: `mmap only notes which addresses stand for which part of the file. Pages come when they are touched.

Mappings consist of whole pages: the last one reaches beyond the file’s end, and the rest of that page reads as zeros.`,
			man: ["mmap(2)"],
		},
		{
			title: "Print the file through the mapping",
			code: `shown = size;
if (shown > 16384)
    shown = 16384;
fwrite(p, 1, shown, stdout);
if (shown < size)
    puts("(cut: the file is longer)");`,
			look: "The pages that were read are present, and they are pages of the page cache: no byte was copied for them.",
			expect: [
				{ kind: "prints", text: { file: "file" } },
				{ kind: "present", of: "p", pages: "(shown + page - 1) / page", least: true },
				{ kind: "smaps", of: "p", field: "Anonymous", bytes: 0 },
			],
			varies: ["present"],
			why: `Touching a page for the first time is a page fault: the kernel finds the page in its cache, or reads it from disk, and enters it into the page table. It takes the chance to map cached neighbours, too (fault-around), so that more pages than those that were read may have become present.

Should another program shorten the file now, the pages beyond its new end would be gone: touching them is a SIGBUS.`,
			man: ["mmap(2)", "fwrite(3)"],
		},
		{
			title: "Map it again, writable and private",
			code: "q = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);",
			look: "A second mapping of the same file, rw-p, although the descriptor allows only reading.",
			expect: [
				{ kind: "succeeds" },
				{ kind: "permissions", of: "q", are: "rw-p" },
				{ kind: "present", of: "q", pages: 0 },
			],
			varies: ["present"],
			mayFail: sizeFailures,
			ends: true,
			why: "What is written to a private mapping never reaches the file. So the right to read it is all that the kernel asks for.",
			man: ["mmap(2)"],
		},
		{
			title: "Close the descriptor",
			code: "close(fd);",
			look: "Both mappings stay as they are.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "permissions", of: "p", are: "r--p" },
				{ kind: "permissions", of: "q", are: "rw-p" },
			],
			varies: ["present"],
			why: "A mapping holds on to the file by itself. Even if the file were deleted now, its contents would stay reachable here, and maps would add “(deleted)” to its name.",
			man: ["mmap(2)", "close(2)"],
		},
		{
			title: "Write to the private mapping",
			code: 'before = p[0];\nmemcpy(q, "copied!", 7);',
			look: "One page of q is now anonymous: a copy that belongs to this process alone. The file is as before.",
			expect: [
				{ kind: "present", of: "q", pages: 1 },
				{ kind: "smaps", of: "q", field: "Anonymous", bytes: "page" },
				{ kind: "smaps", of: "q", field: "Private_Dirty", bytes: "page" },
				{ kind: "unchanged", of: "file" },
			],
			varies: ["present"],
			why: "This is copy-on-write. The page in the cache is everybody’s, so the kernel copies it at the first write, and enters the copy into this page table only. It costs one page of memory; pages that nobody writes to stay shared.",
			man: ["mmap(2)"],
		},
		{
			title: "Compare the two mappings",
			code: "copied = q[0];\noriginal = p[0];",
			look: "q starts with a “c” (99), p with what the file starts with. The same file, at two addresses, with two contents.",
			expect: [
				{ kind: "value", of: "copied", is: 99 },
				{ kind: "value", of: "original", is: "before" },
				{ kind: "unchanged", of: "file" },
			],
			varies: ["present"],
			why: `p still shows the page of the cache. The page of q has been detached from the file: later changes of the file no longer appear in it.

For pages of a private mapping that were not yet copied, the manual page leaves open whether they follow later changes of the file. On Linux they do.`,
			man: ["mmap(2)"],
		},
		{
			title: "Give both back",
			code: "munmap(q, size);\nmunmap(p, size);",
			look: "Both lines are gone from maps, and with q the only copy of what was written.",
			expect: [
				{ kind: "returns", value: 0 },
				{ kind: "permissions", of: "p", are: "none" },
				{ kind: "permissions", of: "q", are: "none" },
			],
			why: "No program writes a private page back anywhere. With its last mapping it is simply free memory again.",
			man: ["munmap(2)"],
		},
	],
};
