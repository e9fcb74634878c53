import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { PageRunList } from "../../src/extension/base/pageCategories";
import { scanPagemap } from "../../src/extension/native/pagemapScan";
import { closePagemap, openPagemap } from "../../src/extension/proc/pagemap";
import { readFileResidency } from "../../src/extension/sampler/fileResidency";
import type { SystemInfo } from "../../src/extension/sampler/system";
import { checkout } from "../support/checkout";
import { compile } from "../support/target";
import { inTurns, printedBy, timedWarm } from "./measure";
import { type AddRow, comparisonRow } from "./rows";
import { type BenchTarget, withTarget } from "./targets";

/** Present pages of 512 GiB reserved with 2,048 touched pages. */
export async function benchSparse(system: SystemInfo, add: AddRow): Promise<void> {
	await benchScan(["sparse", 512, 2048], "present pages of sparse 512 GiB", 1.3, system, add);
}

/** Page runs of 8 GiB with every other page touched: a million. */
export async function benchDense(system: SystemInfo, add: AddRow): Promise<void> {
	await benchScan(["dense", 8192], "page runs of 8 GiB, every other page", 1.5, system, add);
}

async function benchScan(
	words: (string | number)[],
	work: string,
	limit: number,
	{ pageSize }: SystemInfo,
	add: AddRow,
): Promise<void> {
	const program = await compile("benchPeer");
	await withTarget(words, async (target) => {
		const ours = () => timedWarm(() => scanRange(target, pageSize));
		const peer = () => printedBy(program, "scan", String(target.pid), ...target.range);
		add(comparisonRow(work, "C, the same `PAGEMAP_SCAN`", await inTurns(ours, peer, 15), limit));
	});
}

function scanRange(target: BenchTarget, pageSize: number): void {
	const [start, end] = target.range.map((address) => Number(BigInt(`0x${address}`) / BigInt(pageSize)));
	const path = `/proc/${target.pid}/pagemap`;
	const descriptor = openPagemap(target.pid);
	try {
		scanPagemap(descriptor, path, start ?? 0, end ?? 0, pageSize, new PageRunList());
	} finally {
		closePagemap(descriptor);
	}
}

/** Page-cache runs of a 4 GiB file, half of it cached. */
export async function benchFile(system: SystemInfo, add: AddRow): Promise<void> {
	const program = await compile("benchPeer");
	await mkdir(join(checkout, "out"), { recursive: true });
	const folder = await mkdtemp(join(checkout, "out/bench-files-"));
	const path = join(folder, "half.bin");
	try {
		await withTarget(["file", path, 4096], async () => {
			const ours = () => timedWarm(() => readFileResidency(path, system));
			const peer = () => printedBy(program, "mincore", path);
			const found = await inTurns(ours, peer, 21);
			add(comparisonRow("page-cache runs of a 4 GiB file, half cached", "C, a `mincore` loop", found, 1.2));
		});
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
