import type { Demo } from "../../../shared/labDemo";
import { noZeroPage } from "./zeroPage";

const filePages = 256;
const middle = 128;
const length = `${filePages} * page`;

export const mincore: Demo = {
	id: "mincore",
	number: 6,
	title: "mincore and demand paging: what is in memory?",
	teaches:
		"Mapping makes no page. Touching does, one by one; and of a file, more may be in memory than anybody has mapped.",
	parameters: [
		{
			kind: "file",
			name: "file",
			title: "File to read",
			scratch: { text: "The first of 256 pages.\n", size: length },
		},
	],
	steps: [
		{
			title: "Map sixteen pages and touch none",
			code: `p = mmap(NULL, 16 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
mincore(p, 16 * page, vec);`,
			look: "mincore finds 0 of 16 pages in memory. RSS has not grown by a byte.",
			expect: [
				{ kind: "inCore", pages: 0 },
				{ kind: "present", of: "p", pages: 0 },
				{ kind: "smaps", of: "p", field: "Rss", bytes: 0 },
				{ kind: "smaps", of: "p", field: "Size", bytes: "16 * page" },
			],
			why: "mmap has only written down that these addresses are valid. Memory is given on demand: when a page is touched, the processor finds no entry in the page table, and the kernel makes one. mincore writes a byte for each page, whose lowest bit says whether it is in memory.",
			man: ["mincore(2)", "mmap(2)"],
		},
		{
			title: "Write to three of them",
			code: "p[0] = 1;\np[5 * page] = 1;\np[9 * page] = 1;\nmincore(p, 16 * page, vec);",
			look: "3 of 16, exactly those that were written to. RSS has grown by three pages.",
			expect: [
				{ kind: "inCore", pages: 3 },
				{ kind: "present", of: "p", pages: 3 },
				{ kind: "smaps", of: "p", field: "Rss", bytes: "3 * page" },
			],
			why: "Each first write was a page fault: the kernel took a free page, filled it with zeros, put it into the page table, and had the store run once more. The program has noticed nothing but a microsecond.",
			man: ["mincore(2)"],
		},
		{
			title: "Read one",
			code: "value = p[page];\nmincore(p, 16 * page, vec);",
			look: "It reads 0. mincore finds 4, but RSS is still three pages.",
			expect: [
				{ kind: "value", of: "value", is: 0 },
				{ kind: "inCore", pages: 4 },
				{ kind: "present", of: "p", pages: 4 },
				{ kind: "exclusive", of: "p", pages: 3 },
				{ kind: "smaps", of: "p", field: "Rss", bytes: "3 * page" },
			],
			withoutZeroPage: {
				of: "p",
				expect: [
					{ kind: "value", of: "value", is: 0 },
					{ kind: "inCore", pages: 4 },
					{ kind: "present", of: "p", pages: 4 },
					{ kind: "exclusive", of: "p", pages: 4 },
					{ kind: "smaps", of: "p", field: "Rss", bytes: "4 * page" },
				],
				because: noZeroPage,
			},
			why: "For reading, the kernel need not give a page away: it maps the zero page, a single page full of zeros that all processes share, and which counts for nobody. The first write replaces it by a page of one’s own.",
			man: ["mincore(2)", "proc_pid_smaps(5)"],
		},
		{
			title: "Write to all",
			code: "memset(p, 1, 16 * page);\nmincore(p, 16 * page, vec);",
			look: "16 of 16.",
			expect: [
				{ kind: "inCore", pages: 16 },
				{ kind: "present", of: "p", pages: 16 },
				{ kind: "exclusive", of: "p", pages: 16 },
				{ kind: "smaps", of: "p", field: "Rss", bytes: "16 * page" },
			],
			why: "Twelve more faults, and one that replaced the zero page, where there was one. Programs that cannot afford them at a bad moment ask for the pages beforehand: MAP_POPULATE, or madvise with MADV_POPULATE_WRITE.",
			man: ["mincore(2)", "madvise(2)"],
		},
		{
			title: "Ask about a hole",
			code: "munmap(p + 4 * page, page);\nmincore(p, 16 * page, vec);",
			look: "−1, ENOMEM: a page of the range is not mapped.",
			expect: [
				{ kind: "fails", errno: "ENOMEM" },
				{ kind: "mappings", of: "p", count: 2 },
				{ kind: "present", of: "p", pages: 15 },
			],
			why: "mincore is an old trick for finding out whether an address is mapped: unlike a load, it cannot be killed for asking.",
			man: ["mincore(2)"],
		},
		{
			title: "Have a file leave memory, and map it",
			code: `fd = open(file, O_RDONLY);
fsync(fd);
posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
f = mmap(NULL, ${length}, PROT_READ, MAP_PRIVATE, fd, 0);
mincore(f, ${length}, vec);
kept = vec[${middle}] & 1;`,
			look: "Nothing present, and of a file on a disk also nothing in memory.",
			expect: [
				{ kind: "permissions", of: "f", are: "r--p" },
				{ kind: "present", of: "f", pages: 0 },
				{ kind: "inCore", pages: 0, when: "kept == 0" },
			],
			varies: ["values"],
			why: `A file that was just written is in memory from end to end. POSIX_FADV_DONTNEED drops those of its pages that are clean and that nobody has mapped; so it was saved first. A file in memory (tmpfs) has nowhere to be dropped to, and stays.

Of a file, mincore tells whether a page is in the page cache, from where a touch would get it without waiting. Whether this process has mapped it is another question, which the page table answers: “present”.

mincore tells the truth to the file’s owner and to those who may write to it. To others, since Linux 5.2, it says that every page is in memory.`,
			man: ["posix_fadvise(2)", "mincore(2)"],
		},
		{
			title: "Read one byte in the middle",
			code: `value = f[${middle} * page];
mincore(f, ${length}, vec);
ahead = vec[${middle + 1}] & 1;`,
			look: "One byte was read, and many pages have come: mincore finds those that were read ahead, and some of them have been mapped around the touched one.",
			expect: [
				{ kind: "value", of: "value", is: 0 },
				{ kind: "inCore", pages: 1, least: true },
				{ kind: "present", of: "f", pages: 1, least: true },
			],
			varies: ["present", "values"],
			why: "A disk is slow to start and fast once it runs, so the kernel guesses and reads around: often 128 KiB, on fast devices some MiB (read_ahead_kb). And because a fault is dear, it maps up to 16 pages around the one in question, if they are in the page cache already. How many it is may differ from run to run. (The first pages are back because the lab shows how the file begins.)",
			man: ["mincore(2)", "readahead(2)"],
		},
		{
			title: "Read a byte of every page",
			code: `for (i = 0; i < ${filePages}; i++)
    value = f[i * page];
mincore(f, ${length}, vec);`,
			look: "All of the file is in memory, and all of it present. Anonymous is 0: these pages belong to the file, and can be dropped again without saving them anywhere.",
			expect: [
				{ kind: "inCore", pages: filePages },
				{ kind: "present", of: "f", pages: filePages },
				{ kind: "smaps", of: "f", field: "Anonymous", bytes: 0 },
			],
			varies: ["values", "present"],
			why: "Reading in order was noticed, and the window of read-ahead grew. The loop waited for the disk a few times, not once a page.",
			man: ["mincore(2)", "readahead(2)"],
		},
		{
			title: "A file that will shrink",
			code: `memory = memfd_create("shrinking", 0);
ftruncate(memory, 8 * page);
m = mmap(NULL, 8 * page, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
memset(m, 1, 8 * page);
mincore(m, 8 * page, vec);`,
			look: "8 of 8, as pages of a file that lives in memory only.",
			expect: [
				{ kind: "inCore", pages: 8 },
				{ kind: "present", of: "m", pages: 8 },
			],
			why: "memfd_create makes a file without a name or a disk, so nothing of yours is harmed.",
			man: ["memfd_create(2)", "mincore(2)"],
		},
		{
			title: "Cut it off after two pages",
			code: "ftruncate(memory, 2 * page);\nmincore(m, 8 * page, vec);",
			look: "2 of 8. The line in maps is as long as before.",
			expect: [
				{ kind: "inCore", pages: 2 },
				{ kind: "present", of: "m", pages: 2 },
				{ kind: "mappings", of: "m", count: 1 },
				{ kind: "permissions", of: "m", are: "rw-s" },
			],
			why: "The pages have gone, from the file and from the page table. The mapping still covers their addresses: a touch there would now end in SIGBUS.",
			man: ["ftruncate(2)", "mmap(2)"],
		},
		{
			title: "Make it longer again, and read",
			code: "ftruncate(memory, 8 * page);\nvalue = m[4 * page];\nmincore(m, 8 * page, vec);",
			look: "It reads 0, not 1: what was cut off is lost. One page has come into being for it.",
			expect: [
				{ kind: "value", of: "value", is: 0 },
				{ kind: "inCore", pages: 3 },
				{ kind: "present", of: "m", pages: 3 },
			],
			why: "The file has a hole where nothing was ever written. Reading a hole of a file on disk would need a page of the page cache, too: the shared zero page is for anonymous memory only.",
			man: ["ftruncate(2)", "mincore(2)"],
		},
	],
};
