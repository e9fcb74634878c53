import { strict as assert } from "node:assert";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
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
	] as const;
	for (const [name, kind, label] of expected) {
		it(`${name} is ${label}`, async function () {
			const range = target.ranges.get(name);
			if (range === undefined) return skip(this, "the kernel refused it");
			const { mappings } = await sampler.readAddressSpace(target.pid, "maps");
			const found = mappings.find(({ start, end }) => start <= range.start && range.end <= end);
			assert.deepEqual([found?.kind, found?.label, found?.module], [kind, label, undefined]);
		});
	}

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
