const newline = 0x0a;
const colon = 0x3a;
const space = 0x20;

/** Linux 6.18 has 24; each costs eight bytes a mapping. */
const mostFields = 128;

/** The kernel pads a field's name to 16 bytes and its amount to 8, and ends the line with a unit or without one. */
const nameBytes = 16;
const amountBytes = 8;
const fourSpaces = 0x20202020;
/** ` kB\n` as a little-endian word. */
const unitWord = 0x0a426b20;

/**
 * The fields of `smaps` as columns, one number a mapping. Fields come in the same order for each mapping and in the same
 * form, so the next line is guessed whole and compared by words; a line that is otherwise is read byte by byte.
 */
export class SmapsFields {
	/** See `SmapsColumns`. */
	readonly unitless = new Set<string>();
	readonly texts = new Map<number, string[]>();
	readonly #names: string[] = [];
	readonly #nameTexts: Buffer[] = [];
	readonly #columns: Float64Array[] = [];
	/** Name and padding of each field as four words; words that no text has where a name is longer. */
	#patterns = new Int32Array(64);
	#capacity: number;
	#expected = 0;
	/** Fields before this one have their number, or NaN, for the present mapping. */
	#settled = 0;
	/** Fields of {@link unitless}, by their column. */
	readonly #isUnitless: boolean[] = [];

	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	/** Makes room for a mapping, whose fields come next. */
	begin(mapping: number): void {
		this.#end(mapping - 1);
		if (mapping >= this.#capacity) {
			// Fourfold: what is not used is never touched, and copying costs as much as reading.
			this.#capacity = Math.max(mapping + 1, this.#capacity * 4);
			for (const [field, column] of this.#columns.entries()) {
				const larger = new Float64Array(this.#capacity);
				larger.set(column);
				this.#columns[field] = larger;
			}
		}
	}

	/** The mapping has no more fields. */
	#end(mapping: number): void {
		if (mapping >= 0) this.#settle(this.#columns.length, mapping);
		this.#expected = 0;
		this.#settled = 0;
	}

	/** Fields up to `field` that the mapping does not have are NaN. */
	#settle(field: number, mapping: number): void {
		for (; this.#settled < field; this.#settled++) {
			const column = this.#columns[this.#settled];
			if (column) column[mapping] = Number.NaN;
		}
	}

	/** Adds lines for as long as they are as expected; returns where the first that is not begins. */
	addUsual(text: DataView, start: number, mapping: number): number {
		const patterns = this.#patterns;
		const columns = this.#columns;
		const last = text.byteLength - nameBytes - amountBytes - 4;
		let at = start;
		let field = this.#expected;
		// Behind these nothing can be said twice. A mapping with fields out of order is for the other way.
		if (field < this.#settled) return start;
		while (at <= last) {
			const pattern = 4 * field;
			if (
				text.getInt32(at, true) !== patterns[pattern] ||
				text.getInt32(at + 4, true) !== patterns[pattern + 1] ||
				text.getInt32(at + 8, true) !== patterns[pattern + 2] ||
				text.getInt32(at + 12, true) !== patterns[pattern + 3]
			) {
				break;
			}
			const value = paddedAmount(text, at + nameBytes);
			const end = text.getInt32(at + nameBytes + amountBytes, true);
			const column = columns[field];
			if (value < 0 || column === undefined) break;
			if (end === unitWord) {
				column[mapping] = value * 1024;
				at += nameBytes + amountBytes + 4;
			} else if ((end & 0xff) === newline && this.#isUnitless[field] === true) {
				column[mapping] = value;
				at += nameBytes + amountBytes + 1;
			} else {
				break;
			}
			field++;
		}
		this.#expected = field;
		this.#settled = field;
		return at;
	}

	/** Adds the line [start, end), whatever its form; returns whether it is a field that the mapping did not have yet. */
	add(text: Buffer, start: number, end: number, mapping: number): boolean {
		const nameEnd = text.indexOf(colon, start);
		if (nameEnd < 0 || nameEnd >= end) return false;
		const field = this.#find(text, start, nameEnd);
		let at = nameEnd + 1;
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
		const column = this.#columns[field];
		if (column === undefined || at === digits || (at !== end && !amount)) {
			this.#addText(text.toString("latin1", start, end), mapping);
			return true;
		}
		this.#expected = field + 1;
		if (field >= this.#settled) {
			this.#settle(field, mapping);
			this.#settled = field + 1;
		} else if (!Number.isNaN(column[mapping])) {
			return false;
		}
		column[mapping] = amount ? value * 1024 : value;
		if (!amount) {
			this.unitless.add(this.#names[field] ?? "");
			this.#isUnitless[field] = true;
		}
		return true;
	}

	#addText(line: string, mapping: number): void {
		const lines = this.texts.get(mapping);
		if (lines) lines.push(line);
		else this.texts.set(mapping, [line]);
	}

	/** Column of the field that [start, end) names, a new one if need be; -1 when there are more than any kernel has. */
	#find(text: Buffer, start: number, end: number): number {
		const expected = this.#nameTexts[this.#expected];
		if (expected && text.compare(expected, 0, expected.length, start, end) === 0) return this.#expected;
		const name = text.toString("latin1", start, end);
		let field = this.#names.indexOf(name);
		if (field < 0) {
			if (this.#names.length === mostFields) return -1;
			field = this.#names.length;
			this.#names.push(name);
			this.#nameTexts.push(Buffer.from(name, "latin1"));
			this.#columns.push(new Float64Array(this.#capacity).fill(Number.NaN));
			this.#addPattern(name);
		}
		return field;
	}

	#addPattern(name: string): void {
		const at = 4 * (this.#names.length - 1);
		// One more than the fields known, where nothing matches: no line begins with a NUL.
		if (at + 8 > this.#patterns.length) {
			const larger = new Int32Array(2 * this.#patterns.length);
			larger.set(this.#patterns);
			this.#patterns = larger;
		}
		if (name.length >= nameBytes) return;
		const padded = Buffer.from(`${name}:`.padEnd(nameBytes, " "), "latin1");
		for (let word = 0; word < 4; word++) this.#patterns[at + word] = padded.readInt32LE(4 * word);
	}

	/** The columns by name, each `count` numbers; NaN where a mapping has no such field. */
	finish(count: number): Map<string, Float64Array> {
		this.#end(count - 1);
		// What was never written to takes no memory: a copy is worth it only where much more was made room for.
		const full = count >= this.#capacity * 0.75;
		return new Map(
			this.#names.map((name, field) => {
				const column = this.#columns[field] ?? new Float64Array(0);
				return [name, full ? column.subarray(0, count) : column.slice(0, count)];
			}),
		);
	}
}

/** A number of at most eight digits with spaces before it; -1 when the eight bytes are something else. */
function paddedAmount(text: DataView, at: number): number {
	const low = text.getInt32(at + 4, true);
	if ((low & 0xffffff) === 0x202020 && text.getInt32(at, true) === fourSpaces) {
		const digit = (low >>> 24) - 0x30;
		return digit <= 9 ? digit : -1;
	}
	let value = 0;
	let index = 0;
	while (index < amountBytes - 1 && text.getUint8(at + index) === space) index++;
	for (; index < amountBytes; index++) {
		const digit = text.getUint8(at + index) - 0x30;
		if (digit < 0 || digit > 9) return -1;
		value = value * 10 + digit;
	}
	return value;
}
