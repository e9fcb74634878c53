import type { LoopClock } from "./liveLoop";

/** The machine's own clock and timers. */
export const systemClock: LoopClock = {
	now: () => performance.now(),
	setTimer(callback, delay) {
		const timer = setTimeout(callback, delay);
		return () => clearTimeout(timer);
	},
};
