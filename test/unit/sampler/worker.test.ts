import { strict as assert } from "node:assert";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { Log } from "../../../src/extension/base/log";
import { Sampler } from "../../../src/extension/sampler/sampler";
import { MapscopeError } from "../../../src/shared/errors";
import { withTarget } from "../../bench/targets";
import { checkout } from "../../support/checkout";
import { until } from "../../support/child";
import { plainQuery } from "../../support/snapshots";

/** The host's side of the sampler with the real worker, which two more messages can bring down. */
describe("Sampler", () => {
	let folder: string;
	let workerPath: string;
	let logged: string[];
	const log: Log = {
		info: () => undefined,
		warn: (message) => logged.push(message),
		error: (message) => logged.push(message),
	};
	let sampler: Sampler;

	before(async () => {
		// Below the checkout, where its packages are found.
		await mkdir(join(checkout, "out"), { recursive: true });
		folder = await mkdtemp(join(checkout, "out/worker-"));
		await build({
			absWorkingDir: checkout,
			entryPoints: { sampler: "src/extension/sampler/worker.ts", reader: "src/extension/sampler/reader.ts" },
			outdir: folder,
			bundle: true,
			platform: "node",
			target: "node20",
			external: ["koffi"],
			logLevel: "silent",
		});
		workerPath = join(folder, "mortal.js");
		await writeFile(
			workerPath,
			`const { parentPort } = require("node:worker_threads");
			parentPort.on("message", ({ method }) => {
				if (method === "exitNow") process.exit(7);
				if (method === "throwNow") throw new Error("thrown on demand");
			});
			require("./sampler.js");`,
		);
	});
	after(() => rm(folder, { recursive: true }));
	beforeEach(() => {
		logged = [];
		sampler = new Sampler({ workerPath, log });
	});
	afterEach(() => sampler.dispose());

	async function rejection(call: Promise<unknown>): Promise<MapscopeError> {
		const error: unknown = await call.then(
			() => assert.fail("it resolved"),
			(reason: unknown) => reason,
		);
		assert.ok(error instanceof MapscopeError, String(error));
		return error;
	}
	const bringDown = (how: "exitNow" | "throwNow"): Promise<unknown> => {
		const call = sampler.call as unknown as Record<string, () => Promise<unknown>>;
		return call[how]?.() ?? assert.fail();
	};
	const list = () => sampler.call.listProcesses({ kernelThreads: false });

	it("answers from its worker, bulk data included", async () => {
		assert.ok((await list()).some(({ pid }) => pid === process.pid));
		const watch = await sampler.call.watch(process.pid);
		const { cost, final } = await sampler.call.sample(watch, { smaps: "cheap" });
		assert.ok(cost > 0 && !final);
		const frame = await sampler.call.frame(watch, { ...plainQuery, overviewWidth: 300 });
		assert.ok(frame.overview.columnPages instanceof Float64Array);
		assert.ok(frame.rows.columns instanceof Uint8Array && frame.rows.columns.length > 0);
		const [mapping] = (await sampler.call.readAddressSpace(process.pid, "maps")).mappings;
		assert.equal(typeof mapping?.start, "bigint");
	});

	it("passes on what the worker fails with, as it was", async () => {
		const { code, path, errno } = await rejection(sampler.call.readAddressSpace(2 ** 22 + 1, "maps"));
		assert.deepEqual([code, path, errno], ["processGone", `/proc/${2 ** 22 + 1}/stat`, "ENOENT"]);
	});

	for (const how of ["exitNow", "throwNow"] as const) {
		it(`starts its worker again after ${how}, rejects what was pending and tells it once`, async () => {
			let restarts = 0;
			const told = new Promise<void>((resolve) => {
				sampler.onDidRestart(() => {
					restarts++;
					resolve();
				});
			});
			const watch = await sampler.call.watch(process.pid);
			const pending = [bringDown(how), sampler.call.sample(watch, { smaps: "never" })].map(rejection);
			for (const error of await Promise.all(pending)) assert.equal(error.code, "io");
			await told;
			assert.equal(restarts, 1);
			assert.ok(logged.some((line) => line.includes("started again")));

			assert.ok((await list()).some(({ pid }) => pid === process.pid));
			// The new worker does not know the watches of the old one: their owners set them up anew.
			assert.equal((await rejection(sampler.call.sample(watch, { smaps: "never" }))).code, "bug");
			assert.equal(restarts, 1);
		});
	}

	it("survives one death after the other", async () => {
		for (let i = 0; i < 3; i++) {
			await rejection(bringDown("exitNow"));
			assert.ok((await list()).length > 0);
		}
	});

	it("tells nobody who does not want to hear of it any more", async () => {
		let calls = 0;
		sampler.onDidRestart(() => calls++).dispose();
		await rejection(bringDown("exitNow"));
		assert.ok((await list()).length > 0);
		assert.equal(calls, 0);
	});

	it("rejects what is pending and whatever comes after when it is disposed, and starts nothing", async () => {
		let restarts = 0;
		sampler.onDidRestart(() => restarts++);
		await list();
		const pending = rejection(list());
		sampler.dispose();
		assert.equal((await pending).code, "bug");
		assert.match((await rejection(list())).detail ?? "", /disposed/);
		sampler.dispose();
		assert.equal(restarts, 0);
	});

	it("reads huge address spaces with one more thread, which ends with it, whatever it is at", async () => {
		// Node's own threads for files are all there from now on.
		await Promise.all(Array.from({ length: 16 }, () => readdir("/proc")));
		const threads = async (): Promise<number> => (await readdir("/proc/self/task")).length;
		await withTarget(["many", 13_000], async ({ pid }) => {
			const none = await threads();
			const watch = await sampler.call.watch(pid);
			const sample = () => sampler.call.sample(watch, { smaps: "always" });
			await until(async () => {
				assert.ok((await sample()).cost > 0);
				return (await threads()) === none + 2 || undefined;
			});
			await sample();
			const pending = [sample(), sample(), sample()].map(rejection);
			sampler.dispose();
			for (const error of await Promise.all(pending)) assert.equal(error.code, "bug");
			await until(async () => (await threads()) === none || undefined);
		});
	});

	it("starts nothing when it is disposed before its first use", async () => {
		sampler.dispose();
		assert.equal((await rejection(list())).code, "bug");
		assert.deepEqual(logged, []);
	});

	it("rejects where there is no worker to start", async () => {
		const broken = new Sampler({ workerPath: join(folder, "missing.js"), log });
		try {
			const { code } = await rejection(broken.call.listProcesses({ kernelThreads: false }));
			assert.equal(code, "io");
			assert.ok(logged.length > 0);
		} finally {
			broken.dispose();
		}
	});
});
