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
	const builder = new MapsBuilder(text, pageSize, Math.max(16, Math.ceil(text.length / 40)));
	let position = 0;
	while (position < text.length) {
		let end = text.indexOf(newline, position);
		const truncated = end < 0;
		if (truncated) {
			builder.truncated = true;
			end = text.length;
		}
		if (!truncated || end > position) builder.addLine(position, end);
		position = end + 1;
	}
	return builder.finish();
}

/** Collects lines of `maps`, also when they come as headers between the fields of `smaps`. */
export class MapsBuilder {
	truncated = false;
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
	readonly #text: Buffer;
	readonly #pagesPer4KiB: number;
	#lastNameStart = 0;
	#lastNameEnd = 0;
	#lastName = 0;
	/** Where {@link #hex} and {@link #decimal} stopped. */
	#position = 0;

	constructor(text: Buffer, pageSize: number, capacity: number) {
		this.#text = text;
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

	/** Adds the line [start, end) of the text; returns whether it is a mapping's line. */
	addLine(start: number, end: number): boolean {
		const text = this.#text;
		const index = this.#count;
		const startPage = this.#pages(start, end, dash);
		const endPage = this.#pages(this.#position + 1, end, space);
		const permissionsAt = this.#position + 1;
		const permissions = this.#permissionBits(permissionsAt);
		const offsetPage = this.#pages(permissionsAt + 5, end, space);
		const major = this.#hex(this.#position + 1, end, colon);
		const minor = this.#hex(this.#position + 1, end, space);
		const inodeAt = this.#position + 1;
		let at = inodeAt;
		while (at < end && isDigit(text[at])) at++;
		const inode = at > inodeAt && (at === end || text[at] === space);
		if (!(startPage < endPage && permissions >= 0 && offsetPage >= 0 && major >= 0 && minor >= 0 && inode)) {
			this.#malformed++;
			return false;
		}
		if (index === this.#startPages.length) this.#grow();
		this.#startPages[index] = startPage;
		this.#endPages[index] = endPage;
		this.#permissions[index] = permissions;
		this.#offsetPages[index] = offsetPage;
		this.#devices[index] = ((major << 20) | minor) >>> 0;
		if (at - inodeAt > 1 || text[inodeAt] !== 0x30) this.#inodes[index] = BigInt(text.toString("latin1", inodeAt, at));
		while (at < end && text[at] === space) at++;
		this.#names[index] = this.#name(at, end);
		this.#lineStarts[index] = start;
		this.#count++;
		return true;
	}

	finish(): MapsColumns {
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
			text: this.#text,
			lineStarts: this.#lineStarts.subarray(0, count),
			malformed: this.#malformed,
			truncated: this.truncated,
		};
	}

	/**
	 * A hex byte address as a page number. Pages are at least 4 KiB, so the last three digits are zeros; leaving them out
	 * keeps 64-bit addresses exact in a double (13 digits are 52 bits).
	 */
	#pages(start: number, end: number, terminator: number): number {
		const text = this.#text;
		let at = start;
		let value = 0;
		let third = 0;
		let second = 0;
		let first = 0;
		for (; at < end; at++) {
			const digit = hexDigit(text[at] ?? 0);
			if (digit < 0) break;
			value = value * 16 + third;
			third = second;
			second = first;
			first = digit;
		}
		this.#position = at;
		if (at === start || at - start > 16 || text[at] !== terminator || at >= end) return Number.NaN;
		const pages = value / this.#pagesPer4KiB;
		return third === 0 && second === 0 && first === 0 && Number.isInteger(pages) ? pages : Number.NaN;
	}

	#hex(start: number, end: number, terminator: number): number {
		const text = this.#text;
		let at = start;
		let value = 0;
		for (; at < end; at++) {
			const digit = hexDigit(text[at] ?? 0);
			if (digit < 0) break;
			value = value * 16 + digit;
		}
		this.#position = at;
		return at === start || at - start > 8 || text[at] !== terminator || at >= end ? Number.NaN : value;
	}

	#permissionBits(at: number): number {
		const text = this.#text;
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

	/** Index of the name [start, end). Neighbours often share a file: compare bytes before making a string. */
	#name(start: number, end: number): number {
		if (start >= end) return 0;
		const length = end - start;
		const text = this.#text;
		if (
			length === this.#lastNameEnd - this.#lastNameStart &&
			text.compare(text, this.#lastNameStart, this.#lastNameEnd, start, end) === 0
		) {
			return this.#lastName;
		}
		const name = text.toString("latin1", start, end);
		let index = this.#nameIndex.get(name);
		if (index === undefined) {
			index = this.#nameTable.length;
			this.#nameTable.push(name);
			this.#nameIndex.set(name, index);
		}
		this.#lastNameStart = start;
		this.#lastNameEnd = end;
		this.#lastName = index;
		return index;
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

function hexDigit(byte: number): number {
	if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
	if (byte >= 0x61 && byte <= 0x66) return byte - 0x57;
	return -1;
}

function isDigit(byte: number | undefined): boolean {
	return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Reads and parses `/proc/PID/maps`. Empty for kernel threads and zombies. Errors as `readProcFile`. */
export function readMaps(pid: number, pageSize: number): MapsColumns {
	return withProcFile(`/proc/${pid}/maps`, (bytes) => parseMaps(Buffer.from(bytes), pageSize));
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
