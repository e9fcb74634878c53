import { deepEqual, equal } from "node:assert/strict";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { addressToPage } from "../../../src/shared/units";
import { skip } from "../../support/skip";
import { plainQuery } from "../../support/snapshots";
import { Target } from "../../support/target";

const system = readSystemInfo();

/** A program that puts its memory on chosen nodes, on a machine that has at least two. */
describe("several memory nodes", () => {
	const sampler = createSamplerService(system);
	let target: Target;
	before(async function () {
		if (system.memoryNodes < 2) return skip(this, "this machine has one memory node, or its kernel no NUMA");
		target = await Target.start(undefined, "nodes");
	});
	after(() => target?.stop());

	const cases = [
		{ name: "first", policy: "bind:0", pages: { 0: 6 } },
		{ name: "second", policy: "bind:1", pages: { 1: 5 } },
		{ name: "both", policy: "interleave:0-1", pages: { 0: 4, 1: 4 } },
		{ name: "shared", policy: "prefer:1", pages: { 1: 8 } },
	] as const;
	for (const { name, policy, pages } of cases) {
		it(`have what the program put there: ${policy}`, async () => {
			const watch = await sampler.watch(target.pid);
			await sampler.sample(watch, { smaps: "never" });
			const selectedPage = addressToPage(target.range(name).start, system.pageSize);
			const { selected } = await sampler.frame(watch, { ...plainQuery, selectedPage });
			const nodes = Object.entries(pages).map(([node, count]) => ({
				node: Number(node),
				bytes: count * system.pageSize,
			}));
			deepEqual(selected?.numa, { policy, nodes, several: true });
			equal(selected.startPage, selectedPage);
		});
	}
});
