const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;

/**
 * Bytes for people: three significant digits without trailing zeros, next unit from 1,000 on (`1000 KiB` is
 * `0.977 MiB`): `0`, `4 KiB`, `68.3 MiB`, `1.41 TiB`. "0" is a measured zero; use {@link noValue} for none.
 */
export function formatBytes(bytes: number): string {
	if (bytes === 0) return "0";
	let value = bytes;
	let unit = 0;
	while (Math.round(value) >= 1000 && unit < units.length - 1) {
		value /= 1024;
		unit++;
	}
	return `${threeDigits(value)} ${units[unit]}`;
}

/** What stands where there is no value. */
export const noValue = "–";

function threeDigits(value: number): string {
	if (value >= 100) return String(Math.round(value));
	return String(Number(value.toPrecision(3)));
}

/** Made once: `toLocaleString` looks its locale up each time, which was a seventh of the time that the map's script took. */
const countFormat = new Intl.NumberFormat("en-US");

/** A count with thousands separators: `57,624`. */
export function formatCount(count: number): string {
	return countFormat.format(count);
}

/** A duration for people: `0.4 ms`, `75 ms`, `2.4 s`. */
export function formatDuration(milliseconds: number): string {
	return Math.round(milliseconds) < 1000 ? `${threeDigits(milliseconds)} ms` : `${threeDigits(milliseconds / 1000)} s`;
}

/** Bytes of `pages` pages; exact up to 2^53. */
export function pagesToBytes(pages: number, pageSize: number): number {
	return pages * pageSize;
}

/** Byte address of a page number. */
export function pageToAddress(page: number, pageSize: number): bigint {
	return BigInt(page) * BigInt(pageSize);
}

/** Page number that holds a byte address; exact for every 64-bit address, as pages are at least 4 KiB. */
export function addressToPage(address: bigint, pageSize: number): number {
	return Number(address / BigInt(pageSize));
}

/** Lower-case hex of a byte address as `maps` writes it: at least eight digits, no `0x`. */
export function hexAddress(address: bigint): string {
	return address.toString(16).padStart(8, "0");
}

/** {@link hexAddress} of a page number's first byte. */
export function hexPage(page: number, pageSize: number): string {
	return hexAddress(pageToAddress(page, pageSize));
}
