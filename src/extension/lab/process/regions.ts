import type { LabRegion } from "../wire";
import type { RangeSet } from "./ranges";

/** Where to look: the ranges that the demo's variables were assigned from `mmap` and `mremap`, by process. */
export class Regions {
	readonly #byProcess = new Map<string, Map<string, { readonly start: bigint; readonly length: bigint }>>();

	constructor(
		private readonly pageSize: number,
		/** All that demos have mapped, in any process: the guard's. */
		private readonly memory: RangeSet,
	) {}

	/** Takes note of a call that has succeeded. `name` is the variable that its result was assigned to. */
	after(process: string, name: string | undefined, call: string, parameters: readonly bigint[], value: bigint): void {
		const [address = 0n, length = 0n, newLength = 0n, flags = 0n] = parameters;
		if (call === "munmap") this.memory.remove(address, address + this.#whole(length));
		if (call !== "mmap" && call !== "mremap") return;
		const mapped = call === "mmap" ? length : newLength;
		if (call === "mremap" && value !== address && (flags & dontUnmap) === 0n) {
			this.memory.remove(address, address + this.#whole(length));
		}
		if (call === "mremap" && value === address && mapped < length) {
			this.memory.remove(address + this.#whole(mapped), address + this.#whole(length));
		}
		this.memory.add(value, value + this.#whole(mapped));
		if (name !== undefined) this.#of(process).set(name, { start: value, length: this.#whole(mapped) });
	}

	/** A forked process has all regions of its parent. */
	fork(parent: string, child: string): void {
		this.#byProcess.set(child, new Map(this.#of(parent)));
	}

	/** The process has no memory any more. */
	forget(process: string): void {
		this.#byProcess.delete(process);
	}

	list(): LabRegion[] {
		return [...this.#byProcess].flatMap(([process, regions]) =>
			[...regions].map(([name, { start, length }]) => ({
				process,
				name,
				startPage: Number(start / BigInt(this.pageSize)),
				pages: Number(length / BigInt(this.pageSize)),
			})),
		);
	}

	#of(process: string): Map<string, { readonly start: bigint; readonly length: bigint }> {
		let regions = this.#byProcess.get(process);
		if (regions === undefined) {
			regions = new Map();
			this.#byProcess.set(process, regions);
		}
		return regions;
	}

	#whole(length: bigint): bigint {
		const size = BigInt(this.pageSize);
		return ((length + size - 1n) / size) * size;
	}
}

/** MREMAP_DONTUNMAP: the old range stays. */
const dontUnmap = 4n;
