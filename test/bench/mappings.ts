import { join } from "node:path";
import { readMaps } from "../../src/extension/proc/maps";
import { readSmaps } from "../../src/extension/proc/smaps";
import { ReaderThread } from "../../src/extension/sampler/readerThread";
import type { SystemInfo } from "../../src/extension/sampler/system";
import { checkout } from "../support/checkout";
import { command, inTurns, printedBy, timed } from "./measure";
import { type AddRow, comparisonRow } from "./rows";
import { withTarget } from "./targets";

/** As many as `vm.max_map_count` allows by default, nearly. */
export const manyMappings = 65_000;

/** The reading thread of the sampler that the benchmarks have. */
export const readerPath = join(checkout, "out/bench/reader.js");

/** `maps` of 65,000 mappings. */
export async function benchMaps(system: SystemInfo, add: AddRow): Promise<void> {
	await withTarget(["many", manyMappings], async ({ pid }) => {
		const ours = () => timed(() => readMaps(pid, system.pageSize));
		const found = await inTurns(ours, command("cat", `/proc/${pid}/maps`), 21);
		add(comparisonRow("maps of 65,000 mappings into columns", "`cat /proc/PID/maps > /dev/null`", found, 1.5));
	});
}

/** `smaps` of 65,000 mappings, against who only copies it, and those who read it. */
export async function benchSmaps(system: SystemInfo, add: AddRow): Promise<void> {
	await withTarget(["many", manyMappings], async ({ pid }) => {
		const ahead = new ReaderThread(readerPath);
		const ours = () => timed(() => readSmaps(pid, system.pageSize, ahead));
		const work = "smaps of the same, all fields";
		const cat = command("cat", `/proc/${pid}/smaps`);
		add(comparisonRow(work, "`cat /proc/PID/smaps > /dev/null`", await inTurns(ours, cat), 1.3));
		const pmap = command("pmap", "-X", String(pid));
		add(comparisonRow(work, "`pmap -X PID`", await inTurns(ours, pmap, 7), 1 / 3));
		// The call alone, without Python's start.
		const script = `
import psutil, time
process = psutil.Process(${pid})
start = time.perf_counter()
assert len(process.memory_maps(grouped=False)) > ${manyMappings}
print((time.perf_counter() - start) * 1000)`;
		const psutil = () => printedBy("/usr/bin/python3", "-c", script);
		add(comparisonRow(work, "psutil `memory_maps(grouped=False)`", await inTurns(ours, psutil, 11), 1 / 5));
		ahead.dispose();
	});
}
