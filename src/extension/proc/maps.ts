import { inAddressOrder } from "./addressOrder";
import { fourDigits, hexValues, powersOf16 } from "./hexDigits";
import { withProcFile } from "./procFile";

/**
 * `/proc/PID/maps`: the mappings of a process, one a line, in address order.
 *
 *     start-end perms offset major:minor inode[ padding name]
 *
 * See proc_pid_maps(5). Readable by whoever may ptrace the process (PTRACE_MODE_READ). Names are raw bytes; the kernel
 * escapes only the newline, as `\012`.
 */

/** Bits of a mapping's permissions. */
export const permission = { read: 1, write: 2, execute: 4, shared: 8 } as const;

/** The mappings as columns; index = position in `maps`. */
export interface MapsColumns {
	readonly count: number;
	/** Page numbers, exact even for `[vsyscall]` above 2^63. */
	readonly startPages: Float64Array;
	readonly endPages: Float64Array;
	/** Bits of {@link permission}. */
	readonly permissions: Uint8Array;
	/** File offset in pages. */
	readonly offsetPages: Float64Array;
	/** `major << 20 | minor`. */
	readonly devices: Uint32Array;
	readonly inodes: BigUint64Array;
	/** Index into {@link nameTable}; 0 is the empty name. */
	readonly names: Uint32Array;
	/** Each distinct name once, its bytes as Latin-1. */
	readonly nameTable: readonly string[];
	/** The text itself and where each line starts, for showing a line as the kernel wrote it. */
	readonly text: Buffer;
	readonly lineStarts: Uint32Array;
	/** Lines that did not parse; what is shown is complete when this is 0 and the text ended with a newline. */
	readonly malformed: number;
	readonly truncated: boolean;
}

const newline = 0x0a;
const space = 0x20;
const dash = 0x2d;
const colon = 0x3a;

/** Parses the text of `maps`. Never throws: lines it cannot read are counted in `malformed`. */
export function parseMaps(text: Buffer, pageSize: number): MapsColumns {
	// A line takes at least 40 bytes, 50 as a rule: room for all, and little of it in vain.
	const builder = new MapsBuilder(pageSize, Math.max(16, Math.ceil(text.length / 48)));
	const view = new DataView(text.buffer, text.byteOffset, text.length);
	for (let position = 0; position < text.length; ) {
		builder.addLine(text, view, position, text.length, position);
		position = builder.nextLine;
	}
	return builder.finish(text);
}

/** Collects lines of `maps`, also when they come as headers between the fields of `smaps`. */
export class MapsBuilder {
	/** The last line added had no newline. */
	truncated = false;
	/** Where the line after the last one added begins. */
	nextLine = 0;
	#count = 0;
	#malformed = 0;
	#startPages: Float64Array;
	#endPages: Float64Array;
	#permissions: Uint8Array;
	#offsetPages: Float64Array;
	#devices: Uint32Array;
	#inodes: BigUint64Array;
	#names: Uint32Array;
	#lineStarts: Uint32Array;
	readonly #nameTable: string[] = [""];
	readonly #nameIndex = new Map<string, number>([["", 0]]);
	readonly #pagesPer4KiB: number;
	/** Neighbours often share a file. */
	#lastName = "";
	#lastNameIndex = 0;
	#lastInode = 0n;
	#lastInodeValue = 0;
	/** Where {@link #hex} stopped. */
	#position = 0;

	constructor(pageSize: number, capacity: number) {
		this.#pagesPer4KiB = pageSize / 4096;
		this.#startPages = new Float64Array(capacity);
		this.#endPages = new Float64Array(capacity);
		this.#permissions = new Uint8Array(capacity);
		this.#offsetPages = new Float64Array(capacity);
		this.#devices = new Uint32Array(capacity);
		this.#inodes = new BigUint64Array(capacity);
		this.#names = new Uint32Array(capacity);
		this.#lineStarts = new Uint32Array(capacity);
	}

	get count(): number {
		return this.#count;
	}

