import type { ListOrder, Measure } from "../../shared/mapFrame";
import type { MappingKind } from "../../shared/mappingKinds";
import { flagNames, type PageFlag, type PageState } from "../../shared/pageStates";

/** Names of the page states, as the legend has them. */
export const stateNames: Readonly<Record<PageState, string>> = {
	notPresent: "Not present",
	cached: "Cached, not mapped",
	file: "File",
	shmem: "Shared memory",
	anonymous: "Anonymous",
	zero: "Zero page",
	swapped: "Swapped out",
	guard: "Guard",
	unknown: "Unknown",
};

/** What each state means, for the legend's tooltip. */
export const stateMeanings: Readonly<Record<PageState, string>> = {
	notPresent: "No memory behind these pages",
	cached: "In the page cache, not mapped by this process: no disk read needed",
	file: "A page of a file, mapped from the page cache",
	shmem: "Memory that processes may share: memfd, tmpfs, System V, shared anonymous",
	anonymous: "Private memory without a file, or a private copy of a file's page",
	zero: "Read but never written: the kernel's shared zero page, which costs nothing",
	swapped: "Written to swap; the next access reads it back",
	guard: "Any access is a SIGSEGV",
	unknown: "The kernel does not say",
};

/** A state in the middle of a sentence: `17 mapped file, 3 cached only`. */
export const stateWords: Readonly<Record<PageState, string>> = {
	notPresent: "not present",
	cached: "cached, not mapped",
	file: "mapped",
	shmem: "shared memory",
	anonymous: "anonymous",
	zero: "zero page",
	swapped: "swapped out",
	guard: "guard",
	unknown: "unknown",
};

/** States in the order of the legend. */
export const legendOrder: readonly PageState[] = [
	"anonymous",
	"file",
	"shmem",
	"zero",
	"cached",
	"swapped",
	"guard",
	"notPresent",
	"unknown",
];

export const kindNames: Readonly<Record<MappingKind, string>> = {
	code: "Code",
	readOnlyData: "Read-only data",
	data: "Data",
	bss: "BSS",
	heap: "Heap",
	stack: "Stacks",
	anonymous: "Anonymous",
	file: "Files",
	sharedMemory: "Shared memory",
	hugetlb: "Huge pages",
	device: "Devices",
	kernel: "Kernel",
	guard: "Guards",
	reserved: "Reserved",
	other: "Other",
};

/** The measures, with the head of the list's number column. */
export const measureNames: Readonly<Record<Measure, string>> = {
	virtual: "Virtual",
	resident: "Resident",
	pss: "PSS",
	privateDirty: "Private dirty",
	cached: "Cached, not mapped",
	swap: "Swap",
};

export const measureHeads: Readonly<Record<Measure, string>> = {
	...measureNames,
	privateDirty: "Dirty",
	cached: "Cached",
};

export const measureMeanings: Readonly<Record<Measure, string>> = {
	virtual: "Address space, whether there is memory behind it or not",
	resident: "Memory that this process has mapped now (RSS)",
	pss: "Proportional set size: each shared page divided by the number of its users",
	privateDirty: "What would be freed or written back if this process ended",
	cached: "Pages of mapped files that are in the page cache but not mapped here",
	swap: "What the kernel has moved out to swap",
};

export const orderNames: Readonly<Record<ListOrder, string>> = {
	resident: "Resident",
	size: "Size",
	address: "Address",
};

/** The letter of `/proc/PID/stat` in a word; the letter itself when it is a new one. */
export function processStateWord(letter: string): string {
	const words: Readonly<Record<string, string>> = {
		R: "running",
		S: "sleeping",
		D: "waiting for a device",
		Z: "ended, not yet collected",
		T: "stopped",
		t: "stopped by a debugger",
		X: "ended",
		I: "idle",
	};
	return words[letter] ?? `state ${letter}`;
}

const flagWords: Readonly<Record<PageFlag, string>> = {
	exclusive: "exclusive",
	huge: "part of a huge page",
	softDirty: "written since the last reset",
	writeProtected: "write-protected by userfaultfd",
	changed: "changed in this sample",
	fileCached: "the file's page is still cached",
};

/** The flags of a page in words. */
export function flagsInWords(bits: number): string[] {
	return flagNames(bits).map((flag) => flagWords[flag]);
}

/** `rw-p` in words: `read, write, private`. */
export function permissionsInWords(permissions: string): string {
	const [r, w, x, shared] = permissions;
	const may = [r === "r" ? "read" : "", w === "w" ? "write" : "", x === "x" ? "execute" : ""].filter(Boolean);
	return [...(may.length === 0 ? ["no access"] : may), shared === "s" ? "shared" : "private"].join(", ");
}

/** Whether what may be written may be executed too. */
export function isWritableAndExecutable(permissions: string | undefined): boolean {
	return permissions?.[1] === "w" && permissions[2] === "x";
}
