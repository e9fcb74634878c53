import { strict as assert } from "node:assert";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { ProcessesModel } from "../../../src/extension/views/processes/processesModel";
import { BenchTarget } from "../../bench/targets";

describe("groups of a process with thousands of mappings", () => {
	const sampler = createSamplerService(readSystemInfo());
	let target: BenchTarget;

	before(async () => {
		target = await BenchTarget.start("many", 3000);
	});
	after(() => target?.stop());

	it("are sent with the first mappings of each, and sums and counts of all", async () => {
		const [all, few] = await Promise.all([sampler.readGroups(target.pid, 10_000), sampler.readGroups(target.pid, 100)]);
		const large = all.groups.find(({ count }) => count >= 3000);
		const cut = few.groups.find(({ key }) => key === large?.key);
		assert.deepEqual({ ...cut, mappings: [] }, { ...large, mappings: [] });
		assert.equal(large?.mappings.length, large?.count);
		assert.deepEqual(cut?.mappings, large?.mappings.slice(0, 100));
	});

	it("beyond the first of a family are one, whose sums are theirs", async () => {
		const [all, few] = await Promise.all([sampler.readGroups(target.pid, 10_000), sampler.readGroups(target.pid, 1)]);
		for (const { family } of all.groups) {
			const of = ({ groups }: typeof all) => groups.filter((group) => group.family === family);
			const sum = (read: typeof all, amount: "size" | "resident" | "count") =>
				of(read).reduce((total, group) => total + (group[amount] ?? 0), 0);
			const sums = (read: typeof all) => [sum(read, "size"), sum(read, "resident"), sum(read, "count")];
			assert.deepEqual(sums(few), sums(all), family);
			if (family !== "modules") assert.ok(of(few).length <= 2, family);
		}
	});

	it("show more mappings when somebody asks for more", async () => {
		const model = new ProcessesModel(sampler, 0, { filter: "", folded: false, kernelThreads: false }, () => undefined);
		await model.refresh();
		const process = (await sampler.listProcesses({ kernelThreads: false })).find(({ pid }) => pid === target.pid);
		const id = `${process?.pid}:${process?.startTime}`;
		await model.showMore("");
		await model.load(id);
		const row = `${id}/anonymous`;
		const shown = model.children(row)?.length ?? 0;
		const last = model.node(model.children(row)?.at(-1) ?? "");
		assert.equal(last?.subject.kind, "more");
		const first = await model.showMore(row);
		assert.equal(model.children(row)?.length, shown + 1000);
		assert.equal(model.children(row)?.[shown - 1], first);
		assert.equal(model.node(first ?? "")?.subject.kind, "mapping");
	});
});
