import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import type { FileCounts } from "../../../src/shared/mapFrame";
import { addressToPage } from "../../../src/shared/units";
import { until } from "../../support/child";
import { skip } from "../../support/skip";
import { plainQuery } from "../../support/snapshots";
import { askWitnessCached, Target } from "../../support/target";

/** Asks `cachestat` with nothing of ours: cached, dirty, writeback; or the error's number, negative. */
const witness = `
import ctypes, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
span = ctypes.create_string_buffer(struct.pack("<QQ", int(sys.argv[2]), int(sys.argv[3])))
counts = ctypes.create_string_buffer(40)
result = libc.syscall(451, os.open(sys.argv[1], os.O_RDONLY), span, counts, 0)
print(*(struct.unpack("<5Q", counts.raw)[:3] if result == 0 else [-ctypes.get_errno()]))
`;

async function askCounts(path: string, offset: number, length: number): Promise<FileCounts | undefined> {
	const { stdout } = await promisify(execFile)("python3", ["-c", witness, path, String(offset), String(length)]);
	const [cached = -1, dirty = 0, writeback = 0] = stdout.trim().split(" ").map(Number);
	return cached < 0 ? undefined : { cached, dirty, writeback };
}

describe("the page cache behind the selected mapping", () => {
	const system = readSystemInfo();
	const sampler = createSamplerService(system);
	let target: Target;

	before(async function () {
		target = await Target.start();
		if ((await askCounts(join(target.folder, "half.bin"), 0, 1)) === undefined)
			return skip(this, "this kernel has no cachestat");
	});
	after(() => target?.stop());

	const select = async (name: string) => {
		const watch = await sampler.watch(target.pid);
		await sampler.sample(watch, { smaps: "never" });
		const selectedPage = addressToPage(target.range(name).start, system.pageSize);
		const query = { ...plainQuery, selectedPage };
		return { watch, query, counts: (await sampler.frame(watch, query)).selected?.fileCounts };
	};

	it("is counted as mincore counts it", async () => {
		const cached = (await askWitnessCached(join(target.folder, "half.bin"))).filter(Boolean).length;
		assert.equal(cached, 16);
		assert.deepEqual((await select("half")).counts, { cached, dirty: 0, writeback: 0 });
	});

	it("tells what is not yet written to the disk, as cachestat tells others", async () => {
		const path = join(target.folder, "half.bin");
		const file = await open(path, "r+");
		try {
			// The kernel may begin to write at any time: what both say at once is compared.
			const counts = await until(async () => {
				await file.write(Buffer.alloc(3 * system.pageSize, "C"), 0, 3 * system.pageSize, 0);
				const before = await askCounts(path, 0, 32 * system.pageSize);
				const { counts: ours } = await select("half");
				const after = await askCounts(path, 0, 32 * system.pageSize);
				const still = JSON.stringify(before) === JSON.stringify(after) && (before?.dirty ?? 0) > 0;
				return still ? { ours, before } : undefined;
			});
			assert.deepEqual(counts.ours, counts.before);
			assert.equal(counts.ours?.dirty, 3);
			await file.sync();
			assert.equal((await select("half")).counts?.dirty, 0);
		} finally {
			await file.close();
		}
	});

	it("is that of the mapped range, and not of the whole file", async () => {
		const { mappings } = await sampler.readAddressSpace(target.pid, "maps");
		const code = mappings.find(({ name, kind }) => kind === "code" && /\/libc[.-]/.test(name));
		assert.ok(code);
		const ask = () => askCounts(code.name, Number(code.offset), Number(code.end - code.start));
		// Others use this file, too.
		const { ours, theirs } = await until(async () => {
			const before = await ask();
			const watch = await sampler.watch(target.pid);
			await sampler.sample(watch, { smaps: "never" });
			const selectedPage = addressToPage(code.start, system.pageSize);
			const { selected } = await sampler.frame(watch, { ...plainQuery, selectedPage });
			const theirs = await ask();
			const still = JSON.stringify(before) === JSON.stringify(theirs);
			return still ? { ours: selected?.fileCounts, theirs } : undefined;
		});
		assert.deepEqual(ours, theirs);
	});

	it("is known of memfds and of files without a name, and not where there is no file", async () => {
		assert.equal((await select("memfd")).counts?.cached, 2);
		assert.equal((await select("deleted")).counts?.cached, 2);
		assert.equal((await select("anonymous")).counts, undefined);
	});

	it("is asked again only when the page cache is", async () => {
		const { watch, query, counts } = await select("copied");
		assert.ok(counts);
		const again = (await sampler.frame(watch, query)).selected?.fileCounts;
		assert.equal(again, counts);
	});

	it("is not there any more when the process has ended", async () => {
		const passing = await Target.start();
		const watch = await sampler.watch(passing.pid);
		const selectedPage = addressToPage(passing.range("half").start, system.pageSize);
		await sampler.sample(watch, { smaps: "never" });
		await passing.stop();
		const frame = await sampler.frame(watch, { ...plainQuery, selectedPage });
		assert.equal(frame.selected?.fileCounts, undefined);
		await sampler.sample(watch, { smaps: "never" });
		assert.equal((await sampler.frame(watch, { ...plainQuery, selectedPage })).status.kind, "ended");
	});
});
