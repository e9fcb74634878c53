import { stateCode, stateCount } from "../../../shared/pageStates";

/** First state with a body: `notPresent` and `cached` have none. */
export const firstBody = stateCode.file;

/**
 * What one column or cell shows, in device pixels: reused from column to column. A body of state s reaches from
 * `from[s]` to `to[s]` above the foot; 0 to 0 where it has none.
 */
export interface Stack {
	readonly from: Int32Array;
	readonly to: Int32Array;
}

/** An empty stack. */
export function createStack(): Stack {
	return { from: new Int32Array(stateCount), to: new Int32Array(stateCount) };
}

/**
 * Divides a body of `height` device pixels among the states by their shares (0…1, index = state code). The top is the
 * share of all of them, and never the body's top while a page is not present; every state that occurs gets at least
 * `pixel` device pixels, and between two of them `pixel` stay empty as long as there is room for that.
 */
export function stackShares(shares: Float64Array, height: number, pixel: number, stack: Stack): void {
	let states = 0;
	let sum = 0;
	let largest = firstBody;
	for (let state = firstBody; state < stateCount; state++) {
		const share = shares[state] ?? 0;
		stack.from[state] = 0;
		stack.to[state] = 0;
		if (share <= 0) continue;
		states++;
		sum += share;
		if (share > (shares[largest] ?? 0)) largest = state;
	}
	if (states === 0) return;
	const highest = (shares[stateCode.notPresent] ?? 0) + (shares[stateCode.cached] ?? 0) > 0 ? height - 1 : height;
	if (states === 1) {
		stack.to[largest] = Math.max(Math.min(pixel, height), Math.min(highest, Math.round(sum * height)));
		return;
	}
	let least = pixel;
	let gap = pixel;
	if (states * least + (states - 1) * gap > height) gap = 0;
	if (states * least > height) least = Math.max(1, Math.floor(height / states));
	const needed = states * least + (states - 1) * gap;
	const top = Math.max(needed, Math.min(highest, Math.round(sum * height)));
	// Everybody's least first, then the rest by share; what rounding leaves over goes to the largest.
	const visible = top - (states - 1) * gap;
	const free = top - needed;
	let given = 0;
	for (let state = firstBody; state < stateCount; state++) {
		const share = shares[state] ?? 0;
		if (share <= 0 || state === largest) continue;
		const extra = Math.max(0, Math.min(Math.round((share / sum) * visible) - least, free - given));
		given += extra;
		stack.to[state] = least + extra;
	}
	stack.to[largest] = least + free - given;
	let foot = 0;
	for (let state = firstBody; state < stateCount; state++) {
		const length = stack.to[state] ?? 0;
		if (length === 0) continue;
		stack.from[state] = foot;
		stack.to[state] = foot + length;
		foot += length + gap;
	}
}

/** Whether two neighbouring columns are drawn alike. */
export function sameStack(one: Stack, other: Stack): boolean {
	for (let state = firstBody; state < stateCount; state++) {
		if (one.from[state] !== other.from[state] || one.to[state] !== other.to[state]) return false;
	}
	return true;
}

/** Whether bodies of different states would touch if the two were drawn side by side. */
export function touches(left: Stack, right: Stack): boolean {
	for (let state = firstBody; state < stateCount; state++) {
		const from = left.from[state] ?? 0;
		const to = left.to[state] ?? 0;
		if (to === from) continue;
		for (let other = firstBody; other < stateCount; other++) {
			if (other === state) continue;
			const otherFrom = right.from[other] ?? 0;
			const otherTo = right.to[other] ?? 0;
			if (otherTo > otherFrom && Math.max(from, otherFrom) < Math.min(to, otherTo)) return true;
		}
	}
	return false;
}
