import { MapscopeError } from "../../shared/errors";
import { libc, mapFailed } from "./libc";

const protRead = 1;
const mapPrivate = 2;
const mapAnonymous = 0x20;
const madvisePopulateRead = 22;

/**
 * Maps anonymous pages, reads them without ever writing, and calls `use` with the number of the first: the kernel backs
 * such pages with the one shared zero page, or, where it may not (`mm_forbids_zeropage` in linux/mm.h: guests on s390 with
 * storage keys), with pages of their own. `MADV_POPULATE_READ` (Linux 5.14) does the reading.
 *
 * Errors: `unsupported` (`koffi`, `MADV_POPULATE_READ`), `io`.
 */
export function withReadPages<T>(count: number, pageSize: number, use: (firstPage: number) => T): T {
	const c = libc();
	const length = BigInt(count * pageSize);
	const address = c.mmap(null, length, protRead, mapPrivate | mapAnonymous, -1, 0n);
	if (address === mapFailed) throw new MapscopeError({ code: "io", errno: c.errno(), detail: "mmap" });
	try {
		if (c.madvise(address, length, madvisePopulateRead) < 0) {
			throw new MapscopeError({ code: "unsupported", feature: "MADV_POPULATE_READ", errno: c.errno() });
		}
		return use(Number(address / BigInt(pageSize)));
	} finally {
		c.munmap(address, length);
	}
}
