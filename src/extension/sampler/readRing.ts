/** Slots of the ring: one is filled, one emptied, and two even out who is faster for a moment. */
const slotCount = 4;

/** Forty reads of `smaps`: to hand that over costs nothing beside reading it, and the last slot is soon parsed. */
const slotBytes = 128 * 1024;

/** Most bytes that may be asked for at once: a slot must hold them. */
export const largestRead = slotBytes;

/** Places of the words that the threads tell each other; the length of each slot comes after them. */
const word = { state: 0, thread: 1, filled: 2, taken: 3, lengths: 4 } as const;

/** What the filling thread is at. */
export const ringState = { starting: 0, idle: 1, busy: 2, gone: 3 } as const;

/** In the place of slots taken: nobody wants more. */
const cancelled = -1;

/** In the place of an errno: the filling thread has failed in another way. */
const failed = -(2 ** 31);

const spentAt = 4 * (word.lengths + slotCount);
const headerBytes = spentAt + 8;

/**
 * Half a MiB that two threads share: one fills slot after slot with what it reads, the other empties them. They wait for
 * each other by futex and not in an event loop, since the one that empties is in the midst of a synchronous call.
 */
export class ReadRing {
	readonly shared: SharedArrayBuffer;
	readonly #words: Int32Array;
	readonly #spent: Float64Array;
	readonly #slots: readonly Buffer[];

	/** @param shared of the other thread's ring; without it a new one. */
	constructor(shared = new SharedArrayBuffer(headerBytes + slotCount * slotBytes)) {
		this.shared = shared;
		this.#words = new Int32Array(shared, 0, spentAt / 4);
		this.#spent = new Float64Array(shared, spentAt, 1);
		this.#slots = Array.from({ length: slotCount }, (_, slot) =>
			Buffer.from(shared, headerBytes + slot * slotBytes, slotBytes),
		);
	}

	/** One of {@link ringState}. */
	get state(): number {
		return Atomics.load(this.#words, word.state);
	}

	set state(state: number) {
		this.#tell(word.state, state);
	}

	/** Id of the filling thread among the kernel's; 0 until it runs. */
	get thread(): number {
		return Atomics.load(this.#words, word.thread);
	}

	set thread(id: number) {
		Atomics.store(this.#words, word.thread, id);
	}

	/** Milliseconds of processor time that the filling thread has spent, as it said before it became idle. */
	get spent(): number {
		return this.#spent[0] ?? 0;
	}

	set spent(milliseconds: number) {
		this.#spent[0] = milliseconds;
	}

	/** Empties all slots for a new reading, which makes the filling thread `busy`. It must be `idle`. */
	begin(): void {
		Atomics.store(this.#words, word.filled, 0);
		Atomics.store(this.#words, word.taken, 0);
		this.state = ringState.busy;
	}

	/**
	 * Fills slots with what `read` gives until it gives nothing more, fails, or nobody wants more. The last slot holds no
	 * bytes, but says how it ended.
	 *
	 * @param read writes bytes to a place in a slot; returns how many, 0 at the end; may throw what Node's `fs` throws.
	 * @param room bytes that `read` needs.
	 */
	fill(read: (slot: Buffer, at: number) => number, room: number): void {
		let count = 1;
		for (let filled = 0; ; filled++) {
			const slot = this.#waitForFree(filled);
			if (slot === undefined) return;
			let length = 0;
			while (count > 0 && length + room <= slot.length) {
				count = countOrErrno(() => read(slot, length));
				if (count > 0) length += count;
			}
			Atomics.store(this.#words, word.lengths + (filled % slotCount), length > 0 ? length : count);
			this.#tell(word.filled, filled + 1);
			if (length === 0) return;
		}
	}

	/**
	 * Waits for slot number `taken`, counted from the beginning of the reading: its bytes, to be given back by
	 * {@link giveBack}; 0 at the end, or the negative errno that reading ended with; undefined when it will never come.
	 *
	 * @param isAlive asked now and then whether the filling thread is still there.
	 */
	next(taken: number, isAlive: () => boolean): Buffer | number | undefined {
		while (Atomics.load(this.#words, word.filled) === taken) {
			if (!this.#wait(word.filled, taken, isAlive)) return undefined;
		}
		const length = Atomics.load(this.#words, word.lengths + (taken % slotCount));
		if (length <= 0) return length === failed ? undefined : length;
		return this.#slots[taken % slotCount]?.subarray(0, length);
	}

	/** Slots before number `taken` may be filled anew. */
	giveBack(taken: number): void {
		this.#tell(word.taken, taken);
	}

	/** Ends a reading, wherever it is; returns whether the filling thread has let go of its file and is idle. */
	end(isAlive: () => boolean): boolean {
		this.#tell(word.taken, cancelled);
		while (this.state === ringState.busy) {
			if (!this.#wait(word.state, ringState.busy, isAlive)) break;
		}
		return this.state === ringState.idle;
	}

	/** The next slot to fill, as soon as it is free; undefined when nobody wants more. */
	#waitForFree(filled: number): Buffer | undefined {
		for (;;) {
			const taken = Atomics.load(this.#words, word.taken);
			if (taken === cancelled) return undefined;
			if (filled - taken < slotCount) return this.#slots[filled % slotCount];
			Atomics.wait(this.#words, word.taken, taken);
		}
	}

	/** Waits while a word has a value; returns false once nobody is there to change it. */
	#wait(place: number, value: number, isAlive: () => boolean): boolean {
		if (Atomics.wait(this.#words, place, value, 250) !== "timed-out") return true;
		// A thread that was killed says nothing. A read that takes long does not either, and is waited for.
		return isAlive() || Atomics.load(this.#words, place) !== value;
	}

	#tell(place: number, value: number): void {
		Atomics.store(this.#words, place, value);
		Atomics.notify(this.#words, place);
	}
}

function countOrErrno(read: () => number): number {
	try {
		return read();
	} catch (error) {
		const errno = typeof error === "object" && error !== null && "errno" in error ? error.errno : undefined;
		return typeof errno === "number" && errno < 0 ? errno : failed;
	}
}
