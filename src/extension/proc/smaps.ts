import { MapsBuilder, type MapsColumns } from "./maps";
import { withProcFile } from "./procFile";

/**
 * `/proc/PID/smaps`: for each mapping a line as in `maps`, then fields `Name:   value kB`, then `VmFlags:`. See
 * proc_pid_smaps(5). The kernel walks the process's page tables for it and holds its memory lock meanwhile: reading
 * smaps of a large process delays that process.
 */
export interface SmapsColumns {
	readonly maps: MapsColumns;
	/** Fields by the kernel's name: bytes (`kB` are KiB; `THPeligible` and other unit-less fields as they are), NaN where absent. */
	readonly fields: ReadonlyMap<string, Float64Array>;
	/** Index into {@link flagTable} per mapping; 0 when the kernel printed none. */
	readonly flags: Uint32Array;
	/** Each distinct list of two-letter VmFlags once; entry 0 is empty. */
	readonly flagTable: readonly (readonly string[])[];
	/** Fields that have been seen without a unit: numbers, and no amounts of memory. */
	readonly unitless: ReadonlySet<string>;
	/** Lines that are no amount (`Name: words`), as the kernel wrote them, by mapping. Kernels up to 6.18 have none. */
	readonly texts: ReadonlyMap<number, readonly string[]>;
	/** Lines that belong to no mapping, are no field, or say again what was said: 0 for a text that the kernel wrote. */
	readonly lost: number;
}

/** Linux 6.18 has 24; each costs eight bytes a mapping. */
const mostFields = 128;

const newline = 0x0a;
const colon = 0x3a;
const space = 0x20;

/**
 * Parses the text of `smaps` or of `smaps_rollup`. Never throws; unknown fields are kept under their own name, and every
 * line is a mapping, a field, flags, a text, or counted as malformed or lost.
 */
export function parseSmaps(text: Buffer, pageSize: number): SmapsColumns {
	// A mapping takes at least 300 bytes of smaps; a rollup is one.
	const builder = new MapsBuilder(text, pageSize, Math.max(16, Math.ceil(text.length / 600)));
	const fields = new FieldColumns();
	let flags = new Uint32Array(1024);
	const flagTable: string[][] = [[]];
	const flagIndex = new Map<string, number>();
	// The mapping that the lines belong to; none after a line that should have been a mapping's and did not parse.
	let mapping = -1;
	let lost = 0;
	let position = 0;
	while (position < text.length) {
		let end = text.indexOf(newline, position);
		if (end < 0) {
			builder.truncated = true;
			end = text.length;
		}
		const first = text[position] ?? 0;
		// Field names start with a capital, addresses with a lower-case hexadecimal digit.
		if (first < 0x41 || first > 0x5a) {
			mapping = builder.addLine(position, end) ? builder.count - 1 : -1;
		} else if (mapping >= 0 && first === 0x56 && text.toString("latin1", position, position + 8) === "VmFlags:") {
			if (mapping >= flags.length) {
				const larger = new Uint32Array(Math.max(flags.length * 2, mapping + 1));
				larger.set(flags);
				flags = larger;
			}
			const words = text.toString("latin1", position + 8, end);
			let known = flagIndex.get(words);
			if (known === undefined) {
				known = flagTable.length;
				flagTable.push(words.split(" ").filter((word) => word !== ""));
				flagIndex.set(words, known);
			}
			if (flags[mapping] !== 0) lost++;
			else flags[mapping] = known;
		} else if (mapping < 0 || !fields.add(text, position, end, mapping)) {
			lost++;
		}
		position = end + 1;
	}
	const count = builder.count;
	const sized = new Uint32Array(count);
	sized.set(flags.subarray(0, count));
	return {
		maps: builder.finish(),
		fields: fields.finish(count),
		flags: sized,
		flagTable,
		unitless: fields.unitless,
		texts: fields.texts,
		lost,
	};
}

/** How many lines of `maps`, and of `smaps` where that was read, are not told: 0 unless something is amiss. */
export function unreadLines(maps: MapsColumns, smaps?: SmapsColumns): number {
	const ofMaps = maps.malformed + (maps.truncated ? 1 : 0);
	if (smaps === undefined) return ofMaps;
	return (smaps.maps === maps ? 0 : smaps.maps.malformed) + ofMaps + smaps.lost;
}

