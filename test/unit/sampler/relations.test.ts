import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { mostSharers, type Relations } from "../../../src/shared/relations";
import { addressToPage, hexPage } from "../../../src/shared/units";
import { type NobodysSampler, nobody, nobodyMayRun, startNobodysSampler } from "../../support/nobody";
import { skip } from "../../support/skip";
import { compile, Target } from "../../support/target";
import { mapsZeroPage, noZeroPage } from "../../support/zeroPage";

/** Looks with nothing of ours for the processes that map the inode of a mapping, and for frames that two processes share. */
const witness = `
import glob, json, struct, sys
page = int(sys.argv[4])
def frames(pid, start, end):
    with open(f"/proc/{pid}/pagemap", "rb") as file:
        file.seek(start // page * 8)
        entries = struct.unpack(f"<{(end - start) // page}Q", file.read((end - start) // page * 8))
    return [entry & ((1 << 55) - 1) if entry >> 63 else 0 for entry in entries]
pid, start, end = sys.argv[1], int(sys.argv[2], 16), int(sys.argv[3], 16)
lines = open(f"/proc/{pid}/maps", errors="replace").read().split("\\n")
wanted = next(line.split()[3:5] for line in lines if line.startswith(f"{start:08x}-"))
users, denied = {}, 0
for path in glob.glob("/proc/[0-9]*/maps") if wanted[1] != "0" else []:  # anonymous memory has no users to look for
    try:
        for line in open(path, errors="replace"):
            if line.split()[3:5] == wanted: users.setdefault(path.split("/")[2], []).append(line.split()[0])
    except PermissionError: denied += 1
    except OSError: pass
other = sys.argv[5]
common = sum(1 for a, b in zip(frames(pid, start, end), frames(other, start, end)) if a and a == b)
print(json.dumps({"users": users, "denied": denied, "common": common}))
`;

interface Witnessed {
	readonly users: Readonly<Record<string, readonly string[]>>;
	readonly denied: number;
	readonly common: number;
}

