// `npm run bench`: compares the product's data layers with their peers and the kernel's own cost, and writes BENCHMARKS.md.
//   npm run bench -- --only smaps,live    only these rows, printed and not written
import { fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { readSystemInfo } from "../../src/extension/sampler/system";
import { frugalMalloc } from "./collect";
import { measureGrowth } from "./growth";
import { benchMaps, benchSmaps } from "./mappings";
import { benchDense, benchFile, benchSparse } from "./pages";
import { benchProcesses } from "./processes";
import { growthText, writeReport } from "./report";
import { type AddRow, type BenchRow, rowText } from "./rows";
import { serveAsRunner } from "./runner";
import { findStalls } from "./stalls";
import { benchStepping } from "./stepping";
import { benchLive, benchMemory, benchObserver } from "./watching";

const system = readSystemInfo();

const benches: Readonly<Record<string, (add: AddRow) => Promise<void>>> = {
	maps: (add) => benchMaps(system, add),
	smaps: (add) => benchSmaps(system, add),
	sparse: (add) => benchSparse(system, add),
	dense: (add) => benchDense(system, add),
	file: (add) => benchFile(system, add),
	processes: (add) => benchProcesses(system, add),
	live: benchLive,
	observer: benchObserver,
	stepping: benchStepping,
	memory: benchMemory,
};

const { values: options } = parseArgs({
	options: {
		only: { type: "string" },
		worker: { type: "string" },
		idle: { type: "string" },
		runner: { type: "boolean" },
	},
});

/** Runs one bench in this process, which is a fresh one, and sends its rows. */
async function work(name: string): Promise<void> {
	const sent: Promise<unknown>[] = [];
	await benches[name]?.((row) => {
		sent.push(new Promise<void>((resolve) => process.send?.(row, undefined, undefined, () => resolve())));
	});
	await Promise.all(sent);
}

/** Does nothing for so long, but looks for stalls. */
async function idle(milliseconds: number): Promise<void> {
	const stalls = await findStalls(milliseconds);
	await new Promise<void>((resolve) => process.send?.(stalls, undefined, undefined, () => resolve()));
}

/** Runs a bench in a process of its own: what one leaves behind must not weigh on the next. */
async function runApart(name: string): Promise<BenchRow[]> {
	const rows: BenchRow[] = [];
	const env = { ...process.env, ...(name === "memory" ? frugalMalloc : {}) };
	const child = fork(__filename, ["--worker", name], { env });
	child.on("message", (row: BenchRow) => {
		rows.push(row);
		console.log(rowText(row));
	});
	const [code] = await once(child, "exit");
	if (code !== 0) throw new Error(`${name} ended with ${code}`);
	return rows;
}

async function main(): Promise<void> {
	if (options.runner) return serveAsRunner();
	if (options.idle !== undefined) return idle(Number(options.idle));
	if (options.worker !== undefined) return work(options.worker);
	const names = [...Object.keys(benches), "growth"];
	const chosen = options.only?.split(",") ?? names;
	const unknown = chosen.filter((name) => !names.includes(name));
	if (unknown.length > 0) throw new Error(`--only takes ${names.join(",")}`);
	const rows: BenchRow[] = [];
	// One after the other: on two processors even a watcher that rests nearly always made others half as slow again.
	for (const name of chosen.filter((each) => each !== "growth")) rows.push(...(await runApart(name)));
	const series = chosen.includes("growth") ? await measureGrowth(system) : [];
	console.log(growthText(series).join("\n"));
	console.log(`${rows.filter(({ ratio, limit }) => ratio <= limit).length} of ${rows.length} within their limits`);
	if (options.only !== undefined) return;
	await writeReport(rows, series);
	console.log("BENCHMARKS.md is written");
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
