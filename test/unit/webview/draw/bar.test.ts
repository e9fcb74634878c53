import assert from "node:assert/strict";
import fc from "fast-check";
import { stateCode, stateCount } from "../../../../src/shared/pageStates";
import { barHeight, barParts, paintBar } from "../../../../src/webview/memoryMap/draw/bar";
import { namedPalette, Recording } from "./recordingContext";

const palette = namedPalette();

describe("bar by kind", () => {
	it("is divided by state with a pixel between, every part at least 2 px wide", () => {
		const amounts = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 ** 40 })), {
			minLength: stateCount,
			maxLength: stateCount,
		});
		fc.assert(
			fc.property(amounts, fc.integer({ min: 40, max: 400 }), fc.constantFrom(1, 1.5, 2), (byState, width, dpr) => {
				const bytes = byState.reduce((sum, value) => sum + value, 0);
				const parts = barParts(Float64Array.from(byState), bytes, width, { dpr });
				assert.deepEqual(
					parts.map(({ state }) => state).sort(),
					byState.flatMap((value, state) => (value > 0 ? [state] : [])),
				);
				let end = 0;
				for (const [index, { from, to }] of parts.entries()) {
					if (index > 0) assert.ok(from - end >= 1 / dpr - 1e-9 && from - end <= 1.5);
					assert.ok(to - from >= 2 - 1e-9);
					end = to;
				}
				assert.ok(end <= width + 1e-6, `${end} of ${width}`);
			}),
		);
	});

	it("keeps the scale honest and gives slivers 2 px", () => {
		const width = (bytes: number): number => {
			const byState = new Float64Array(stateCount);
			byState[stateCode.file] = bytes;
			return paintBar(new Recording().context, 0, 0, 200, { bytes, byState }, 1000, palette, { dpr: 1 });
		};
		assert.deepEqual([width(1000), width(500), width(1), width(0)], [200, 100, 2, 0]);
	});

	it("is of one neutral colour where the measure has no states, and nothing where nothing is known", () => {
		const recording = new Recording();
		paintBar(recording.context, 5, 5, 200, { bytes: 50 }, 100, palette, { dpr: 1 });
		assert.deepEqual(recording.rectangles, [
			{ x: 5, y: 5, width: 100, height: barHeight, colour: "secondary", opacity: 1 },
		]);
		assert.equal(paintBar(recording.context, 5, 5, 200, {}, 100, palette, { dpr: 1 }), 0);
	});
});
