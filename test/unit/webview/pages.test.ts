import assert from "node:assert/strict";
import fc from "fast-check";
import { cellStride, type PageCells } from "../../../src/shared/mapFrame";
import { flagBit, type PageState, pageStates, stateCode } from "../../../src/shared/pageStates";
import { uniformRuns } from "../../../src/webview/memoryMap/pageRuns";
import { chunksOf, PageSource } from "../../../src/webview/memoryMap/pageSource";
import { changeIn, findStateChange, skipUniform } from "../../../src/webview/memoryMap/stateChange";
import { pageCells } from "./samples";

/** A host that knows every page's state, and counts its calls. */
class PageHost {
	calls: [number, number][] = [];

	constructor(private readonly stateOf: (page: number) => PageState) {}

	pages(startPage: number, endPage: number): Promise<PageCells> {
		this.calls.push([startPage, endPage]);
		return Promise.resolve(
			pageCells(
				startPage,
				Array.from({ length: endPage - startPage }, (_, index) => this.stateOf(startPage + index)),
			),
		);
	}
}

function settle(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}

describe("chunks of pages", () => {
	it("cover a range, stay inside its mapping and do not overlap", () => {
		const inputs = fc.tuple(fc.nat(2 ** 40), fc.integer({ min: 1, max: 9000 }), fc.nat(8999), fc.nat(3000));
		fc.assert(
			fc.property(inputs, ([start, size, offset, length]) => {
				const within = { startPage: start, endPage: start + size };
				const from = start + Math.min(offset, size - 1);
				const to = Math.min(within.endPage, from + length + 1);
				const chunks = chunksOf({ startPage: from, endPage: to, within });
				assert.ok((chunks[0]?.startPage ?? Number.NaN) <= from && (chunks.at(-1)?.endPage ?? Number.NaN) >= to);
				for (const [index, chunk] of chunks.entries()) {
					assert.ok(chunk.startPage >= within.startPage && chunk.endPage <= within.endPage);
					if (index > 0) assert.equal(chunk.startPage, chunks[index - 1]?.endPage);
				}
			}),
		);
	});
});

describe("the source of pages", () => {
	const within = { startPage: 1000, endPage: 60_000 };

	it("fetches what is wanted once, and again with each sample", async () => {
		const host = new PageHost(() => "file");
		let changes = 0;
		const source = new PageSource(host, () => changes++, assert.ifError);
		source.setSample(1);
		source.want([{ startPage: 2000, endPage: 2100, within }]);
		await settle();
		source.want([{ startPage: 2010, endPage: 2020, within }]);
		await settle();
		assert.deepEqual(host.calls, [[1024, 3072]]);
		assert.equal(changes, 1);
		assert.equal(source.get(2010)?.state, "file");
		assert.equal(source.get(5000), undefined);
		source.setSample(2);
		await settle();
		assert.equal(host.calls.length, 2);
	});

	it("joins chunks side by side into one call of bounded size", async () => {
		const host = new PageHost((page) => (page % 2 === 0 ? "file" : "cached"));
		const source = new PageSource(host, () => undefined, assert.ifError);
		source.want([{ startPage: 1000, endPage: 60_000, within }]);
		await settle();
		assert.ok(host.calls.every(([start, end]) => end - start <= 16_384));
		assert.equal(host.calls.length, 4);
		const pieces = source.pieces(within);
		assert.equal(pieces[0]?.startPage, 1000);
		assert.equal(
			pieces.reduce((sum, { states }) => sum + states.length, 0),
			59_000,
		);
	});

	it("does not ask again for what was refused until it is wanted again", async () => {
		const errors: unknown[] = [];
		let calls = 0;
		const host = {
			pages(): Promise<PageCells> {
				calls++;
				return Promise.reject(new Error("gone"));
			},
		};
		const source = new PageSource(host, assert.fail, (error) => errors.push(error));
		source.want([{ startPage: 1000, endPage: 9000, within }]);
		await settle();
		assert.equal(errors.length, 1);
		assert.equal(calls, 1);
		source.setSample(9);
		await settle();
		assert.equal(calls, 1);
	});
});

describe("runs of equal pages", () => {
	it("cover the pages exactly and differ from their neighbours", () => {
		const states = fc.array(fc.constantFrom(...pageStates), { maxLength: 60 });
		fc.assert(
			fc.property(states, fc.array(fc.nat(63), { maxLength: 60 }), (names, flags) => {
				const cells = pageCells(500, names, flags);
				const runs = uniformRuns(cells);
				let at = 500;
				for (const [index, run] of runs.entries()) {
					assert.equal(run.startPage, at);
					assert.ok(run.endPage > run.startPage);
					for (let page = run.startPage; page < run.endPage; page++) {
						assert.equal(cells.states[page - 500], run.state);
					}
					const before = runs[index - 1];
					assert.ok(before?.state !== run.state || before.flags !== run.flags);
					at = run.endPage;
				}
				assert.equal(at, 500 + names.length);
			}),
		);
	});

	it("are not ended by what has just changed", () => {
		const runs = uniformRuns(pageCells(0, ["file", "file"], [flagBit.changed, 0]));
		assert.equal(runs.length, 1);
	});
});

describe("the next change of state", () => {
	const range = { startPage: 100, endPage: 400_100 };
	const stateOf = (page: number): PageState => (page >= 300_000 && page < 300_003 ? "anonymous" : "notPresent");
	const shares = {
		...range,
		pagesPerCell: 1000,
		counts: Uint32Array.from({ length: 400 * cellStride }, (_, index) => {
			const share = Math.floor(index / cellStride);
			const code = index % cellStride;
			const mixed = share === 299;
			if (code === stateCode.anonymous) return mixed ? 3 : 0;
			return code === stateCode.notPresent ? (mixed ? 997 : 1000) : 0;
		}),
	};

	it("is found in either direction, over many pages", async () => {
		const host = new PageHost(stateOf);
		const ask = host.pages.bind(host);
		assert.equal(await findStateChange(ask, range, 100, 1, undefined), 300_000);
		assert.equal(await findStateChange(ask, range, 300_000, 1, undefined), 300_003);
		assert.equal(await findStateChange(ask, range, 300_003, -1, undefined), 300_002);
		assert.equal(await findStateChange(ask, range, 400_000, -1, undefined), 300_002);
	});

	it("passes over shares of one state without asking for their pages", async () => {
		const host = new PageHost(stateOf);
		assert.equal(await findStateChange(host.pages.bind(host), range, 100, 1, shares), 300_000);
		assert.equal(host.calls.length, 2);
	});

	it("is the last page where nothing changes any more", async () => {
		const host = new PageHost(() => "file");
		const ask = host.pages.bind(host);
		assert.equal(await findStateChange(ask, { startPage: 0, endPage: 50_000 }, 7, 1, undefined), 49_999);
		assert.equal(await findStateChange(ask, { startPage: 0, endPage: 50_000 }, 40_000, -1, undefined), 0);
	});

	it("is looked for within what is loaded", () => {
		const cells = pageCells(10, ["file", "file", "zero", "file"]);
		assert.equal(changeIn(cells, 10, 1, stateCode.file), 12);
		assert.equal(changeIn(cells, 13, -1, stateCode.file), 12);
		assert.equal(changeIn(cells, 13, 1, stateCode.file), undefined);
		assert.equal(skipUniform(shares, 100, 1, stateCode.notPresent), 100 + 299_000);
		assert.equal(skipUniform(shares, 400_099, -1, stateCode.notPresent), 100 + 300_000 - 1);
	});
});
