import type { ByteSource } from "./byteSource";
import { readString } from "./sections";
import { type SymbolIndex, trait } from "./symbolIndex";

/** A symbol and where it lies, as distances from the image's start. */
export interface FoundSymbol {
	/** As the file has it: mangled. Hostile text. */
	readonly name: string;
	readonly start: number;
	/** Bytes; 0 when the file does not say. */
	readonly size: number;
	/** It holds the address; otherwise it is the one before, and ends earlier. */
	readonly inside: boolean;
}

/** Symbols looked at backwards for one that holds the address; an enclosing one farther off is not found. */
const longestWalk = 4096;
/** Names of one address that are compared; identical functions folded into one have hundreds. */
const mostAliases = 64;

/**
 * The symbol that holds an address: the innermost whose size covers it, else the last one before, when that does not say
 * how large it is; else the last one before, as not `inside`. Undefined when none starts in [floor, address].
 *
 * @param floor start of the section that holds the address: a symbol does not reach into the next section.
 */
export function nearestSymbol(
	source: ByteSource,
	index: SymbolIndex,
	address: number,
	floor: number,
): FoundSymbol | undefined {
	const last = firstAfter(index, address) - 1;
	const lowest = Math.max(0, last - longestWalk);
	for (let at = last; at >= lowest && index.start(at) >= floor; at--) {
		if (address >= index.start(at) + index.size(at)) continue;
		const holding = aliases(index, at).filter((alias) => address < index.start(alias) + index.size(alias));
		return { ...choose(source, index, holding), start: index.start(at), inside: true };
	}
	return precedingSymbol(source, index, last, floor);
}

/** Addresses looked at backwards for a symbol that is no mark of a tool. */
const mostMarks = 64;

/** The last symbol at or before position `last`; of several at one address, one without a size reaches to the next. */
function precedingSymbol(source: ByteSource, index: SymbolIndex, last: number, floor: number): FoundSymbol | undefined {
	let at = last;
	for (let marks = 0; at >= 0 && index.start(at) >= floor && marks < mostMarks; marks++) {
		const same = readAliases(source, index, aliases(index, at)).filter((alias) => !isMark(alias));
		const chosen = same.find(({ size }) => size === 0) ?? same[0];
		if (chosen) return { ...chosen, start: index.start(at), inside: chosen.size === 0 };
		at = firstAtOrAfter(index, index.start(at)) - 1;
	}
	return undefined;
}

/** Where the linker marks the borders of sections: no things, though these names would seem to reach far. */
const linkerMarks = /^_*(data_start|bss_start|bss_start__|bss_end__|edata|end|end__|etext|executable_start)$/;

/** Labels that tools leave for themselves: `.L7`, `.annobin_init.c`, `$d` of assemblers, `__bss_start` of linkers. */
function isMark({ name, size, traits }: Alias): boolean {
	if (traits & trait.label) return /^([.$]|$)/.test(name);
	return size === 0 && (traits & trait.untyped) !== 0 && linkerMarks.test(name);
}

/** Whether a symbol is more than a label: it has a type or a size. */
function isThing(index: SymbolIndex, at: number): boolean {
	return (index.traits(at) & trait.untyped) === 0 || index.size(at) > 0;
}

/** The first symbol with a type or a size that starts in [start, end). */
export function firstSymbolIn(
	source: ByteSource,
	index: SymbolIndex,
	start: number,
	end: number,
): Pick<FoundSymbol, "name" | "start"> | undefined {
	for (let at = firstAtOrAfter(index, start); at < index.count && index.start(at) < end; at++) {
		if (!isThing(index, at)) continue;
		return { name: choose(source, index, aliases(index, at)).name, start: index.start(at) };
	}
	return undefined;
}

/** How many addresses in [start, end) symbols with a type or a size begin at. */
export function countStarts(index: SymbolIndex, start: number, end: number): number {
	let count = 0;
	let before = -1;
	for (let at = firstAtOrAfter(index, start); at < index.count && index.start(at) < end; at++) {
		if (index.start(at) === before || !isThing(index, at)) continue;
		count++;
		before = index.start(at);
	}
	return count;
}

/** Position of the first symbol behind `address`. */
function firstAfter(index: SymbolIndex, address: number): number {
	let low = 0;
	let high = index.count;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (index.start(middle) > address) high = middle;
		else low = middle + 1;
	}
	return low;
}

function firstAtOrAfter(index: SymbolIndex, address: number): number {
	return firstAfter(index, address - 1);
}

/** Positions of the symbols that start where the one at `at` does. */
function aliases(index: SymbolIndex, at: number): number[] {
	const start = index.start(at);
	const first = firstAtOrAfter(index, start);
	const found: number[] = [];
	for (let i = first; i < index.count && index.start(i) === start && found.length < mostAliases; i++) found.push(i);
	return found;
}

/** The name that people know the thing by, and the size that goes with it. */
function choose(source: ByteSource, index: SymbolIndex, same: readonly number[]): Alias {
	return readAliases(source, index, same)[0] ?? { name: "", size: 0, traits: 0 };
}

/** Symbols of one address, best name first. */
function readAliases(source: ByteSource, index: SymbolIndex, same: readonly number[]): Alias[] {
	const named = same.map((at) => ({
		name: readString(source, index.nameOffset(at)),
		size: index.size(at),
		traits: index.traits(at),
	}));
	return named.sort(compareAliases);
}

interface Alias {
	readonly name: string;
	readonly size: number;
	readonly traits: number;
}

/**
 * Which of two names of one address comes first: `malloc` before `__libc_malloc`, `puts` (weak) before `_IO_puts`. A name
 * of something before a bare label, exported before local, fewest leading underscores, strong before weak, then short.
 */
export function compareAliases(a: Omit<Alias, "size">, b: Omit<Alias, "size">): number {
	const has = (alias: Omit<Alias, "size">, bit: number): number => (alias.traits & bit ? 1 : 0);
	return (
		(a.name === "" ? 1 : 0) - (b.name === "" ? 1 : 0) ||
		has(a, trait.label) - has(b, trait.label) ||
		has(a, trait.untyped) - has(b, trait.untyped) ||
		has(a, trait.local) - has(b, trait.local) ||
		underscores(a.name) - underscores(b.name) ||
		has(a, trait.weak) - has(b, trait.weak) ||
		a.name.length - b.name.length ||
		(a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
	);
}

function underscores(name: string): number {
	return name.length - name.replace(/^_+/, "").length;
}