	/**
	 * Adds the line that begins at `start` and ends at a newline, or else at `limit`; returns whether it is a mapping's line.
	 *
	 * @param view the same bytes as `text`.
	 * @param place where the line will begin in the text that {@link finish} gets.
	 */
	addLine(text: Buffer, view: DataView, start: number, limit: number, place: number): boolean {
		const index = this.#count;
		if (index === this.#startPages.length) this.#grow();
		const startEnd = this.#pages(text, view, start, limit, dash, this.#startPages, index);
		const endEnd = startEnd < 0 ? -1 : this.#pages(text, view, startEnd + 1, limit, space, this.#endPages, index);
		const permissions = endEnd < 0 ? -1 : permissionBits(text, endEnd + 1, limit);
		const at = permissions < 0 ? -1 : this.#rest(text, view, endEnd + 6, limit, index);
		if (at < 0 || !((this.#startPages[index] ?? 0) < (this.#endPages[index] ?? 0))) {
			this.#offsetPages[index] = 0;
			this.#devices[index] = 0;
			this.#inodes[index] = 0n;
			this.#malformed++;
			this.#endLine(text, start, limit);
			return false;
		}
		this.#permissions[index] = permissions;
		let nameAt = at;
		while (nameAt < limit && text[nameAt] === space) nameAt++;
		const name = this.#name(text, nameAt, limit);
		if (name !== 0) this.#names[index] = name;
		this.#lineStarts[index] = place;
		this.#count++;
		return true;
	}

	/** Reads offset, device and inode from `start` on; returns where the inode ends, -1 when these are something else. */
	#rest(text: Buffer, view: DataView, start: number, limit: number, index: number): number {
		if (start + nowhereBytes < limit && isNowhere(view, start)) {
			const after = text[start + nowhereBytes];
			// The columns hold zeros: what is not written to takes no memory.
			if (after === space || after === newline) return start + nowhereBytes;
		}
		const offsetEnd = this.#pages(text, view, start, limit, space, this.#offsetPages, index);
		if (offsetEnd < 0) return -1;
		const major = this.#hex(text, offsetEnd + 1, limit, colon);
		const minor = this.#hex(text, this.#position + 1, limit, space);
		const inodeAt = this.#position + 1;
		let at = inodeAt;
		while (at < limit && isDigit(text[at])) at++;
		const inode = at > inodeAt && (at >= limit || text[at] === space || text[at] === newline);
		if (!(major >= 0 && minor >= 0 && inode)) return -1;
		this.#devices[index] = ((major << 20) | minor) >>> 0;
		if (at - inodeAt > 1 || text[inodeAt] !== 0x30) this.#inodes[index] = this.#inode(text, inodeAt, at);
		return at;
	}

	/** The columns; they keep `text`. */
	finish(text: Buffer): MapsColumns {
		const count = this.#count;
		return {
			count,
			startPages: this.#startPages.subarray(0, count),
			endPages: this.#endPages.subarray(0, count),
			permissions: this.#permissions.subarray(0, count),
			offsetPages: this.#offsetPages.subarray(0, count),
			devices: this.#devices.subarray(0, count),
			inodes: this.#inodes.subarray(0, count),
			names: this.#names.subarray(0, count),
			nameTable: this.#nameTable,
			text,
			lineStarts: this.#lineStarts.subarray(0, count),
			malformed: this.#malformed,
			truncated: this.truncated,
		};
	}

	/**
	 * Writes a hex byte address into a column as a page number; returns where it ends, -1 when it is none. Pages are at least
	 * 4 KiB, so the last three digits are zeros; leaving them out keeps 64-bit addresses exact in a double (13 digits are 52
	 * bits). A double that a function returns is an object of its own on the heap, hence the column.
	 */
	#pages(
		text: Buffer,
		view: DataView,
		start: number,
		limit: number,
		terminator: number,
		column: Float64Array,
		index: number,
	): number {
		// Nearly all have twelve digits; others, and those with something amiss, are looked at digit by digit.
		if (start + 12 < limit && text[start + 12] === terminator && this.#pagesPer4KiB === 1) {
			const high = fourDigits(view.getInt32(start));
			const middle = fourDigits(view.getInt32(start + 4));
			const low = fourDigits(view.getInt32(start + 8));
			if (high >= 0 && middle >= 0 && low >= 0 && (low & 0xfff) === 0) {
				column[index] = high * 2 ** 20 + ((middle << 4) | (low >> 12));
				return start + 12;
			}
		}
		let at = start;
		// Eight digits at a time are whole numbers of 32 bits, which are faster than doubles.
		let high = 0;
		for (const end = Math.min(start + 8, limit); at < end; at++) {
			const digit = hexValues[text[at] ?? 0] ?? -1;
			if (digit < 0) break;
			high = (high << 4) | digit;
		}
		let low = 0;
		if (at === start + 8) {
			for (const end = Math.min(start + 17, limit); at < end; at++) {
				const digit = hexValues[text[at] ?? 0] ?? -1;
				if (digit < 0) break;
				low = (low << 4) | digit;
			}
		}
		if (at === start || at - start > 16 || at >= limit || text[at] !== terminator) return -1;
		const lowDigits = at - start - 8;
		if (((lowDigits < 3 ? (high << (4 * Math.max(0, lowDigits))) | low : low) & 0xfff) !== 0) return -1;
		let pages: number;
		if (lowDigits >= 3) pages = (high >>> 0) * (powersOf16[lowDigits - 3] ?? 0) + (low >>> 12);
		else pages = ((high >>> 0) * 16 ** Math.max(0, lowDigits) + low) / 4096;
		if (this.#pagesPer4KiB !== 1) {
			pages /= this.#pagesPer4KiB;
			if (!Number.isInteger(pages)) return -1;
		}
		column[index] = pages;
		return at;
	}

	#hex(text: Buffer, start: number, limit: number, terminator: number): number {
		let at = start;
		let value = 0;
		for (; at < limit; at++) {
			const digit = hexValues[text[at] ?? 0] ?? -1;
			if (digit < 0) break;
			value = value * 16 + digit;
		}
		this.#position = at;
		return at === start || at - start > 8 || at >= limit || text[at] !== terminator ? Number.NaN : value;
	}

