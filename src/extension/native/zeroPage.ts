import { MapscopeError } from "../../shared/errors";
import { libc, mapFailed } from "./libc";

const protRead = 1;
const mapPrivate = 2;
const mapAnonymous = 0x20;
const madvisePopulateRead = 22;

/**
 * Maps an anonymous page, reads it without ever writing, and calls `use` with its page number: the kernel backs such a
 * page with the one shared zero page. `MADV_POPULATE_READ` (Linux 5.14) does the reading.
 *
 * Errors: `unsupported` (`koffi`, `MADV_POPULATE_READ`), `io`.
 */
export function withReadPage<T>(pageSize: number, use: (page: number) => T): T {
	const c = libc();
	const length = BigInt(pageSize);
	const address = c.mmap(null, length, protRead, mapPrivate | mapAnonymous, -1, 0n);
	if (address === mapFailed) throw new MapscopeError({ code: "io", errno: c.errno(), detail: "mmap" });
	try {
		if (c.madvise(address, length, madvisePopulateRead) < 0) {
			throw new MapscopeError({ code: "unsupported", feature: "MADV_POPULATE_READ", errno: c.errno() });
		}
		return use(Number(address / length));
	} finally {
		c.munmap(address, length);
	}
}
