import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import type { MapscopeApi, PageRun } from "../../src/extension/api";
import { askWitness, askWitnessCached, Target } from "../support/target";
import { activate } from "./api";

/** What other extensions are told of a live process, against the program itself and an independent witness. */
describe("exported API", () => {
	let api: MapscopeApi;
	let target: Target;

	before(async () => {
		api = await activate();
		target = await Target.start();
	});
	after(() => target.stop());

	it("lists the process with its identity", async () => {
		const found = (await api.listProcesses()).find(({ pid }) => pid === target.pid);
		ok(found);
		equal(found.name, "target<b>\n)");
		equal(found.parentPid, process.pid);
		equal(typeof found.startTime, "bigint");
		equal(found.uid, process.geteuid?.());
		equal(found.readable, true);
	});

	it("reads its mappings and their accounting", async () => {
		const witness = await askWitness(target.pid);
		const space = await api.readAddressSpace(target.pid, { detail: "smaps" });
		deepEqual(
			space.mappings.map(({ start, end, permissions }) => `${start.toString(16)}-${end.toString(16)} ${permissions}`),
			witness.mappings.map(({ start, end, permissions }) => `${start}-${end} ${permissions}`),
		);
		const resident = new Map(witness.smaps.map((entry) => [entry.start, entry["Rss"]]));
		for (const { start, usage } of space.mappings)
			equal(usage?.rss, resident.get(start.toString(16)), start.toString(16));
	});

	it("tells the state of each page", async () => {
		const range = target.range("anonymous");
		const witness = await askWitness(target.pid, [range]);
		const runs = await api.scanPages(target.pid, range.start, range.end);
		const page = (range.end - range.start) / 16n;
		const states = runs.flatMap(({ start, end, state }: PageRun) =>
			new Array<string>(Number((end - start) / page)).fill(state),
		);
		deepEqual(states, witness.pages[0]);
		equal(states.filter((state) => state === "anonymous").length, 3);
	});

	it("tells which pages of a file are in the page cache", async () => {
		const path = join(target.folder, "half.bin");
		const residency = await api.fileResidency(path);
		equal(residency.known, true);
		const pages = residency.runs.flatMap(({ start, end, cached }) =>
			new Array<boolean>(Number((end - start) / BigInt(residency.pageSize))).fill(cached),
		);
		deepEqual(pages, await askWitnessCached(path));
	});

	it("rejects with a closed set of codes", async () => {
		await rejects(api.readAddressSpace(2 ** 22 + 1), { code: "processGone" });
		await rejects(api.readAddressSpace(-1), { code: "bug" });
		await rejects(api.fileResidency("/nowhere/at/all"), { code: "io" });
	});
});
