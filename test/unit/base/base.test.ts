import { strict as assert } from "node:assert";
import fc from "fast-check";
import { DisposableStore, toDisposable } from "../../../src/extension/base/disposable";
import { PageRunList } from "../../../src/extension/base/pageCategories";

describe("DisposableStore", () => {
	const noted = () => {
		const order: string[] = [];
		return { order, item: (name: string) => toDisposable(() => order.push(name)) };
	};

	it("lets go of all it owns, last first, once", () => {
		const { order, item } = noted();
		const store = new DisposableStore();
		for (const name of ["a", "b", "c"]) store.add(item(name));
		store.dispose();
		store.dispose();
		assert.deepEqual(order, ["c", "b", "a"]);
		assert.ok(store.disposed);
	});

	it("lets go at once of what comes too late", () => {
		const { order, item } = noted();
		const store = new DisposableStore();
		store.dispose();
		store.add(item("late"));
		assert.deepEqual(order, ["late"]);
	});

	it("lets go of the others when one fails, and then says so", () => {
		const { order, item } = noted();
		const store = new DisposableStore();
		store.add(item("a"));
		store.add({
			dispose() {
				throw new Error("stuck");
			},
		});
		store.add(item("c"));
		assert.throws(() => store.dispose(), /stuck/);
		assert.deepEqual(order, ["c", "a"]);
	});

	it("a function is called once", () => {
		let calls = 0;
		const disposable = toDisposable(() => calls++);
		disposable.dispose();
		disposable.dispose();
		assert.equal(calls, 1);
	});
});

describe("PageRunList", () => {
	it("joins what touches and agrees, and nothing else", () => {
		const piece = fc.record({ gap: fc.nat(2), pages: fc.integer({ min: 1, max: 5 }), categories: fc.nat(3) });
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 1500 }), (pieces) => {
				const list = new PageRunList();
				const pages: number[] = [];
				let page = 0;
				for (const { gap, pages: count, categories } of pieces) {
					page += gap;
					list.push(page, page + count, categories);
					for (let i = 0; i < count; i++) pages[page++] = categories;
				}
				const back: number[] = [];
				for (let run = 0; run < list.length; run++) {
					const [start = 0, end = 0] = [list.startPages[run], list.endPages[run]];
					assert.ok(start < end);
					const touches = run > 0 && list.endPages[run - 1] === start;
					assert.ok(!touches || list.categories[run - 1] !== list.categories[run], "two runs should be one");
					for (let at = start; at < end; at++) back[at] = list.categories[run] ?? -1;
				}
				assert.deepEqual(back, pages);
			}),
			{ numRuns: 100 },
		);
	});
});
