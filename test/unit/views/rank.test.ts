import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { rank } from "../../../src/extension/views/processes/rank";

type Item = readonly [id: string, size: number];
const ranked = (items: readonly Item[], previous: readonly string[]) =>
	rank(
		items,
		([id]) => id,
		([, size]) => size,
		previous,
	).map(([id]) => id);

describe("rank", () => {
	it("sorts by size when nothing was shown before", () => {
		deepEqual(ranked([["a", 1], ["b", 3], ["c", 2]], []), ["b", "c", "a"]); // biome-ignore format: a table
	});

	it("keeps the order of sizes that waver by less than a tenth", () => {
		deepEqual(ranked([["a", 100], ["b", 109]], ["a", "b"]), ["a", "b"]); // biome-ignore format: a table
		deepEqual(ranked([["a", 100], ["b", 111]], ["a", "b"]), ["b", "a"]); // biome-ignore format: a table
	});

	it("does not let small steps add up to a wrong order", () => {
		const creeping: Item[] = [["a", 100], ["b", 109], ["c", 118], ["d", 128]]; // biome-ignore format: a table
		// c and d exceed a by more than a tenth, although nobody exceeds the one right above.
		deepEqual(ranked(creeping, ["a", "b", "c", "d"]), ["c", "d", "a", "b"]);
	});

	it("puts new things where their size says, and forgets what is gone", () => {
		deepEqual(ranked([["a", 10], ["new", 7], ["b", 5]], ["gone", "a", "b"]), ["a", "new", "b"]); // biome-ignore format: a table
	});

	it("asks for each size once, also when all have changed", () => {
		const items = Array.from({ length: 3000 }, (_, index): Item => [String(index), index]);
		let asked = 0;
		const sizeOf = ([, size]: Item) => {
			asked++;
			return size;
		};
		const previous = items.map(([id]) => id);
		equal(rank(items, ([id]) => id, sizeOf, previous).length, items.length); // biome-ignore format: short
		equal(asked, items.length);
	});

	it("never leaves something below what it exceeds by more than a tenth, and settles at once", () => {
		const items = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.nat(1000)), { selector: ([id]) => id });
		fc.assert(
			fc.property(items, fc.array(fc.nat(1000)), (list, sizes) => {
				const first = ranked(list, []);
				const changed = list.map(([id, size], index): Item => [id, sizes[index] ?? size]);
				const order = ranked(changed, first);
				const sizeOf = new Map(changed);
				for (let low = 0; low < order.length; low++) {
					for (let high = 0; high < low; high++) {
						equal((sizeOf.get(order[low] ?? "") ?? 0) <= (sizeOf.get(order[high] ?? "") ?? 0) * 1.1, true);
					}
				}
				deepEqual([...order].sort(), list.map(([id]) => id).sort());
				deepEqual(ranked(changed, order), order);
			}),
		);
	});
});