	/** The inode number with the digits [start, end): a bigint is made once for neighbours that share a file. */
	#inode(text: Buffer, start: number, end: number): bigint {
		// Up to 15 digits are exact in a double.
		if (end - start > 15) return BigInt(text.toString("latin1", start, end));
		let value = 0;
		for (let at = start; at < end; at++) value = value * 10 + (text[at] ?? 0) - 0x30;
		if (value !== this.#lastInodeValue) {
			this.#lastInodeValue = value;
			this.#lastInode = BigInt(value);
		}
		return this.#lastInode;
	}

	/** Index of the name from `start` to the end of the line, which it finds: compare bytes before making a string. */
	#name(text: Buffer, start: number, limit: number): number {
		if (start >= limit || text[start] === newline) {
			this.truncated = start >= limit;
			this.nextLine = start + 1;
			return 0;
		}
		const last = this.#lastName;
		const end = start + last.length;
		if (text[end] === newline && end < limit && last !== "") {
			let same = 0;
			while (same < last.length && text[start + same] === last.charCodeAt(same)) same++;
			if (same === last.length) {
				this.nextLine = end + 1;
				return this.#lastNameIndex;
			}
		}
		this.#endLine(text, start, limit);
		const name = text.toString("latin1", start, this.truncated ? limit : this.nextLine - 1);
		let index = this.#nameIndex.get(name);
		if (index === undefined) {
			index = this.#nameTable.length;
			this.#nameTable.push(name);
			this.#nameIndex.set(name, index);
		}
		this.#lastName = name;
		this.#lastNameIndex = index;
		return index;
	}

	#endLine(text: Buffer, start: number, limit: number): void {
		const end = text.indexOf(newline, start);
		this.truncated = end < 0 || end >= limit;
		this.nextLine = this.truncated ? limit : end + 1;
	}

	#grow(): void {
		const capacity = this.#startPages.length * 2;
		this.#startPages = grown(this.#startPages, new Float64Array(capacity));
		this.#endPages = grown(this.#endPages, new Float64Array(capacity));
		this.#permissions = grown(this.#permissions, new Uint8Array(capacity));
		this.#offsetPages = grown(this.#offsetPages, new Float64Array(capacity));
		this.#devices = grown(this.#devices, new Uint32Array(capacity));
		this.#names = grown(this.#names, new Uint32Array(capacity));
		this.#lineStarts = grown(this.#lineStarts, new Uint32Array(capacity));
		const inodes = new BigUint64Array(capacity);
		inodes.set(this.#inodes);
		this.#inodes = inodes;
	}
}

