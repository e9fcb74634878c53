import { deepEqual, equal, rejects } from "node:assert/strict";
import type { ProcessSummary } from "../../../src/extension/memory/model";
import type { MappingGroup } from "../../../src/extension/sampler/protocol";
import { ProcessesModel } from "../../../src/extension/views/processes/processesModel";
import type { TreeChange } from "../../../src/extension/views/processes/treeDiff";
import { MapscopeError } from "../../../src/shared/errors";
import { group, groups, process } from "./samples";

/** A machine whose processes a test changes, and what was asked of it. */
class Machine {
	processes: readonly ProcessSummary[] = [process(10), process(20), process(30)];
	groups: readonly MappingGroup[] = [group("a", 0x1000n, 3)];
	readonly read: number[] = [];
	readonly changes: TreeChange[] = [];

	readonly model = new ProcessesModel(
		{
			listProcesses: async () => [...this.processes],
			readGroups: async (pid) => {
				this.read.push(pid);
				const found = this.processes.find((one) => one.pid === pid);
				if (!found) throw new MapscopeError({ code: "processGone", path: `/proc/${pid}/maps` });
				return groups(found, this.groups);
			},
		},
		1000,
		{ filter: "", folded: false, kernelThreads: false },
		(change) => this.changes.push(change),
	);

	takeChanges(): TreeChange[] {
		return this.changes.splice(0);
	}
}

describe("model of the Processes view", () => {
	it("reads only what is expanded, and reports what changed", async () => {
		const machine = new Machine();
		const { model } = machine;
		await model.refresh();
		deepEqual(machine.takeChanges(), [{ kind: "all" }]);
		deepEqual(model.children(), ["30:300", "20:200", "10:100"]);
		equal(model.children("20:200"), undefined);

		model.setExpanded("20:200", true);
		deepEqual(await model.load("20:200"), ["20:200/modules"]);
		await model.refresh();
		deepEqual(machine.read, [20, 20]);
		machine.takeChanges();

		machine.groups = [group("a", 0x1000n, 4)];
		await model.refresh();
		const [change] = machine.takeChanges();
		deepEqual(change, { kind: "rows", ids: ["20:200/modules"] });

		model.setExpanded("20:200", false);
		await model.refresh();
		equal(machine.read.length, 3);
	});

	it("forgets a process that ended, and does not take another with its pid for it", async () => {
		const machine = new Machine();
		await machine.model.refresh();
		machine.model.setExpanded("20:200", true);
		await machine.model.load("20:200");
		machine.processes = [process(10), process(20, { startTime: 999n })];
		await machine.model.refresh();
		deepEqual(machine.model.children(), ["20:999", "10:100"]);
		equal(machine.model.node("20:200"), undefined);
		equal(machine.model.children("20:999"), undefined);
	});

	it("says in the tree that a process ended while it was being opened", async () => {
		const machine = new Machine();
		await machine.model.refresh();
		machine.processes = [];
		const [row] = await machine.model.load("20:200");
		equal(machine.model.node(row ?? "")?.label, "Process 20 (program20) has ended.");
	});

	it("keeps the tree when the list cannot be read, and says so to the caller", async () => {
		const machine = new Machine();
		await machine.model.refresh();
		const { model } = machine;
		Object.defineProperty(machine, "processes", {
			get: () => {
				throw new MapscopeError({ code: "io", path: "/proc" });
			},
		});
		await rejects(model.refresh(), { code: "io" });
		equal(model.children()?.length, 3);
	});

	it("filters, and counts what passes", async () => {
		const machine = new Machine();
		await machine.model.refresh();
		machine.takeChanges();
		machine.model.setOptions({ filter: "program2" });
		deepEqual(machine.model.children(), ["20:200"]);
		deepEqual(machine.model.counts, { shown: 1, all: 3 });
		deepEqual(machine.takeChanges(), [{ kind: "all" }]);
	});

	it("shows more rows, and says which is the first of them", async () => {
		const machine = new Machine();
		machine.groups = Array.from({ length: 9 }, (_, index) => group(`m${index}`, BigInt(index + 1) << 20n, index + 1));
		await machine.model.refresh();
		await machine.model.load("20:200");
		equal(machine.model.children("20:200/modules")?.length, 5);
		equal(await machine.model.showMore("20:200/modules"), "20:200/modules/m4");
		equal(machine.model.children("20:200/modules")?.length, 9);
	});
});
