import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { constants as osConstants, setPriority } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { build } from "esbuild";
import type { AddressSpace, PageRun } from "../../src/extension/memory/model";
import { readPageSize } from "../../src/extension/proc/system";
import type { SamplerService } from "../../src/extension/sampler/protocol";
import { Sampler } from "../../src/extension/sampler/sampler";
import { MapscopeError } from "../../src/shared/errors";
import type { MapFrame } from "../../src/shared/mapFrame";
import { stateCode } from "../../src/shared/pageStates";
import { addressToPage } from "../../src/shared/units";
import { checkout } from "../support/checkout";
import { plainQuery } from "../support/snapshots";
import { compile } from "../support/target";

/** For so long processes change as fast as they can; see `test/programs/churn.c`. */
const seconds = Number(process.env["MAPSCOPE_CHURN_SECONDS"] ?? 60);

/** For so long they go on at most when too little of them was seen by then. */
const moreSeconds = 300;

/** Followed at a time of those that live briefly. */
const mostFollowed = 4;

interface Born {
	readonly pid: number;
	readonly startTime: string;
	readonly name: string;
}

describe("processes that change as fast as they can", () => {
	const pageSize = readPageSize();
	const logged: string[] = [];
	const log = (message: string): void => void logged.push(message);
	const words = new Map<string, readonly string[]>();
	const born: Born[] = [];
	let folder: string;
	let samplers: readonly Sampler[] = [];
	let call: SamplerService;
	/** Another worker, for those that would be gone before their turn comes. */
	let callSoon: SamplerService;
	let churn: ChildProcess;
	let deadline = 0;
	let follow: (one: Born) => void = () => undefined;
	let outcomes: ReadonlyMap<() => Promise<void>, Promise<unknown>>;

	before(async () => {
		// Other tests run at the same time, and churn inherits it. Where the kernel groups processes by session, the
		// priority of a process counts within its group only, and that of the group counts beside other tests.
		setPriority(osConstants.priority.PRIORITY_LOW);
		await writeFile("/proc/self/autogroup", "19").catch(() => undefined);
		await mkdir(join(checkout, "out"), { recursive: true });
		folder = await mkdtemp(join(checkout, "out/churn-"));
		const workerPath = join(folder, "sampler.js");
		await build({
			absWorkingDir: checkout,
			entryPoints: ["src/extension/sampler/worker.ts"],
			outfile: workerPath,
			bundle: true,
			platform: "node",
			target: "node20",
			external: ["koffi"],
			logLevel: "silent",
		});
		const start = (): Sampler => new Sampler({ workerPath, log: { info: log, warn: log, error: log } });
		const [first, second] = [start(), start()];
		samplers = [first, second];
		call = first.call;
		callSoon = second.call;
		churn = spawn(await compile("churn"), [folder], { stdio: ["pipe", "pipe", "inherit"] });
		const ready = new Promise<void>((resolve) => {
			const lines = createInterface({ input: churn.stdout ?? assert.fail() });
			lines.on("line", (line) => {
				const [what = "", pid, startTime = "", name = ""] = line.split(" ");
				if (what !== "born") words.set(what, line.split(" ").slice(1));
				else {
					born.push({ pid: Number(pid), startTime, name });
					follow({ pid: Number(pid), startTime, name });
					if (born.length === 3) resolve();
				}
			});
		});
		await ready;
		deadline = Date.now() + seconds * 1000;
		// All at once: that is what a sampler has to bear.
		const watchers = [watchStable, watchExecs, watchThreads, watchBorn];
		outcomes = new Map(
			watchers.map((one) => [
				one,
				one().then(
					() => undefined,
					(error: unknown) => error,
				),
			]),
		);
	});
	after(async () => {
		if (churn.exitCode === null && churn.signalCode === null) {
			const ended = once(churn, "exit");
			churn.stdin?.end();
			await ended;
		}
		for (const sampler of samplers) sampler.dispose();
		await rm(folder, { recursive: true });
	});

	/** What a call gives; undefined when the process has gone meanwhile. Any other end of it is a fault. */
	async function ask<T>(what: Promise<T>, ...also: readonly string[]): Promise<T | undefined> {
		try {
			return await what;
		} catch (error) {
			assert.ok(error instanceof MapscopeError, String(error));
			if (error.code !== "processGone" && !also.includes(`${error.code} ${error.errno}`)) throw error;
			return undefined;
		}
	}

	/** Repeats until the time is over, and on a machine with much else to do until it was six times, and enough was seen. */
	async function repeat(work: (round: number) => Promise<void>, isEnough = () => true): Promise<void> {
		const isOver = (round: number): boolean =>
			round >= 6 && (isEnough() || Date.now() >= deadline + moreSeconds * 1000);
		for (let round = 0; Date.now() < deadline || !isOver(round); round++) await work(round);
	}

	const assertInOrder = ({ mappings }: AddressSpace): void => {
		for (const [at, { start, end }] of mappings.entries()) {
			const before = mappings[at - 1];
			const where = [before, mappings[at]].map((one) => `${one?.start.toString(16)}-${one?.end.toString(16)}`);
			assert.ok(start < end && (before?.end ?? 0n) <= start, where.join(" "));
		}
	};
	const covers = (runs: readonly PageRun[], start: bigint, end: bigint): boolean =>
		runs[0]?.start === start &&
		runs.at(-1)?.end === end &&
		runs.every((run, at) => at === 0 || runs[at - 1]?.end === run.start);

	async function watchStable(): Promise<void> {
		const [pidText, startText, endText] = words.get("stable") ?? [];
		const pid = Number(pidText);
		const [start, end] = [BigInt(`0x${startText}`), BigInt(`0x${endText}`)];
		const startPage = addressToPage(start, pageSize);
		const path = words.get("file")?.[0] ?? "";
		const watch = await call.watch(pid);
		const expected = Array.from({ length: 16 }, (_, page) => ([0, 5, 9].includes(page) ? "anonymous" : "notPresent"));
		const check = (frame: MapFrame): void => {
			assert.deepEqual([frame.status.kind, frame.sample.unreadLines], ["ok", undefined]);
			const { selected } = frame;
			assert.deepEqual([selected?.startPage, selected?.endPage], [startPage, startPage + 16]);
			assert.equal(selected?.statePages[stateCode.anonymous], 3);
			assert.ok(frame.totals.mappings > 10);
		};
		await repeat(async (round) => {
			const space = await call.readAddressSpace(pid, round % 2 === 0 ? "maps" : "smaps");
			assert.ok(space.complete, `round ${round}`);
			assertInOrder(space);
			const found = space.mappings.filter((mapping) => mapping.start < end && start < mapping.end);
			assert.deepEqual(
				found.map((mapping) => [mapping.start, mapping.end, mapping.permissions]),
				[[start, end, "rw-p"]],
			);
			const runs = await call.scanPages(pid, start, end);
			assert.deepEqual(
				runs.flatMap((run) => new Array<string>(Number(run.end - run.start) / pageSize).fill(run.state)),
				expected,
			);
			// Any other mapping may be gone by now, or another: the answer covers it all the same.
			const any = space.mappings[(round * 7) % space.mappings.length];
			if (any) assert.ok(covers(await call.scanPages(pid, any.start, any.end), any.start, any.end));
			assert.equal((await call.sample(watch, { smaps: round % 3 === 0 ? "always" : "never" })).final, false);
			check(await call.frame(watch, { ...plainQuery, overviewWidth: 300, selectedPage: startPage }));
			const cells = await call.pages(watch, startPage, startPage + 16);
			assert.equal(cells.states.filter((state) => state === stateCode.anonymous).length, 3);
			assert.equal((await call.bytes(watch, startPage)).bytes[0], 1);
			assert.equal((await call.locate(watch, startPage)).kind, "mapping");
			assert.equal((await call.describe(watch, start)).kind, "mapping");
			assert.ok((await call.pageFrame(watch, startPage)).reason !== "notPresent");
			const residency = await call.fileResidency(path);
			const { size, known } = residency;
			assert.ok(known);
			if (size > 0n) assert.deepEqual([residency.runs[0]?.start, residency.runs.at(-1)?.end], [0n, size]);
			if (round % 10 === 0) assert.equal((await call.readGroups(pid, 1000)).process.pid, pid);
			if (round % 20 === 0) await call.relations(watch, startPage);
		});
	}

	async function watchExecs(): Promise<void> {
		const pid = Number(words.get("execs")?.[0]);
		const watch = await call.watch(pid);
		let whole = 0;
		let replaced = 0;
		const watchOnce = async (round: number): Promise<void> => {
			const space = await ask(call.readAddressSpace(pid, round % 2 === 0 ? "maps" : "smaps"));
			if (space?.complete && space.mappings.length > 0) {
				assertInOrder(space);
				for (const name of ["[stack]", "[vdso]"]) {
					assert.equal(space.mappings.filter((mapping) => mapping.name === name).length, 1, name);
				}
				whole++;
			}
			// It lives on, whatever becomes of its memory: no sample may take it for gone.
			const outcome = await call
				.sample(watch, { smaps: round % 3 === 0 ? "cheap" : "never" })
				.catch((error: unknown) => {
					assert.ok(error instanceof MapscopeError && error.code === "processGone" && round === 0, String(error));
				});
			if (!outcome) return;
			assert.equal(outcome.final, false);
			const frame = await call.frame(watch, { ...plainQuery, grouped: false, overviewWidth: 300 });
			assert.ok(["ok", "replaced", "empty"].includes(frame.status.kind), frame.status.kind);
			if (frame.status.kind === "replaced") replaced++;
			if (frame.status.kind === "empty" || frame.sample.unsteady === true) return;
			assert.equal(frame.rows.rows.filter(({ name }) => name === "Stack").length, 1);
			await ask(call.pages(watch, 0x400, 0x500));
			await ask(call.scanPages(pid, 0x400000n, 0x500000n), "io EAGAIN");
			await ask(call.readGroups(pid, 1000), "io EAGAIN");
			await ask(call.describeAddress(pid, 0x400000n), "io EAGAIN");
		};
		await repeat(watchOnce, () => whole > 0 && replaced > 0);
		assert.ok(whole > 0 && replaced > 0, `${whole} whole, ${replaced} replaced`);
	}

	async function watchThreads(): Promise<void> {
		const pid = Number(words.get("threads")?.[0]);
		const watch = await call.watch(pid);
		await repeat(async () => {
			const { final } = await call.sample(watch, { smaps: "never" });
			assert.equal(final, false);
			const frame = await call.frame(watch, { ...plainQuery, overviewWidth: 300 });
			assert.equal(frame.status.kind, "ok");
			assert.ok(frame.totals.mappings > 10);
			const space = await ask(call.readAddressSpace(pid, "maps"));
			if (space) assertInOrder(space);
		});
	}

	async function watchBorn(): Promise<void> {
		let pictures = 0;
		let ended = 0;
		const isEnough = (): boolean => ended > 5 && pictures > 5;
		/** Follows one to its end. Its pid is the next one's at once. */
		const live = async ({ pid, startTime, name }: Born): Promise<void> => {
			const watch = await callSoon.watch(pid, startTime);
			const before = pictures;
			for (;;) {
				const outcome = await ask(callSoon.sample(watch, { smaps: "never" }));
				if (!outcome) break;
				const frame = await ask(callSoon.frame(watch, { ...plainQuery, overviewWidth: 300 }));
				if (!frame) break;
				assert.deepEqual([frame.process.name, frame.process.startTime], [name, startTime]);
				pictures++;
				if (outcome.final) {
					assert.ok(["ended", "empty"].includes(frame.status.kind), frame.status.kind);
					break;
				}
				const page = frame.rows.rows.find(({ type }) => type === "mapping")?.startPage ?? 0;
				await ask(callSoon.bytes(watch, page), "io EIO");
				await ask(callSoon.pages(watch, page, page + 100));
				const space = await ask(callSoon.readAddressSpace(pid, "maps"));
				if (space) {
					const its = born.find((one) => one.pid === pid && String(space.process.startTime) === one.startTime);
					if (its) assert.equal(space.process.name, its.name);
				}
			}
			// Whatever has its pid now: to this watch it is gone.
			const after = await ask(callSoon.sample(watch, { smaps: "never" }));
			assert.ok(after === undefined || after.final);
			await callSoon.unwatch(watch);
			ended++;
			// Gone before anybody looked: the next live longer.
			if (pictures === before && !isEnough()) churn.stdin?.write("+");
		};
		const followed = new Set<Promise<void>>();
		const failures: unknown[] = [];
		let isOver = false; // nobody else is followed
		follow = (one) => {
			if (followed.size >= mostFollowed || isOver) return;
			const life = live(one)
				.catch((error: unknown) => failures.push(error))
				.then(() => void followed.delete(life));
			followed.add(life);
		};
		await repeat(
			async () => {
				for (const { pid, name } of await call.listProcesses({ kernelThreads: true }))
					assert.ok(pid > 0 && name !== "");
				await delay(50);
			},
			() => failures.length > 0 || isEnough(),
		);
		isOver = true;
		await Promise.all(followed);
		assert.deepEqual(failures, []);
		assert.ok(isEnough(), `${ended} ended, ${pictures} pictures`);
	}

	it("leave what does not change as it is, and every answer whole", async function () {
		this.timeout(0);
		const error = await outcomes.get(watchStable);
		if (error !== undefined) throw error;
	});

	it("are one program or the next after exec, never a mixture that is called whole", async function () {
		this.timeout(0);
		const error = await outcomes.get(watchExecs);
		if (error !== undefined) throw error;
	});

	it("are still there while their threads come and go", async function () {
		this.timeout(0);
		const error = await outcomes.get(watchThreads);
		if (error !== undefined) throw error;
	});

	it("are never mistaken for those that had their pid before", async function () {
		this.timeout(0);
		const error = await outcomes.get(watchBorn);
		if (error !== undefined) throw error;
	});

	it("leave the sampler as it was", async () => {
		const watch = await call.watch(process.pid);
		assert.equal((await call.sample(watch, { smaps: "always" })).final, false);
		assert.equal((await call.frame(watch, plainQuery)).status.kind, "ok");
		assert.deepEqual(logged, [], "the worker has died");
	});
});
