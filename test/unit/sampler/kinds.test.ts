import { strict as assert } from "node:assert";
import { hidesPages } from "../../../src/extension/memory/pseudoNames";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { stateCode } from "../../../src/shared/pageStates";
import { addressToPage } from "../../../src/shared/units";
import { skip } from "../../support/skip";
import { plainQuery } from "../../support/snapshots";
import { askWitness, Target } from "../../support/target";

/** What mappings are for, where the program that made them says so. */
describe("kinds of mappings in a live process", () => {
	const system = readSystemInfo();
	const sampler = createSamplerService(system);
	let target: Target;

	before(async () => {
		target = await Target.start(undefined, "kinds");
	});
	after(() => target.stop());

	const expected = [
		["arena", "heap", "malloc arena"],
		["compiled", "code", "JIT code"],
		["ring", "device", "io_uring rings"],
		["aio", "device", "AIO ring"],
		["perf", "device", "perf events"],
		["heapBuffer", "device", "dma-buf frame"],
		["userBuffer", "device", "dma-buf"],
		["picture", "device", "GPU card0"],
		["registers", "device", /^PCI device [\da-f:.]+ resource\d$/],
	] as const;
	for (const [name, kind, label] of expected) {
		it(`${name} is ${typeof label === "string" ? label : "registers of a PCI device"}`, async function () {
			const range = target.ranges.get(name);
			if (range === undefined) return skip(this, "the kernel refused it");
			const { mappings } = await sampler.readAddressSpace(target.pid, "maps");
			const found = mappings.find(({ start, end }) => start <= range.start && range.end <= end);
			assert.deepEqual([found?.kind, found?.module], [kind, undefined]);
			if (typeof label === "string") assert.equal(found?.label, label);
			else assert.match(found?.label ?? "", label);
		});
	}

	// `pf` marks memory without page structures (VM_PFNMAP), whose page table the kernel does not walk.
	it("are unknown page by page where the kernel shows no page table of them", async () => {
		const { mappings } = await sampler.readAddressSpace(target.pid, "smaps");
		const hidden: string[] = [];
		for (const { start, end, name, kind, vmFlags } of mappings) {
			if (name === "[vsyscall]") continue; // above what page tables of processes are about
			const runs = await sampler.scanPages(target.pid, start, end);
			if (vmFlags?.includes("pf")) {
				hidden.push(name);
				assert.deepEqual([runs.length, runs[0]?.state], [1, "unknown"], name);
				assert.match(runs[0]?.reason ?? "", /Linux does not show pages/);
			} else if (!hidesPages(kind, name)) assert.ok(!runs.some(({ state }) => state === "unknown"), name);
		}
		assert.ok(hidden.includes("[vvar]"), hidden.join(" "));
		const watch = await sampler.watch(target.pid);
		await sampler.sample(watch, { smaps: "never" });
		const vvar = mappings.find(({ name }) => name === "[vvar]");
		const selectedPage = addressToPage(vvar?.start ?? 0n, system.pageSize);
		const { selected } = await sampler.frame(watch, { ...plainQuery, selectedPage });
		const pages = addressToPage(vvar?.end ?? 0n, system.pageSize) - selectedPage;
		assert.equal(selected?.statePages[stateCode.unknown], pages);
	});

	it("and the largest gap between them, and below them", async () => {
		const watch = await sampler.watch(target.pid);
		await sampler.sample(watch, { smaps: "never" });
		const { totals } = await sampler.frame(watch, plainQuery);
		const { mappings } = await askWitness(target.pid);
		let end = 0n;
		let largest = 0n;
		for (const mapping of mappings) {
			const start = BigInt(`0x${mapping.start}`);
			if (start < 1n << 63n && start - end > largest) largest = start - end;
			end = BigInt(`0x${mapping.end}`);
		}
		assert.equal(totals.largestGap, Number(largest));
	});
});
