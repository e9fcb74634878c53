import { inAddressOrder } from "./addressOrder";
import { MapsBuilder, type MapsColumns } from "./maps";
import { type PieceParser, type ReadAhead, readProcPieces, withProcFile } from "./procFile";
import { SmapsFields } from "./smapsFields";

/**
 * `/proc/PID/smaps`: for each mapping a line as in `maps`, then fields `Name:   value kB`, then `VmFlags:`. See
 * proc_pid_smaps(5). The kernel walks the process's page tables for it and holds its memory lock meanwhile: reading
 * smaps of a large process delays that process.
 */
export interface SmapsColumns {
	/** The mappings, without their text. */
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

const newline = 0x0a;

/**
 * Parses the text of `smaps` or of `smaps_rollup`. Never throws; unknown fields are kept under their own name, and every
 * line is a mapping, a field, flags, a text, or counted as malformed or lost.
 */
export function parseSmaps(text: Buffer, pageSize: number): SmapsColumns {
	const parser = new SmapsParser(pageSize);
	parser.add(text, true);
	return parser.finish();
}

/** How many lines of `maps`, and of `smaps` where that was read, are not told: 0 unless something is amiss. */
export function unreadLines(maps: MapsColumns, smaps?: SmapsColumns): number {
	const ofMaps = maps.malformed + (maps.truncated ? 1 : 0);
	if (smaps === undefined) return ofMaps;
	return (smaps.maps === maps ? 0 : smaps.maps.malformed) + ofMaps + smaps.lost;
}

/** Parses `smaps` as it comes: its text is fifteen times that of `maps`, and nobody needs it afterwards. */
class SmapsParser implements PieceParser<SmapsColumns> {
	readonly #builder: MapsBuilder;
	readonly #fields = new SmapsFields(256);
	#flags = new Uint32Array(64);
	readonly #flagTable: string[][] = [[]];
	readonly #flagTexts: DataView[] = [new DataView(new ArrayBuffer(0))];
	readonly #flagIndex = new Map<string, number>();
	/** Which flags followed which: mappings come in patterns. */
	readonly #flagsAfter: number[] = [];
	#lastFlags = 0;
	/** The mapping that lines belong to; none after a line that should have been a mapping's and did not parse. */
	#mapping = -1;
	#lost = 0;

	constructor(pageSize: number) {
		this.#builder = new MapsBuilder(pageSize, 1024);
	}

	/** Parses the complete lines of `text`, when it has `ended` also what is left; returns how many bytes these are. */
	add(text: Buffer, ended: boolean): number {
		const limit = ended ? text.length : text.lastIndexOf(newline) + 1;
		const view = new DataView(text.buffer, text.byteOffset, limit);
		let position = 0;
		while (position < limit) {
			const first = text[position] ?? 0;
			// Field names start with a capital, addresses with a lower-case hexadecimal digit.
			if (first < 0x41 || first > 0x5a) {
				position = this.#addMapping(text, view, position, limit);
				continue;
			}
			if (this.#mapping >= 0) {
				const after = this.#fields.addUsual(view, position, this.#mapping);
				if (after > position) {
					position = after;
					continue;
				}
			}
			position = this.#addOther(text, view, position, limit);
		}
		return limit;
	}

	finish(): SmapsColumns {
		const { count } = this.#builder;
		return {
			maps: this.#builder.finish(Buffer.alloc(0)),
			fields: this.#fields.finish(count),
			flags: this.#flags.slice(0, count),
			flagTable: this.#flagTable,
			unitless: this.#fields.unitless,
			texts: this.#fields.texts,
			lost: this.#lost,
		};
	}

	#addMapping(text: Buffer, view: DataView, start: number, limit: number): number {
		const parsed = this.#builder.addLine(text, view, start, limit, 0);
		const next = this.#builder.nextLine;
		this.#mapping = parsed ? this.#builder.count - 1 : -1;
		if (parsed) this.#fields.begin(this.#mapping);
		return next;
	}

