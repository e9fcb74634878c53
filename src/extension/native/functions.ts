import type koffiModule from "koffi";
import { MapscopeError } from "../../shared/errors";

/**
 * Any function of the C library, by name or address, with up to six integers or pointers: what the lab process makes its
 * calls with. The lab calls with whatever arguments a demo has, so there is one prototype for all; extra arguments lie in
 * registers that the callee does not read.
 */
export interface Functions {
	/** Address of a symbol of the programs and libraries loaded here; undefined where there is none of that name. */
	find(symbol: string): bigint | undefined;
	/** Calls the code at an address. Returns the whole result register, signed. {@link errno} must be the very next call. */
	call(address: bigint, parameters: readonly bigint[]): bigint;
	/** errno of the last call, as its name. */
	errno(): string;
	/** Name of an errno, e.g. `EACCES`; the number as text where it has none here. */
	errnoName(number: number): string;
	/** Copies memory of this process. Touches it: a bad address is a SIGSEGV. */
	read(address: bigint, length: number): Buffer;
	/** Copies bytes into memory of this process. Touches it. */
	write(address: bigint, bytes: Uint8Array): void;
}

/** Names of errnos that have another one, which manual pages prefer (errno(3)). */
const secondNames = ["EWOULDBLOCK", "ENOTSUP", "EDEADLOCK"];

let loaded: Functions | undefined;

/** The functions of this process. Throws `unsupported` (feature `koffi`) where there is no binary for this platform. */
export function functions(): Functions {
	loaded ??= load();
	return loaded;
}

function load(): Functions {
	let koffi: typeof koffiModule;
	try {
		koffi = require("koffi") as typeof koffiModule;
	} catch (error) {
		throw new MapscopeError({ code: "unsupported", feature: "koffi", detail: String(error) });
	}
	const dlsym = koffi.load(null).func("void* dlsym(void*, const char*)");
	const prototype = koffi.proto("int64_t(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t)");
	const errnos = Object.entries(koffi.os.errno).filter(([name]) => !secondNames.includes(name));
	const names = new Map(errnos.map(([name, number]) => [number, name]));
	const errnoName = (number: number): string => names.get(number) ?? String(number);
	const call = (address: bigint, [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n]: readonly bigint[]): bigint =>
		BigInt(koffi.call(address, prototype, a, b, c, d, e, f) as number | bigint);
	const find = (symbol: string): bigint | undefined => {
		const address = dlsym(null, symbol) as bigint | null;
		return address === null ? undefined : BigInt(address);
	};
	const memcpy = find("memcpy") ?? 0n;
	return {
		find,
		call,
		errno: () => errnoName(koffi.errno()),
		errnoName,
		read: (address, length) => {
			const bytes = Buffer.alloc(length);
			call(memcpy, [BigInt(koffi.address(bytes)), address, BigInt(length)]);
			return Buffer.from(bytes); // the use after the call keeps the buffer alive during it
		},
		write: (address, bytes) => {
			const copy = Buffer.from(bytes);
			call(memcpy, [address, BigInt(koffi.address(copy)), BigInt(copy.length)]);
			copy.fill(0);
		},
	};
}
