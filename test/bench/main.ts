// `npm run bench`: compares the product's data layers with their peers and the kernel's own cost, and writes BENCHMARKS.md.
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PageRunList } from "../../src/extension/base/pageCategories";
import { scanPagemap } from "../../src/extension/native/pagemapScan";
import { readMaps } from "../../src/extension/proc/maps";
import { closePagemap, openPagemap } from "../../src/extension/proc/pagemap";
import { readSmaps } from "../../src/extension/proc/smaps";
import { readFileResidency } from "../../src/extension/sampler/fileResidency";
import { listProcesses } from "../../src/extension/sampler/processes";
import { readSystemInfo } from "../../src/extension/sampler/system";
import { formatDuration } from "../../src/shared/units";
import { checkout } from "../support/checkout";
import { compile } from "../support/target";
import { measureGrowth } from "./growth";
import { LiveView, measureLiveView } from "./live";
import { type Comparison, inTurns, median, printedBy, timed, timedCommand } from "./measure";
import { type BenchRow, rowText, writeReport } from "./report";
import { type BenchTarget, withTarget } from "./targets";

const system = readSystemInfo();
const { pageSize } = system;
const mappings = 65_000;
const rows: BenchRow[] = [];

function add(row: BenchRow): void {
	rows.push(row);
	console.log(rowText(row));
}

function compare(work: string, against: string, { ours, peer }: Comparison, limit: number): void {
	add({ work, against, ours: formatDuration(ours), peer: formatDuration(peer), ratio: ours / peer, limit, unit: "×" });
}

async function benchMappings(): Promise<void> {
	await withTarget(["many", mappings], async ({ pid }) => {
		const maps = () => timed(() => readMaps(pid, pageSize));
		const cat = (file: string) => () => timedCommand("cat", `/proc/${pid}/${file}`);
		compare("maps of 65,000 mappings into columns", "`cat maps`", await inTurns(maps, cat("maps")), 1.5);
		const smaps = () => timed(() => readSmaps(pid, pageSize));
		compare("smaps of the same, all fields", "`cat smaps`", await inTurns(smaps, cat("smaps"), 7, 3), 1.3);
		const pmap = () => timedCommand("pmap", "-X", String(pid));
		compare("smaps of the same, all fields", "`pmap -X`", await inTurns(smaps, pmap, 3, 0), 1 / 3);
		const script = `import psutil,time;p=psutil.Process(${pid});t=time.time();p.memory_maps(grouped=False);print((time.time()-t)*1000)`;
		const psutil = () => printedBy("/usr/bin/python3", "-c", script);
		compare("smaps of the same, all fields", "psutil `memory_maps`", await inTurns(smaps, psutil, 3, 0), 1 / 5);
	});
}

function scanRange(target: BenchTarget): void {
	const [start, end] = target.range.map((address) => Number(BigInt(`0x${address}`) / BigInt(pageSize)));
	const path = `/proc/${target.pid}/pagemap`;
	const descriptor = openPagemap(target.pid);
	try {
		scanPagemap(descriptor, path, start ?? 0, end ?? 0, pageSize, new PageRunList());
	} finally {
		closePagemap(descriptor);
	}
}

async function benchPages(): Promise<void> {
	const peerProgram = await compile("benchPeer");
	const peer = (target: BenchTarget) => () => printedBy(peerProgram, "scan", String(target.pid), ...target.range);
	const against = "C, the same `PAGEMAP_SCAN`";
	await withTarget(["sparse", 512, 2048], async (target) => {
		compare(
			"present pages of sparse 512 GiB",
			against,
			await inTurns(() => timed(() => scanRange(target)), peer(target)),
			1.3,
		);
	});
	await withTarget(["dense", 8192], async (target) => {
		compare(
			"page runs of 8 GiB, every other page",
			against,
			await inTurns(() => timed(() => scanRange(target)), peer(target)),
			1.5,
		);
	});
	const folder = join(checkout, "out/bench-files");
	await mkdir(folder, { recursive: true });
	const path = join(folder, "half.bin");
	try {
		await withTarget(["file", path, 4096], async () => {
			const ours = () => timed(() => readFileResidency(path, system));
			const mincore = () => printedBy(peerProgram, "mincore", path);
			compare("page-cache runs of a 4 GiB file", "C, a `mincore` loop", await inTurns(ours, mincore), 1.2);
		});
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function benchProcesses(): Promise<void> {
	await withTarget(["children", 2000], async () => {
		const ours = () => timed(() => listProcesses(system, true));
		const ps = () => timedCommand("ps", "-eo", "pid,user,rss,comm");
		compare("2,000 processes with name, user, RSS", "`ps -eo pid,user,rss,comm`", await inTurns(ours, ps), 1);
	});
}

async function benchLive(): Promise<void> {
	await withTarget(["many", mappings], async ({ pid }) => {
		const { sampler, host, stall } = await measureLiveView(pid, 30);
		const work = "steady live view of 65,000 mappings";
		const share = (name: string, ratio: number, limit: number): void =>
			add({
				work: `${work}: ${name}`,
				against: "one core",
				ours: `${ratio.toFixed(2)} %`,
				peer: "100 %",
				ratio,
				limit,
				unit: "%",
			});
		share("sampler", sampler, 5);
		share("extension host", host, 1);
		add({
			work: `${work}: longest stall`,
			against: "event loop",
			ours: formatDuration(stall),
			peer: "–",
			ratio: stall,
			limit: 10,
			unit: "ms",
		});
	});
}

/** How much slower a process becomes that maps and faults without end, while it is watched. */
async function benchObserver(): Promise<void> {
	await withTarget(["work", mappings], async (target) => {
		const [alone, watched]: [number[], number[]] = [[], []];
		for (let round = 0; round < 4; round++) {
			target.rounds.length = 0;
			await sleep(6_000);
			alone.push(mean(target.rounds));
			const view = new LiveView(target.pid);
			await sleep(4_000);
			target.rounds.length = 0;
			await sleep(6_000);
			watched.push(mean(target.rounds));
			view.stop();
		}
		const ratio = (median(alone) / median(watched) - 1) * 100;
		const rate = (value: number): string => `${Math.round(value * 10).toLocaleString("en-US")} rounds/s`;
		add({
			work: "a process with 65,000 mappings that maps and faults, watched live",
			against: "unwatched",
			ours: rate(median(watched)),
			peer: rate(median(alone)),
			ratio,
			limit: 3,
			unit: "%",
		});
	});
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function main(): Promise<void> {
	await benchMappings();
	await benchPages();
	await benchProcesses();
	await benchLive();
	await benchObserver();
	await writeReport(rows, await measureGrowth(system));
	console.log(
		`${rows.filter(({ ratio, limit }) => ratio <= limit).length} of ${rows.length} within their limits; BENCHMARKS.md is written`,
	);
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
