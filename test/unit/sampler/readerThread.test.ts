import { strict as assert } from "node:assert";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { type PieceParser, type ReadAhead, type Reading, readProcPieces } from "../../../src/extension/proc/procFile";
import { parseSmaps, readSmaps } from "../../../src/extension/proc/smaps";
import { readStat } from "../../../src/extension/proc/stat";
import { ReaderThread } from "../../../src/extension/sampler/readerThread";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { MapscopeError } from "../../../src/shared/errors";
import { BenchTarget } from "../../bench/targets";
import { checkout } from "../../support/checkout";
import { Child, until } from "../../support/child";
import { steadySmaps } from "../../support/steadySmaps";
import { compile } from "../../support/target";

const readerPath = join(checkout, "dist/reader.js");
const eager = { firstBytes: 0, firstBytesWithThread: 0, idleMilliseconds: 600_000 };

/** Passes on to another, counts what that takes over, and calls `before` the first time. */
class Witnessed implements ReadAhead {
	takenOver = 0;
	private asked = false;

	constructor(
		private readonly inner: ReadAhead,
		private readonly before: () => void = () => undefined,
	) {}

	get spentMilliseconds(): number {
		return this.inner.spentMilliseconds;
	}

	takeOver(descriptor: number, bytesPerRead: number, bytesRead: number): Reading | undefined {
		if (!this.asked) this.before();
		this.asked = true;
		const reading = this.inner.takeOver(descriptor, bytesPerRead, bytesRead);
		if (reading) this.takenOver++;
		return reading;
	}
}

/** The lines of a file; the last one may lack its newline. */
class Lines implements PieceParser<string[]> {
	readonly #lines: string[] = [];
	constructor(private readonly onPiece: () => void = () => undefined) {}

	add(bytes: Buffer, ended: boolean): number {
		this.onPiece();
		const limit = ended ? bytes.length : bytes.lastIndexOf(0x0a) + 1;
		if (limit > 0) this.#lines.push(...bytes.toString("latin1", 0, limit).split(/(?<=\n)/));
		return limit;
	}

	finish(): string[] {
		return this.#lines;
	}
}

const countThreads = (): number => readdirSync("/proc/self/task").length;

