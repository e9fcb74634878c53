import { MapscopeError } from "../../shared/errors";
import { addressToPage } from "../../shared/units";
import { withMemory } from "../proc/mem";

/** Most bytes of one reading: a person looks at pages, not at heaps. */
const mostBytes = 2 ** 20;

/**
 * Bytes of a process from `address` on, because a person asked for them; fewer than `length` where a page further on
 * cannot be read.
 *
 * Errors: `permissionDenied`, `processGone`, `io` (not even the first byte can be read); `bug` for what is no range.
 */
export function readMemory(owner: number, address: bigint, length: number, pageSize: number): Uint8Array {
	if (address < 0n || !Number.isInteger(length) || length <= 0) {
		throw new MapscopeError({ code: "bug", detail: `no range: ${length} bytes at ${address}` });
	}
	const page = addressToPage(address, pageSize);
	const skip = Number(address % BigInt(pageSize));
	const buffer = Buffer.alloc(skip + Math.min(length, mostBytes));
	return withMemory(owner, (memory) => {
		const count = memory.read(page, pageSize, buffer);
		if (count === 0) throw new MapscopeError({ code: "processGone", path: memory.path });
		return new Uint8Array(buffer.subarray(skip, Math.max(skip, count)));
	});
}
