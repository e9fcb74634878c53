import { strict as assert } from "node:assert";
import fc from "fast-check";
import { PageRunList, pageCategory } from "../../../src/extension/base/pageCategories";
import { type MappingCache, type MergeInput, markChanged, mergeRuns } from "../../../src/extension/memory/mergeRuns";
import { pageBytes } from "../../../src/extension/memory/tiles";
import { flagBit, stateCode } from "../../../src/shared/pageStates";
import { buildRuns, pieces } from "../../support/snapshots";

const { present, file, exclusive, zero, zeroOrShared, swapped, guard, huge, softDirty, writeProtected } = pageCategory;

/** What a page table may say of a page that it says something of. */
const entry = fc.constantFrom(
	present,
	present | exclusive,
	present | file,
	present | file | exclusive,
	present | zero,
	present | zeroOrShared,
	present | huge | exclusive,
	present | exclusive | softDirty,
	swapped,
	swapped | writeProtected,
	guard,
	writeProtected,
);

interface Case {
	readonly inputs: MergeInput[];
	readonly table: PageRunList;
	/** The same page by page: what the table and the caches say. */
	readonly entries: Map<number, number>;
	readonly cached: Set<number>[];
	readonly end: number;
}

const stretch = fc.record({ gap: fc.nat(4), pages: fc.integer({ min: 1, max: 9 }) });

const cases: fc.Arbitrary<Case> = fc
	.record({
		mappings: fc.array(
			fc.record({
				gap: fc.oneof(fc.constant(0), fc.nat(5)),
				pages: fc.integer({ min: 1, max: 30 }),
				offset: fc.nat(20),
				backing: fc.constantFrom("file", "shared", "anonymous"),
				opaque: fc.nat(9).map((one) => one === 0),
				hidesPages: fc.nat(4).map((one) => one === 0),
				shared: fc.boolean(),
				cache: fc.constantFrom("none", "hidden", "known", "known"),
				cached: fc.array(stretch, { maxLength: 8 }),
			}),
			{ maxLength: 12 },
		),
		table: fc.array(fc.record({ gap: fc.nat(6), pages: fc.integer({ min: 1, max: 9 }), entry }), {
			maxLength: 60,
			size: "max",
		}),
	})
	.map(({ mappings, table }) => {
		let page = 100;
		const cached: Set<number>[] = [];
		const inputs = mappings.map((one): MergeInput => {
			const { gap, pages, offset, backing, opaque, hidesPages, shared, cache, cached: stretches } = one;
			page += gap;
			const mapping = {
				startPage: page,
				endPage: page + pages,
				offsetPage: offset,
				sharedMemory: backing === "shared",
				anonymous: backing === "anonymous",
				opaque,
				hidesPages,
				shared,
			};
			page += pages;
			const known = new Set<number>();
			const [starts, ends]: [number[], number[]] = [[], []];
			let at = 0;
			for (const { gap: before, pages: length } of stretches) {
				// Cached runs of a file neither touch nor overlap.
				at += before + 1;
				starts.push(at);
				for (let i = 0; i < length; i++) known.add(at++);
				ends.push(at);
			}
			cached.push(cache === "known" ? known : new Set());
			const value: MappingCache =
				cache === "known"
					? { kind: "known", starts: Float64Array.from(starts), ends: Float64Array.from(ends) }
					: { kind: cache === "hidden" ? "hidden" : "none" };
			return { mapping, cache: value };
		});
		const list = new PageRunList();
		const entries = new Map<number, number>();
		let at = 95;
		for (const { gap, pages, entry: categories } of table) {
			at += gap;
			list.push(at, at + pages, categories);
			for (let i = 0; i < pages; i++) entries.set(at++, categories);
		}
		return { inputs, table: list, entries, cached, end: Math.max(page, at) + 5 };
	});

