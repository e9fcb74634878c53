/** A choice among constants, with what it means. */
export interface FlagChoice {
	readonly name: string;
	readonly meaning: string;
}

/** An argument of a call, as the form asks for it. */
export type FormField =
	/** An expression: an address, a length, a number. `suggest` lists expressions that are likely. */
	| {
			readonly kind: "expression";
			readonly name: string;
			readonly label: string;
			readonly initial: string;
			readonly suggest: "addresses" | "lengths" | "descriptors" | "texts" | "none";
	  }
	/** Several of these, combined by `|`; `none` stands for no choice. */
	| {
			readonly kind: "flags";
			readonly name: string;
			readonly label: string;
			readonly choices: readonly FlagChoice[];
			readonly initial: readonly string[];
			readonly none: string;
	  }
	/** Exactly one of these. */
	| {
			readonly kind: "one";
			readonly name: string;
			readonly label: string;
			readonly choices: readonly FlagChoice[];
			readonly initial: string;
	  };

/** A call of the family, or a way to touch memory. */
export interface FormCall {
	/** Name of the call, or our own word for a statement. */
	readonly id: string;
	/** What it does, in a few words. */
	readonly meaning: string;
	readonly group: "Mappings" | "Pages" | "Memory" | "Files" | "Processes";
	readonly fields: readonly FormField[];
	/** Variable that takes what it returns, when the reader gives no other. */
	readonly result?: string;
	/** The statement; `@name` stands for an argument. */
	readonly template: string;
}

const protections: readonly FlagChoice[] = [
	{ name: "PROT_READ", meaning: "may be read" },
	{ name: "PROT_WRITE", meaning: "may be written" },
	{ name: "PROT_EXEC", meaning: "may be executed" },
];

const expression = (
	name: string,
	label: string,
	initial: string,
	suggest: Extract<FormField, { kind: "expression" }>["suggest"] = "none",
): FormField => ({ kind: "expression", name, label, initial, suggest });

const address = (label = "Address", initial = "p") => expression("address", label, initial, "addresses");
const length = (initial = "16 * page", label = "Length") => expression("length", label, initial, "lengths");
const protection: FormField = {
	kind: "flags",
	name: "protection",
	label: "Protection",
	choices: protections,
	initial: ["PROT_READ", "PROT_WRITE"],
	none: "PROT_NONE",
};

const mapFlags: readonly FlagChoice[] = [
	{ name: "MAP_ANONYMOUS", meaning: "no file: memory that begins as zeros" },
	{ name: "MAP_FIXED", meaning: "exactly at this address, replacing what is there" },
	{ name: "MAP_FIXED_NOREPLACE", meaning: "exactly at this address, or not at all" },
	{ name: "MAP_POPULATE", meaning: "fill all pages now" },
	{ name: "MAP_LOCKED", meaning: "keep all pages in memory" },
	{ name: "MAP_NORESERVE", meaning: "count nothing towards the commit limit" },
	{ name: "MAP_GROWSDOWN", meaning: "grows downwards when it is touched just below" },
	{ name: "MAP_STACK", meaning: "fit for a thread's stack" },
	{ name: "MAP_HUGETLB", meaning: "huge pages of the pool" },
];

const advice: readonly FlagChoice[] = [
	{ name: "MADV_DONTNEED", meaning: "take the pages away now" },
	{ name: "MADV_FREE", meaning: "take the pages when memory is short" },
	{ name: "MADV_WILLNEED", meaning: "read ahead" },
	{ name: "MADV_SEQUENTIAL", meaning: "will be read in order" },
	{ name: "MADV_RANDOM", meaning: "will be read here and there" },
	{ name: "MADV_NORMAL", meaning: "no special advice" },
	{ name: "MADV_POPULATE_READ", meaning: "fill all pages as by reading" },
	{ name: "MADV_POPULATE_WRITE", meaning: "fill all pages as by writing" },
	{ name: "MADV_COLD", meaning: "first to go when memory is short" },
	{ name: "MADV_PAGEOUT", meaning: "write out or drop now" },
	{ name: "MADV_HUGEPAGE", meaning: "huge pages are wanted" },
	{ name: "MADV_NOHUGEPAGE", meaning: "huge pages are not wanted" },
	{ name: "MADV_DONTFORK", meaning: "not for a child" },
	{ name: "MADV_WIPEONFORK", meaning: "zeros for a child" },
	{ name: "MADV_DONTDUMP", meaning: "not in core dumps" },
	{ name: "MADV_GUARD_INSTALL", meaning: "make guard pages: any access is a SIGSEGV" },
	{ name: "MADV_GUARD_REMOVE", meaning: "make guard pages ordinary again" },
];

