import type { PageCacheKnowledge, SelectedMapping } from "../../../shared/mapFrame";
import { visibleText } from "../../../shared/text";
import { baseName, listed, type Phrase } from "../../words/phrases";
import { describePages, mappedPages, pagesIn } from "./pageCounts";

/** What the sentence needs to know of a mapping. */
export type MappingFacts = Pick<
	SelectedMapping,
	| "kind"
	| "label"
	| "note"
	| "module"
	| "name"
	| "deleted"
	| "replaced"
	| "threadId"
	| "threadName"
	| "startPage"
	| "endPage"
	| "permissions"
	| "statePages"
	| "fileCachedPages"
	| "cache"
>;

/** One to four sentences: what the mapping is, what may be done with it, where its pages are. */
export function describeMapping(mapping: MappingFacts): Phrase[] {
	const phrases: Phrase[] = [...whatItIs(mapping), " ", access(mapping), " ", describePages(mapping)];
	if (mapping.replaced) {
		phrases.push(" Another file has taken its name; this one lives on until the last mapping is gone.");
	} else if (mapping.deleted) {
		phrases.push(" The file was deleted; its pages live on until the last mapping is gone.");
	}
	const cache = explainCache(mapping.cache);
	if (cache !== undefined) phrases.push(` ${cache}`);
	return phrases;
}

function whatItIs(mapping: MappingFacts): Phrase[] {
	const owner = { strong: visibleText(baseName(mapping.module ?? mapping.name)) };
	const shared = mapping.permissions[3] === "s";
	const how = shared ? ", shared with all who map it." : ", mapped privately from its file.";
	switch (mapping.kind) {
		case "code":
			return mapping.module === undefined
				? ["Machine code without a file", ...named(mapping), ", made while running."]
				: ["Machine code of ", owner, how];
		case "readOnlyData":
			return mapping.note === "relocated"
				? ["Data of ", owner, " that the loader filled in and then made read-only."]
				: ["Constants and tables of ", owner, how];
		case "data":
			return ["Variables of ", owner, ". Pages it writes to become private copies; the file stays as it is."];
		case "bss":
			return ["Variables of ", owner, " that start as zero: memory without a file."];
		case "heap":
			return mapping.name === "[heap]"
				? ["The heap: what ", { code: "brk" }, " has given to ", { code: "malloc" }, "."]
				: ["Memory that ", { code: "malloc" }, " manages beside the heap, for threads or for what is large."];
		case "stack":
			return stackSentence(mapping);
		case "anonymous":
			return anonymousSentence(mapping, shared);
		case "file":
			return fileSentence(owner, shared, mapping.permissions[1] === "w");
		case "sharedMemory":
			return ["Memory that processes may share", ...named(mapping), ": what one writes, all who map it see."];
		case "hugetlb":
			return ["Memory from the pool of huge pages."];
		case "device":
			return ["Memory that the driver of ", owner, " has mapped."];
		case "kernel":
			return kernelSentence(mapping.name);
		case "guard":
			return hasPages(mapping)
				? ["Memory that may not be accessed any more, with what was written to it before. It guards what is beside it."]
				: ["A guard: any access ends in SIGSEGV, so that what overflows beside it is caught."];
		case "reserved":
			return hasPages(mapping)
				? ["Memory that may not be accessed any more, with what was written to it before."]
				: ["Address space that is set aside. It costs no memory until it is opened for access."];
		case "other":
			return ["A mapping of ", owner.strong === "" ? "no known kind" : owner, "."];
	}
}

/** Taking the access away with mprotect leaves the pages where they are. */
function hasPages({ statePages }: MappingFacts): boolean {
	return mappedPages(statePages) + pagesIn(statePages, "swapped") > 0;
}

function fileSentence(owner: Phrase, shared: boolean, writable: boolean): Phrase[] {
	if (!writable) return ["The file ", owner, shared ? ", shared: it shows what others write." : ", mapped privately."];
	return shared
		? ["The file ", owner, ", shared: what is written here is written to the file."]
		: ["The file ", owner, ", mapped privately: what is written here stays in this process."];
}

function stackSentence(mapping: MappingFacts): Phrase[] {
	const { threadId, threadName } = mapping;
	if (threadId === undefined && mapping.name.startsWith("[anon:"))
		return ["The stack of a thread", ...named(mapping), "."];
	if (threadId === undefined) return ["The stack of the main thread. It grows downwards by itself."];
	const name = threadName === undefined ? "" : ` (${visibleText(threadName)})`;
	return [`The stack of thread ${threadId}${name}.`];
}

function anonymousSentence(mapping: MappingFacts, shared: boolean): Phrase[] {
	if (shared) return ["Memory without a file", ...named(mapping), ", shared with the processes forked from this one."];
	return ["Private memory without a file", ...named(mapping), "."];
}

/** The name that a process gave to memory: `[anon:name]`, a memfd, a segment. */
function named({ name }: MappingFacts): Phrase[] {
	const own = /^\[anon(?:_shmem)?: ?(.*)\]$/.exec(name)?.[1] ?? (name.startsWith("/") ? baseName(name) : "");
	return own === "" ? [] : [", named ", { strong: visibleText(own) }];
}

function kernelSentence(name: string): Phrase[] {
	if (name === "[vdso]")
		return ["Code that the kernel lends to every process, so that asking for the time needs no system call."];
	if (name.startsWith("[vvar"))
		return ["Numbers that the kernel keeps up to date for the code in ", { code: "[vdso]" }, "."];
	if (name === "[vsyscall]") return ["The old entry for three system calls, kept for programs of long ago."];
	return ["A mapping that the kernel itself has made."];
}

function access({ permissions, kind }: MappingFacts): string {
	const [r, w, x] = permissions;
	const may = [r === "r" ? "read" : "", w === "w" ? "written" : "", x === "x" ? "executed" : ""].filter(Boolean);
	if (may.length === 0)
		return kind === "guard" || kind === "reserved" ? "No access is allowed." : "No access is allowed now.";
	const never = w === "w" ? "" : ", not written";
	const warning = w === "w" && x === "x" ? ": code here can be changed while it runs" : "";
	return `It may be ${listed(may)}${never}${warning}.`;
}

/** Why the lane is missing; undefined where there is nothing to explain. */
export function explainCache(cache: PageCacheKnowledge): string | undefined {
	if (cache.known) return undefined;
	switch (cache.why) {
		case "notAFile":
			return undefined;
		case "notOwner":
			return "Linux shows the page cache of a file only to those who own it or may write it.";
		case "notReachable":
			return "Its file cannot be reached from here, so the page cache is not known.";
		case "replaced":
			return "Another file has taken the place of the mapped one, so the page cache is not known.";
		case "unsupported":
			return "The page cache cannot be asked on this machine.";
		case "notAsked":
			return "The page cache was not asked in this sample.";
	}
}