describe("ReaderThread", () => {
	const { pageSize } = readSystemInfo();
	let folder: string;
	let target: BenchTarget;
	let ahead: ReaderThread;
	/** Threads of this process when none of ours runs. */
	let threads: number;

	before(async () => {
		folder = await mkdtemp(join(tmpdir(), "reader-"));
		target = await BenchTarget.start("many", 4000);
		process.kill(target.pid, "SIGSTOP");
		while (readStat(target.pid)?.state !== "T") await sleep(5);
		// Node's own threads for files are all there from now on.
		await Promise.all(Array.from({ length: 16 }, () => readdir("/proc")));
		threads = countThreads();
	});
	after(async () => {
		await target.stop();
		await rm(folder, { recursive: true });
	});
	beforeEach(() => {
		ahead = new ReaderThread(readerPath, eager);
	});
	afterEach(async () => {
		ahead.dispose();
		await untilEnded();
	});

	/** Waits until no thread of ours is left. */
	const untilEnded = () => until(() => countThreads() === threads || undefined);

	/** Waits until the thread takes a file over. */
	async function untilReady(reader: ReadAhead): Promise<void> {
		await until(() => {
			const descriptor = openSync("/proc/self/maps", "r");
			try {
				const reading = reader.takeOver(descriptor, 1000, 2 ** 30);
				reading?.end();
				return reading && true;
			} finally {
				closeSync(descriptor);
			}
		});
	}

	function assertReadsTarget(reader: ReadAhead): void {
		const text = readFileSync(`/proc/${target.pid}/smaps`);
		assert.ok(text.length > 2.5 * 2 ** 20);
		assert.deepEqual(steadySmaps(readSmaps(target.pid, pageSize, reader)), steadySmaps(parseSmaps(text, pageSize)));
	}

	it("gives the same smaps as reading alone", async () => {
		await untilReady(ahead);
		const witnessed = new Witnessed(ahead);
		for (let round = 0; round < 3; round++) assertReadsTarget(witnessed);
		assert.ok(witnessed.takenOver >= 3);
	});

	it("is started for large files alone, but once it is there takes over smaller ones", async () => {
		const usual = new ReaderThread(readerPath);
		try {
			const witnessed = new Witnessed(usual);
			assertReadsTarget(witnessed);
			assert.equal(countThreads(), threads, "nothing was started");
			assert.equal(usual.takeOver(0, 1000, 2 ** 30), undefined);
			await until(() => countThreads() > threads || undefined);
			await untilReady(usual);
			assert.equal(witnessed.takenOver, 0);
			assertReadsTarget(witnessed);
			assert.equal(witnessed.takenOver, 1);
			assert.equal(usual.takeOver(0, 1000, 2 ** 20 - 1), undefined);
		} finally {
			usual.dispose();
		}
	});

	it("gives every byte, whatever is asked for at a time and whatever there is room for", async () => {
		await untilReady(ahead);
		const path = join(folder, "bytes");
		const bytes = Buffer.from(Array.from({ length: 700_001 }, (_, index) => (index * index) % 251));
		await writeFile(path, bytes);
		const perRead = fc.oneof(fc.integer({ min: 200, max: 131_072 }), fc.constantFrom(3328, 4096, 65_536, 131_072));
		const rooms = fc.array(fc.integer({ min: 77, max: 300_000 }), { minLength: 1, maxLength: 5 });
		fc.assert(
			fc.property(perRead, rooms, fc.nat(700_001), (bytesPerRead, sizes, start) => {
				const descriptor = openSync(path, "r");
				const reading = ahead.takeOver(
					descriptor,
					bytesPerRead,
					readSync(descriptor, Buffer.alloc(start), 0, start, null),
				);
				assert.ok(reading);
				try {
					const found: Buffer[] = [];
					for (let round = 0; ; round++) {
						const into = Buffer.alloc(sizes[round % sizes.length] ?? 1);
						const count = reading.read(into, 0);
						assert.ok(count !== undefined);
						if (count === 0) break;
						found.push(into.subarray(0, count));
					}
					assert.equal(reading.read(Buffer.alloc(1), 0), 0);
					assert.ok(Buffer.concat(found).equals(bytes.subarray(start)));
				} finally {
					reading.end();
					closeSync(descriptor);
				}
			}),
			{ numRuns: 60 },
		);
	});

	it("gives lines that are longer than all its buffers", async () => {
		await untilReady(ahead);
		const path = join(folder, "lines");
		const lines = [10, 300_000, 1, 131_072, 2_000_000, 131_071, 262_144, 7].map(
			(length, index) => `${String(index).repeat(length)}\n`,
		);
		for (const last of ["", "no newline"]) {
			await writeFile(path, lines.join("") + last);
			const witnessed = new Witnessed(ahead);
			const found = readProcPieces(path, 3328, () => new Lines(), witnessed);
			assert.deepEqual(found, last === "" ? lines : [...lines, last]);
			assert.equal(witnessed.takenOver, 1);
		}
	});

	it("passes on what the kernel refuses with", async () => {
		await untilReady(ahead);
		const descriptor = openSync("/", "r");
		const reading = ahead.takeOver(descriptor, 4096, 2 ** 30);
		try {
			assert.throws(() => reading?.read(Buffer.alloc(4096), 0), { code: "EISDIR" });
		} finally {
			reading?.end();
			closeSync(descriptor);
		}
		// That was the kernel's fault, and no reason not to go on.
		assertReadsTarget(ahead);
		await untilReady(ahead);
	});

	/** A process of many mappings that somebody else reaps: Node could not, while it waits in a synchronous call. */
	async function mortal(): Promise<{ readonly parent: Child; readonly pid: number }> {
		const source = `
import subprocess, sys
child = subprocess.Popen([sys.argv[1], "many", "4000"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
child.stdout.readline()
print(child.pid, flush=True)
sys.stdin.readline()
child.wait()
print("reaped", flush=True)
sys.stdin.readline()
`;
		const parent = await Child.python(source, await compile("benchTarget"));
		return { parent, pid: Number(parent.words[0]) };
	}

	it("says processGone when the process is reaped in the midst of it", async () => {
		await untilReady(ahead);
		const { parent, pid } = await mortal();
		try {
			parent.process.stdin?.write("\n");
			const reading = new Witnessed(ahead, () => {
				process.kill(pid, "SIGKILL");
				while (existsSync(`/proc/${pid}`));
			});
			assert.throws(
				() => readSmaps(pid, pageSize, reading),
				(error) => error instanceof MapscopeError && error.code === "processGone" && error.errno === "ESRCH",
			);
			assert.equal(reading.takenOver, 1);
		} finally {
			await parent.stop();
		}
	});

	it("gives what there was when the process ends in the midst of it and is not reaped yet", async () => {
		await untilReady(ahead);
		const { parent, pid } = await mortal();
		try {
			const witnessed = new Witnessed(ahead, () => {
				process.kill(pid, "SIGKILL");
				// By Node's own means: ours would read into the buffer that is in use.
				while (!/^\d+ \(.*\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1")));
			});
			const { maps, lost } = readSmaps(pid, pageSize, witnessed);
			assert.ok(maps.count > 0 && maps.count < 4000);
			assert.deepEqual([witnessed.takenOver, maps.malformed, lost], [1, 0, 0]);
		} finally {
			await parent.stop();
		}
	});

	it("lets go of the file when its owner fails, and goes on with the next", async () => {
		await untilReady(ahead);
		const witnessed = new Witnessed(ahead);
		const path = `/proc/${target.pid}/smaps`;
		for (let round = 1; round <= 3; round++) {
			const parser = new Lines(() => {
				if (witnessed.takenOver === round) throw new Error("on purpose");
			});
			assert.throws(
				() => readProcPieces(path, 3328, () => parser, witnessed),
				(error) => error instanceof MapscopeError && error.code === "bug" && /on purpose/.test(error.detail ?? ""),
			);
		}
		assertReadsTarget(witnessed);
		assert.ok(witnessed.takenOver > 3);
	});

	const deaths: Readonly<Record<string, string>> = {
		exits: "process.exit()",
		"ends without a word": "process.reallyExit()",
		fails: "throw new Error('on purpose')",
	};
	for (const [how, code] of Object.entries(deaths)) {
		it(`that ${how} in the midst of a file leaves all of it to its owner, and all that comes`, async () => {
			const path = join(folder, `${Object.keys(deaths).indexOf(how)}.js`);
			await writeFile(
				path,
				`const fs = require("node:fs");
				const { readSync } = fs;
				let reads = 0;
				fs.readSync = (descriptor, into, at, count, place) => {
					if (++reads === 100) ${code};
					return readSync(descriptor, into, at, count, place);
				};
				require(${JSON.stringify(readerPath)});`,
			);
			const dying = new ReaderThread(path, eager);
			try {
				await untilReady(dying);
				const witnessed = new Witnessed(dying);
				assertReadsTarget(witnessed);
				assertReadsTarget(witnessed);
				assert.equal(witnessed.takenOver, 1);
				await untilEnded();
			} finally {
				dying.dispose();
			}
		});
	}

	it("without a program to run leaves all to its owner", async () => {
		const broken = new ReaderThread(join(folder, "missing.js"), eager);
		assertReadsTarget(broken);
		await untilEnded();
		assertReadsTarget(broken);
		assert.equal(countThreads(), threads);
	});

	it("ends when it is disposed, and when nobody has needed it for a while, until somebody does", async () => {
		const brief = new ReaderThread(readerPath, { ...eager, idleMilliseconds: 500 });
		try {
			// Also one that has never had anything to do.
			assert.equal(brief.takeOver(0, 1000, 2 ** 30), undefined);
			await until(() => countThreads() > threads || undefined);
			await untilEnded();
			let spent = brief.spentMilliseconds;
			for (let round = 0; round < 2; round++) {
				await untilReady(brief);
				await untilEnded();
				assert.ok(brief.spentMilliseconds > spent, "what ended threads have cost is not forgotten");
				spent = brief.spentMilliseconds;
			}
		} finally {
			brief.dispose();
		}
		await untilReady(ahead);
		assert.ok(countThreads() > threads);
		ahead.dispose();
		await untilEnded();
		assert.equal(ahead.takeOver(0, 1000, 2 ** 30), undefined);
	});

	it("is part of what a sample costs", async () => {
		let spent = 5;
		const costly: ReadAhead = {
			get spentMilliseconds() {
				return spent;
			},
			takeOver: () => {
				spent += 100_000;
				return undefined;
			},
		};
		const sampler = createSamplerService({ ...readSystemInfo(), ahead: costly });
		const { cost } = await sampler.sample(await sampler.watch(target.pid), { smaps: "always" });
		assert.ok(cost >= spent - 5 && spent > 5, `${cost} of ${spent}`);
	});
});