/** Every call that the playground offers, in the order of the list. */
export const formCalls: readonly FormCall[] = [
	{
		id: "mmap",
		meaning: "make a mapping",
		group: "Mappings",
		fields: [
			expression("address", "Address", "NULL", "addresses"),
			length(),
			protection,
			{
				kind: "one",
				name: "sharing",
				label: "Sharing",
				choices: [
					{ name: "MAP_PRIVATE", meaning: "writes are mine alone" },
					{ name: "MAP_SHARED", meaning: "writes are for all who map it" },
				],
				initial: "MAP_PRIVATE",
			},
			{ kind: "flags", name: "flags", label: "Flags", choices: mapFlags, initial: ["MAP_ANONYMOUS"], none: "" },
			expression("descriptor", "File descriptor", "-1", "descriptors"),
			expression("offset", "Offset in the file", "0"),
		],
		result: "p",
		template: "@result = mmap(@address, @length, @protection, @sharing | @flags, @descriptor, @offset);",
	},
	{
		id: "munmap",
		meaning: "take a mapping, or a part of it, away",
		group: "Mappings",
		fields: [address(), length()],
		template: "munmap(@address, @length);",
	},
	{
		id: "mremap",
		meaning: "make a mapping larger or smaller, or move it",
		group: "Mappings",
		fields: [
			address("Old address"),
			length("16 * page", "Old length"),
			expression("newLength", "New length", "32 * page", "lengths"),
			{
				kind: "flags",
				name: "flags",
				label: "Flags",
				choices: [
					{ name: "MREMAP_MAYMOVE", meaning: "it may move" },
					{ name: "MREMAP_DONTUNMAP", meaning: "move the pages, keep the old range mapped" },
				],
				initial: ["MREMAP_MAYMOVE"],
				none: "0",
			},
		],
		result: "p",
		template: "@result = mremap(@address, @length, @newLength, @flags);",
	},
	{
		id: "mprotect",
		meaning: "change what is allowed",
		group: "Mappings",
		fields: [address(), length(), protection],
		template: "mprotect(@address, @length, @protection);",
	},
	{
		id: "madvise",
		meaning: "tell the kernel what will be needed",
		group: "Pages",
		fields: [
			address(),
			length(),
			{ kind: "one", name: "advice", label: "Advice", choices: advice, initial: "MADV_DONTNEED" },
		],
		template: "madvise(@address, @length, @advice);",
	},
	{
		id: "mincore",
		meaning: "ask which pages are in memory",
		group: "Pages",
		fields: [address(), length()],
		template: "mincore(@address, @length, vec);",
	},
	{
		id: "msync",
		meaning: "write a shared file mapping to its file",
		group: "Pages",
		fields: [
			address(),
			length(),
			{
				kind: "flags",
				name: "flags",
				label: "Flags",
				choices: [
					{ name: "MS_SYNC", meaning: "and wait until it is written" },
					{ name: "MS_ASYNC", meaning: "some time" },
					{ name: "MS_INVALIDATE", meaning: "other mappings must read it anew" },
				],
				initial: ["MS_SYNC"],
				none: "0",
			},
		],
		template: "msync(@address, @length, @flags);",
	},
	{
		id: "mlock",
		meaning: "keep pages in memory",
		group: "Pages",
		fields: [address(), length()],
		template: "mlock(@address, @length);",
	},
	{
		id: "mlock2",
		meaning: "keep pages in memory, as they come",
		group: "Pages",
		fields: [
			address(),
			length(),
			{
				kind: "flags",
				name: "flags",
				label: "Flags",
				choices: [{ name: "MLOCK_ONFAULT", meaning: "fill nothing now" }],
				initial: ["MLOCK_ONFAULT"],
				none: "0",
			},
		],
		template: "mlock2(@address, @length, @flags);",
	},
	{
		id: "munlock",
		meaning: "let pages go again",
		group: "Pages",
		fields: [address(), length()],
		template: "munlock(@address, @length);",
	},
	{
		id: "write",
		meaning: "write one byte",
		group: "Memory",
		fields: [address(), expression("index", "Byte", "0"), expression("value", "Value", "'h'")],
		template: "@address[@index] = @value;",
	},
	{
		id: "read",
		meaning: "read one byte",
		group: "Memory",
		fields: [address(), expression("index", "Byte", "0")],
		result: "x",
		template: "@result = @address[@index];",
	},
	{
		id: "strcpy",
		meaning: "write a text",
		group: "Memory",
		fields: [address("To"), expression("text", "Text", '"hello"', "texts")],
		template: "strcpy(@address, @text);",
	},
	{
		id: "memset",
		meaning: "write the same byte many times",
		group: "Memory",
		fields: [address("To"), expression("value", "Value", "0"), length("page", "Bytes")],
		template: "memset(@address, @value, @length);",
	},
	{
		id: "touch",
		meaning: "write one byte to each page",
		group: "Memory",
		fields: [address("Mapping"), length()],
		template: "for (i = 0; i < @length; i += page) @address[i] = 1;",
	},
	{
		id: "open",
		meaning: "open a file",
		group: "Files",
		fields: [
			expression("path", "Path", "file", "texts"),
			{
				kind: "one",
				name: "access",
				label: "Access",
				choices: [
					{ name: "O_RDWR", meaning: "read and write" },
					{ name: "O_RDONLY", meaning: "read" },
					{ name: "O_WRONLY", meaning: "write" },
				],
				initial: "O_RDWR",
			},
		],
		result: "fd",
		template: "@result = open(@path, @access);",
	},
	{
		id: "ftruncate",
		meaning: "change the size of a file",
		group: "Files",
		fields: [expression("descriptor", "File descriptor", "fd", "descriptors"), length("page", "Size")],
		template: "ftruncate(@descriptor, @length);",
	},
	{
		id: "close",
		meaning: "close a file",
		group: "Files",
		fields: [expression("descriptor", "File descriptor", "fd", "descriptors")],
		template: "close(@descriptor);",
	},
	{
		id: "fork",
		meaning: "make a child process",
		group: "Processes",
		fields: [],
		result: "child",
		template: "@result = fork();",
	},
];
