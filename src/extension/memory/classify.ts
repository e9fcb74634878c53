import { type MappingKind, mappingKinds } from "../../shared/mappingKinds";
import { type MapsColumns, permission } from "../proc/maps";
import { arenaFinder } from "./arenas";
import { baseName, type MappingName, noName, parseMappingName } from "./names";
import { deviceLabel, givenName, kindOfPseudoName, sharedMemoryLabel } from "./pseudoNames";

/** A thread, and a page of its stack. */
export interface ThreadStack {
	readonly tid: number;
	/** Hostile text. */
	readonly name: string;
	readonly page: number;
}

/** What each mapping is for. */
export interface Classification {
	/** Index into `mappingKinds` per mapping. */
	readonly kinds: Uint8Array;
	/** Decoded names, by index into the name table. */
	readonly names: readonly MappingName[];
	/** File-backed mapping that the mapping belongs to (its own index, or for BSS that of the data before it); -1 for none. */
	readonly fileOf: Int32Array;
	/** The mapping's pages are shared memory when they are file pages. */
	readonly sharedMemory: Uint8Array;
	/** Threads whose stack a mapping is, by mapping. */
	readonly threads: ReadonlyMap<number, ThreadStack>;
}

const code = Object.fromEntries(mappingKinds.map((kind, index) => [kind, index])) as Record<MappingKind, number>;

/** A PROT_NONE mapping up to this size next to accessible memory guards it; larger ones reserve addresses. */
const largestGuard = 2 ** 17;

/**
 * Classifies every mapping.
 *
 * @param memoryDevices devices of file systems that live in memory, `major << 20 | minor`.
 * @param names the name table decoded, with its ambiguities resolved where somebody could look.
 * @param stacks where threads have their stacks; only memory without a name can be one.
 * @param hugetlbDevices devices of file systems made of huge pages, as `memoryDevices`.
 */
export function classify(
	maps: MapsColumns,
	memoryDevices: ReadonlySet<number>,
	pageSize: number,
	names: readonly MappingName[] = maps.nameTable.map(parseMappingName),
	stacks: readonly ThreadStack[] = [],
	hugetlbDevices: ReadonlySet<number> = new Set(),
): Classification {
	const threads = threadsByMapping(maps, stacks);
	const pseudoKinds = names.map(({ name }) => kindOfPseudoName(name));
	const executable = executableFiles(maps);
	const isArena = arenaFinder(maps, names, pageSize);
	const kinds = new Uint8Array(maps.count);
	const fileOf = new Int32Array(maps.count).fill(-1);
	const sharedMemory = new Uint8Array(maps.count);
	for (let index = 0; index < maps.count; index++) {
		const nameIndex = maps.names[index] ?? 0;
		const permissions = maps.permissions[index] ?? 0;
		const shared = (permissions & permission.shared) !== 0;
		const name = names[nameIndex]?.name ?? "";
		let kind: MappingKind;
		if (maps.inodes[index] !== 0n && hugetlbDevices.has(maps.devices[index] ?? 0)) {
			kind = "hugetlb";
		} else if (name === "/dev/zero") {
			// MAP_SHARED|MAP_ANONYMOUS is a file of the kernel's shm mount by this name; a private one is plain memory.
			kind = shared ? "sharedMemory" : "anonymous";
		} else if (threads.has(index)) {
			kind = "stack";
		} else if (nameIndex === 0) {
			kind = isArena(index) ? "heap" : anonymousKind(maps, index, kinds, fileOf, pageSize);
		} else {
			const pseudo = pseudoKinds[nameIndex];
			if (pseudo !== undefined && name.startsWith("[anon:")) {
				const plain = anonymousKind(maps, index, kinds, fileOf, pageSize);
				kind = plain === "anonymous" || plain === "bss" ? pseudo : plain;
			} else if (pseudo) {
				kind = pseudo;
			} else {
				fileOf[index] = index;
				kind = fileKind(permissions, executable.has(nameIndex), memoryDevices.has(maps.devices[index] ?? 0));
			}
		}
		if (kind === "bss") fileOf[index] = fileOf[index - 1] ?? -1;
		if (kind === "sharedMemory" || kind === "hugetlb" || memoryDevices.has(maps.devices[index] ?? 0))
			sharedMemory[index] = 1;
		kinds[index] = code[kind];
	}
	return { kinds, names, fileOf, sharedMemory, threads };
}

/**
 * Mappings that are a thread's stack: memory without a file that holds the stack pointer of exactly one thread. Runtimes
 * that switch stacks themselves (Go) have the pointers of many threads in one arena, which is no thread's stack.
 */
function threadsByMapping(maps: MapsColumns, stacks: readonly ThreadStack[]): Map<number, ThreadStack> {
	const threads = new Map<number, ThreadStack>();
	const shared = new Set<number>();
	for (const stack of stacks) {
		const index = aboveGuard(maps, mappingAt(maps, stack.page));
		const name = index < 0 ? undefined : maps.nameTable[maps.names[index] ?? 0];
		if (name === undefined || (name !== "" && !name.startsWith("[anon:"))) continue;
		if (threads.has(index)) shared.add(index);
		threads.set(index, stack);
	}
	for (const index of shared) threads.delete(index);
	return threads;
}

/** The stack of a thread that has run into the guard below it: what touches mapping `index` above, if that is a guard. */
function aboveGuard(maps: MapsColumns, index: number): number {
	if (index < 0 || !isInaccessible(maps, index) || maps.startPages[index + 1] !== maps.endPages[index]) return index;
	return isInaccessible(maps, index + 1) ? index : index + 1;
}

