import { strict as assert } from "node:assert";
import { join } from "node:path";
import { forbidNative, libc } from "../../../src/extension/native/libc";
import { forcePageTableWay } from "../../../src/extension/sampler/pageTable";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { MapscopeError } from "../../../src/shared/errors";
import { stateCode } from "../../../src/shared/pageStates";
import { addressToPage } from "../../../src/shared/units";
import { skip } from "../../support/skip";
import { plainQuery } from "../../support/snapshots";
import { askWitness, Target } from "../../support/target";
import { mapsZeroPage, noZeroPage } from "../../support/zeroPage";

/** A platform without a koffi binary: everything that plain reads of files can give. */
describe("sampler without native calls", () => {
	let target: Target;
	before(async () => {
		forbidNative(true);
		forcePageTableWay("best");
		target = await Target.start();
	});
	after(async () => {
		forbidNative(false);
		forcePageTableWay("best");
		await target.stop();
	});

	const system = readSystemInfo();
	const sampler = createSamplerService(system);
	const scan = async (name: string) => {
		const { start, end } = target.range(name);
		const runs = await sampler.scanPages(target.pid, start, end);
		return runs.flatMap(({ start: from, end: to, state, reason }) =>
			Array.from({ length: Number(to - from) / system.pageSize }, () => ({ state, reason })),
		);
	};

	it("says which feature is missing", () => {
		assert.throws(
			libc,
			(error) => error instanceof MapscopeError && error.code === "unsupported" && error.feature === "koffi",
		);
	});

	it("samples, and says of the page cache that it could not be asked", async () => {
		const watch = await sampler.watch(target.pid);
		await sampler.sample(watch, { smaps: "always" });
		const query = { ...plainQuery, grouped: false, overviewWidth: 500, measure: "resident" } as const;
		const frame = await sampler.frame(watch, query);
		assert.equal(frame.status.kind, "ok");
		assert.equal(frame.statePages[stateCode.cached], 0);
		assert.ok((frame.totals.pss ?? 0) > 0);
		const resident = frame.kinds.reduce((sum, { bytes }) => sum + (bytes ?? Number.NaN), 0);
		assert.equal(resident, frame.totals.resident);
		const selectedPage = addressToPage(target.range("half").start, system.pageSize);
		const { selected } = await sampler.frame(watch, { ...query, selectedPage });
		assert.deepEqual(selected?.cache, { known: false, why: "unsupported" });
		assert.equal(selected?.statePages[stateCode.unknown], 32);
		const anonymous = addressToPage(target.range("anonymous").start, system.pageSize);
		const other = await sampler.frame(watch, { ...query, selectedPage: anonymous });
		assert.deepEqual(other.selected?.cache, { known: false, why: "notAFile" });
		assert.equal((await sampler.pages(watch, anonymous, anonymous + 16)).detailed, true);
		assert.equal((await sampler.bytes(watch, anonymous)).bytes[0], 1);
	});

	it("reads the page table as the witness does", async () => {
		const names = ["anonymous", "none", "guarded", "memfd", "shared"].filter((name) => target.ranges.has(name));
		const { pages } = await askWitness(
			target.pid,
			names.map((name) => target.range(name)),
		);
		for (const [index, name] of names.entries()) {
			const states = (await scan(name)).map(({ state }) =>
				state === "shmem" ? "file" : state === "unknown" ? "notPresent" : state,
			);
			assert.deepEqual(states, pages[index], name);
		}
	});

	it("does not take the zero page for memory", async function () {
		if (!mapsZeroPage()) return skip(this, noZeroPage);
		const pages = await scan("zero");
		// No frame numbers and no scan: what is left is that RSS does not count these pages.
		for (const page of [2, 3]) assert.equal(pages[page]?.state, "zero");
	});

	it("does not know the page cache of a file, and says so", async () => {
		const residency = await sampler.fileResidency(join(target.folder, "half.bin"));
		assert.equal(residency.known, false);
		assert.match(residency.reason ?? "", /koffi/);
		assert.deepEqual(residency.runs, []);
		assert.equal(residency.size, BigInt(32 * system.pageSize));
	});

	it("lists, reads and groups as ever", async () => {
		assert.ok((await sampler.listProcesses({ kernelThreads: false })).some(({ pid }) => pid === target.pid));
		assert.ok((await sampler.readAddressSpace(target.pid, "smaps")).complete);
		const { groups } = await sampler.readGroups(target.pid, 1000);
		assert.ok(groups.some(({ resident }) => (resident ?? 0) > 0));
	});
});
