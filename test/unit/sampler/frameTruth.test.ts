import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual, promisify } from "node:util";
import { forcePageTableWay } from "../../../src/extension/sampler/pageTable";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { cellChanged, cellStride, type MapFrame, type MapQuery } from "../../../src/shared/mapFrame";
import { stateCode } from "../../../src/shared/pageStates";
import { addressToPage } from "../../../src/shared/units";
import { canScan } from "../../support/canScan";
import { Child } from "../../support/child";
import { skip } from "../../support/skip";
import { plainQuery } from "../../support/snapshots";
import { askWitness, Target } from "../../support/target";
import { mapsZeroPage, noZeroPage } from "../../support/zeroPage";

const run = promisify(execFile);
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

/** The rollup of a process as Python reads it, in bytes. */
async function askRollup(pid: number): Promise<Record<string, number>> {
	const source = `
import json, sys
with open(f"/proc/{sys.argv[1]}/smaps_rollup") as file:
    file.readline()
    print(json.dumps({line.split(":")[0]: int(line.split()[1]) * 1024 for line in file}))
`;
	const { stdout } = await run("python3", ["-c", source, String(pid)]);
	return JSON.parse(stdout) as Record<string, number>;
}

describe("frames of a live target", () => {
	const system = readSystemInfo();
	const sampler = createSamplerService(system);
	let target: Target;
	let watch: number;

	before(async () => {
		target = await Target.start();
		watch = await sampler.watch(target.pid);
	});
	after(async () => {
		forcePageTableWay("best");
		await target.stop();
	});

	const frame = (changes: Partial<MapQuery> = {}): Promise<MapFrame> =>
		sampler.frame(watch, { ...plainQuery, ...changes });
	const sample = () => sampler.sample(watch, { smaps: "always" });
	const pageOf = (name: string): number => addressToPage(target.range(name).start, system.pageSize);

	it("have the totals of smaps_rollup", async () => {
		await sample();
		const [{ totals }, rollup] = [await frame(), await askRollup(target.pid)];
		assert.equal(totals.resident, rollup["Rss"]);
		assert.equal(totals.swap, rollup["Swap"]);
		// What is shared changes with those who share it: others start and end meanwhile.
		assert.ok(Math.abs((totals.pss ?? 0) - (rollup["Pss"] ?? 0)) < 2 ** 20);
		assert.ok((totals.privateDirty ?? 0) > 0 && (totals.privateDirty ?? 0) <= (totals.resident ?? 0));
	});

	it("have kinds that add up to the kernel's own sums", async () => {
		await sample();
		const rollup = await askRollup(target.pid);
		const resident = await frame({ measure: "resident" });
		assert.equal(sum(resident.kinds.map(({ bytes }) => bytes ?? Number.NaN)), rollup["Rss"]);
		const states = [stateCode.file, stateCode.shmem, stateCode.anonymous];
		assert.equal(sum(states.map((state) => resident.statePages[state] ?? 0)) * system.pageSize, rollup["Rss"]);
		const anonymous = (resident.statePages[stateCode.anonymous] ?? 0) * system.pageSize;
		assert.equal(anonymous, rollup["Anonymous"]);
	});

	it("have the virtual size and the mappings that the witness counts", async () => {
		await sample();
		const [{ totals, statePages }, witness] = [await frame(), await askWitness(target.pid)];
		const sizes = witness.mappings.map(({ start, end }) => Number(BigInt(`0x${end}`) - BigInt(`0x${start}`)));
		assert.equal(totals.virtual, sum(sizes));
		assert.equal(sum(statePages) * system.pageSize, totals.virtual);
		assert.equal(totals.mappings, witness.mappings.length);
		assert.equal(totals.mappingLimit, Number(await readFile("/proc/sys/vm/max_map_count", "utf8")));
		const readable = witness.mappings.filter(({ permissions }) => !permissions.startsWith("---"));
		const accessible = readable.map(({ start, end }) => Number(BigInt(`0x${end}`) - BigInt(`0x${start}`)));
		assert.equal(totals.accessible, sum(accessible));
	});

	it("say of each mapping what smaps says of it", async () => {
		await sample();
		const witness = await askWitness(target.pid);
		const { rows } = await frame({ grouped: false, measure: "resident" });
		const resident = new Map(rows.rows.map(({ startPage, value }) => [startPage, value]));
		for (const { start, Rss } of witness.smaps) {
			const page = addressToPage(BigInt(`0x${start}`), system.pageSize);
			assert.equal(resident.get(page), Rss, start);
		}
	});

	it("name a page that was touched, and only this one", async () => {
		await sample();
		const touched = async (expected: number): Promise<boolean> => {
			await target.command("touch");
			await sample();
			const { selected, sample: info } = await frame({ selectedPage: pageOf("anonymous"), inspectorCells: 64 });
			assert.equal(selected?.cells.pagesPerCell, 1);
			const changed = [...(selected?.cells.counts ?? [])].filter((_, at) => at % cellStride === cellChanged);
			assert.deepEqual(
				changed.flatMap((count, page) => (count > 0 ? [page] : [])),
				[expected],
			);
			return info.changedPages === 1;
		};
		// The page cache is everybody's: of a file that others read, too, more pages may come in just then.
		const alone = [await touched(10), await touched(11), await touched(12)];
		assert.ok(alone.includes(true), "more than the touched page changed, three times");
		// What changed once has not changed again.
		await sample();
		const { selected } = await frame({ selectedPage: pageOf("anonymous"), inspectorCells: 64 });
		assert.equal(sum([...(selected?.cells.counts ?? [])].filter((_, at) => at % cellStride === cellChanged)), 0);
	});

	it("have a mapping as soon as the process has it", async () => {
		await sample();
		const former = (await frame()).totals.mappings;
		await target.command("map");
		await sample();
		const { selected, totals } = await frame({ selectedPage: pageOf("added") });
		assert.ok(totals.mappings > former);
		assert.equal(selected?.kind, "anonymous");
		assert.equal(selected?.startPage, pageOf("added"));
		assert.equal(selected?.endPage, pageOf("added") + 4);
		const location = await sampler.locate(watch, pageOf("added"));
		assert.equal(location.kind, "mapping");
	});

	it("are equal by PAGEMAP_SCAN and by reads of pagemap", async function () {
		if (process.geteuid?.() !== 0) return skip(this, "only root sees the frame of the zero page in pagemap");
		if (!canScan()) return skip(this, "this kernel has no PAGEMAP_SCAN");
		const query = { grouped: false, overviewWidth: 700, selectedPage: pageOf("anonymous"), inspectorCells: 16 };
		const take = async (way: "scan" | "read") => {
			forcePageTableWay(way);
			const other = await sampler.watch(target.pid);
			await sampler.sample(other, { smaps: "never" });
			const { sample: _, ...picture } = await sampler.frame(other, { ...plainQuery, ...query });
			await sampler.unwatch(other);
			return picture;
		};
		// Others use the same files: what is cached and shared changes when they come and go, perhaps there and back between
		// two pictures. What is wrong stays wrong, however often one looks.
		for (let attempt = 1; ; attempt++) {
			const [scanned, read] = [await take("scan"), await take("read")];
			if (isDeepStrictEqual(read, scanned)) return;
			if (attempt === 20) assert.deepEqual(read, scanned);
		}
	});

	it("tell the huge zero page from memory that costs something, both ways", async function () {
		const setting = await readFile("/sys/kernel/mm/transparent_hugepage/enabled", "utf8").catch(() => "[never]");
		if (setting.includes("[never]")) return skip(this, "huge pages are switched off");
		if (!canScan()) return skip(this, "this kernel has no PAGEMAP_SCAN");
		if (!mapsZeroPage()) return skip(this, noZeroPage);
		const child = await Child.python(`
import ctypes, sys
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
size = 2 << 20
start = libc.mmap(None, 3 * size, 3, 0x22, -1, 0)
start = (start + size - 1) // size * size
libc.madvise(ctypes.c_void_p(start), 2 * size, 14)
ctypes.c_char.from_address(start).value
print(f"{start:x} {start + size:x}", flush=True)
sys.stdin.read()
`);
		try {
			const [start, end] = child.words.map((word) => BigInt(`0x${word}`));
			for (const way of ["scan", "read"] as const) {
				forcePageTableWay(way);
				const runs = await sampler.scanPages(child.pid, start ?? 0n, end ?? 0n);
				if (runs.some(({ state }) => state === "notPresent")) {
					return skip(this, "reading untouched memory maps no huge zero page here");
				}
				assert.deepEqual(
					runs.map(({ state }) => state),
					["zero"],
					way,
				);
			}
		} finally {
			forcePageTableWay("best");
			await child.stop();
		}
	});
});
