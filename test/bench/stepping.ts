import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { DebugSessions } from "../../src/extension/debug/debugSessions";
import type { SessionTracker } from "../../src/extension/debug/sessionTracker";
import { Sampler } from "../../src/extension/sampler/sampler";
import { formatDuration } from "../../src/shared/units";
import { checkout } from "../support/checkout";
import { DapClient } from "../support/dapClient";
import { median } from "./measure";
import type { AddRow } from "./rows";

/** A step a tenth of a second: as fast as somebody who holds the key down sees anything of it. */
const steps = 50;
const pause = 100;
const rounds = 5;

/** What it costs a debugger that the debuggee is read at every stop, and how soon a stop is known. */
export async function benchStepping(add: AddRow): Promise<void> {
	const program = await compileLoop();
	const [read, alone, latencies]: [number[], number[], number[]] = [[], [], []];
	for (let round = 0; round < rounds; round++) {
		read.push(await stepThrough(program, true, latencies));
		alone.push(await stepThrough(program, false, latencies));
	}
	const slower = read.map((time, round) => (time / (alone[round] ?? Number.NaN) - 1) * 100);
	add({
		work: `a step of lldb-dap, ${steps} of them in ${(steps * pause) / 1000} s, read at stops`,
		against: "not read",
		ours: formatDuration(median(read)),
		peer: formatDuration(median(alone)),
		ratio: median(slower),
		limit: 5,
		unit: "%",
	});
	add({
		work: "a stop that comes alone: until its mappings and 16 MiB of contents are read and compared",
		against: "–",
		ours: formatDuration(median(latencies)),
		peer: "–",
		ratio: median(latencies),
		limit: 150,
		unit: "ms",
	});
}

/** Median ms from a step's request to its stop. Afterwards, if the program is read, how long a lone stop took is added. */
async function stepThrough(program: string, readAtStops: boolean, latencies: number[]): Promise<number> {
	const sampler = new Sampler({ workerPath: join(checkout, "out/bench/sampler.js"), log: console });
	const sessions = new DebugSessions({
		sampler,
		settings: () => ({ readAtStops, fingerprintBudget: 50 }),
		log: console,
		self: process.pid,
	});
	let tracker: SessionTracker | undefined;
	const client = new DapClient("/usr/bin/lldb-dap-22", (direction, message) => {
		if (direction === "toAdapter") tracker?.onWillReceiveMessage(message);
		else tracker?.onDidSendMessage(message);
	});
	tracker = sessions.start({
		info: { id: "bench", name: "bench", type: "lldb-dap" },
		configuration: { request: "launch", program },
		request: async (command, parameters) => await client.request(command, parameters),
	});
	try {
		await client.request("initialize", { adapterID: "bench", pathFormat: "path" });
		const initialized = client.event("initialized");
		void client.request("launch", { program });
		await initialized;
		await client.request("setFunctionBreakpoints", { breakpoints: [{ name: "main" }] });
		const first = client.event("stopped");
		await client.request("configurationDone");
		const { threadId } = await first;
		const step = async (): Promise<number> => {
			const begin = performance.now();
			const stopped = client.event("stopped");
			await client.request("next", { threadId });
			await stopped;
			return performance.now() - begin;
		};
		for (let warmUp = 0; warmUp < 10; warmUp++) await step();
		const times: number[] = [];
		for (let number = 0; number < steps; number++) {
			times.push(await step());
			await sleep(pause);
		}
		for (let lone = 0; readAtStops && lone < 5; lone++) {
			await sleep(1000);
			await step();
			await sleep(500);
			const cost = sessions.list()[0]?.stops.at(-1)?.cost;
			if (cost !== undefined && lone > 0) latencies.push(cost.latency);
		}
		return median(times);
	} finally {
		sessions.dispose();
		sampler.dispose();
		await client.stop();
	}
}

async function compileLoop(): Promise<string> {
	const folder = join(checkout, "out/programs");
	await mkdir(folder, { recursive: true });
	const program = join(folder, "debuggee-loop");
	await promisify(execFile)("gcc", ["-O0", "-g", "-o", program, join(checkout, "test/programs/debuggees/loop.c")]);
	return program;
}
