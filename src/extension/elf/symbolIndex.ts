import { type ByteSource, readTable } from "./byteSource";
import { type ElfHeader, Fields, machine } from "./elfHeader";
import { type Section, sectionType } from "./sections";

/**
 * The symbols of a file that have a place in its image, sorted by address: 25 bytes a symbol in typed arrays, names left
 * in the file. Addresses are distances from the image's lowest address, exact in a double.
 */
export interface SymbolIndex {
	readonly count: number;
	/** Distance from the image's start, in ascending order. */
	start(at: number): number;
	/** Bytes; 0 when the file does not say. */
	size(at: number): number;
	/** Bits of {@link trait}. */
	traits(at: number): number;
	/** Where in the file its name starts. */
	nameOffset(at: number): number;
	/** Bytes that the index occupies. */
	readonly bytes: number;
	/** There were more symbols than are indexed. */
	readonly partial: boolean;
}

/** What decides which of several names of one address is shown. A label is local, of no type and without a size. */
export const trait = { weak: 1, local: 2, untyped: 4, label: 8 } as const;

/** Most symbols read of a file: a debug build of Chromium has some three million. */
const mostSymbols = 2 ** 22;

/** A key is 40 bits of distance and 24 bits of row, which sorts without a comparison function: 15 times as fast. */
const rowBits = 24;
const farthest = 2 ** 40;
const littleEndianHost = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

const symbolType = { none: 0, object: 1, function: 2, indirectFunction: 10 } as const;
const binding = { local: 0, global: 1, weak: 2 } as const;
const machinesWithMarks: ReadonlySet<number> = new Set([machine.arm, machine.arm64, machine.riscV]);
/** Section indices from here on mean something else: absolute values, commons. */
const reservedSections = 0xff00;

/**
 * Reads the symbol tables of a file (`.symtab` and `.dynsym`, either may be missing). Kept are functions, objects
 * and untyped symbols such as the labels of assembly; not kept are thread-local offsets, labels at the end of a section,
 * where nothing lies, and on ARM and RISC-V all labels, most of which only tell code (`$x`) from data (`$d`).
 *
 * @param base the lowest address of the image as the file counts.
 */
export function readSymbols(
	source: ByteSource,
	header: ElfHeader,
	sections: readonly Section[],
	base: bigint,
): SymbolIndex {
	const { format } = header;
	const entrySize = format.wide ? 24 : 16;
	const tables = [sectionType.symbols, sectionType.dynamicSymbols].flatMap((type) => {
		const table = sections.find((section) => section.type === type && section.entrySize === entrySize);
		const strings = sections.find(({ index }) => index === table?.link);
		return table && strings ? [{ table, strings }] : [];
	});
	const places = sectionPlaces(sections, base);
	const claimed = tables.reduce((sum, { table }) => sum + entriesWithin(table, entrySize, source.size), 0);
	const rows = new SymbolRows(Math.min(claimed, mostSymbols));
	const marksCode = machinesWithMarks.has(header.machine);
	const baseHigh = Number(base >> 32n);
	const baseLow = Number(base & 0xffff_ffffn);
	for (const { table, strings } of tables) {
		const count = Math.min(entriesWithin(table, entrySize, source.size), mostSymbols);
		readTable(source, { offset: table.offset, count, entrySize }, (bytes, entries) => {
			const fields = new Fields(bytes, format);
			for (let entry = 0; entry < entries; entry++) {
				const at = entry * entrySize;
				const info = fields.u8(at + (format.wide ? 4 : 12));
				const size = fields.size(at + (format.wide ? 16 : 8));
				const traits = traitsOf(info & 0xf, info >> 4, size);
				const section = fields.u16(at + (format.wide ? 6 : 14));
				const name = fields.u32(at);
				if (
					traits < 0 ||
					(traits & trait.label && marksCode) ||
					section === 0 ||
					section >= reservedSections ||
					name >= strings.size
				)
					continue;
				let start = fields.distance(at + (format.wide ? 8 : 4), baseHigh, baseLow);
				if (header.machine === machine.arm && (info & 0xf) === symbolType.function && start % 2 !== 0) start--;
				// A symbol outside its own section is a label at its end, or a lie.
				if (!(start >= (places.starts[section] ?? 0) && start < (places.ends[section] ?? 0))) continue;
				rows.add(start, size, strings.offset + name, traits);
			}
		});
	}
	return rows.finish(claimed > mostSymbols);
}

