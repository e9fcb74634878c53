import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PageRun } from "../../../src/extension/memory/model";
import { forcePageTableWay, type PageTableWay } from "../../../src/extension/sampler/pageTable";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import type { SelectedMapping } from "../../../src/shared/mapFrame";
import { flagBit, type PageFlag, stateCode } from "../../../src/shared/pageStates";
import { addressToPage } from "../../../src/shared/units";
import { vmFlagMeaning } from "../../../src/shared/vmFlags";
import { canScan } from "../../support/canScan";
import { until } from "../../support/child";
import { nobody, nobodyMayRun, startNobodysSampler } from "../../support/nobody";
import { skip } from "../../support/skip";
import { plainQuery } from "../../support/snapshots";
import { askWitness, compile, Target } from "../../support/target";

const run = promisify(execFile);
/** Flags of a page but those of the kernel's notes of written pages, which not every kernel has. */
const withoutNotes = (flags: readonly PageFlag[]): PageFlag[] => flags.filter((flag) => flag !== "softDirty");

const merging = "/sys/kernel/mm/ksm/run";

/** Memory in states that few programs have, made by one that does; see `test/programs/seldom.c`. */
describe("memory in seldom states", () => {
	const system = readSystemInfo();
	const sampler = createSamplerService(system);
	const page = BigInt(system.pageSize);
	const isRoot = process.geteuid?.() === 0;
	let target: Target;

	before(async () => {
		target = await Target.start(undefined, "seldom");
	});
	after(() => target.stop());

	const scan = async (name: string): Promise<PageRun[]> => {
		const { start, end } = target.range(name);
		return await sampler.scanPages(target.pid, start, end);
	};
	/** State and flags of each page: `anonymous exclusive`. */
	const pagesOf = (runs: readonly PageRun[]): string[] =>
		runs.flatMap(({ start, end, state, flags }) =>
			new Array<string>(Number((end - start) / page)).fill([state, ...withoutNotes(flags)].join(" ")),
		);
	const selected = async (name: string): Promise<SelectedMapping> => {
		const watch = await sampler.watch(target.pid);
		await sampler.sample(watch, { smaps: "always" });
		const selectedPage = addressToPage(target.range(name).start, system.pageSize);
		const { selected } = await sampler.frame(watch, { ...plainQuery, selectedPage });
		assert.ok(selected, name);
		return selected;
	};
	const fieldOf = async (name: string, field: string): Promise<number | undefined> => {
		const { smaps } = await askWitness(target.pid);
		const { start } = target.range(name);
		return smaps.find((one) => BigInt(`0x${one.start}`) === start)?.[field];
	};
	/** A test about a range, for each way of reading page tables. */
	const both = (title: string, name: string, test: (way: PageTableWay) => Promise<void>): void => {
		for (const way of ["scan", "read"] as const) {
			it(`${title}, by ${way === "scan" ? "PAGEMAP_SCAN" : "reads of pagemap"}`, async function () {
				if (!target.ranges.has(name)) return skip(this, "the kernel refused it");
				if (way === "scan" && !canScan()) return skip(this, "this kernel has no PAGEMAP_SCAN");
				forcePageTableWay(way);
				try {
					await test(way);
				} finally {
					forcePageTableWay("best");
				}
			});
		}
	};

	it("closed to access is memory all the same", async () => {
		assert.deepEqual(pagesOf(await scan("taken")), new Array(4).fill("anonymous exclusive"));
		const { kind, statePages, permissions, usage } = await selected("taken");
		assert.deepEqual([kind, permissions, statePages[stateCode.anonymous]], ["guard", "---p", 4]);
		assert.equal(usage["Rss"], 4 * system.pageSize);
	});

	it("locked is there before it is touched, or from then on", async function () {
		if (!target.ranges.has("locked")) return skip(this, "the kernel refused it");
		const locked = await selected("locked");
		assert.equal(locked.statePages[stateCode.anonymous], 4);
		assert.equal(locked.usage["Locked"], 4 * system.pageSize);
		assert.ok(locked.vmFlags?.includes("lo"));
		const onFault = await selected("lockedOnFault");
		assert.equal(onFault.statePages[stateCode.anonymous], 1);
		assert.equal(onFault.usage["Locked"], system.pageSize);
		// Before Linux 6.3, this one had no letters.
		assert.ok(onFault.vmFlags?.some((flag) => flag === "lf" || flag === "??"));
	});

	it("freed lazily is counted as the kernel counts it", async function () {
		if (!target.ranges.has("lazy")) return skip(this, "the kernel refused it");
		// The kernel counts in batches, whenever a processor gets to it.
		const bytes = await until(async () => {
			const before = await fieldOf("lazy", "LazyFree");
			const { usage } = await selected("lazy");
			return before === (await fieldOf("lazy", "LazyFree")) && before !== 0 ? [usage["LazyFree"], before] : undefined;
		});
		assert.equal(bytes[0], bytes[1]);
	});

	it("merged because it was equal is shared, and its frames say why", async function () {
		if (!target.ranges.has("equal")) return skip(this, "this kernel merges no pages");
		if ((await fieldOf("equal", "KSM")) === undefined) return skip(this, "this kernel does not count merged pages");
		const former = isRoot ? await readFile(merging, "latin1").catch(() => undefined) : undefined;
		if (former === undefined) return skip(this, "only root can let the kernel merge pages");
		try {
			await writeFile(merging, "1");
			const equal = await until(async () => {
				const found = await selected("equal");
				return (found.usage["KSM"] ?? 0) === 8 * system.pageSize ? found : undefined;
			});
			assert.equal(await fieldOf("equal", "KSM"), equal.usage["KSM"]);
			assert.ok(equal.vmFlags?.includes("mg"));
			// One page stands for all: no longer this mapping's own.
			assert.deepEqual(pagesOf(await scan("equal")), new Array(8).fill("anonymous"));
			const watch = await sampler.watch(target.pid);
			await sampler.sample(watch, { smaps: "never" });
			const { flags, mapCount } = await sampler.pageFrame(watch, equal.startPage);
			assert.ok(flags.includes("KSM"), flags.join(" "));
			assert.equal(mapCount, 8);
		} finally {
			// 2 takes merged pages apart again.
			await writeFile(merging, former.trim() === "0" ? "2" : former);
			await writeFile(merging, former);
		}
	});

	it("in a transparent huge page is told so", async function () {
		if (!target.ranges.has("huge")) return skip(this, "this kernel has no transparent huge pages");
		const found = await selected("huge");
		const size = found.usage["AnonHugePages"];
		if (size === 0) return skip(this, "no huge page was free");
		assert.equal(size, (found.statePages[stateCode.anonymous] ?? 0) * system.pageSize);
		const runs = await scan("huge");
		assert.deepEqual(
			runs.map(({ state, flags }) => [state, withoutNotes(flags).sort()]),
			// Reads of pagemap do not tell.
			[["anonymous", canScan() ? ["exclusive", "huge"] : ["exclusive"]]],
		);
	});

	both("protected by userfaultfd is not taken for swapped where it is absent", "protected", async () => {
		const pages = pagesOf(await scan("protected"));
		const absent = new Array<string>(3).fill("notPresent writeProtected");
		const plain = ["notPresent", "notPresent", "notPresent", "anonymous exclusive"];
		assert.deepEqual(pages, ["anonymous exclusive writeProtected", ...absent, ...plain]);
		// The picture of the whole process says so, too, though it does not read every entry.
		const { statePages, vmFlags, startPage, endPage } = await selected("protected");
		assert.deepEqual([statePages[stateCode.swapped], statePages[stateCode.anonymous]], [0, 2]);
		assert.ok(vmFlags?.includes("uw"));
		const watch = await sampler.watch(target.pid);
		await sampler.sample(watch, { smaps: "never" });
		const { flags } = await sampler.pages(watch, startPage, endPage);
		assert.deepEqual(
			[...flags].map((bits) => (bits & flagBit.writeProtected) !== 0),
			[true, true, true, true, false, false, false, false],
		);
	});

	both("poisoned is neither absent nor swapped", "poisoned", async () => {
		const runs = await scan("poisoned");
		assert.deepEqual(pagesOf(runs), ["anonymous exclusive", "unknown", "notPresent", "notPresent"]);
		assert.match(runs.find(({ state }) => state === "unknown")?.reason ?? "", /poisoned/);
		const { statePages } = await selected("poisoned");
		assert.equal(statePages[stateCode.unknown], 1);
	});

	it("poisoned is not taken for swapped by a user to whom the page table shows no difference", async function () {
		if (!isRoot) return skip(this, "only root can become nobody");
		if (!(await nobodyMayRun(process.execPath))) return skip(this, `nobody may not run ${process.execPath}`);
		if (!(await nobodyMayRun(await compile("seldom"))))
			return skip(this, "nobody may not run a program of the checkout");
		const own = await Target.start(nobody, "seldom");
		const theirs = await startNobodysSampler();
		try {
			const range = own.ranges.get("poisoned");
			if (range === undefined) return skip(this, "the kernel refused it");
			for (const way of canScan() ? (["scan", "read"] as const) : (["read"] as const)) {
				await theirs.call.forcePageTableWay(way);
				const runs = await theirs.call.scanPages(own.pid, range.start, range.end);
				assert.deepEqual(pagesOf(runs)[1], "unknown", way);
				assert.match(runs[1]?.reason ?? "", /poisoned/);
			}
		} finally {
			await Promise.all([theirs.stop(), own.stop()]);
		}
	});

	it("has flags that smaps prints, each with a meaning", async () => {
		const text = await readFile(`/proc/${target.pid}/smaps`, "latin1");
		const theirs = [...text.matchAll(/^VmFlags: (.*)$/gm)].map(([, flags = ""]) => flags.trim().split(" "));
		const { mappings } = await sampler.readAddressSpace(target.pid, "smaps");
		assert.deepEqual(
			mappings.map(({ vmFlags }) => vmFlags),
			theirs,
		);
		const unknown = vmFlagMeaning("zz");
		for (const code of theirs.flat()) assert.notEqual(vmFlagMeaning(code), unknown, code);
		const expected = { advised: ["dc", "dd", "wf", "sr"], droppable: ["dp"], sealed: ["sl"] };
		for (const [name, codes] of Object.entries(expected)) {
			if (!target.ranges.has(name)) continue;
			const flags = (await selected(name)).vmFlags ?? [];
			for (const code of codes) assert.ok(flags.includes(code), `${name}: ${flags.join(" ")}`);
		}
	});

	describe("in swap", () => {
		let file: string | undefined;
		before(async function () {
			if (!isRoot) return skip(this, "only root can add swap");
			const path = join(target.folder, "swap");
			await writeFile(path, Buffer.alloc(2 ** 23), { mode: 0o600 });
			const words = `mkswap ${path} && swapon ${path}`;
			const made = await run("sh", ["-c", words], { env: { PATH: "/usr/sbin:/sbin:/usr/bin:/bin" } }).catch(
				() => undefined,
			);
			if (made === undefined) return skip(this, "swap cannot be added here");
			file = path;
			await target.command("pageout");
		});
		after(async () => {
			if (file === undefined) return;
			await run("/sbin/swapoff", [file]);
			await rm(file);
		});

		both("is swapped, page by page", "swappable", async () => {
			const states = pagesOf(await scan("swappable")).map((words) => words.split(" ")[0]);
			const witness = await askWitness(target.pid, [target.range("swappable")]);
			assert.deepEqual(states, witness.pages[0]);
			const swapped = states.filter((state) => state === "swapped").length;
			assert.ok(swapped > 0, states.join(" "));
			const { statePages, usage } = await selected("swappable");
			assert.equal(statePages[stateCode.swapped], swapped);
			assert.deepEqual([usage["Swap"], usage["SwapPss"]], [swapped * system.pageSize, swapped * system.pageSize]);
		});

		it("adds up to what the kernel says of the process", async () => {
			const watch = await sampler.watch(target.pid);
			await sampler.sample(watch, { smaps: "always" });
			const { totals, kinds } = await sampler.frame(watch, { ...plainQuery, measure: "swap" });
			assert.equal(
				kinds.reduce((sum, { bytes = Number.NaN }) => sum + bytes, 0),
				totals.swap,
			);
		});
	});
});