describe("relations of mappings", () => {
	const system = readSystemInfo();
	const { pageSize } = system;
	let parent: Target;
	let child: number;

	const pageOf = (name: string): number => addressToPage(parent.range(name).start, pageSize);
	const ask = async (pid: number, name: string, other: number): Promise<Witnessed> => {
		const { start, end } = parent.range(name);
		const words = [String(pid), start.toString(16), end.toString(16), String(pageSize), String(other)];
		const { stdout } = await promisify(execFile)("python3", ["-c", witness, ...words]);
		return JSON.parse(stdout) as Witnessed;
	};
	const rangeWords = (ranges: Relations["own"]): string[] =>
		ranges.map(({ startPage, endPage }) => `${hexPage(startPage, pageSize)}-${hexPage(endPage, pageSize)}`);

	before(async function () {
		if (process.geteuid?.() !== 0) return skip(this, "only root sees the frames that processes share");
		parent = await Target.start(undefined, "relatives");
		child = Number(parent.range("child").start);
	});
	after(() => parent?.stop());

	describe("seen by root", () => {
		const sampler = createSamplerService(system);
		const relations = async (pid: number, page: number): Promise<Relations> => {
			const watch = await sampler.watch(pid);
			await sampler.sample(watch, { smaps: "never" });
			try {
				return await sampler.relations(watch, page);
			} finally {
				await sampler.unwatch(watch);
			}
		};

		for (const name of ["file", "anonymous"]) {
			it(`find the other process of ${name === "file" ? "a shared file" : "shared memory without a name"}`, async () => {
				for (const [self, other] of [
					[parent.pid, child],
					[child, parent.pid],
				] as const) {
					const found = await relations(self, pageOf(name));
					const { users } = await ask(self, name, other);
					assert.equal(found.shareable, true);
					assert.equal(found.forked, undefined);
					assert.deepEqual(rangeWords(found.own), users[self]);
					assert.deepEqual(
						found.sharers.map((sharer) => [sharer.pid, sharer.name, sharer.user, rangeWords(sharer.ranges)]),
						[[other, "relatives", "root", users[other]]],
					);
					assert.equal(found.sharers[0]?.ranges[0]?.permissions, "rw-s");
					assert.equal(found.sharerCount, 1);
				}
			});
		}

		it("find all that map a library, as the witness does", async () => {
			const { mappings } = await sampler.readAddressSpace(child, "maps");
			const libc = mappings.find(({ name }) => /\/libc[.-]/.test(name));
			assert.ok(libc);
			parent.ranges.set("libc", libc);
			const before = await ask(child, "libc", parent.pid);
			const found = await relations(child, addressToPage(libc.start, pageSize));
			const after = await ask(child, "libc", parent.pid);
			// Processes come and go: those that the witness saw before and after were there all the time.
			const stayed = Object.keys(before.users).filter((pid) => after.users[pid] !== undefined);
			const pids = new Set([child, ...found.sharers.map(({ pid }) => pid)]);
			assert.ok(stayed.includes(String(parent.pid)));
			if (found.sharerCount <= mostSharers) for (const pid of stayed) assert.ok(pids.has(Number(pid)), pid);
			if (before.denied === after.denied) assert.equal(found.unreadable, before.denied);
			assert.ok(found.own.length >= 4);
			assert.ok(found.sharers.every(({ ranges }) => ranges.length > 0));
		});

		it("tell what is still shared since the fork, and with whom, by page frames", async () => {
			const ofChild = await relations(child, pageOf("forked"));
			assert.equal(ofChild.shareable, false);
			assert.deepEqual(ofChild.sharers, []);
			assert.deepEqual(ofChild.forked, {
				present: 4,
				shared: 4,
				relatives: [{ pid: parent.pid, name: "relatives", isParent: true, pages: 4 }],
			});
			assert.equal((await ask(child, "forked", parent.pid)).common, 4);
			const ofParent = (await relations(parent.pid, pageOf("forked"))).forked;
			assert.deepEqual([ofParent?.present, ofParent?.shared], [4, 4]);
			assert.deepEqual(
				ofParent?.relatives.find(({ isParent }) => !isParent),
				{ pid: child, name: "relatives", isParent: false, pages: 4 },
			);
			assert.equal(ofParent?.relatives.find(({ isParent }) => isParent)?.pages, 0);
		});

		it("leave out the zero page", async function () {
			if (!mapsZeroPage()) return skip(this, noZeroPage);
			assert.deepEqual((await relations(child, pageOf("zero"))).forked, { present: 0, shared: 0, relatives: [] });
		});

		it("leave out what was written after the fork", async () => {
			assert.deepEqual((await relations(child, pageOf("own"))).forked, { present: 2, shared: 0, relatives: [] });
			const mixed = (await relations(child, pageOf("mixed"))).forked;
			// Four pages were written before the fork and two only read.
			const both = mapsZeroPage() ? 4 : 6;
			assert.deepEqual([mixed?.present, mixed?.shared, mixed?.relatives[0]?.pages], [both, both, both]);
		});

		it("know both of a private file: who maps it, and which copies are shared", async () => {
			const found = await relations(child, pageOf("copied"));
			assert.deepEqual([found.shareable, found.sharers.map(({ pid }) => pid)], [true, [parent.pid]]);
			assert.deepEqual([found.forked?.present, found.forked?.shared, found.forked?.relatives[0]?.pages], [1, 1, 1]);
		});

		it("notice that a page was copied because one of them wrote", async () => {
			await parent.command("write");
			const { forked } = await relations(child, pageOf("forked"));
			assert.deepEqual([forked?.present, forked?.shared, forked?.relatives[0]?.pages], [4, 3, 3]);
			assert.equal((await ask(child, "forked", parent.pid)).common, 3);
		});

		it("of a page that no mapping holds are a bug, and of a process that is gone an error", async () => {
			const passing = await Target.start();
			const watch = await sampler.watch(passing.pid);
			await sampler.sample(watch, { smaps: "never" });
			await assert.rejects(sampler.relations(watch, 0), { code: "bug" });
			await passing.stop();
			await assert.rejects(sampler.relations(watch, 1), { code: "processGone" });
		});
	});

	describe("seen by a user without privileges", () => {
		let sampler: NobodysSampler;
		let own: Target;

		before(async function () {
			if (!(await nobodyMayRun(process.execPath))) return skip(this, `nobody may not run ${process.execPath}`);
			const program = await compile("relatives");
			if (!(await nobodyMayRun(program))) return skip(this, `nobody may not run ${program}`);
			own = await Target.start(nobody, "relatives");
			sampler = await startNobodysSampler();
		});
		after(() => Promise.all([sampler, own].map((one) => one?.stop())));

		it("count who could not be asked, and leave out what frames would tell", async () => {
			const offspring = Number(own.range("child").start);
			const watch = await sampler.call.watch(offspring);
			await sampler.call.sample(watch, { smaps: "never" });
			const page = (name: string): number => addressToPage(own.range(name).start, pageSize);
			const file = await sampler.call.relations(watch, page("file"));
			assert.deepEqual(
				file.sharers.map(({ pid }) => pid),
				[own.pid],
			);
			assert.ok(file.unreadable > 0);
			assert.deepEqual((await sampler.call.relations(watch, page("forked"))).forked, {
				present: 4,
				shared: 4,
				relatives: [{ pid: own.pid, name: "relatives", isParent: true }],
			});
		});
	});
});
