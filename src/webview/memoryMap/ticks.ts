import { prefersReducedMotion } from "../ui/theme";

/** A changed page's tick stands for this long, the last part of it fading, ms. */
const standing = 1500;
const fading = 600;
const step = 60;

/** Opacity of a tick `age` ms after the sample that brought it. */
export function tickOpacity(age: number): number {
	if (age <= standing - fading) return 1;
	return Math.max(0, (standing - age) / fading);
}

/**
 * The clock of the ticks over changed pages: they stand, fade and go. With reduced motion they stand until the next
 * sample and go at once.
 */
export class Ticks {
	readonly #listeners = new Set<() => void>();
	#sample = 0;
	#since = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#held = false;

	/** Lets ticks stand and not fade: a stop of the debugger is of one moment. */
	hold(held: boolean): void {
		this.#held = held;
	}

	/** Calls `draw` whenever the opacity has changed. */
	onChange(draw: () => void): void {
		this.#listeners.add(draw);
	}

	/** A frame has come; the ticks of a new sample begin. */
	setSample(sample: number, changedPages: number): void {
		if (sample === this.#sample) return;
		this.#sample = sample;
		this.#since = performance.now();
		clearTimeout(this.#timer);
		if (changedPages > 0 && !this.#held && !prefersReducedMotion()) this.#wait(standing - fading);
	}

	get opacity(): number {
		return this.#held || prefersReducedMotion() ? 1 : tickOpacity(performance.now() - this.#since);
	}

	dispose(): void {
		clearTimeout(this.#timer);
		this.#listeners.clear();
	}

	#wait(delay: number): void {
		this.#timer = setTimeout(() => {
			for (const draw of this.#listeners) draw();
			if (this.opacity > 0) this.#wait(step);
		}, delay);
	}
}
