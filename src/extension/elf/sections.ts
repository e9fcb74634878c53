import { type ByteSource, readTable, type Table } from "./byteSource";
import { type ElfFormat, Fields } from "./elfHeader";

/** A section header. Sizes in bytes. */
export interface Section {
	/** Index among the headers, by which symbols name it. */
	readonly index: number;
	/** Where in the file its name starts, see {@link sectionName}; beyond the end of every file when it has none. */
	readonly nameOffset: number;
	/** `sh_type`, see {@link sectionType}. */
	readonly type: number;
	/** It has addresses in the image (`SHF_ALLOC`); a template of thread-local zeros has not, though it says so. */
	readonly loaded: boolean;
	/** Virtual address as the file counts. */
	readonly address: bigint;
	readonly offset: number;
	readonly size: number;
	readonly link: number;
	readonly entrySize: number;
}

/** Values of `sh_type` that matter here. */
export const sectionType = { none: 0, symbols: 2, strings: 3, noBits: 8, dynamicSymbols: 11 } as const;

const allocated = 0x2; // SHF_ALLOC
const threadLocal = 0x400; // SHF_TLS

/** Programs have some forty; what comes after these is not read. */
const mostSections = 2 ** 15;

/**
 * The section headers of a file but the first, which is no section. Those whose size or place makes no sense are left out.
 *
 * @param namesIndex index of the section with the names.
 */
export function readSections(source: ByteSource, format: ElfFormat, table: Table, namesIndex: number): Section[] {
	const { wide } = format;
	if (table.offset === 0 || table.entrySize !== sectionHeaderSize(format)) return [];
	const sections: Section[] = [];
	const nameOffsets: number[] = [];
	let index = 0;
	readTable(source, { ...table, count: Math.min(table.count, mostSections) }, (bytes, entries) => {
		const fields = new Fields(bytes, format);
		for (let entry = 0; entry < entries; entry++, index++) {
			const at = entry * table.entrySize;
			const type = fields.u32(at + 4);
			if (index === 0 || type === sectionType.none) continue;
			const flags = Number(BigInt.asUintN(32, fields.address(at + 8)));
			const section: Section = {
				index,
				nameOffset: Number.POSITIVE_INFINITY,
				type,
				loaded: (flags & allocated) !== 0 && !(type === sectionType.noBits && (flags & threadLocal) !== 0),
				address: fields.address(at + (wide ? 16 : 12)),
				offset: fields.size(at + (wide ? 24 : 16)),
				size: fields.size(at + (wide ? 32 : 20)),
				link: fields.u32(at + (wide ? 40 : 24)),
				entrySize: fields.size(at + (wide ? 56 : 36)),
			};
			if (!isSound(section)) continue;
			sections.push(section);
			nameOffsets.push(fields.u32(at));
		}
	});
	const names = sections.find((section) => section.index === namesIndex && section.type === sectionType.strings);
	return sections.map((section, at) => {
		const offset = nameOffsets[at] ?? 0;
		return names && offset < names.size ? { ...section, nameOffset: names.offset + offset } : section;
	});
}

/** The name of a section; "" when it has none. Hostile text. */
export function sectionName(source: ByteSource, section: Section): string {
	return readString(source, section.nameOffset);
}

/** Bytes of a section header. */
export function sectionHeaderSize({ wide }: ElfFormat): number {
	return wide ? 64 : 40;
}

function isSound({ address, offset, size, loaded }: Section): boolean {
	return Number.isSafeInteger(offset + size) && (!loaded || address + BigInt(size) <= 2n ** 64n);
}

const decoder = new TextDecoder();

/** Longest name that is read; longer ones are cut. Mangled names of C++ templates reach some thousand characters. */
const longestName = 4096;

/** The text from a file offset to the next NUL, at most {@link longestName} bytes of it; "" outside the file. */
export function readString(source: ByteSource, offset: number): string {
	const bytes = source.read(offset, longestName);
	const end = bytes.indexOf(0);
	return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** The section of the image that holds an address as the file counts. Where sections overlap, the smallest. */
export function sectionAtAddress(sections: readonly Section[], address: bigint): Section | undefined {
	return smallest(sections.filter((section) => section.loaded && holds(section.address, section.size, address)));
}

/** The section that holds a byte of the file. */
export function sectionAtOffset(sections: readonly Section[], offset: number): Section | undefined {
	return smallest(
		sections.filter(
			(section) =>
				section.type !== sectionType.noBits && offset >= section.offset && offset < section.offset + section.size,
		),
	);
}

function holds(start: bigint, size: number, address: bigint): boolean {
	return address >= start && address < start + BigInt(size);
}

function smallest(sections: readonly Section[]): Section | undefined {
	return sections.reduce<Section | undefined>(
		(best, section) => (best === undefined || section.size < best.size ? section : best),
		undefined,
	);
}
