import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import type { PageFrame } from "../../../src/shared/pageFrame";
import { addressToPage } from "../../../src/shared/units";
import { type NobodysSampler, nobody, nobodyMayRun, startNobodysSampler } from "../../support/nobody";
import { skip } from "../../support/skip";
import { compile, Target } from "../../support/target";
import { mapsZeroPage, noZeroPage } from "../../support/zeroPage";

/** Reads the three kernel files with nothing of ours: frame, flags as a number, count. */
const witness = `
import struct, sys
def word(path, index):
    with open(path, "rb") as file:
        file.seek(index * 8)
        return struct.unpack("<Q", file.read(8))[0]
frame = word(f"/proc/{sys.argv[1]}/pagemap", int(sys.argv[2])) & ((1 << 55) - 1)
print(frame, word("/proc/kpageflags", frame), word("/proc/kpagecount", frame))
`;

describe("the page frame behind a page", () => {
	const system = readSystemInfo();

	const pageOf = (target: Target, name: string, index: number): number =>
		addressToPage(target.range(name).start, system.pageSize) + index;

	describe("for root", () => {
		const sampler = createSamplerService(system);
		let target: Target;
		let watch: number;

		before(async function () {
			if (process.geteuid?.() !== 0) return skip(this, "only root sees page frames");
			target = await Target.start();
			watch = await sampler.watch(target.pid);
			await sampler.sample(watch, { smaps: "never" });
			const { reason } = await sampler.pageFrame(watch, pageOf(target, "anonymous", 0));
			if (reason !== undefined) return skip(this, `this kernel shows no page frames: ${reason}`);
		});
		after(() => target?.stop());

		const frame = async (name: string, index: number): Promise<PageFrame> =>
			await sampler.pageFrame(watch, pageOf(target, name, index));
		const has = ({ flags }: PageFrame, ...names: string[]): boolean => names.every((name) => flags.includes(name));

		it("is anonymous memory's own", async () => {
			const found = await frame("anonymous", 5);
			assert.ok(has(found, "ANON", "SWAPBACKED", "MMAP"), found.flags.join());
			assert.equal(found.mapCount, 1);
		});

		it("is the zero page, which nobody counts as mapped", async function () {
			if (!mapsZeroPage()) return skip(this, noZeroPage);
			const [one, other] = [await frame("zero", 2), await frame("zero", 3)];
			assert.ok(has(one, "ZERO_PAGE"), one.flags.join());
			assert.equal(one.frame, other.frame);
			assert.ok(!has(one, "ANON"));
		});

		it("is a file's in the page cache, or the copy of one", async () => {
			const [original, copy] = [await frame("copied", 0), await frame("copied", 1)];
			assert.ok(has(original, "MMAP") && !has(original, "ANON"), original.flags.join());
			assert.ok((original.mapCount ?? 0) >= 1);
			assert.ok(has(copy, "MMAP", "ANON"), copy.flags.join());
		});

		it("is shared memory's: it may go to swap, but is no anonymous memory", async () => {
			const found = await frame("memfd", 0);
			assert.ok(has(found, "SWAPBACKED", "MMAP") && !has(found, "ANON"), found.flags.join());
		});

		it("does not exist where nothing is present", async () => {
			for (const [name, index] of [
				["anonymous", 1],
				["none", 0],
				["half", 3],
			] as const) {
				assert.deepEqual(await frame(name, index), { flags: [], reason: "notPresent" });
			}
			assert.deepEqual(await sampler.pageFrame(watch, 0xffff_ffff_ff600), { flags: [], reason: "notPresent" });
		});

		it("is what an independent reader finds", async () => {
			for (const [name, index] of [
				["anonymous", 0],
				["zero", 2],
				["copied", 0],
				["copied", 1],
				["shared", 3],
			] as const) {
				const page = pageOf(target, name, index);
				const { stdout } = await promisify(execFile)("python3", ["-c", witness, String(target.pid), String(page)]);
				const [number, flags, count] = stdout.trim().split(" ");
				const found = await frame(name, index);
				assert.deepEqual([found.frame, found.mapCount], [Number(number), Number(count)], name);
				// Lists and references change by themselves; what a page is does not.
				for (const [flag, bit] of [
					["MMAP", 11n],
					["ANON", 12n],
					["SWAPBACKED", 14n],
					["THP", 22n],
					["ZERO_PAGE", 24n],
				] as const) {
					assert.equal(found.flags.includes(flag), ((BigInt(flags ?? 0) >> bit) & 1n) === 1n, `${name} ${flag}`);
				}
			}
		});

		it("of a process that is gone is an error", async () => {
			const passing = await Target.start();
			const other = await sampler.watch(passing.pid);
			await sampler.sample(other, { smaps: "never" });
			await passing.stop();
			await assert.rejects(sampler.pageFrame(other, 1), { code: "processGone" });
		});
	});

	describe("for a user without privileges", () => {
		let sampler: NobodysSampler;
		let target: Target;

		before(async function () {
			if (process.geteuid?.() !== 0) return skip(this, "only root can become nobody");
			if (!(await nobodyMayRun(process.execPath))) return skip(this, `nobody may not run ${process.execPath}`);
			const program = await compile("target");
			if (!(await nobodyMayRun(program))) return skip(this, `nobody may not run ${program}`);
			target = await Target.start(nobody);
			sampler = await startNobodysSampler();
		});
		after(() => Promise.all([sampler, target].map((one) => one?.stop())));

		it("is not shown, and that is said; that there is none, is known", async () => {
			const watch = await sampler.call.watch(target.pid);
			await sampler.call.sample(watch, { smaps: "never" });
			const frame = (index: number) => sampler.call.pageFrame(watch, pageOf(target, "anonymous", index));
			assert.deepEqual(await frame(0), { flags: [], reason: "notPermitted" });
			assert.deepEqual(await frame(1), { flags: [], reason: "notPresent" });
		});
	});
});
