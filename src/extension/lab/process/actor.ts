import type { Functions } from "../../native/functions";
import type { SignalDetail } from "../signals";

/** What a call came back with. */
export interface Outcome {
	/** The whole result register, signed. */
	readonly value: bigint;
	readonly errno: string;
}

/** A process of the lab that makes calls: the lab process itself, or one that it has forked. */
export interface Actor {
	/** The variable that names it, or `main`. */
	readonly name: string;
	readonly pid: number;
	/** Calls a function of the C library by its address. Throws {@link ActorEnded} when the process ends in it. */
	call(address: bigint, parameters: readonly bigint[]): Outcome;
	/** Memory of the process for strings, structures and copies, where all that it stores lies until the next reset. */
	readonly scratch: Scratch;
}

/** A forked process has ended while it made a call. */
export class ActorEnded extends Error {
	constructor(
		/** Signal's number; 0 when it ended by itself, or has become another program. */
		readonly signal: number,
		readonly detail: SignalDetail | undefined,
		/** It lives on as another program. */
		readonly executed: boolean,
	) {
		super("a process of the lab has ended");
	}
}

/** There is no more room for strings: a demo's text is too long. */
export class ScratchFull extends Error {}

/** A piece of memory that this process can write and the actor can read, at the same address in both. */
export class Scratch {
	#next = 0;

	constructor(
		private readonly functions: Functions,
		private readonly base: bigint,
		private readonly size: number,
	) {}

	/** Forgets what is stored. */
	reset(): void {
		this.#next = 0;
	}

	/** Address of `size` bytes, aligned to 16. Throws {@link ScratchFull}. */
	reserve(size: number): bigint {
		if (this.#next + size > this.size) throw new ScratchFull();
		const address = this.base + BigInt(this.#next);
		this.#next = (this.#next + size + 15) & ~15;
		return address;
	}

	/** Address of a copy of the bytes. */
	store(bytes: Uint8Array): bigint {
		const address = this.reserve(bytes.length);
		if (bytes.length > 0) this.functions.write(address, bytes);
		return address;
	}

	/** The bytes at an address that was reserved. */
	read(address: bigint, length: number): Buffer {
		return this.functions.read(address, length);
	}
}
