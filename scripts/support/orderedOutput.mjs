// Output of commands that run at the same time, printed one after the other, each as soon as it is its turn.

/** Where one command's output goes: to the screen at once while it is its turn, kept until then. */
export class Slot {
	/** @type {(string | Uint8Array)[]} */
	#kept = [];
	#isTurn = false;
	#isEnded = false;

	/** @param {() => void} onEnd */
	constructor(onEnd) {
		this.#onEnd = onEnd;
	}
	#onEnd;

	get isEnded() {
		return this.#isEnded;
	}

	/** @param {string | Uint8Array} chunk */
	write(chunk) {
		if (this.#isTurn) process.stdout.write(chunk);
		else this.#kept.push(chunk);
	}

	/** Prints what was kept, and from now on whatever comes. */
	takeTurn() {
		if (this.#isTurn) return;
		this.#isTurn = true;
		for (const chunk of this.#kept.splice(0)) process.stdout.write(chunk);
	}

	/** Says that no more will come: it is the next one's turn. */
	end() {
		this.#isEnded = true;
		this.#onEnd();
	}
}

/** Slots whose outputs are printed in the order in which they were made. */
export class OrderedOutput {
	/** @type {Slot[]} */
	#slots = [];

	/** A slot after all others. */
	slot() {
		const slot = new Slot(() => this.#proceed());
		this.#slots.push(slot);
		this.#proceed();
		return slot;
	}

	#proceed() {
		for (const slot of this.#slots) {
			slot.takeTurn();
			if (!slot.isEnded) return;
		}
	}
}
