import { strict as assert } from "node:assert";
import { readdir, readFile } from "node:fs/promises";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { stateCode } from "../../../src/shared/pageStates";
import { addressToPage } from "../../../src/shared/units";
import { until } from "../../support/child";
import { plainQuery } from "../../support/snapshots";
import { askWitness, Target } from "../../support/target";

/** Under its pid such a process shows nothing of its memory, as if it were a zombie. */
describe("a process whose main thread has ended", () => {
	const system = readSystemInfo();
	const sampler = createSamplerService(system);
	const page = BigInt(system.pageSize);
	let target: Target;
	let watch: number;

	const sample = () => sampler.sample(watch, { smaps: "always" });
	const frame = (name: string) =>
		sampler.frame(watch, { ...plainQuery, selectedPage: addressToPage(target.range(name).start, system.pageSize) });
	/** The thread that is left, as the kernel lists it. */
	const lastThread = async (): Promise<number> => {
		const threads = (await readdir(`/proc/${target.pid}/task`)).map(Number).filter((tid) => tid !== target.pid);
		const states = await Promise.all(
			threads.map((tid) => readFile(`/proc/${target.pid}/task/${tid}/stat`, "latin1").catch(() => "")),
		);
		const living = threads.filter((_, at) => /\) [^ZX] /.test(states[at] ?? ""));
		assert.equal(living.length, 1);
		return living[0] ?? 0;
	};

	before(async () => {
		target = await Target.start(undefined, "mainEnded");
		watch = await sampler.watch(target.pid);
		await sample();
		assert.equal((await frame("anonymous")).process.mainThreadEnded, undefined);
		await target.command("leave");
		// Joined is not yet gone: the kernel takes the memory from a thread after it has told those that wait.
		await until(async () => ((await readFile(`/proc/${target.pid}/maps`)).length === 0 ? true : undefined));
	});
	after(() => target.stop());

	it("goes on being watched, and the head of the view says what happened", async () => {
		assert.equal((await sample()).final, false);
		const { status, process, totals } = await frame("anonymous");
		assert.deepEqual(status, { kind: "ok" });
		assert.equal(process.mainThreadEnded, true);
		assert.equal(process.state, "S");
		assert.ok(process.commandLine[0]?.endsWith("/mainEnded"));
		const rollup = await readFile(`/proc/${await lastThread()}/smaps_rollup`, "latin1");
		assert.equal(totals.resident, Number(/^Rss: +(\d+) kB$/m.exec(rollup)?.[1]) * 1024);
	});

	it("shows its mappings, smaps and pages as the witness sees them through the other thread", async () => {
		const space = await sampler.readAddressSpace(target.pid, "smaps");
		const [anonymous, file] = [target.range("anonymous"), target.range("file")];
		const witness = await askWitness(await lastThread(), [anonymous, file]);
		assert.ok(space.complete);
		assert.deepEqual(
			space.mappings.map(({ start, end, usage }) => [start.toString(16), end.toString(16), usage?.rss]),
			witness.mappings.map(({ start, end }, at) => [start, end, witness.smaps[at]?.["Rss"]]),
		);
		const states = async ({ start, end }: { start: bigint; end: bigint }): Promise<string[]> =>
			(await sampler.scanPages(target.pid, start, end)).flatMap((run) =>
				new Array<string>(Number((run.end - run.start) / page)).fill(run.state),
			);
		assert.deepEqual(await states(anonymous), witness.pages[0]);
		assert.deepEqual(witness.pages[0]?.slice(0, 4), ["anonymous", "anonymous", "anonymous", "notPresent"]);
		assert.equal((await states(file))[0], "file");
	});

	it("knows the stack of the thread that is left", async () => {
		const tid = await lastThread();
		const stacks = (await sampler.readAddressSpace(target.pid, "maps")).mappings.filter(({ kind }) => kind === "stack");
		assert.ok(stacks.some(({ threadId }) => threadId === tid));
	});

	it("is asked for its pages and bytes as any other", async () => {
		const first = addressToPage(target.range("anonymous").start, system.pageSize);
		const { states, detailed } = await sampler.pages(watch, first, first + 4);
		assert.deepEqual([...states], [...new Array<number>(3).fill(stateCode.anonymous), stateCode.notPresent]);
		assert.ok(detailed);
		assert.equal((await sampler.bytes(watch, first)).bytes[0], 1);
	});

	it("shows as raw text what the kernel says of the other thread", async () => {
		const text = await sampler.readText(target.pid, "maps");
		assert.deepEqual(Buffer.from(text), await readFile(`/proc/${await lastThread()}/maps`));
	});

	it("is listed as living and readable, with its resident memory", async () => {
		const found = (await sampler.listProcesses({ kernelThreads: false })).find(({ pid }) => pid === target.pid);
		assert.deepEqual([found?.state, found?.readable, found?.reason], ["S", true, undefined]);
		assert.ok((found?.rss ?? 0) > 0);
		const { groups } = await sampler.readGroups(target.pid, 1000);
		assert.ok(groups.some(({ family }) => family === "stacks"));
	});

	it("is followed from thread to thread, and a change is a change", async () => {
		await sample();
		const former = await lastThread();
		await target.command("next");
		await until(async () => ((await lastThread().catch(() => former)) === former ? undefined : true));
		await target.command("touch");
		assert.equal((await sample()).final, false);
		const { selected, status } = await frame("anonymous");
		assert.deepEqual(status, { kind: "ok" });
		assert.equal(selected?.statePages[stateCode.anonymous], 4);
	});

	it("has ended when its last thread has", async () => {
		await target.stop();
		assert.equal((await sample()).final, true);
		assert.equal((await frame("anonymous")).status.kind, "ended");
	});
});
