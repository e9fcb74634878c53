import { mainProcess } from "../../../shared/labDemo";
import type { Functions } from "../../native/functions";
import { faultSignals } from "../signals";
import { type Actor, type Outcome, Scratch } from "./actor";
import { shimCode } from "./shim";

const protRead = 1n;
const protWrite = 2n;
const protExecute = 4n;
const mapPrivate = 2n;
const mapAnonymous = 0x20n;
const noDescriptor = -1n;

const siginfoFlag = 4; // SA_SIGINFO
const resetHandler = 0x80000000; // SA_RESETHAND

/** Bytes for strings and structures. */
const scratchBytes = 256 * 1024;

/** Errors of the machinery itself, not of a demo. */
export class LabFailure extends Error {}

/** The lab process itself: calls are made through koffi. */
export class MainActor implements Actor {
	readonly name = mainProcess;
	readonly pid = process.pid;
	readonly scratch: Scratch;
	/** Address of the machine code; undefined on a processor that there is none for, or where it may not be run. */
	readonly shim: bigint | undefined;

	constructor(
		readonly functions: Functions,
		private readonly pageSize: number,
	) {
		this.scratch = new Scratch(functions, this.map(scratchBytes, mapPrivate), scratchBytes);
		this.shim = this.#placeShim();
		if (this.shim !== undefined) this.#catchFaults(this.shim);
	}

	call(address: bigint, parameters: readonly bigint[]): Outcome {
		const value = this.functions.call(address, parameters);
		const errno = this.functions.errno();
		return { value, errno };
	}

	/** Address of a function of the C library. Throws {@link LabFailure} where there is none. */
	symbol(name: string): bigint {
		const address = this.functions.find(name);
		if (address === undefined) throw new LabFailure(`the C library has no ${name}`);
		return address;
	}

	/** Makes a call that has to succeed. */
	must(name: string, ...parameters: bigint[]): bigint {
		const { value, errno } = this.call(this.symbol(name), parameters);
		if (value === -1n || BigInt.asIntN(32, value) === -1n) throw new LabFailure(`${name}: ${errno}`);
		return value;
	}

	/** Address of new memory that may be read and written. */
	map(size: number, flags: bigint): bigint {
		const mmap = this.symbol("mmap");
		const parameters = [0n, BigInt(size), protRead | protWrite, flags | mapAnonymous, noDescriptor, 0n];
		const { value, errno } = this.call(mmap, parameters);
		if (value === -1n) throw new LabFailure(`mmap: ${errno}`);
		return value;
	}

	#placeShim(): bigint | undefined {
		const code = shimCode(process.arch);
		if (code === undefined) return undefined;
		const address = this.map(this.pageSize, mapPrivate);
		this.functions.write(address, code);
		// Never writable and executable at once: some systems (SELinux) refuse both one after the other, too.
		const parameters = [address, BigInt(this.pageSize), protRead | protExecute];
		return this.call(this.symbol("mprotect"), parameters).value === 0n ? address : undefined;
	}

	#catchFaults(handler: bigint): void {
		// struct sigaction of glibc and musl: handler, 128 bytes of mask, flags, restorer.
		const action = Buffer.alloc(152);
		action.writeBigUInt64LE(handler, 0);
		action.writeUInt32LE(siginfoFlag + resetHandler, 136);
		const address = this.scratch.store(action);
		for (const signal of faultSignals) this.must("sigaction", BigInt(signal), address, 0n);
	}
}
