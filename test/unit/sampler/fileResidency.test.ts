import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { FileResidency } from "../../../src/extension/memory/model";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { MapscopeError } from "../../../src/shared/errors";
import { checkout } from "../../support/checkout";
import { skip } from "../../support/skip";
import { askWitnessCached } from "../../support/target";

const run = promisify(execFile);

describe("page-cache residency of files", () => {
	const system = readSystemInfo();
	const sampler = createSamplerService(system);
	const page = system.pageSize;
	let folder: string;
	/** The kernel drops pages of files here when it is asked to; where files live in memory it cannot. */
	let drops = false;
	const keeps = "files of this folder are always in memory";
	before(async () => {
		await mkdir(join(checkout, "out/targets"), { recursive: true });
		folder = await mkdtemp(join(checkout, "out/targets/files-"));
		drops = (await askWitnessCached(await partlyCached("probe", 4, 0))).every((cached) => !cached);
	});
	after(() => rm(folder, { recursive: true }));

	/** One truth value per page; the runs must cover the file exactly and alternate. */
	function pagesOf({ size, runs, known }: FileResidency): boolean[] {
		assert.ok(known);
		const pages: boolean[] = [];
		let at = 0n;
		for (const [index, { start, end, cached }] of runs.entries()) {
			assert.equal(start, at);
			assert.ok(end > start);
			if (index > 0) assert.notEqual(cached, runs[index - 1]?.cached);
			for (let offset = start; offset < end; offset += BigInt(page)) pages.push(cached);
			at = end;
		}
		assert.equal(at, size);
		return pages;
	}

	async function rejection(path: string): Promise<unknown> {
		const error: unknown = await sampler.fileResidency(path).then(
			() => assert.fail("it resolved"),
			(reason: unknown) => reason,
		);
		assert.ok(error instanceof MapscopeError, String(error));
		assert.equal(error.path, path);
		return `${error.code} ${error.errno}`;
	}

	/** A file of which the kernel has been asked to keep only the first pages. */
	async function partlyCached(name: string, pages: number, kept: number, extra = 0): Promise<string> {
		const path = join(folder, name);
		await writeFile(path, Buffer.alloc(pages * page + extra, 65));
		await run("python3", [
			"-c",
			`
import os, sys
file = os.open(sys.argv[1], os.O_RDWR)
os.fsync(file)
os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
os.posix_fadvise(file, 0, 0, os.POSIX_FADV_RANDOM)
for page in range(int(sys.argv[2])): os.pread(file, 1, page * ${page})
`,
			path,
			String(kept),
		]);
		return path;
	}

	it("agree with the witness: a file half of which is cached", async function () {
		if (!drops) return skip(this, keeps);
		const path = await partlyCached("half", 40, 20);
		const expected = await askWitnessCached(path);
		assert.deepEqual(pagesOf(await sampler.fileResidency(path)), expected);
		assert.equal(expected.filter(Boolean).length, 20);
	});

	it("agree with the witness: nothing cached", async function () {
		if (!drops) return skip(this, keeps);
		const path = await partlyCached("none", 16, 0);
		const residency = await sampler.fileResidency(path);
		assert.deepEqual(pagesOf(residency), await askWitnessCached(path));
		assert.deepEqual(residency.runs, [{ start: 0n, end: residency.size, cached: false }]);
	});

	it("end where the file ends, within a page", async () => {
		const path = await partlyCached("odd", 3, 4, 100);
		const residency = await sampler.fileResidency(path);
		assert.equal(residency.size, BigInt(3 * page + 100));
		assert.deepEqual(residency.runs, [{ start: 0n, end: residency.size, cached: true }]);
	});

	it("of an empty file are known to be nothing", async () => {
		const path = join(folder, "empty");
		await writeFile(path, "");
		const { known, size, runs } = await sampler.fileResidency(path);
		assert.deepEqual([known, size, runs], [true, 0n, []]);
	});

	it("of a sparse file of terabytes come at once, and find the page that is there", async () => {
		const path = join(folder, "sparse");
		const file = await open(path, "w");
		const place = 3 * 2 ** 38;
		await file.truncate(2 ** 40);
		await file.write(Buffer.from("x"), 0, 1, place);
		await file.close();
		const { runs } = await sampler.fileResidency(path);
		const cached = runs.filter((one) => one.cached);
		assert.deepEqual(cached, [{ start: BigInt(place), end: BigInt(place + page), cached: true }]);
		assert.equal(runs.length, 3);
		await rm(path);
	});

	it("of names with every byte", async () => {
		const path = join(folder, "new\nline \u202e (deleted)");
		await writeFile(path, "x");
		assert.equal((await sampler.fileResidency(path)).known, true);
	});

	it("of what is no file, not there, or no path: an error, at once", async () => {
		assert.equal(await rejection(folder), "io EISDIR");
		assert.equal(await rejection(join(folder, "missing")), "io ENOENT");
		assert.equal(await rejection(join(folder, "half/inside")), "io ENOTDIR");
		assert.equal(await rejection("/dev/null"), "io ENODEV");
		assert.equal(await rejection("a\0b"), "bug undefined");
		await run("mkfifo", [join(folder, "pipe")]);
		assert.equal(await rejection(join(folder, "pipe")), "io ENODEV");
	});

	it("of a file of /proc, which has no pages", async () => {
		assert.deepEqual((await sampler.fileResidency("/proc/self/maps")).runs, []);
	});

	it("do not bring the file into the page cache", async function () {
		if (!drops) return skip(this, keeps);
		const path = await partlyCached("untouched", 16, 0);
		for (let i = 0; i < 3; i++) await sampler.fileResidency(path);
		assert.ok((await askWitnessCached(path)).every((cached) => !cached));
	});

	it("of this very program are known to its owner", async () => {
		const { known, size } = await sampler.fileResidency(process.execPath);
		assert.equal(size, BigInt((await readFile(process.execPath)).length));
		if (process.geteuid?.() === 0) assert.ok(known);
	});
});
