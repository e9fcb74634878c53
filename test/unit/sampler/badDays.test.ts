import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import type { SamplerService } from "../../../src/extension/sampler/protocol";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { type ErrorCode, MapscopeError } from "../../../src/shared/errors";
import type { MapFrame } from "../../../src/shared/mapFrame";
import { addressToPage } from "../../../src/shared/units";
import { Child, until } from "../../support/child";
import { skip } from "../../support/skip";
import { plainQuery } from "../../support/snapshots";
import { Target } from "../../support/target";

/** What the sampler does when a process is not, or no longer, what one would wish. */
describe("sampler on bad days", () => {
	const system = readSystemInfo();
	const sampler = createSamplerService(system);
	const never = { smaps: "never" } as const;

	/** The code with which a call rejects, which must be ours. */
	async function codeOf(call: Promise<unknown>): Promise<ErrorCode> {
		const error: unknown = await call.then(
			(value) => assert.fail(`it resolved with ${String(value)}`),
			(reason: unknown) => reason,
		);
		assert.ok(error instanceof MapscopeError, String(error));
		return error.code;
	}

	/** Watches a process, takes a first sample, and gives what to look at afterwards. */
	async function watch(pid: number, startTime?: string) {
		const id = await sampler.watch(pid, startTime);
		return {
			id,
			sample: () => sampler.sample(id, never),
			frame: (changes: Partial<typeof plainQuery> = {}): Promise<MapFrame> =>
				sampler.frame(id, { ...plainQuery, overviewWidth: 500, ...changes }),
		};
	}

	/** Every call that takes a pid. */
	const calls: Readonly<Record<string, (pid: number) => Promise<unknown>>> = {
		readAddressSpace: (pid) => sampler.readAddressSpace(pid, "maps"),
		"readAddressSpace with smaps": (pid) => sampler.readAddressSpace(pid, "smaps"),
		scanPages: (pid) => sampler.scanPages(pid, 0n, BigInt(system.pageSize)),
		readGroups: (pid) => sampler.readGroups(pid, 1000),
		"readText of maps": (pid) => sampler.readText(pid, "maps"),
		"readText of smaps": (pid) => sampler.readText(pid, "smaps"),
		foregroundProcess: (pid) => sampler.foregroundProcess(pid),
		sample: async (pid) => (await watch(pid)).sample(),
	};

	describe("a pid that does not exist", () => {
		for (const [name, call] of Object.entries(calls)) {
			it(name, async () => {
				const pid = Number(await readFile("/proc/sys/kernel/pid_max", "utf8")) + 1;
				assert.equal(await codeOf(call(pid)), "processGone");
			});
		}

		it("has no picture", async () => {
			const { id, frame } = await watch(2 ** 22 + 1);
			assert.equal(await codeOf(frame()), "processGone");
			assert.equal(await codeOf(sampler.pages(id, 0, 1)), "processGone");
			assert.equal(await codeOf(sampler.bytes(id, 0)), "processGone");
		});

		it("is no process of the list", async () => {
			const pids = (await sampler.listProcesses({ kernelThreads: true })).map(({ pid }) => pid);
			assert.ok(pids.includes(process.pid));
			assert.ok(!pids.includes(2 ** 22 + 1));
		});
	});

	it("a watch that does not exist is a bug", async () => {
		const methods: (keyof SamplerService)[] = ["sample", "frame", "pages", "locate", "bytes"];
		for (const method of methods) {
			const call = sampler[method] as (...parameters: unknown[]) => Promise<unknown>;
			assert.equal(await codeOf(call(4711, {}, 1)), "bug", method);
		}
	});

	it("a range that is none of whole pages is a bug", async () => {
		const page = BigInt(system.pageSize);
		for (const [start, end] of [
			[0n, 0n],
			[page, 0n],
			[1n, page],
			[0n, page + 1n],
			[-page, page],
		] as const) {
			assert.equal(await codeOf(sampler.scanPages(process.pid, start, end)), "bug");
		}
	});

	describe("a process that ends", () => {
		const sleeper = "print('ready', flush=True); import sys; sys.stdin.read()";

		it("before it was sampled has no picture", async () => {
			const child = await Child.python(sleeper);
			const { sample, frame } = await watch(child.pid);
			await child.stop();
			assert.equal(await codeOf(sample()), "processGone");
			assert.equal(await codeOf(frame()), "processGone");
		});

		it("keeps its last picture", async () => {
			const child = await Child.python(sleeper);
			const { id, sample, frame } = await watch(child.pid);
			assert.equal((await sample()).final, false);
			const alive = await frame();
			await child.stop();
			assert.equal((await sample()).final, true);
			const ended = await frame();
			assert.equal(alive.status.kind, "ok");
			assert.equal(ended.status.kind, "ended");
			const { status: _, ...last } = ended;
			const { status: __, ...before } = alive;
			assert.deepEqual(last, before);

			// And again: it does not end anew.
			assert.equal((await sample()).final, true);
			assert.deepEqual((await frame()).status, ended.status);

			// Its pages are those of the picture; its bytes are gone.
			const row = ended.rows.rows.find(({ type }) => type === "mapping");
			const pages = await sampler.pages(id, row?.startPage ?? 0, row?.endPage ?? 0);
			assert.equal(pages.detailed, false);
			assert.equal(await codeOf(sampler.bytes(id, row?.startPage ?? 0)), "processGone");
			assert.equal((await sampler.locate(id, row?.startPage ?? 0)).kind, "mapping");
		});
	});

	describe("a zombie", () => {
		/** A process whose child has ended and is not reaped; its words: the child's pid. */
		const parent = `
import os, sys
pid = os.fork()
if pid == 0: os._exit(0)
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
print(pid, flush=True)
sys.stdin.read()
`;
		let child: Child;
		before(async () => {
			child = await Child.python(parent);
		});
		after(() => child.stop());

		it("has an empty address space, and says why", async () => {
			const { sample, frame } = await watch(Number(child.words[0]));
			assert.equal((await sample()).final, true);
			const picture = await frame();
			assert.deepEqual(picture.status, { kind: "empty", why: "zombie" });
			assert.equal(picture.rows.total, 0);
			assert.equal(picture.totals.virtual, 0);
		});

		it("is listed as one that cannot be read", async () => {
			const pid = Number(child.words[0]);
			const found = (await sampler.listProcesses({ kernelThreads: false })).find((one) => one.pid === pid);
			assert.deepEqual(
				[found?.state, found?.readable, found?.reason, found?.rss, found?.parentPid],
				["Z", false, "zombie", undefined, child.pid],
			);
		});

		it("has no mappings and no pages", async () => {
			const pid = Number(child.words[0]);
			assert.deepEqual((await sampler.readAddressSpace(pid, "maps")).mappings, []);
			assert.equal((await sampler.readText(pid, "maps")).length, 0);
			await assertSettles(sampler.scanPages(pid, 0n, BigInt(system.pageSize)));
			await assertSettles(sampler.readGroups(pid, 1000));
		});

		it("that was watched while it lived keeps its last picture", async () => {
			const mother = await Child.python(`
import os, sys
pid = os.fork()
if pid == 0:
    sys.stdin.readline()
    os._exit(0)
print(pid, flush=True)
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
import time
time.sleep(1000)
`);
			try {
				const { sample, frame } = await watch(Number(mother.words[0]));
				await sample();
				const { totals } = await frame();
				assert.ok(totals.mappings > 10);
				mother.process.stdin?.write("end\n");
				await until(async () => ((await sample()).final ? true : undefined));
				const picture = await frame();
				assert.equal(picture.status.kind, "ended");
				assert.equal(picture.totals.mappings, totals.mappings);
			} finally {
				await mother.stop();
			}
		});
	});

	describe("a kernel thread", () => {
		let pid: number;
		before(async function () {
			const thread = (await sampler.listProcesses({ kernelThreads: true })).find(({ kernelThread }) => kernelThread);
			if (thread === undefined) return skip(this, "no kernel thread is visible here, as in a container");
			pid = thread.pid;
			assert.deepEqual([thread.readable, thread.reason, thread.commandLine], [false, "kernelThread", []]);
		});

		it("is listed on demand only", async () => {
			const pids = (await sampler.listProcesses({ kernelThreads: false })).map((one) => one.pid);
			assert.ok(!pids.includes(pid));
		});

		it("has an empty address space, and says why", async () => {
			const { sample, frame } = await watch(pid);
			assert.equal((await sample()).final, true);
			assert.deepEqual((await frame()).status, { kind: "empty", why: "kernelThread" });
		});

		it("has no mappings and no pages", async () => {
			assert.deepEqual((await sampler.readAddressSpace(pid, "maps")).mappings, []);
			await assertSettles(sampler.scanPages(pid, 0n, BigInt(system.pageSize)));
			await assertSettles(sampler.readGroups(pid, 1000));
		});
	});

	describe("exec", () => {
		it("is noticed: the address space is another, and nothing of it has changed", async () => {
			const target = await Target.start();
			try {
				const { sample, frame } = await watch(target.pid);
				await sample();
				const former = await frame();
				await target.command("exec");
				const picture = await until(async () => {
					await sample();
					const now = await frame();
					return now.status.kind === "replaced" ? now : undefined;
				});
				assert.equal(picture.process.name, "sleep");
				assert.ok(picture.status.kind === "replaced");
				assert.equal(picture.status.formerName, "target<b>\n)");
				assert.equal(picture.sample.changedPages, 0);
				assert.equal(picture.process.startTime, former.process.startTime);
				assert.ok(picture.totals.mappings < former.totals.mappings);

				// It stays told, and time goes on.
				await sample();
				const later = await frame();
				assert.deepEqual(later.status, picture.status);
				assert.ok(later.sample.number > picture.sample.number);
			} finally {
				await target.stop();
			}
		});

		it("is noticed where addresses are not random, as under a debugger", async function () {
			const source =
				"import os, sys; print('ready', flush=True); sys.stdin.readline(); os.execlp('sleep', 'sleep', '1000')";
			let child: Child;
			try {
				child = await Child.start("setarch", ["-R", "python3", "-c", source]);
			} catch {
				return skip(this, "setarch is missing or may not switch address randomisation off");
			}
			try {
				const { sample, frame } = await watch(child.pid);
				await sample();
				assert.equal((await frame()).status.kind, "ok");
				child.process.stdin?.write("exec\n");
				const picture = await until(async () => {
					await sample();
					const now = await frame();
					return now.status.kind === "replaced" ? now : undefined;
				});
				assert.equal(picture.process.name, "sleep");
			} finally {
				await child.stop();
			}
		});
	});

	describe("a pid that was given anew", () => {
		it("is not the process that was watched", async () => {
			const child = await Child.python("print('ready', flush=True); import sys; sys.stdin.read()");
			try {
				const { sample, frame } = await watch(child.pid, "1");
				assert.equal(await codeOf(sample()), "processGone");
				assert.equal(await codeOf(frame()), "processGone");
				const found = (await sampler.listProcesses({ kernelThreads: false })).find(({ pid }) => pid === child.pid);
				const right = await watch(child.pid, String(found?.startTime));
				assert.equal((await right.sample()).final, false);
				assert.equal((await right.frame()).process.startTime, String(found?.startTime));
			} finally {
				await child.stop();
			}
		});
	});

	it("a hostile name is taken as it is", async () => {
		const target = await Target.start();
		try {
			const processes = await sampler.listProcesses({ kernelThreads: false });
			assert.equal(processes.find(({ pid }) => pid === target.pid)?.name, "target<b>\n)");
			const { sample, frame } = await watch(target.pid);
			await sample();
			const { process: header } = await frame();
			assert.deepEqual([header.name, header.pid, header.parentPid], ["target<b>\n)", target.pid, process.pid]);
			assert.equal(header.commandLine.at(-1), target.folder);
		} finally {
			await target.stop();
		}
	});

	it("memory that the kernel does not give is an error of this page only", async () => {
		const target = await Target.start();
		try {
			const { id, sample, frame } = await watch(target.pid);
			await sample();
			const page = addressToPage(target.range("anonymous").start, system.pageSize);
			assert.equal((await sampler.bytes(id, page)).bytes[0], 1);
			assert.equal((await sampler.bytes(id, page)).bytes.length, system.pageSize);
			assert.equal(await codeOf(sampler.bytes(id, 0)), "io");
			assert.equal(await codeOf(sampler.bytes(id, addressToPage(0xffffffffff600000n, system.pageSize))), "io");
			const rows = (await frame({ grouped: false })).rows.rows;
			const vvar = rows.find(({ name }) => name === "[vvar]");
			if (vvar) assert.equal(await codeOf(sampler.bytes(id, vvar.startPage)), "io");
		} finally {
			await target.stop();
		}
	});

	it("[vsyscall] is there, and says that nobody can tell", async function () {
		const space = await sampler.readAddressSpace(process.pid, "maps");
		const vsyscall = space.mappings.find(({ name }) => name === "[vsyscall]");
		if (vsyscall === undefined) return skip(this, "this kernel maps no [vsyscall]");
		assert.equal(vsyscall.start, 0xffffffffff600000n);
		const runs = await sampler.scanPages(process.pid, vsyscall.start, vsyscall.end);
		assert.deepEqual(
			runs.map(({ start, end, state }) => [start, end, state]),
			[[vsyscall.start, vsyscall.end, "unknown"]],
		);
		assert.ok(runs[0]?.reason);
	});

	/** Ends, one way or the other, and not in a bug. Without privilege, pagemap is refused before it is missed. */
	async function assertSettles(call: Promise<unknown>): Promise<void> {
		const code = await call.then(
			() => undefined,
			(error: unknown) => (error instanceof MapscopeError ? error.code : `no error of ours: ${String(error)}`),
		);
		assert.ok(code === undefined || code === "processGone" || code === "permissionDenied", code);
	}
});
