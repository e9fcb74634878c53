import { strict as assert } from "node:assert";
import { join } from "node:path";
import type { PageRun } from "../../../src/extension/memory/model";
import { forcePageTableWay } from "../../../src/extension/sampler/pageTable";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { canScan } from "../../support/canScan";
import { skip } from "../../support/skip";
import { askWitness, askWitnessCached, type Range, Target } from "../../support/target";
import { mapsZeroPage } from "../../support/zeroPage";

/** What the sampler says of a live process, against the program itself and against a witness that shares no code. */
describe("sampler on a live target", () => {
	const system = readSystemInfo();
	const sampler = createSamplerService(system);
	const page = BigInt(system.pageSize);
	let target: Target;

	before(async () => {
		target = await Target.start();
	});
	after(() => target.stop());

	/** One state name per page. */
	const statesOf = (runs: readonly PageRun[]): string[] =>
		runs.flatMap(({ start, end, state }) => new Array<string>(Number((end - start) / page)).fill(state));
	const scan = async (name: string): Promise<PageRun[]> => {
		const { start, end } = target.range(name);
		return sampler.scanPages(target.pid, start, end);
	};
	const at = (states: readonly string[], state: string): number[] =>
		states.flatMap((one, index) => (one === state ? [index] : []));

	it("sees three touched pages of sixteen anonymous ones", async () => {
		const states = statesOf(await scan("anonymous"));
		assert.equal(states.length, 16);
		assert.deepEqual(at(states, "anonymous"), [0, 5, 9]);
		assert.equal(at(states, "notPresent").length, 13);
	});

	it("tells the zero page from memory that was written", async () => {
		const states = statesOf(await scan("zero"));
		const read = mapsZeroPage() ? "zero" : "anonymous";
		assert.deepEqual([at(states, read), at(states, "notPresent").length], [[2, 3], states.length - 2]);
	});

	it("sees nothing in a PROT_NONE range", async () => {
		const runs = await scan("none");
		assert.equal(runs.length, 1);
		assert.equal(runs[0]?.state, "notPresent");
	});

	it("shows guard pages that maps hides, and does not take them for swap", async function () {
		if (!target.ranges.has("guarded")) return skip(this, "this kernel has no guard pages");
		const states = statesOf(await scan("guarded"));
		assert.deepEqual(at(states, "guard"), [4, 5]);
		assert.deepEqual(at(states, "swapped"), []);
	});

	it("sees which half of a mapped file is in the page cache though no page is mapped", async () => {
		const states = statesOf(await scan("half"));
		const cached = await askWitnessCached(join(target.folder, "half.bin"));
		assert.deepEqual(
			states,
			cached.map((yes) => (yes ? "cached" : "notPresent")),
		);
		assert.equal(at(states, "cached").length, 16);
	});

	it("tells a private copy from the file's page, and that the original is still cached", async () => {
		const runs = await scan("copied");
		const states = statesOf(runs);
		assert.equal(states[0], "file");
		assert.equal(states[1], "anonymous");
		const copy = runs.find(({ state }) => state === "anonymous");
		assert.ok(copy?.flags.includes("fileCached"));
		assert.ok(copy?.flags.includes("exclusive"));
	});

	it("sees shared memory that is present", async () => {
		assert.deepEqual(at(statesOf(await scan("memfd")), "shmem"), [0, 1]);
		assert.deepEqual(at(statesOf(await scan("shared")), "shmem"), [0, 3, 7]);
	});

	it("agrees with the witness on every page of every range", async () => {
		const names = ["anonymous", "zero", "none", "guarded", "half", "copied", "memfd", "shared"];
		const ranges = names
			.filter((name) => target.ranges.has(name) && comparable(name))
			.map((name) => target.range(name));
		const witness = await askWitness(target.pid, ranges);
		for (const [index, { start, end }] of ranges.entries()) {
			const states = statesOf(await sampler.scanPages(target.pid, start, end)).map(inPageTable);
			assert.deepEqual(states, witness.pages[index], names[index]);
		}
	});

	it("gives equal runs by PAGEMAP_SCAN and by reading pagemap", async function () {
		if (!canScan()) return skip(this, "this kernel has no PAGEMAP_SCAN");
		for (const name of [...target.ranges.keys()].filter(comparable)) {
			forcePageTableWay("scan");
			const scanned = await scan(name);
			forcePageTableWay("read");
			const read = await scan(name);
			forcePageTableWay("best");
			assert.deepEqual(read, scanned, name);
		}
	});

	it("covers the range exactly, beyond mappings too", async () => {
		const { start, end } = target.range("anonymous");
		const runs = await sampler.scanPages(target.pid, start - 4n * page, end + 4n * page);
		assert.equal(runs[0]?.start, start - 4n * page);
		assert.equal(runs.at(-1)?.end, end + 4n * page);
		for (const [index, run] of runs.entries()) if (index > 0) assert.equal(run.start, runs[index - 1]?.end);
	});

	it("reads every mapping as the witness does", async () => {
		const [space, witness] = [await sampler.readAddressSpace(target.pid, "maps"), await askWitness(target.pid)];
		assert.ok(space.complete);
		assert.deepEqual(
			space.mappings.map(({ start, end, permissions, offset, device, inode }) => ({
				start: start.toString(16),
				end: end.toString(16),
				permissions,
				offset: offset.toString(16),
				device,
				inode: inode.toString(),
			})),
			witness.mappings.map(({ name: _, ...rest }) => rest),
		);
	});

	it("reads every smaps amount as the witness does", async () => {
		const space = await sampler.readAddressSpace(target.pid, "smaps");
		const witness = await askWitness(target.pid);
		for (const [index, { start: _, ...amounts }] of witness.smaps.entries()) {
			const usage = space.mappings[index]?.usage;
			assert.equal(usage?.rss, amounts["Rss"]);
			// What is shared is divided by how many map it, and other processes come and go meanwhile.
			if (amounts["Rss"] === amounts["Anonymous"]) assert.equal(usage?.pss, amounts["Pss"]);
			assert.equal(usage?.["privateDirty"], amounts["Private_Dirty"]);
			assert.equal(usage?.["swapPss"], amounts["SwapPss"]);
			assert.equal(usage?.["anonHugePages"], amounts["AnonHugePages"]);
		}
	});

	it("decodes names that would break a careless reader", async () => {
		const { mappings } = await sampler.readAddressSpace(target.pid, "maps");
		const nameOf = (label: string): string | undefined => {
			const { start }: Range = target.range(label);
			const name = mappings.find((mapping) => mapping.start === start)?.name;
			return name?.slice(target.folder.length + 1);
		};
		assert.equal(nameOf("name0"), "new\nline");
		assert.equal(nameOf("name1"), "two  spaces ");
		assert.equal(nameOf("name2"), "not really (deleted)");
		assert.equal(nameOf("name3"), "<img src=x onerror=alert(1)>");
		assert.equal(nameOf("name4"), "\u202egnp.exe");
		assert.equal(nameOf("name5"), "latin\\xff");
		assert.equal(nameOf("name6"), "\u001b[31mred");
	});

	it("tells an unlinked file from memory whose name always says (deleted)", async () => {
		const { mappings } = await sampler.readAddressSpace(target.pid, "maps");
		const find = (label: string) => mappings.find(({ start }) => start === target.range(label).start);
		assert.equal(find("deleted")?.deleted, true);
		assert.equal(find("name2")?.deleted, false);
		assert.equal(find("memfd")?.deleted, false);
		assert.equal(find("memfd")?.kind, "sharedMemory");
		assert.equal(find("memfd")?.name, "/memfd:cache pages");
		assert.equal(find("shared")?.deleted, false);
		assert.equal(find("shared")?.kind, "sharedMemory");
	});
});

/** Reads of pagemap tell the zero page by its frame, which only root sees. */
function comparable(name: string): boolean {
	return name !== "zero" || process.geteuid?.() === 0;
}

/** The witness reads the page table only: what is merely cached is not present there. */
function inPageTable(state: string): string {
	if (state === "cached" || state === "unknown") return "notPresent";
	return state === "shmem" ? "file" : state;
}
