import { strict as assert } from "node:assert";
import { readdir, readFile, readlink, writeFile } from "node:fs/promises";
import type { PageRun } from "../../../src/extension/memory/model";
import { forcePageTableWay } from "../../../src/extension/sampler/pageTable";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { stateCode } from "../../../src/shared/pageStates";
import { addressToPage } from "../../../src/shared/units";
import { canScan } from "../../support/canScan";
import { skip } from "../../support/skip";
import { plainQuery } from "../../support/snapshots";
import { askWitness, Target } from "../../support/target";

const pool = "/proc/sys/vm/nr_hugepages";

/** Pages of the hugetlb pool: large, and not in RSS. */
describe("huge pages of the pool", () => {
	const system = readSystemInfo();
	const sampler = createSamplerService(system);
	const page = BigInt(system.pageSize);
	let formerPool: string | undefined;
	let target: Target | undefined;
	let hugePage: bigint;

	before(async function () {
		if (process.geteuid?.() !== 0) return skip(this, "only root can make huge pages");
		const [former, free, size] = [await readFile(pool, "latin1"), await freeHugePages(), await hugePageSize()];
		hugePage = size;
		if (size === 0n) return skip(this, "this kernel has no huge pages");
		formerPool = former;
		if (free < 5) await writeFile(pool, String(Number(former) + 5)).catch(() => undefined);
		if ((await freeHugePages()) < 5) return skip(this, "there is no room for five huge pages");
		target = await Target.start(undefined, "hugePages");
	});
	after(async () => {
		await target?.stop();
		if (formerPool !== undefined) await writeFile(pool, formerPool).catch(() => undefined);
	});

	const started = (): Target => target ?? assert.fail("it was not started");
	const scan = async (name: string): Promise<PageRun[]> => {
		const { start, end } = started().range(name);
		return await sampler.scanPages(started().pid, start, end);
	};
	const frame = async (name: string) => {
		const watch = await sampler.watch(started().pid);
		await sampler.sample(watch, { smaps: "always" });
		const selectedPage = addressToPage(started().range(name).start, system.pageSize);
		return await sampler.frame(watch, { ...plainQuery, grouped: false, selectedPage });
	};

	for (const way of ["scan", "read"] as const) {
		it(`are runs of their real size, told by ${way === "scan" ? "PAGEMAP_SCAN" : "reads of pagemap"}`, async function () {
			if (way === "scan" && !canScan()) return skip(this, "this kernel has no PAGEMAP_SCAN");
			forcePageTableWay(way);
			try {
				const inPages = (runs: PageRun[]): [string, bigint, boolean][] =>
					runs.map(({ state, start, end, flags }) => [state, (end - start) / hugePage, flags.includes("huge")]);
				assert.deepEqual(inPages(await scan("private")), [
					["anonymous", 1n, true],
					["notPresent", 1n, false],
					["anonymous", 1n, true],
				]);
				assert.deepEqual(inPages(await scan("shared")), [
					["notPresent", 1n, false],
					["shmem", 1n, true],
				]);
			} finally {
				forcePageTableWay("best");
			}
		});
	}

	it("are told by the device of their file, whatever its name", async () => {
		const { mappings } = await sampler.readAddressSpace(started().pid, "smaps");
		const found = (name: string) => mappings.find(({ start }) => start === started().range(name).start);
		assert.deepEqual(
			["private", "shared"].map((name) => [found(name)?.name, found(name)?.kind, found(name)?.label]),
			[
				["/anon_hugepage", "hugetlb", "Huge pages"],
				["/memfd:huge", "hugetlb", "Huge pages"],
			],
		);
		for (const { kind, vmFlags } of mappings) assert.equal(kind === "hugetlb", vmFlags?.includes("ht") ?? false);
	});

	it("are in no sum of resident memory, as the kernel counts it, but in the states of pages", async () => {
		const { totals, kinds, rows, selected, overview } = await frame("private");
		const witness = await askWitness(started().pid);
		const rss = witness.smaps.reduce((sum, amounts) => sum + (amounts["Rss"] ?? 0), 0);
		assert.equal(totals.resident, rss);
		assert.equal(
			kinds.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
			rss,
		);
		const huge = kinds.find(({ kind }) => kind === "hugetlb");
		assert.deepEqual([huge?.bytes, huge?.size, huge?.mappings], [0, 5 * Number(hugePage), 2]);
		assert.equal(
			huge?.byState?.reduce((sum, bytes) => sum + bytes),
			0,
		);
		const [row] = rows.rows.filter(({ startPage }) => startPage === selected?.startPage);
		assert.deepEqual([row?.value, row?.note], [0, "not in RSS"]);
		assert.equal(selected?.statePages[stateCode.anonymous], (2 * Number(hugePage)) / Number(page));
		assert.equal(selected?.usage["Private_Hugetlb"], 2 * Number(hugePage));
		assert.deepEqual(selected?.cache, { known: false, why: "notAFile" });
		assert.ok(overview.segments.every(({ residentBytes }) => residentBytes <= rss));
		const { groups } = await sampler.readGroups(started().pid, 1000);
		assert.equal(
			groups.reduce((sum, { resident = 0 }) => sum + resident, 0),
			rss,
		);
	});

	it("are no page cache", async () => {
		const descriptors = `/proc/${started().pid}/fd`;
		const links = await Promise.all(
			(await readdir(descriptors)).map(async (name) => [name, await readlink(`${descriptors}/${name}`)]),
		);
		const [name] = links.find(([, to]) => to?.startsWith("/memfd:huge")) ?? [];
		const { known, reason, runs } = await sampler.fileResidency(`${descriptors}/${name}`);
		assert.deepEqual([known, runs], [false, []]);
		assert.match(reason ?? "", /huge pages/);
	});

	it("are looked at without taking any from the pool", async () => {
		const before = await counters();
		await frame("shared");
		await scan("shared");
		assert.deepEqual(await counters(), before);
	});
});

async function meminfo(): Promise<string> {
	return await readFile("/proc/meminfo", "latin1");
}

async function freeHugePages(): Promise<number> {
	const text = await meminfo();
	return (
		Number(/^HugePages_Free: +(\d+)$/m.exec(text)?.[1] ?? 0) - Number(/^HugePages_Rsvd: +(\d+)$/m.exec(text)?.[1] ?? 0)
	);
}

async function hugePageSize(): Promise<bigint> {
	return BigInt(/^Hugepagesize: +(\d+) kB$/m.exec(await meminfo())?.[1] ?? 0) * 1024n;
}

async function counters(): Promise<string[]> {
	return (await meminfo()).split("\n").filter((line) => line.startsWith("HugePages_"));
}
