import { strict as assert } from "node:assert";
import type { AddressDescription, Mapping, ModulePlace } from "../../../src/extension/memory/model";
import { addressInWords } from "../../../src/extension/views/memoryMap/addressWords";

describe("an address in words", () => {
	const mapping: Mapping = {
		start: 0x7f00_0000_0000n,
		end: 0x7f00_0010_0000n,
		permissions: "r-xp",
		offset: 0x28000n,
		device: "08:01",
		inode: 42n,
		name: "/usr/lib/libc.so.6",
		deleted: false,
		kind: "code",
		label: "libc.so.6 · Code",
		module: "libc.so.6",
	};
	const heap: Mapping = { ...mapping, inode: 0n, name: "[heap]", kind: "heap", label: "Heap" };
	const say = (module?: ModulePlace, of = mapping): string => {
		const place = { kind: "mapping", address: of.start + 0x123n, mapping: of, offset: 0x123n } as const;
		return addressInWords(module === undefined ? place : { ...place, module });
	};
	const symbol = { name: "malloc", offset: 0x1a0, size: 500, inside: true };

	it("is the module, the section and the symbol", () => {
		assert.equal(say({ section: ".text", symbol }), "libc.so.6 .text, malloc + 0x1a0");
		assert.equal(say({ section: ".text", symbol: { ...symbol, offset: 0 } }), "libc.so.6 .text, malloc");
		assert.equal(say({ section: ".text", symbol: { ...symbol, inside: false } }), "libc.so.6 .text, after malloc");
		assert.equal(say({ section: ".rodata" }), "libc.so.6 .rodata, libc.so.6 · Code + 0x123");
	});

	it("is what the mapping is, and how far into it, when there is no more to say", () => {
		assert.equal(say({ unknown: "notReachable" }), "libc.so.6 · Code + 0x123");
		assert.equal(say({}), "libc.so.6 · Code + 0x123");
		const { module: _, ...plain } = heap;
		assert.equal(say(undefined, plain), "Heap + 0x123");
		assert.equal(say({ section: ".text", symbol }, { ...plain, label: "[vdso]" }), "[vdso] .text, malloc + 0x1a0");
	});

	it("in a gap is how far its neighbours are", () => {
		const gap: AddressDescription = { kind: "gap", address: 0n };
		assert.equal(addressInWords(gap), "Nothing is mapped there");
		const below = { mapping: heap, distance: 0x123n };
		const above = { mapping, distance: 65_536n };
		assert.equal(
			addressInWords({ ...gap, below, above }),
			"Nothing is mapped there: 291 B after Heap, 64 KiB before libc.so.6 · Code",
		);
		assert.equal(addressInWords({ ...gap, above }), "Nothing is mapped there: 64 KiB before libc.so.6 · Code");
	});
});
