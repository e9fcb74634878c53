import { deepEqual, equal, ok } from "node:assert/strict";
import type { ProcessSummary } from "../../../src/extension/memory/model";
import type { ProcessChanges } from "../../../src/extension/sampler/protocol";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { KnownProcesses } from "../../../src/extension/views/processes/knownProcesses";
import { Child } from "../../support/child";

describe("known processes", () => {
	const service = createSamplerService(readSystemInfo());
	const answers: ProcessChanges[] = [];
	const ask = async (options: { kernelThreads: boolean; since: number }) => {
		const answer = await service.processChanges(options);
		answers.push(answer);
		return answer;
	};
	const list = async (known: KnownProcesses, kernelThreads = false): Promise<Map<number, ProcessSummary>> =>
		new Map((await known.listProcesses({ kernelThreads })).map((process) => [process.pid, process]));

	it("are told once and later by what changed, until a process is gone", async () => {
		const known = new KnownProcesses({ processChanges: ask });
		const child = await Child.start("/usr/bin/python3", ["-c", "print('ready', flush=True); input()"]);
		const first = await list(known);
		equal(answers.at(-1)?.complete, true);
		ok(first.has(child.pid));
		let second = await list(known);
		// A process at rest is not told again, and stays the same object.
		while (second.get(child.pid) !== first.get(child.pid)) second = await list(known);
		equal(answers.at(-1)?.complete, false);
		ok((answers.at(-1)?.processes.length ?? 0) < second.size);
		await child.stop();
		const third = await list(known);
		equal(third.has(child.pid), false);
		ok(answers.at(-1)?.gone.includes(child.pid));
	});

	it("are all told again to who has missed an answer, and to who asks for others", async () => {
		const known = new KnownProcesses({ processChanges: ask });
		await list(known);
		await service.processChanges({ kernelThreads: false, since: 0 });
		await list(known);
		equal(answers.at(-1)?.complete, true);
		const all = await list(known, true);
		equal(answers.at(-1)?.complete, true);
		ok([...all.values()].some(({ kernelThread }) => kernelThread));
		deepEqual(answers.at(-1)?.processes.length, all.size);
	});
});
