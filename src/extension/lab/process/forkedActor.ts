import { readSync, writeSync } from "node:fs";
import { readSiginfo } from "../signals";
import { faultFd } from "../wire";
import { type Actor, ActorEnded, type Outcome, Scratch } from "./actor";
import type { MainActor } from "./mainActor";
import { blockLayout, serverOffset, siginfoBytes } from "./shim";

const mapPrivate = 2n;
const mapShared = 1n;
const closeOnExec = 0o2000000n; // O_CLOEXEC
const signalChild = 17n; // SIGCHLD: what the kernel tells the parent when the child has ended

/** The block that orders are given in: some pages of it for strings and structures. */
const blockBytes = 256 * 1024;
const stackBytes = 128 * 1024;

/** Descriptors of the lab process that a child must not keep: Node's channel, the results. */
const ownDescriptors = [3n, 4n];

/**
 * A process forked from the lab process. Everything it does are calls that the lab process orders; each is made by the
 * child itself, on its own copy of the memory. Dies with the lab process, whatever ends that.
 */
export class ForkedActor implements Actor {
	readonly scratch: Scratch;
	/** It is now another program, which takes no orders. */
	executed = false;
	ended = false;

	private constructor(
		readonly name: string,
		readonly pid: number,
		private readonly main: MainActor,
		private readonly block: bigint,
		private readonly input: number,
		private readonly output: number,
	) {
		const { scratch } = blockLayout;
		this.scratch = new Scratch(main.functions, block + BigInt(scratch), blockBytes - scratch);
	}

	/**
	 * Forks the lab process with `clone` (man 2 clone), which unlike `fork` lets the child run machine code of ours from the
	 * start. Returns errno's name when the kernel refuses.
	 */
	static fork(name: string, main: MainActor, shim: bigint): ForkedActor | string {
		const { functions } = main;
		const block = main.map(blockBytes, mapShared);
		const stack = main.map(stackBytes, mapPrivate);
		const [input, orders] = makePipe(main);
		const [results, output] = makePipe(main);
		const head = Buffer.alloc(24);
		head.writeInt32LE(input, blockLayout.input);
		head.writeInt32LE(output, blockLayout.output);
		head.writeInt32LE(process.pid, blockLayout.parent);
		const errnoAddress = main.call(errnoSymbol(main), []).value;
		head.writeBigInt64LE(errnoAddress, blockLayout.errnoAddress);
		functions.write(block, head);
		const stackTop = stack + BigInt(stackBytes);
		const server = shim + BigInt(serverOffset);
		const { value, errno } = main.call(main.symbol("clone"), [server, stackTop, signalChild, block]);
		const pid = Number(BigInt.asIntN(32, value));
		for (const descriptor of [input, output]) main.must("close", BigInt(descriptor));
		if (pid < 0) {
			for (const descriptor of [orders, results]) main.must("close", BigInt(descriptor));
			return errno;
		}
		const actor = new ForkedActor(name, pid, main, block, orders, results);
		const close = main.symbol("close");
		for (const descriptor of [...ownDescriptors, BigInt(orders), BigInt(results)]) actor.call(close, [descriptor]);
		// What a fault handler says of the child comes by the way of the child's results.
		actor.call(main.symbol("dup3"), [BigInt(output), BigInt(faultFd), closeOnExec]);
		return actor;
	}

	call(address: bigint, parameters: readonly bigint[]): Outcome {
		if (this.ended || this.executed) throw new ActorEnded(0, undefined, this.executed);
		const { functions } = this.main;
		const order = Buffer.alloc(56);
		order.writeBigInt64LE(address, 0);
		for (let i = 0; i < 6; i++) order.writeBigInt64LE(BigInt.asIntN(64, parameters[i] ?? 0n), 8 + 8 * i);
		functions.write(this.block + BigInt(blockLayout.order), order);
		this.#post();
		const answer = Buffer.alloc(siginfoBytes);
		const count = readSync(this.output, answer, 0, siginfoBytes, null);
		if (count !== 1) this.#end(count > 1 ? answer : undefined, address);
		const result = functions.read(this.block + BigInt(blockLayout.result), 16);
		return { value: result.readBigInt64LE(0), errno: functions.errnoName(result.readInt32LE(8)) };
	}

	#post(): void {
		try {
			writeSync(this.input, Buffer.of(1));
		} catch {
			this.#end(undefined, 0n); // EPIPE: it has been killed since
		}
	}

	/** Finds out how the child ended, and reaps it. */
	#end(siginfo: Buffer | undefined, address: bigint): never {
		if (siginfo === undefined && address === this.main.functions.find("execl")) {
			this.executed = true; // its descriptors were closed by exec
			throw new ActorEnded(0, undefined, true);
		}
		this.ended = true;
		throw new ActorEnded(this.#reap(), siginfo && readSiginfo(siginfo), false);
	}

	#reap(): number {
		const { main } = this;
		const status = main.scratch.store(Buffer.alloc(4));
		const { value } = main.call(main.symbol("waitpid"), [BigInt(this.pid), status, 0n]);
		if (BigInt.asIntN(32, value) !== BigInt(this.pid)) return 9; // it was waited for after somebody had killed it
		return main.scratch.read(status, 4).readInt32LE(0) & 0x7f;
	}
}

function makePipe(main: MainActor): [number, number] {
	const ends = main.scratch.store(Buffer.alloc(8));
	main.must("pipe2", ends, closeOnExec);
	const bytes = main.scratch.read(ends, 8);
	return [bytes.readInt32LE(0), bytes.readInt32LE(4)];
}

/** `errno` is a macro around a function, which musl calls by the same name. */
function errnoSymbol(main: MainActor): bigint {
	return main.symbol("__errno_location");
}