function grown<T extends Float64Array | Uint32Array | Uint8Array>(from: T, to: T): T {
	to.set(from);
	return to;
}

/** Permissions `rwxp ` at `at` as bits; -1 when they are none. */
function permissionBits(text: Buffer, at: number, limit: number): number {
	if (at + 4 >= limit) return -1;
	const [read, write, execute, share] = [text[at], text[at + 1], text[at + 2], text[at + 3]];
	const valid =
		(read === 0x72 || read === dash) &&
		(write === 0x77 || write === dash) &&
		(execute === 0x78 || execute === dash) &&
		(share === 0x70 || share === 0x73) &&
		text[at + 4] === space;
	if (!valid) return -1;
	return (
		(read === dash ? 0 : permission.read) |
		(write === dash ? 0 : permission.write) |
		(execute === dash ? 0 : permission.execute) |
		(share === 0x73 ? permission.shared : 0)
	);
}

/** Offset, device and inode of memory without a file, as words: what most of the lines of large processes have. */
const nowhere = Buffer.from("00000000 00:00 0", "latin1");
const nowhereBytes = nowhere.length;
const [nowhere0, nowhere1, nowhere2, nowhere3] = [0, 4, 8, 12].map((at) => nowhere.readInt32LE(at));

function isNowhere(view: DataView, at: number): boolean {
	return (
		view.getInt32(at, true) === nowhere0 &&
		view.getInt32(at + 4, true) === nowhere1 &&
		view.getInt32(at + 8, true) === nowhere2 &&
		view.getInt32(at + 12, true) === nowhere3
	);
}

function isDigit(byte: number | undefined): boolean {
	return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/**
 * Reads and parses `/proc/PID/maps`, in address order: see `inAddressOrder`. Empty for kernel threads and zombies. Errors
 * as `readProcFile`.
 *
 * @param before what was read earlier: returned itself when the text is still the same.
 */
export function readMaps(pid: number, pageSize: number, before?: MapsColumns): MapsColumns {
	return withProcFile(`/proc/${pid}/maps`, (bytes) =>
		before?.text.equals(bytes) ? before : parseInOrder(Buffer.from(bytes), pageSize),
	);
}

function parseInOrder(text: Buffer, pageSize: number): MapsColumns {
	const maps = parseMaps(text, pageSize);
	return inAddressOrder(maps)?.maps ?? maps;
}

/** The line of mapping `index` as the kernel wrote it, as Latin-1 bytes, without the newline. */
export function mapsLine(maps: MapsColumns, index: number): string {
	const start = maps.lineStarts[index] ?? 0;
	const end = maps.text.indexOf(newline, start);
	return maps.text.toString("latin1", start, end < 0 ? maps.text.length : end);
}

/** `rw-p` and the like. */
export function permissionText(bits: number): string {
	return (
		(bits & permission.read ? "r" : "-") +
		(bits & permission.write ? "w" : "-") +
		(bits & permission.execute ? "x" : "-") +
		(bits & permission.shared ? "s" : "p")
	);
}

/** `major:minor` in hexadecimal with at least two digits, as `maps` writes it. */
export function deviceText(device: number): string {
	const major = (device >>> 20).toString(16).padStart(2, "0");
	return `${major}:${(device & 0xfffff).toString(16).padStart(2, "0")}`;
}
