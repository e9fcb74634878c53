import { strict as assert } from "node:assert";
import { closeSync, openSync } from "node:fs";
import { mkdir, mkdtemp, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { PageRunList, pageCategory } from "../../../src/extension/base/pageCategories";
import { libc } from "../../../src/extension/native/libc";
import { cacheCounts, cachedRuns } from "../../../src/extension/native/pageCache";
import { scanPagemap } from "../../../src/extension/native/pagemapScan";
import { withReadPages } from "../../../src/extension/native/zeroPage";
import { closePagemap, openPagemap, readPagemap } from "../../../src/extension/proc/pagemap";
import { readPageSize } from "../../../src/extension/proc/system";
import { MapscopeError } from "../../../src/shared/errors";
import { addressToPage } from "../../../src/shared/units";
import { canScan } from "../../support/canScan";
import { checkout } from "../../support/checkout";
import { Child } from "../../support/child";
import { skip } from "../../support/skip";
import { mapsZeroPage, noZeroPage } from "../../support/zeroPage";

const pageSize = readPageSize();

function thrownBy(call: () => unknown): MapscopeError {
	try {
		call();
	} catch (error) {
		assert.ok(error instanceof MapscopeError, String(error));
		return error;
	}
	return assert.fail("it returned");
}

describe("PAGEMAP_SCAN", () => {
	before(function () {
		if (!canScan()) skip(this, "this kernel has no PAGEMAP_SCAN");
	});

	it("finds each of thousands of runs once, though the kernel gives at most 512 a call", async () => {
		const count = 3001;
		const child = await Child.python(
			`
import ctypes, mmap, sys
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
count = int(sys.argv[1])
start = libc.mmap(None, 2 * count * mmap.PAGESIZE, 3, 0x22, -1, 0)
libc.madvise(ctypes.c_void_p(start), 2 * count * mmap.PAGESIZE, 15)
for page in range(0, 2 * count, 2): ctypes.c_char.from_address(start + page * mmap.PAGESIZE).value = 1
print(f"{start:x}", flush=True)
sys.stdin.read()
`,
			String(count),
		);
		const path = `/proc/${child.pid}/pagemap`;
		const descriptor = openPagemap(child.pid);
		try {
			const start = addressToPage(BigInt(`0x${child.words[0]}`), pageSize);
			for (const length of [count, 512, 511, 513, 1]) {
				const runs = new PageRunList();
				scanPagemap(descriptor, path, start, start + 2 * length, pageSize, runs);
				const expected = Array.from({ length }, (_, page) => start + 2 * page);
				assert.deepEqual([...runs.startPages.subarray(0, runs.length)], expected);
				assert.deepEqual(
					[...runs.endPages.subarray(0, runs.length)],
					expected.map((page) => page + 1),
				);
				const read = new PageRunList();
				readPagemap(descriptor, path, start, start + 2 * length, 0, read);
				assert.deepEqual(read.startPages.subarray(0, read.length), runs.startPages.subarray(0, runs.length));
			}
		} finally {
			closePagemap(descriptor);
			await child.stop();
		}
	});

	it("finds nothing once the address space is gone, and says nothing wrong", async () => {
		const child = await Child.python("print('ready', flush=True); import sys; sys.stdin.read()");
		const descriptor = openPagemap(child.pid);
		try {
			await child.stop();
			const runs = new PageRunList();
			try {
				scanPagemap(descriptor, "/proc/gone/pagemap", 16, 2 ** 30, pageSize, runs);
			} catch (error) {
				assert.ok(error instanceof MapscopeError && error.code === "processGone", String(error));
			}
			assert.equal(runs.length, 0);
		} finally {
			closePagemap(descriptor);
		}
	});

	it("is unsupported on what is no pagemap", () => {
		const descriptor = openSync(process.execPath, "r");
		try {
			const error = thrownBy(() => scanPagemap(descriptor, "x", 16, 32, pageSize, new PageRunList()));
			assert.deepEqual([error.code, error.feature, error.errno], ["unsupported", "PAGEMAP_SCAN", "ENOTTY"]);
		} finally {
			closeSync(descriptor);
		}
	});

	it("tells the zero page of a page that was only read", function () {
		if (!mapsZeroPage()) return skip(this, noZeroPage);
		withReadPages(1, pageSize, (page) => {
			const descriptor = openPagemap("self");
			const runs = new PageRunList();
			scanPagemap(descriptor, "/proc/self/pagemap", page, page + 1, pageSize, runs);
			closePagemap(descriptor);
			assert.equal(runs.length, 1);
			// Where the kernel keeps note of written pages, it has one on every page of a new mapping.
			const categories = (runs.categories[0] ?? 0) & ~pageCategory.softDirty;
			assert.equal(categories, pageCategory.present | pageCategory.zero);
		});
	});
});

describe("the page cache of a file", () => {
	const windowPages = 2 ** 30 / pageSize;
	let folder: string;
	before(async () => {
		await mkdir(join(checkout, "out/targets"), { recursive: true });
		folder = await mkdtemp(join(checkout, "out/targets/native-"));
	});
	after(() => rm(folder, { recursive: true }));

	/** A sparse file of 5 GiB with some pages written, and so cached, and the runs that are found in part of it. */
	async function runsOf(written: readonly number[], start = 0, end = Number.POSITIVE_INFINITY) {
		const path = join(folder, "sparse");
		const file = await open(path, "w+");
		const size = 5 * 2 ** 30 + 1;
		try {
			await file.truncate(size);
			for (const page of written) await file.write(Buffer.from("x"), 0, 1, page * pageSize);
			const { starts, ends } = cachedRuns(file.fd, path, start, end, size, pageSize);
			return [...starts].map((from, run) => [from, ends[run]]);
		} finally {
			await file.close();
			await rm(path);
		}
	}

	it("is read over the seams of its windows", async () => {
		assert.deepEqual(await runsOf([windowPages - 1, windowPages]), [[windowPages - 1, windowPages + 1]]);
		assert.deepEqual(await runsOf([windowPages - 1]), [[windowPages - 1, windowPages]]);
		assert.deepEqual(await runsOf([windowPages]), [[windowPages, windowPages + 1]]);
		assert.deepEqual(await runsOf([0, windowPages - 1, 3 * windowPages]), [
			[0, 1],
			[windowPages - 1, windowPages],
			[3 * windowPages, 3 * windowPages + 1],
		]);
		assert.deepEqual(await runsOf([]), []);
	});

	it("ends with the file, whose last page may be part of one", async () => {
		const last = 5 * windowPages;
		assert.deepEqual(await runsOf([last]), [[last, last + 1]]);
		assert.deepEqual(await runsOf([last], last + 1), []);
		assert.deepEqual(await runsOf([last], last + 100, last + 200), []);
	});

	it("is cut to the pages that are asked for", async () => {
		assert.deepEqual(await runsOf([4, 5, 6, 7], 5, 7), [[5, 7]]);
		assert.deepEqual(await runsOf([4, 5, 6, 7], 6, 6), []);
		assert.deepEqual(await runsOf([windowPages + 3], windowPages + 1, windowPages + 9), [
			[windowPages + 3, windowPages + 4],
		]);
	});

	it("cannot be asked of what cannot be mapped", async () => {
		const path = join(folder, "writeOnly");
		const file = await open(path, "w");
		try {
			await file.write(Buffer.alloc(pageSize, 1));
			const error = thrownBy(() => cachedRuns(file.fd, path, 0, 1, pageSize, pageSize));
			assert.deepEqual([error.code, error.path, error.errno], ["io", path, "EACCES"]);
		} finally {
			await file.close();
		}
	});

	it("is counted by cachestat as mincore sees it", async function () {
		const path = join(folder, "counted");
		const file = await open(path, "w+");
		try {
			await file.write(Buffer.alloc(10 * pageSize, 1));
			const counts = cacheCounts(file.fd);
			if (counts === undefined) return skip(this, "this kernel has no cachestat");
			assert.ok(typeof counts === "object");
			assert.equal(counts.cached, 10);
			const part = cacheCounts(file.fd, BigInt(3 * pageSize), BigInt(2 * pageSize));
			assert.ok(typeof part === "object" && part.cached === 2);
		} finally {
			await file.close();
		}
	});
});

describe("the C library", () => {
	it("names what went wrong", () => {
		const c = libc();
		assert.equal(c.munmap(1n, 1n), -1);
		assert.equal(c.errno(), "EINVAL");
		assert.equal(c.mincore(0n, BigInt(pageSize), new Uint8Array(1)), -1);
		assert.equal(c.errno(), "ENOMEM");
	});

	it("gives back what a read-only page took, also when its use fails", () => {
		let page = 0;
		assert.throws(
			() =>
				withReadPages(1, pageSize, (number) => {
					page = number;
					throw new Error("stop");
				}),
			/stop/,
		);
		assert.equal(libc().mincore(BigInt(page) * BigInt(pageSize), BigInt(pageSize), new Uint8Array(1)), -1);
	});
});
