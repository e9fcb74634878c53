import { constantValue } from "../language/constants";

/** What a call would do to memory, as far as the guard has to know before. */
export interface Effect {
	readonly start: bigint;
	readonly end: bigint;
	/** The mapping is changed or replaced, or bytes are written or read: it must not be memory that Node needs. */
	readonly owned: boolean;
	/** Bytes that may become resident. */
	readonly resident: bigint;
}

const flag = (name: string): bigint => constantValue(name) ?? 0n;
const fixed = flag("MAP_FIXED");
const populates = flag("MAP_POPULATE") | flag("MAP_LOCKED");
const fixedMove = flag("MREMAP_FIXED");
const onFault = flag("MLOCK_ONFAULT");
const populateAdvices = ["MADV_POPULATE_READ", "MADV_POPULATE_WRITE", "MADV_WILLNEED", "MADV_COLLAPSE"].map(flag);

type Parameters = readonly [bigint, bigint, bigint, bigint, bigint, bigint];

const change = (start: bigint, length: bigint, resident = 0n): Effect => ({
	start,
	end: start + length,
	owned: true,
	resident,
});
const touch = (start: bigint, length: bigint): Effect => change(start, length, length);
const load = (start: bigint, length: bigint, resident: bigint): Effect => ({
	start,
	end: start + length,
	owned: false,
	resident,
});

const effects: Readonly<Record<string, (parameters: Parameters) => readonly Effect[]>> = {
	mmap: ([address, length, , flags]) => {
		const resident = flags & populates ? length : 0n;
		return flags & fixed ? [change(address, length, resident)] : [load(address, 0n, resident)];
	},
	munmap: ([address, length]) => [change(address, length)],
	mremap: ([address, length, newLength, flags, target]) => [
		change(address, length),
		...(flags & fixedMove ? [change(target, newLength)] : []),
	],
	mprotect: ([address, length]) => [change(address, length)],
	madvise: ([address, length, advice]) => [change(address, length, populateAdvices.includes(advice) ? length : 0n)],
	mlock: ([address, length]) => [load(address, length, length)],
	mlock2: ([address, length, flags]) => [load(address, length, flags & onFault ? 0n : length)],
	memset: ([address, , length]) => [touch(address, length)],
	memcpy: ([to, from, length]) => [touch(to, length), load(from, length, length)],
	strlen: ([text]) => [load(text, 1n, 1n)],
	strnlen: ([text, most]) => [load(text, most, 0n)],
	strstr: ([text]) => [load(text, 1n, 1n)],
	strtol: ([text]) => [load(text, 1n, 1n)],
	pread: ([, buffer, length]) => [touch(buffer, length)],
};

/** What a call would do to memory; nothing for the functions that do not change or touch it. */
export function effectsOf(name: string, parameters: readonly bigint[]): readonly Effect[] {
	const [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n] = parameters;
	return Object.hasOwn(effects, name) ? (effects[name]?.([a, b, c, d, e, f]) ?? []) : [];
}