/** State and flags of one page, told the slow way. */
function tellPage(page: number, { inputs, entries, cached }: Case): { state: number; flags: number } {
	const at = inputs.findIndex(({ mapping }) => mapping.startPage <= page && page < mapping.endPage);
	const input = inputs[at];
	if (input === undefined) return { state: stateCode.notPresent, flags: 0 };
	const { mapping, cache } = input;
	if (mapping.opaque) return { state: stateCode.unknown, flags: 0 };
	const said = entries.get(page) ?? 0;
	const inCache = cached[at]?.has(page - mapping.startPage + mapping.offsetPage) === true;
	let flags = 0;
	if (said & exclusive) flags |= flagBit.exclusive;
	if (said & huge) flags |= flagBit.huge;
	if (said & softDirty) flags |= flagBit.softDirty;
	if (said & writeProtected) flags |= flagBit.writeProtected;
	if (said & guard) return { state: stateCode.guard, flags };
	if (said & swapped) return { state: stateCode.swapped, flags };
	if (said & present) {
		if (said & zeroOrShared) return { state: stateCode.unknown, flags };
		if (said & file && !mapping.anonymous) {
			return { state: mapping.sharedMemory ? stateCode.shmem : stateCode.file, flags };
		}
		if (mapping.shared && (said & (zero | file)) === 0) {
			if (mapping.hidesPages) return { state: stateCode.unknown, flags };
			if (!mapping.anonymous) return { state: mapping.sharedMemory ? stateCode.shmem : stateCode.file, flags };
			return { state: stateCode.zero, flags: inCache ? flags | flagBit.fileCached : flags };
		}
		if (inCache) flags |= flagBit.fileCached;
		// A file's page where there is no file: the huge zero page.
		return { state: said & (zero | file) ? stateCode.zero : stateCode.anonymous, flags };
	}
	if (inCache) return { state: stateCode.cached, flags };
	const isUnknown = cache.kind === "hidden" || mapping.hidesPages;
	return { state: isUnknown ? stateCode.unknown : stateCode.notPresent, flags };
}

describe("mergeRuns", () => {
	it("says of every page what page table and page cache say of it", () => {
		fc.assert(
			fc.property(cases, (one) => {
				const runs = mergeRuns(one.inputs.length, (index) => one.inputs[index] ?? assert.fail(), one.table);
				const { states, flags } = pageBytes(runs, 90, one.end);
				for (let page = 90; page < one.end; page++) {
					const told = { state: states[page - 90], flags: flags[page - 90] };
					assert.deepEqual(told, tellPage(page, one), `page ${page}`);
				}
			}),
			{ numRuns: 500 },
		);
	});

	it("gives runs in order that do not overlap and lie within mappings", () => {
		fc.assert(
			fc.property(cases, (one) => {
				const runs = mergeRuns(one.inputs.length, (index) => one.inputs[index] ?? assert.fail(), one.table);
				for (let run = 0; run < runs.count; run++) {
					const [start = 0, end = 0] = [runs.starts[run], runs.ends[run]];
					assert.ok(start < end && (run === 0 || (runs.ends[run - 1] ?? 0) <= start));
				}
			}),
		);
	});
});

describe("markChanged", () => {
	it("marks exactly the pages whose state is another, and counts them", () => {
		fc.assert(
			fc.property(pieces(30), pieces(30), (older, newer) => {
				// Nothing comes marked into the comparison.
				const unmarked = (list: typeof older) => list.map((one) => ({ ...one, flags: one.flags & ~flagBit.changed }));
				const [before, now] = [buildRuns(unmarked(older)), buildRuns(unmarked(newer))];
				const end = Math.max(before.end, now.end) + 3;
				const { runs, changedPages } = markChanged(before.runs, now.runs);
				const { states, flags } = pageBytes(runs, 0, end);
				let changed = 0;
				for (let page = 0; page < end; page++) {
					const state = now.model.states[page] ?? 0;
					const differs = state !== (before.model.states[page] ?? 0);
					if (differs) changed++;
					assert.equal(states[page], state);
					assert.equal(flags[page], (now.model.flags[page] ?? 0) | (differs ? flagBit.changed : 0));
				}
				assert.equal(changedPages, changed);
			}),
			{ numRuns: 400 },
		);
	});

	it("finds no change between equal pictures", () => {
		fc.assert(
			fc.property(pieces(30), (list) => {
				const { runs } = buildRuns(list);
				assert.equal(markChanged(runs, runs).changedPages, 0);
			}),
		);
	});
});
