import { strict as assert } from "node:assert";
import { PageRunList, pageCategory } from "../../../src/extension/base/pageCategories";
import { classify } from "../../../src/extension/memory/classify";
import { parseSmaps } from "../../../src/extension/proc/smaps";
import { readPageSize } from "../../../src/extension/proc/system";
import { doubt, judgeDoubts, settleDoubts } from "../../../src/extension/sampler/zeroPages";
import { stateCode } from "../../../src/shared/pageStates";
import { addressToPage } from "../../../src/shared/units";
import { canScan } from "../../support/canScan";
import { recordedPageSize } from "../../support/fixtures";
import { type NobodysSampler, nobody, nobodyMayRun, startNobodysSampler } from "../../support/nobody";
import { skip } from "../../support/skip";
import { plainQuery } from "../../support/snapshots";
import { compile, Target } from "../../support/target";
import { mapsZeroPage, noZeroPage } from "../../support/zeroPage";

describe("pages that may be the zero page or shared since a fork", () => {
	const { present, file, exclusive, zeroOrShared, zero } = pageCategory;
	const doubtful = present | zeroOrShared;

	/** One mapping of 16 pages with an Rss in pages, and the verdict on its doubtful pages. */
	const judge = (
		runs: readonly (readonly [start: number, end: number, categories: number])[],
		rss: number,
		head = "rw-p 00000000 00:00 0",
		name = "",
	): number | undefined => {
		const table = new PageRunList();
		for (const [start, end, categories] of runs) table.push(0x1000 + start, 0x1000 + end, categories);
		const text = `01000000-01010000 ${head} ${name}\nRss: ${rss * 4} kB\n`;
		const smaps = parseSmaps(Buffer.from(text), recordedPageSize);
		assert.equal(smaps.maps.malformed, 0);
		const classification = classify(smaps.maps, new Set(), recordedPageSize);
		return judgeDoubts(table, smaps.maps, classification, smaps, recordedPageSize)[0];
	};

	it("are shared when RSS counts them all, and the zero page when it counts none", () => {
		const runs = [
			[0, 2, present | exclusive],
			[4, 7, doubtful],
		] as const;
		assert.equal(judge(runs, 5), doubt.shared);
		assert.equal(judge(runs, 2), doubt.zero);
		for (const rss of [0, 1, 3, 4, 6]) assert.equal(judge(runs, rss), doubt.remains, String(rss));
	});

	it("are not mistaken beside the huge zero page, copies of a file's pages, and swap", () => {
		const hugeZero = [8, 12, present | file] as const;
		assert.equal(judge([[0, 2, doubtful], hugeZero], 2), doubt.shared);
		assert.equal(judge([[0, 2, doubtful], hugeZero], 0), doubt.zero);
		const head = "rw-p 00000000 fe:00 7";
		assert.equal(judge([[0, 2, doubtful], hugeZero], 6, head, "/data"), doubt.shared);
		assert.equal(judge([[0, 2, doubtful], hugeZero], 4, head, "/data"), doubt.zero);
		const swapped = [5, 6, pageCategory.swapped] as const;
		assert.equal(judge([[0, 2, doubtful], swapped], 2), doubt.shared);
	});

	it("of a device, which RSS does not count, remain in doubt; huge pages of the pool are never the zero page", () => {
		assert.equal(judge([[0, 2, doubtful]], 0, "rw-s 00000000 00:06 9", "/dev/mem"), doubt.remains);
		assert.equal(judge([[0, 16, doubtful]], 0, "rw-p 00000000 00:11 9", "/anon_hugepage (deleted)"), doubt.shared);
	});

	it("are settled for each mapping by itself, also where one run covers several", () => {
		const text = [
			"01000000-01002000 rw-p 00000000 00:00 0 ",
			"Rss: 8 kB",
			"01002000-01004000 r--p 00000000 00:00 0 ",
			"Rss: 0 kB",
			"01004000-01006000 rw-p 00000000 00:00 0 ",
			"Rss: 4 kB",
			"",
		].join("\n");
		const smaps = parseSmaps(Buffer.from(text), recordedPageSize);
		const table = new PageRunList();
		table.push(0x1000, 0x1006, doubtful);
		const verdicts = judgeDoubts(table, smaps.maps, classify(smaps.maps, new Set(), 4096), smaps, recordedPageSize);
		assert.deepEqual([...verdicts], [doubt.shared, doubt.zero, doubt.remains]);
		const settled = settleDoubts(table, smaps.maps, verdicts);
		assert.deepEqual(
			Array.from({ length: 7 }, (_, page) => settled.categoriesAt(0x1000 + page)),
			[present, present, present | zero, present | zero, doubtful, doubtful, 0],
		);
	});

	describe("in a live process of a user without privileges, by reads of pagemap", () => {
		const pageSize = readPageSize();
		let sampler: NobodysSampler;
		let parent: Target;
		let child: number;

		before(async function () {
			if (process.geteuid?.() !== 0) return skip(this, "only root can become nobody");
			if (!mapsZeroPage()) return skip(this, noZeroPage);
			if (!(await nobodyMayRun(process.execPath))) return skip(this, `nobody may not run ${process.execPath}`);
			const program = await compile("relatives");
			if (!(await nobodyMayRun(program))) return skip(this, `nobody may not run ${program}`);
			parent = await Target.start(nobody, "relatives");
			child = Number(parent.range("child").start);
			sampler = await startNobodysSampler();
			await sampler.call.forcePageTableWay("read");
		});
		after(() => Promise.all([sampler, parent].map((one) => one?.stop())));

		const scan = async (pid: number, name: string, first = 0, last?: number) => {
			const { start, end } = parent.range(name);
			const [from, to] = [start + BigInt(first * pageSize), last === undefined ? end : start + BigInt(last * pageSize)];
			return (await sampler.call.scanPages(pid, from, to)).flatMap((run) =>
				new Array<typeof run>(Number(run.end - run.start) / pageSize).fill(run),
			);
		};
		const states = async (pid: number, name: string, first?: number, last?: number): Promise<string[]> =>
			(await scan(pid, name, first, last)).map(({ state }) => state);

		it("are anonymous where all are shared, the zero page where all are zero", async () => {
			for (const pid of [parent.pid, child]) {
				assert.deepEqual((await states(pid, "forked")).slice(0, 5), [...four("anonymous"), "notPresent"]);
				assert.deepEqual((await states(pid, "zero")).slice(1, 5), ["notPresent", "zero", "zero", "notPresent"]);
				assert.equal((await states(pid, "copied"))[0], "anonymous");
			}
			assert.deepEqual((await states(child, "own")).slice(0, 3), ["anonymous", "anonymous", "notPresent"]);
		});

		it("are told so as well when only a part of the mapping is asked for", async () => {
			assert.deepEqual(await states(child, "forked", 2, 3), ["anonymous"]);
			assert.deepEqual(await states(child, "zero", 3, 5), ["zero", "notPresent"]);
		});

		it("are unknown, with the reason, where a mapping has both", async () => {
			const pages = await scan(child, "mixed");
			const unknown = pages.flatMap(({ state }, index) => (state === "unknown" ? [index] : []));
			assert.deepEqual(unknown, [0, 1, 2, 3, 8, 9]);
			assert.match(pages[0]?.reason ?? "", /zeros or memory shared since a fork/);
		});

		it("are the same in a picture of the process, and in its single pages", async () => {
			const watch = await sampler.call.watch(child);
			await sampler.call.sample(watch, { smaps: "cheap" });
			for (const [name, state, count] of [
				["forked", stateCode.anonymous, 4],
				["zero", stateCode.zero, 2],
				["mixed", stateCode.unknown, 6],
			] as const) {
				const selectedPage = addressToPage(parent.range(name).start, pageSize);
				const { selected } = await sampler.call.frame(watch, { ...plainQuery, selectedPage });
				assert.equal(selected?.statePages[state], count, name);
				const { states: single } = await sampler.call.pages(watch, selectedPage, selectedPage + 8);
				assert.ok(single.includes(state), name);
			}
		});

		it("of an expensive process remain in doubt until somebody asks for smaps", async () => {
			const watch = await sampler.call.watch(child);
			await sampler.call.sample(watch, { smaps: "never" });
			const selectedPage = addressToPage(parent.range("zero").start, pageSize);
			const query = { ...plainQuery, selectedPage };
			assert.equal((await sampler.call.frame(watch, query)).selected?.statePages[stateCode.unknown], 2);
			await sampler.call.sample(watch, { smaps: "always" });
			assert.equal((await sampler.call.frame(watch, query)).selected?.statePages[stateCode.zero], 2);
		});

		it("count as resident in the groups of the process", async function () {
			if (!canScan()) return skip(this, "this kernel has no PAGEMAP_SCAN");
			const resident = async (): Promise<number> =>
				(await sampler.call.readGroups(child, 1000)).groups.reduce((sum, group) => sum + (group.resident ?? 0), 0);
			const read = await resident();
			await sampler.call.forcePageTableWay("best");
			const scanned = await resident();
			await sampler.call.forcePageTableWay("read");
			// All but the four of `mixed`, which only PAGEMAP_SCAN tells.
			assert.equal(read, scanned - 4 * pageSize);
		});
	});
});

function four(state: string): string[] {
	return new Array<string>(4).fill(state);
}