/** Index of the mapping that holds `page`; -1 when it lies in a gap. */
export function mappingAt(maps: MapsColumns, page: number): number {
	let low = 0;
	let high = maps.count;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((maps.endPages[middle] ?? 0) > page) high = middle;
		else low = middle + 1;
	}
	return low < maps.count && (maps.startPages[low] ?? 0) <= page ? low : -1;
}

/** Names that are mapped executable at least once: programs, libraries, plug-ins. */
function executableFiles(maps: MapsColumns): Set<number> {
	const files = new Set<number>();
	for (let index = 0; index < maps.count; index++) {
		if ((maps.permissions[index] ?? 0) & permission.execute) files.add(maps.names[index] ?? 0);
	}
	return files;
}

function fileKind(permissions: number, module: boolean, memory: boolean): MappingKind {
	if (permissions & permission.shared) return memory ? "sharedMemory" : "file";
	if (permissions & permission.execute) return "code";
	if (!module) return "file";
	if (permissions & permission.write) return "data";
	return permissions & permission.read ? "readOnlyData" : "reserved";
}

function anonymousKind(
	maps: MapsColumns,
	index: number,
	kinds: Uint8Array,
	fileOf: Int32Array,
	pageSize: number,
): MappingKind {
	const permissions = maps.permissions[index] ?? 0;
	const touchesPrevious = index > 0 && maps.endPages[index - 1] === maps.startPages[index];
	if ((permissions & (permission.read | permission.write | permission.execute)) === 0) {
		const touchesNext = maps.startPages[index + 1] === maps.endPages[index];
		const size = ((maps.endPages[index] ?? 0) - (maps.startPages[index] ?? 0)) * pageSize;
		return size <= largestGuard && (touchesPrevious || touchesNext) ? "guard" : "reserved";
	}
	// The loader maps a module's zero-initialised data right behind the last page of its file.
	if (touchesPrevious && fileOf[index - 1] !== -1 && kinds[index - 1] === code.data) {
		if (permissions === (maps.permissions[index - 1] ?? 0)) return "bss";
	}
	// Code without a file was made by a compiler at run time.
	return permissions & permission.execute ? "code" : "anonymous";
}

/** No access at all: a guard, a reservation, or memory that was taken away with mprotect (and may still hold pages). */
export function isInaccessible(maps: MapsColumns, index: number): boolean {
	const access = permission.read | permission.write | permission.execute;
	return ((maps.permissions[index] ?? 0) & access) === 0;
}

/** The kind of mapping `index`. */
export function kindOf(classification: Classification, index: number): MappingKind {
	return mappingKinds[classification.kinds[index] ?? mappingKinds.length - 1] ?? "other";
}

const kindLabels: Readonly<Record<MappingKind, string>> = {
	code: "Code",
	readOnlyData: "Read-only data",
	data: "Data",
	bss: "BSS",
	heap: "Heap",
	stack: "Stack",
	anonymous: "Anonymous",
	file: "File",
	sharedMemory: "Shared memory",
	hugetlb: "Huge pages",
	device: "Device",
	kernel: "Kernel",
	guard: "Guard",
	reserved: "Reserved",
	other: "Other",
};

/** What a kind is called, by its index in `mappingKinds`. */
export function kindLabel(kind: number): string {
	return kindLabels[mappingKinds[kind] ?? "other"];
}

/** Name of the module or file of a mapping, without its folder; undefined for memory without a file. */
export function moduleOf(maps: MapsColumns, classification: Classification, index: number): string | undefined {
	const file = classification.fileOf[index] ?? -1;
	if (file < 0) return undefined;
	return baseName(classification.names[maps.names[file] ?? 0]?.name ?? "");
}

/** What a mapping is, in a word or two, within its group: `Code`, `Heap`, `memfd cache`, `[vdso]`. */
export function shortLabel(maps: MapsColumns, classification: Classification, index: number): string {
	const kind = kindOf(classification, index);
	const { name } = classification.names[maps.names[index] ?? 0] ?? noName;
	const given = name.startsWith("[anon:") ? givenName(name) : undefined;
	switch (kind) {
		case "kernel":
			return name;
		case "code": {
			if ((classification.fileOf[index] ?? -1) >= 0) return kindLabels.code;
			return given === undefined ? "JIT code" : `JIT code ${given}`;
		}
		case "heap":
			return given ?? (name === "" ? "malloc arena" : kindLabels.heap);
		case "stack": {
			const thread = classification.threads.get(index);
			return thread ? `${thread.name} · stack of thread ${thread.tid}` : (given ?? kindLabels.stack);
		}
		case "guard":
		case "reserved":
			return given === undefined ? kindLabels[kind] : `${kindLabels[kind]} for ${given}`;
		case "anonymous":
			return given ?? kindLabels.anonymous;
		case "sharedMemory":
			return sharedMemoryLabel(name);
		case "device":
			return deviceLabel(name);
		case "file":
			return baseName(name);
		default:
			return kindLabels[kind];
	}
}

/** {@link shortLabel} with the module where there is one: `libc.so.6 · Code`. */
export function fullLabel(maps: MapsColumns, classification: Classification, index: number): string {
	const short = shortLabel(maps, classification, index);
	const module = moduleOf(maps, classification, index);
	return module === undefined || module === short ? short : `${module} · ${short}`;
}
