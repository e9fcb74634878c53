import fc from "fast-check";
import { deviceText, type MapsColumns, permissionText } from "../../src/extension/proc/maps";
import { hexPage } from "../../src/shared/units";

/** The line of `maps` that the kernel would print for mapping `index`, byte for byte (fs/proc/task_mmu.c). */
export function formatMapsLine(maps: MapsColumns, index: number, pageSize: number): string {
	const range = `${hexPage(maps.startPages[index] ?? 0, pageSize)}-${hexPage(maps.endPages[index] ?? 0, pageSize)}`;
	const offset = hexPage(maps.offsetPages[index] ?? 0, pageSize);
	const device = deviceText(maps.devices[index] ?? 0);
	const head = `${range} ${permissionText(maps.permissions[index] ?? 0)} ${offset} ${device} ${maps.inodes[index]} `;
	const name = maps.nameTable[maps.names[index] ?? 0] ?? "";
	return name === "" ? head : `${head.padEnd(72, " ")} ${name}`;
}

/** A line of `maps` out of its parts, padded as the kernel pads it. */
export function mapsText(...lines: readonly (readonly [head: string, name?: string])[]): Buffer {
	const text = lines.map(([head, name]) => (name === undefined ? `${head} ` : `${`${head} `.padEnd(72, " ")} ${name}`));
	return Buffer.from(text.map((line) => `${line}\n`).join(""), "latin1");
}

/** Lines of a text: a last one without a newline counts too. */
export function countLines(text: Buffer): number {
	let lines = 0;
	for (const byte of text) if (byte === 0x0a) lines++;
	return text.length > 0 && text.at(-1) !== 0x0a ? lines + 1 : lines;
}

/** What can happen to a text on its way: bytes overwritten, put in, taken out, and the end cut off. */
export function damaged(text: Buffer): fc.Arbitrary<Buffer> {
	const byte = fc.oneof(
		fc.constantFrom(...Buffer.from("0123456789abcdefrwxps-: \n\t\0/[]().kB\xff", "latin1")),
		fc.nat(255),
	);
	const damage = fc.record({
		at: fc.double({ min: 0, max: 1, noNaN: true }),
		kind: fc.constantFrom("overwrite", "insert", "remove"),
		bytes: fc.array(byte, { minLength: 1, maxLength: 4 }),
	});
	// Large texts would make each run slow: a window of them is as good.
	const length = Math.min(text.length, 4096);
	return fc
		.record({
			from: fc.nat(text.length - length),
			damages: fc.array(damage, { maxLength: 8 }),
			kept: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.double({ min: 0, max: 1, noNaN: true })),
		})
		.map(({ from, damages, kept }) => {
			let bytes = text.subarray(from, from + length);
			for (const { at, kind, bytes: put } of damages) {
				const position = Math.floor(at * bytes.length);
				const removed = kind === "insert" ? 0 : put.length;
				const inserted = kind === "remove" ? [] : put;
				bytes = Buffer.concat([bytes.subarray(0, position), Buffer.from(inserted), bytes.subarray(position + removed)]);
			}
			return Buffer.from(bytes.subarray(0, Math.ceil(bytes.length * kept)));
		});
}

/** Any bytes at all, and any of the recorded texts, damaged. */
export function hostileBytes(...texts: readonly Buffer[]): fc.Arbitrary<Buffer> {
	return fc.oneof(
		fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
		...texts.map(damaged),
	);
}
