import type { ByteSource } from "./byteSource";
import { ElfFile } from "./elfFile";

/** Programs and libraries asked about one after the other: a person goes back and forth between few. */
const mostFiles = 16;
/** Room for the symbols of one debug build of Chromium and of many ordinary programs. */
const mostBytes = 96 * 2 ** 20;

/** The ELF files asked about last, so that asking again costs no reading. */
export class ElfFiles {
	/** Oldest first. */
	readonly #files = new Map<string, ElfFile>();

	/**
	 * Calls `use` with the file, read now or remembered.
	 *
	 * @param identity tells one content from another: device, inode, size and time of the last write.
	 */
	with<T>(identity: string, source: ByteSource, use: (file: ElfFile) => T): T | "notElf" | "malformed" {
		const file = this.#files.get(identity) ?? ElfFile.read(source);
		if (typeof file === "string") return file;
		this.#files.delete(identity);
		this.#files.set(identity, file);
		try {
			return use(file);
		} finally {
			this.#evict();
		}
	}

	/** How many are remembered. */
	get size(): number {
		return this.#files.size;
	}

	#evict(): void {
		let bytes = [...this.#files.values()].reduce((sum, file) => sum + file.bytes, 0);
		for (const [identity, file] of this.#files) {
			if (this.#files.size <= 1 || (this.#files.size <= mostFiles && bytes <= mostBytes)) return;
			this.#files.delete(identity);
			bytes -= file.bytes;
		}
	}
}
