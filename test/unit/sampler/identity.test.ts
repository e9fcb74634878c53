import { strict as assert } from "node:assert";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { stateCode } from "../../../src/shared/pageStates";
import { addressToPage } from "../../../src/shared/units";
import { Child } from "../../support/child";
import { skip } from "../../support/skip";
import { plainQuery } from "../../support/snapshots";
import { Target } from "../../support/target";

/** That what is read is of one process, one address space and the right file. */
describe("what is read together belongs together", () => {
	const system = readSystemInfo();
	const sampler = createSamplerService(system);

	it("a file of the same inode number that was mounted over the mapped one is not taken for it", async function () {
		// Two file systems in memory number their files alike. The first file has two pages, the second has four.
		const source = `
import ctypes, os, sys
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
page = ${system.pageSize}
def mount():
    if libc.mount(b"none", b"/mnt", b"tmpfs", 0, None) != 0: sys.exit("mount")
    file = os.open("/mnt/file", os.O_RDWR | os.O_CREAT)
    os.ftruncate(file, 4 * page)
    return file
first = mount()
os.pwrite(first, b"x" * 2 * page, 0)
address = libc.mmap(None, 4 * page, 1, 1, first, 0)
inode = os.fstat(first).st_ino
os.close(first)
second = mount()
os.pwrite(second, b"y" * 4 * page, 0)
print(f"{address:x} {inode == os.fstat(second).st_ino}", flush=True)
sys.stdin.read()
`;
		const child = await Child.start("unshare", ["--mount", "python3", "-c", source]).catch(() => undefined);
		if (child === undefined) return skip(this, "mounts cannot be made here");
		try {
			const [address = "", sameNumber] = child.words;
			assert.equal(sameNumber, "True");
			const start = BigInt(`0x${address}`);
			const watch = await sampler.watch(child.pid);
			await sampler.sample(watch, { smaps: "never" });
			const selectedPage = addressToPage(start, system.pageSize);
			const { selected } = await sampler.frame(watch, { ...plainQuery, selectedPage });
			assert.deepEqual(selected?.cache, { known: true }, "map_files reaches the file itself");
			assert.deepEqual([selected?.statePages[stateCode.cached], selected?.statePages[stateCode.notPresent]], [2, 2]);
		} finally {
			await child.stop();
		}
	});

	it("a file that was replaced is told from one that was only deleted", async () => {
		const target = await Target.start();
		const gone = join(target.folder, "gone.bin");
		try {
			const find = async () => {
				const { mappings } = await sampler.readAddressSpace(target.pid, "maps");
				const found = mappings.find(({ start }) => start === target.range("deleted").start);
				const watch = await sampler.watch(target.pid);
				await sampler.sample(watch, { smaps: "never" });
				const selectedPage = addressToPage(target.range("deleted").start, system.pageSize);
				const { selected } = await sampler.frame(watch, { ...plainQuery, selectedPage });
				return [
					found?.name,
					found?.deleted,
					found?.replaced,
					selected?.replaced,
					selected?.note,
					selected?.cache.known,
				];
			};
			assert.deepEqual(await find(), [gone, true, undefined, undefined, "deleted", true]);
			await writeFile(gone, "another");
			assert.deepEqual(await find(), [gone, true, true, true, "replaced", true]);
		} finally {
			await target.stop();
		}
	});

	it("the memory nodes of a mapping are those of numa_maps", async function () {
		const target = await Target.start();
		try {
			const text = await readFile(`/proc/${target.pid}/numa_maps`, "latin1").catch(() => undefined);
			if (text === undefined) return skip(this, "this kernel has no numa_maps");
			const { start } = target.range("anonymous");
			const line = text.split("\n").find((one) => one.startsWith(`${start.toString(16)} `)) ?? "";
			const nodes = [...line.matchAll(/ N(\d+)=(\d+)/g)].map(([, node, pages]) => ({
				node: Number(node),
				bytes: Number(pages) * system.pageSize,
			}));
			assert.equal(
				nodes.reduce((sum, { bytes }) => sum + bytes, 0),
				3 * system.pageSize,
			);
			for (const memoryNodes of [system.memoryNodes, 2]) {
				const asked = createSamplerService({ ...system, memoryNodes });
				const watch = await asked.watch(target.pid);
				await asked.sample(watch, { smaps: "never" });
				const selectedPage = addressToPage(start, system.pageSize);
				const { selected } = await asked.frame(watch, { ...plainQuery, selectedPage });
				assert.deepEqual(selected?.numa, { policy: line.split(" ")[1], nodes, several: memoryNodes > 1 });
			}
			const without = createSamplerService({ ...system, memoryNodes: 0 });
			const watch = await without.watch(target.pid);
			await without.sample(watch, { smaps: "never" });
			const selectedPage = addressToPage(start, system.pageSize);
			assert.equal((await without.frame(watch, { ...plainQuery, selectedPage })).selected?.numa, undefined);
		} finally {
			await target.stop();
		}
	});
});