/** Bits of {@link trait}, or -1 for a symbol that is none of ours. */
function traitsOf(type: number, bound: number, size: number): number {
	const bindingTrait = bound === binding.local ? trait.local : bound === binding.weak ? trait.weak : 0;
	if (type === symbolType.function || type === symbolType.object || type === symbolType.indirectFunction) {
		return bindingTrait;
	}
	if (type !== symbolType.none) return -1;
	return bindingTrait | trait.untyped | (bound === binding.local && size === 0 ? trait.label : 0);
}

function entriesWithin({ offset, size }: Section, entrySize: number, fileSize: number): number {
	return Math.max(0, Math.floor(Math.min(size, fileSize - offset) / entrySize));
}

/** Range of each loaded section as distances from `base`, by section index; empty for the others. */
function sectionPlaces(sections: readonly Section[], base: bigint): { starts: Float64Array; ends: Float64Array } {
	const count = (sections.at(-1)?.index ?? 0) + 1;
	const starts = new Float64Array(count);
	const ends = new Float64Array(count);
	for (const { index, loaded, address, size } of sections) {
		if (!loaded || address < base) continue;
		const start = Number(address - base);
		starts[index] = start;
		ends[index] = Math.min(start + size, farthest);
	}
	return { starts, ends };
}

/** Collects symbols, then sorts their keys; the rows stay where they are. */
class SymbolRows {
	#count = 0;
	readonly #capacity: number;
	readonly #keys: Uint32Array;
	readonly #sizes: Float64Array;
	readonly #names: Float64Array;
	readonly #traits: Uint8Array;

	constructor(capacity: number) {
		this.#capacity = capacity;
		this.#keys = new Uint32Array(capacity * 2);
		this.#sizes = new Float64Array(capacity);
		this.#names = new Float64Array(capacity);
		this.#traits = new Uint8Array(capacity);
	}

	add(start: number, size: number, nameOffset: number, traits: number): void {
		const row = this.#count;
		if (row === this.#capacity) return;
		this.#count++;
		const [low, high] = littleEndianHost ? [row * 2, row * 2 + 1] : [row * 2 + 1, row * 2];
		this.#keys[high] = Math.floor(start / 2 ** (32 - rowBits));
		this.#keys[low] = (start % 2 ** (32 - rowBits)) * 2 ** rowBits + row;
		this.#sizes[row] = size;
		this.#names[row] = nameOffset;
		this.#traits[row] = traits;
	}

	finish(partial: boolean): SymbolIndex {
		const count = this.#count;
		const keys = fit(this.#keys, count * 2);
		new BigUint64Array(keys.buffer, 0, count).sort();
		const [sizes, names, traits] = [fit(this.#sizes, count), fit(this.#names, count), fit(this.#traits, count)];
		const lowAt = littleEndianHost ? 0 : 1;
		const low = (at: number): number => keys[at * 2 + lowAt] ?? 0;
		const row = (at: number): number => low(at) & (2 ** rowBits - 1);
		return {
			count,
			start: (at) => (keys[at * 2 + 1 - lowAt] ?? 0) * 2 ** (32 - rowBits) + (low(at) >>> rowBits),
			size: (at) => sizes[row(at)] ?? 0,
			traits: (at) => traits[row(at)] ?? 0,
			nameOffset: (at) => names[row(at)] ?? 0,
			bytes: [keys, sizes, names, traits].reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
			partial,
		};
	}
}

/** The used part of an array, copied only where that frees more than it costs. */
function fit<T extends Uint32Array | Float64Array | Uint8Array>(array: T, length: number): T {
	return (length * 2 > array.length ? array.subarray(0, length) : array.slice(0, length)) as T;
}
