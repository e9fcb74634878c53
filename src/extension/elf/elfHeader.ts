import type { Table } from "./byteSource";

/**
 * The head of an ELF file (`Elf32_Ehdr`, `Elf64_Ehdr`), see elf(5) and the System V ABI, chapter 4. The file is
 * untrusted: it belongs to whoever owns the process.
 */
export interface ElfHeader {
	readonly format: ElfFormat;
	/** `e_type`. */
	readonly type: number;
	/** `e_machine`. */
	readonly machine: number;
	/** As the header says; {@link escapes} tells which of its counts stand elsewhere. */
	readonly programHeaders: Table;
	readonly sectionHeaders: Table;
	/** Index of the section with the names of sections. */
	readonly sectionNames: number;
}

/** How numbers are written in a file. */
export interface ElfFormat {
	/** 64-bit. */
	readonly wide: boolean;
	readonly littleEndian: boolean;
}

/** Values of `e_type`. */
export const elfType = { executable: 2, dynamic: 3 } as const;

/** Values of `e_machine`. On `arm` the lowest bit of a function's address says that its code is Thumb. */
export const machine = { arm: 40, arm64: 183, riscV: 243 } as const;

/** Bytes of the larger of the two headers. */
export const headerSize = 64;

/** Counts that do not fit into 16 bits stand in the first section header: `PN_XNUM`, `SHN_XINDEX`, and 0 sections. */
export const escapes = { programHeaders: 0xffff, sectionHeaders: 0, sectionNames: 0xffff } as const;

/** Parses the first {@link headerSize} bytes of a file. `malformed`: it says to be ELF, but no sense can be made of it. */
export function parseElfHeader(bytes: Uint8Array): ElfHeader | "notElf" | "malformed" {
	if (bytes[0] !== 0x7f || bytes[1] !== 0x45 || bytes[2] !== 0x4c || bytes[3] !== 0x46) return "notElf";
	const [elfClass, data] = [bytes[4], bytes[5]];
	if ((elfClass !== 1 && elfClass !== 2) || (data !== 1 && data !== 2)) return "malformed";
	const format = { wide: elfClass === 2, littleEndian: data === 1 };
	if (bytes.length < (format.wide ? 64 : 52)) return "malformed";
	const fields = new Fields(bytes, format);
	// After e_entry the fields of the two classes are the same, in other places.
	const offsets = format.wide ? 32 : 28;
	const counts = format.wide ? 54 : 42;
	return {
		format,
		type: fields.u16(16),
		machine: fields.u16(18),
		programHeaders: {
			offset: fields.size(offsets),
			entrySize: fields.u16(counts),
			count: fields.u16(counts + 2),
		},
		sectionHeaders: {
			offset: fields.size(offsets + (format.wide ? 8 : 4)),
			entrySize: fields.u16(counts + 4),
			count: fields.u16(counts + 6),
		},
		sectionNames: fields.u16(counts + 8),
	};
}

/** Numbers at offsets of some bytes; reading past their end throws, so tables come in whole entries. */
export class Fields {
	readonly #view: DataView;
	readonly #wide: boolean;
	readonly #littleEndian: boolean;

	constructor(bytes: Uint8Array, { wide, littleEndian }: ElfFormat) {
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.#wide = wide;
		this.#littleEndian = littleEndian;
	}

	u8(at: number): number {
		return this.#view.getUint8(at);
	}

	u16(at: number): number {
		return this.#view.getUint16(at, this.#littleEndian);
	}

	u32(at: number): number {
		return this.#view.getUint32(at, this.#littleEndian);
	}

	/** A word of the file's width. */
	address(at: number): bigint {
		return this.#wide ? this.#view.getBigUint64(at, this.#littleEndian) : BigInt(this.u32(at));
	}

	/** A word of the file's width that counts bytes; from 2^53 on not exact, and larger than any file. */
	size(at: number): number {
		if (!this.#wide) return this.u32(at);
		const [low, high] = this.#littleEndian ? [at, at + 4] : [at + 4, at];
		return this.u32(high) * 2 ** 32 + this.u32(low);
	}

	/** A word as its distance from `base` (its upper and lower half); exact below 2^53, which an image always is. */
	distance(at: number, baseHigh: number, baseLow: number): number {
		if (!this.#wide) return this.u32(at) - baseLow;
		const [low, high] = this.#littleEndian ? [at, at + 4] : [at + 4, at];
		return (this.u32(high) - baseHigh) * 2 ** 32 + (this.u32(low) - baseLow);
	}
}
