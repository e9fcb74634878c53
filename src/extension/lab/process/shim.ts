/**
 * A little machine code, for what no interpreter can do: run in a signal handler, and in the child of a fork, where
 * JavaScript cannot live on (V8 marks its heap MADV_DONTFORK). The sources are `test/programs/labShim.*.S`; a test
 * assembles them and compares.
 *
 * `fault_handler(signal, siginfo, context)` writes the kernel's `siginfo_t`, 128 bytes, to descriptor `faultFd` (wire.ts), and
 * returns: with SA_RESETHAND the instruction then faults once more, and kills.
 *
 * `server(block)` is the life of a forked process. It asks the kernel to be killed together with its parent, and ends if
 * that has died already. Then, for every byte that it reads, it calls the function in the block and writes a byte.
 */

/** Bytes of `siginfo_t` on every 64-bit Linux. */
export const siginfoBytes = 128;

/** Byte offsets in the block that a server and its owner share. */
export const blockLayout = {
	/** int: read for orders. */
	input: 0,
	/** int: written when an order is done. */
	output: 4,
	/** int: pid that must be the parent. */
	parent: 8,
	/** Address of errno in the thread that the server was cloned from, and so in its own. */
	errnoAddress: 16,
	/** Function, then six arguments. */
	order: 64,
	/** The result register, then errno. */
	result: 136,
	errno: 144,
	/** From here on, for the caller: strings, structures, copies. */
	scratch: 4096,
} as const;

/** Where the server starts; the handler is at 0. */
export const serverOffset = 64;

const code: Readonly<Record<string, string>> = {
	x64: `
		bf05000000ba80000000b8010000000f05c3cccccccccccccccccccccccccccc
		cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
		4883ec084889fbbf01000000be09000000b89d0000000f05b86e0000000f053b
		430875608b3b488db380000000ba0100000031c00f054883f8017548488b7b48
		488b7350488b5358488b4b604c8b43684c8b4b7031c0ff534048898388000000
		488b4b108b09898b900000008b7b04488db380000000ba01000000b801000000
		0f05eba031ffb8e70000000f05`,
	arm64: `
		a00080d2021080d2080880d2010000d4c0035fd61f2003d51f2003d51f2003d5
		1f2003d51f2003d51f2003d51f2003d51f2003d51f2003d51f2003d51f2003d5
		f30300aa200080d2210180d2e81480d2010000d4a81580d2010000d4610a40b9
		1f00016be1020054600240b961020291220080d2e80780d2010000d41f0400f1
		01020054702240f9608644a9628e45a9649646a900023fd6604600f9610a40f9
		210040b9619200b9600640b961020291220080d2080880d2010000d4ebffff17
		000080d2c80b80d2010000d4`,
};

/** The machine code for a processor (Node's `process.arch`); undefined where there is none. */
export function shimCode(architecture: string): Uint8Array | undefined {
	const text = code[architecture];
	return text === undefined ? undefined : Buffer.from(text.replaceAll(/\s/g, ""), "hex");
}
