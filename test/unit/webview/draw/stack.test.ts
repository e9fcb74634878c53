import assert from "node:assert/strict";
import fc from "fast-check";
import { stateCode, stateCount } from "../../../../src/shared/pageStates";
import { createStack, firstBody, stackShares, touches } from "../../../../src/webview/memoryMap/draw/stack";

/** Pages per state; most columns hold few states. */
const counts = fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 1000 })), {
	minLength: stateCount,
	maxLength: stateCount,
});

function sharesOf(pages: readonly number[]): Float64Array {
	const total = pages.reduce((sum, count) => sum + count, 0);
	return Float64Array.from(pages, (count) => (total === 0 ? 0 : count / total));
}

describe("stacked shares", () => {
	it("give every state that occurs its pixel, in order, apart and inside the body", () => {
		fc.assert(
			fc.property(counts, fc.constantFrom(9, 10, 18, 30, 60), fc.constantFrom(1, 2), (pages, height, pixel) => {
				const shares = sharesOf(pages);
				const stack = createStack();
				stackShares(shares, height, pixel, stack);
				const present = pages.slice(firstBody).filter((count) => count > 0).length;
				const room = present * pixel + (present - 1) * pixel <= height;
				let foot = 0;
				for (let state: number = firstBody; state < stateCount; state++) {
					const from = stack.from[state] ?? 0;
					const to = stack.to[state] ?? 0;
					if ((shares[state] ?? 0) === 0) {
						assert.equal(to - from, 0);
						continue;
					}
					assert.ok(to - from >= (room ? pixel : 1), `state ${state}: ${from}…${to}`);
					if (foot > 0) assert.ok(from - foot >= (room ? pixel : 0), `state ${state} touches`);
					foot = to;
				}
				assert.ok(foot <= height);
			}),
		);
	});

	it("reach the top exactly when every page is present", () => {
		fc.assert(
			fc.property(counts, (pages) => {
				const stack = createStack();
				stackShares(sharesOf(pages), 30, 1, stack);
				const absent = (pages[stateCode.notPresent] ?? 0) + (pages[stateCode.cached] ?? 0);
				const bodies = pages.slice(firstBody).reduce((sum, count) => sum + count, 0);
				if (bodies > 0) assert.equal(Math.max(...stack.to) === 30, absent === 0);
			}),
		);
	});

	it("follow the shares", () => {
		const stack = createStack();
		const shares = new Float64Array(stateCount);
		shares[stateCode.file] = 0.5;
		shares[stateCode.anonymous] = 0.25;
		shares[stateCode.notPresent] = 0.25;
		stackShares(shares, 40, 1, stack);
		assert.deepEqual([stack.from[stateCode.file], stack.to[stateCode.file]], [0, 19]);
		assert.deepEqual([stack.from[stateCode.anonymous], stack.to[stateCode.anonymous]], [20, 30]);
	});

	it("touch their neighbour only where different states meet", () => {
		const left = createStack();
		const right = createStack();
		left.to[stateCode.file] = 5;
		right.to[stateCode.file] = 9;
		assert.equal(touches(left, right), false);
		right.to[stateCode.file] = 0;
		right.to[stateCode.anonymous] = 3;
		assert.equal(touches(left, right), true);
		right.from[stateCode.anonymous] = 5;
		right.to[stateCode.anonymous] = 9;
		assert.equal(touches(left, right), false);
	});
});