	/** Adds a line of flags, or a field of a form that is not the usual one. */
	#addOther(text: Buffer, view: DataView, start: number, limit: number): number {
		const known = this.#mapping < 0 ? -1 : this.#knownFlags(view, start, limit);
		if (known > 0) {
			this.#setFlags(known);
			return start + (this.#flagTexts[known]?.byteLength ?? 0);
		}
		let end = text.indexOf(newline, start);
		if (end < 0 || end > limit) {
			this.#builder.truncated = true;
			end = limit;
		}
		if (this.#mapping < 0) this.#lost++;
		else if (text.toString("latin1", start, Math.min(start + 8, end)) === "VmFlags:")
			this.#setFlags(this.#findFlags(text, start, end));
		else if (!this.#fields.add(text, start, end, this.#mapping)) this.#lost++;
		return end + 1;
	}

	/** Index of the flags whose line begins at `start`, when they are those that followed the last ones before; else -1. */
	#knownFlags(text: DataView, start: number, limit: number): number {
		const guess = this.#flagsAfter[this.#lastFlags] ?? 0;
		const line = this.#flagTexts[guess];
		if (guess === 0 || line === undefined || start + line.byteLength > limit) return -1;
		// By words, then what is left of the last one.
		let at = 0;
		while (at + 4 <= line.byteLength && line.getInt32(at) === text.getInt32(start + at)) at += 4;
		while (at < line.byteLength && line.getUint8(at) === text.getUint8(start + at)) at++;
		return at === line.byteLength ? guess : -1;
	}

	#findFlags(text: Buffer, start: number, end: number): number {
		const words = text.toString("latin1", start + 8, end);
		let known = this.#flagIndex.get(words);
		if (known === undefined) {
			known = this.#flagTable.length;
			this.#flagTable.push(words.split(" ").filter((word) => word !== ""));
			const line = Buffer.from(`VmFlags:${words}\n`, "latin1");
			this.#flagTexts.push(new DataView(line.buffer, line.byteOffset, line.length));
			this.#flagIndex.set(words, known);
		}
		return known;
	}

	#setFlags(index: number): void {
		this.#flagsAfter[this.#lastFlags] = index;
		this.#lastFlags = index;
		if (this.#mapping >= this.#flags.length) {
			const larger = new Uint32Array(Math.max(this.#flags.length * 2, this.#mapping + 1));
			larger.set(this.#flags);
			this.#flags = larger;
		}
		if (this.#flags[this.#mapping] !== 0) this.#lost++;
		else this.#flags[this.#mapping] = index;
	}
}

/** Most bytes that one mapping takes in `smaps` as a rule: 660 for the fields, the rest for its line. */
const usualRecordBytes = 768;

/**
 * Reads and parses `/proc/PID/smaps`, in address order. Errors as `readProcFile`.
 *
 * A read gives at most a page of text in whole mappings (fs/seq_file.c), and the kernel only notices that the page is full
 * when it has worked out one mapping more, which it throws away and works out anew for the next read. Asking for less than
 * a page stops it before: 65,000 mappings took 148 instead of 163 ms.
 */
export function readSmaps(pid: number, pageSize: number, ahead?: ReadAhead): SmapsColumns {
	const path = `/proc/${pid}/smaps`;
	return orderSmaps(readProcPieces(path, pageSize - usualRecordBytes, () => new SmapsParser(pageSize), ahead));
}

/** The columns in address order; see `inAddressOrder`. The amounts of a mapping that was cut are those of no mapping. */
export function orderSmaps(smaps: SmapsColumns): SmapsColumns {
	const ordered = inAddressOrder(smaps.maps);
	if (ordered === undefined) return smaps;
	const { maps, lines, cut } = ordered;
	const fields = new Map<string, Float64Array>();
	for (const [name, column] of smaps.fields) {
		fields.set(
			name,
			Float64Array.from(lines, (line, at) => (cut[at] === 1 ? Number.NaN : (column[line] ?? Number.NaN))),
		);
	}
	const texts = new Map<number, readonly string[]>();
	for (const [at, line] of lines.entries()) {
		const its = smaps.texts.get(line);
		if (its && cut[at] === 0) texts.set(at, its);
	}
	return { ...smaps, maps, fields, texts, flags: lines.map((line) => smaps.flags[line] ?? 0) };
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