/** One growing column per field; fields come in the same order for each mapping, so the next name is guessed first. */
class FieldColumns {
	readonly unitless = new Set<string>();
	readonly texts = new Map<number, string[]>();
	readonly #names: string[] = [];
	readonly #nameBytes: Buffer[] = [];
	readonly #columns: Float64Array[] = [];
	#expected = 0;

	/** Adds the line [start, end); returns whether it is a field that the mapping did not have yet. */
	add(text: Buffer, start: number, end: number, mapping: number): boolean {
		let field = this.#expected;
		if (!this.#matches(text, start, field)) {
			const nameEnd = text.indexOf(colon, start);
			if (nameEnd < 0 || nameEnd >= end) return false;
			field = this.#find(text, start, nameEnd);
		}
		let at = start + (field < 0 ? 0 : (this.#nameBytes[field]?.length ?? 0));
		while (at < end && text[at] === space) at++;
		let value = 0;
		const digits = at;
		for (; at < end; at++) {
			const digit = (text[at] ?? 0) - 0x30;
			if (digit < 0 || digit > 9) break;
			value = value * 10 + digit;
		}
		// " kB" follows an amount; THPeligible and ProtectionKey have no unit. Whatever else may come is kept as it is.
		const amount = end - at === 3 && text[at] === space && text[at + 1] === 0x6b && text[at + 2] === 0x42;
		if (field < 0 || at === digits || (at !== end && !amount)) {
			this.#addText(text.toString("latin1", start, end), mapping);
			return true;
		}
		this.#expected = field + 1 === this.#names.length ? 0 : field + 1;
		const column = this.#column(field, mapping);
		if (!Number.isNaN(column[mapping])) return false;
		column[mapping] = amount ? value * 1024 : value;
		if (!amount) this.unitless.add(this.#names[field] ?? "");
		return true;
	}

	#addText(line: string, mapping: number): void {
		const lines = this.texts.get(mapping);
		if (lines) lines.push(line);
		else this.texts.set(mapping, [line]);
	}

	#matches(text: Buffer, start: number, field: number): boolean {
		const name = this.#nameBytes[field];
		if (name === undefined) return false;
		for (let i = 0; i < name.length; i++) if (text[start + i] !== name[i]) return false;
		return true;
	}

	/** Column of the field that [start, end) names, a new one if need be; -1 when there are more than any kernel has. */
	#find(text: Buffer, start: number, end: number): number {
		const name = text.toString("latin1", start, end);
		let field = this.#names.indexOf(name);
		if (field < 0) {
			if (this.#names.length === mostFields) return -1;
			field = this.#names.length;
			this.#names.push(name);
			this.#nameBytes.push(Buffer.from(`${name}:`, "latin1"));
			this.#columns.push(new Float64Array(64).fill(Number.NaN));
		}
		return field;
	}

	#column(field: number, mapping: number): Float64Array {
		let column = this.#columns[field];
		if (column === undefined || mapping >= column.length) {
			const larger = new Float64Array(Math.max(mapping + 1, (column?.length ?? 32) * 2)).fill(Number.NaN);
			if (column) larger.set(column);
			this.#columns[field] = larger;
			column = larger;
		}
		return column;
	}

	finish(count: number): Map<string, Float64Array> {
		return new Map(
			this.#names.map((name, field) => {
				const sized = new Float64Array(count).fill(Number.NaN);
				sized.set((this.#columns[field] ?? sized).subarray(0, count));
				return [name, sized];
			}),
		);
	}
}

/** Reads and parses `/proc/PID/smaps`. Errors as `readProcFile`. */
export function readSmaps(pid: number, pageSize: number): SmapsColumns {
	return withProcFile(`/proc/${pid}/smaps`, (bytes) => parseSmaps(Buffer.from(bytes), pageSize));
}

/**
 * Reads `/proc/PID/smaps_rollup` (Linux 4.14): the same fields summed over all mappings, bytes by the kernel's names.
 * Errors as `readProcFile`; `processGone` also for kernel threads and zombies.
 */
export function readSmapsRollup(pid: number, pageSize: number): ReadonlyMap<string, number> {
	return withProcFile(`/proc/${pid}/smaps_rollup`, (bytes) => {
		const { fields } = parseSmaps(bytes, pageSize);
		return new Map([...fields].map(([name, column]) => [name, column[0] ?? Number.NaN]));
	});
}
