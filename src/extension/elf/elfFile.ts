import type { ByteSource } from "./byteSource";
import { type ElfHeader, elfType, escapes, Fields, headerSize, parseElfHeader } from "./elfHeader";
import { countStarts, firstSymbolIn, nearestSymbol } from "./nearestSymbol";
import { readSections, type Section, sectionAtAddress, sectionAtOffset, sectionHeaderSize } from "./sections";
import { readSegments, type Segment } from "./segments";
import { readSymbols, type SymbolIndex } from "./symbolIndex";

/** A symbol near an address; see `FoundSymbol`. Sizes in bytes. */
export interface SymbolPlace {
	/** Hostile text, mangled. */
	readonly name: string;
	/** From the symbol's start to the address. */
	readonly offset: number;
	/** 0 when the file does not say. */
	readonly size: number;
	/** False when the symbol ends before the address, and nothing else is known to be there. */
	readonly inside: boolean;
}

/**
 * What is kept of an ELF file: headers, and once they were asked for, its symbols. It holds no descriptor; calls that read
 * names get the file handed in again. Reading brings the pages read into the page cache: headers, which a loaded file's
 * are in already, and the symbol tables.
 */
export class ElfFile {
	#symbols: SymbolIndex | undefined;

	private constructor(
		readonly header: ElfHeader,
		/** In the order of the file. */
		readonly segments: readonly Segment[],
		readonly sections: readonly Section[],
		/** The lowest address of the image, as the file counts. */
		readonly base: bigint,
	) {}

	/** Reads the headers of a file. Never throws. */
	static read(source: ByteSource): ElfFile | "notElf" | "malformed" {
		const parsed = parseElfHeader(source.read(0, headerSize));
		if (typeof parsed === "string") return parsed;
		const header = withEscapes(source, parsed);
		const segments = readSegments(source, header.format, header.programHeaders);
		const sections = readSections(source, header.format, header.sectionHeaders, header.sectionNames);
		if (segments.length === 0 && sections.length === 0) return "malformed";
		const base = segments.reduce(
			(lowest, { address }) => (address < lowest ? address : lowest),
			segments[0]?.address ?? 0n,
		);
		return new ElfFile(header, segments, sections, base);
	}

	/** Bytes that it occupies, nearly. */
	get bytes(): number {
		return 200 * (this.sections.length + this.segments.length) + (this.#symbols?.bytes ?? 0);
	}

	/** The section that holds an address as the file counts. */
	sectionAt(address: bigint): Section | undefined {
		return sectionAtAddress(this.sections, address);
	}

	/** The section that holds a byte of the file. */
	sectionAtOffset(offset: number): Section | undefined {
		return sectionAtOffset(this.sections, offset);
	}

	/** Sections with a part in [start, end), addresses as the file counts, in address order. */
	sectionsIn(start: bigint, end: bigint): Section[] {
		return this.sections
			.filter(({ loaded, address, size }) => loaded && size > 0 && address < end && address + BigInt(size) > start)
			.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
	}

	/** The symbol that holds an address as the file counts, or the one before it in its section. */
	symbolAt(source: ByteSource, address: bigint): SymbolPlace | undefined {
		const section = this.sectionAt(address);
		if (section === undefined) return undefined;
		const at = Number(address - this.base);
		const found = nearestSymbol(source, this.#index(source), at, Number(section.address - this.base));
		if (found === undefined) return undefined;
		return { name: found.name, offset: at - found.start, size: found.size, inside: found.inside };
	}

	/** Symbols that begin in [start, end): at how many addresses, and the first, with its distance from `start`. */
	symbolsIn(source: ByteSource, start: bigint, end: bigint): { count: number; first?: { name: string; at: number } } {
		const index = this.#index(source);
		const from = Number(start - this.base);
		const to = Number(end - this.base);
		const first = firstSymbolIn(source, index, from, to);
		const count = countStarts(index, from, to);
		return { count, ...(first === undefined ? {} : { first: { name: first.name, at: first.start - from } }) };
	}

	#index(source: ByteSource): SymbolIndex {
		this.#symbols ??= readSymbols(source, this.header, this.isImage ? this.sections : [], this.base);
		return this.#symbols;
	}

	/** Whether it is a program or a library: in other files a symbol's value is no address. */
	get isImage(): boolean {
		return this.header.type === elfType.executable || this.header.type === elfType.dynamic;
	}
}

/** Counts that stand in the first section header put where they belong. */
function withEscapes(source: ByteSource, header: ElfHeader): ElfHeader {
	const { format, programHeaders, sectionHeaders, sectionNames } = header;
	const bytes = sectionHeaders.offset === 0 ? undefined : source.read(sectionHeaders.offset, sectionHeaderSize(format));
	if (bytes === undefined || bytes.length < sectionHeaderSize(format)) {
		return { ...header, sectionHeaders: { ...sectionHeaders, count: 0 } };
	}
	const fields = new Fields(bytes, format);
	const pick = (value: number, escaped: number, otherwise: number): number => (value === escaped ? otherwise : value);
	const { wide } = format;
	return {
		...header,
		programHeaders: {
			...programHeaders,
			count: pick(programHeaders.count, escapes.programHeaders, fields.u32(wide ? 44 : 28)),
		},
		sectionHeaders: {
			...sectionHeaders,
			count: pick(sectionHeaders.count, escapes.sectionHeaders, fields.size(wide ? 32 : 20)),
		},
		sectionNames: pick(sectionNames, escapes.sectionNames, fields.u32(wide ? 40 : 24)),
	};
}
