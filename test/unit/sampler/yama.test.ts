import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { kernelNotesWrites } from "../../../src/extension/sampler/softDirty";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { stoodStill } from "../../../src/extension/sampler/threadStates";
import { addressToPage } from "../../../src/shared/units";
import { until } from "../../support/child";
import { type NobodysSampler, nobody, nobodyMayRun, startNobodysSampler } from "../../support/nobody";
import { skip } from "../../support/skip";
import { askWitness, compile, Target } from "../../support/target";

const system = readSystemInfo();
const { pageSize } = system;

/**
 * The Yama security module (kernel.yama.ptrace_scope) keeps an ordinary user from attaching to processes of their own that do
 * not descend from the one that asks. Page tables may be read all the same, contents and registers may not; see
 * Documentation/admin-guide/LSM/Yama.rst.
 */
describe("Yama", () => {
	let sampler: NobodysSampler;
	let target: Target;
	let noting = false;
	before(async function () {
		const scope = await readFile("/proc/sys/kernel/yama/ptrace_scope", "latin1").catch(() => undefined);
		if (scope === undefined) return skip(this, "this kernel has no Yama");
		if (scope.trim() === "0") return skip(this, "it restricts nothing here");
		if (process.geteuid?.() !== 0) return skip(this, "only root can become nobody");
		if (!(await nobodyMayRun(process.execPath))) return skip(this, `nobody may not run ${process.execPath}`);
		const program = await compile("writes");
		if (!(await nobodyMayRun(program))) return skip(this, `nobody may not run ${program}`);
		noting = kernelNotesWrites(pageSize);
		sampler = await startNobodysSampler();
		target = await Target.start(nobody, "writes");
	});
	after(() => Promise.all([sampler, target].map((one) => one?.stop())));

	it("lets mappings, their fields and the states of pages be read", async () => {
		const { mappings, complete } = await sampler.call.readAddressSpace(target.pid, "smaps");
		equal(complete, true);
		const { start, end } = target.range("shared");
		equal(mappings.find((mapping) => mapping.start === start)?.usage?.rss, Number(end - start));
		const runs = await sampler.call.scanPages(target.pid, start, end);
		const [found] = (await askWitness(target.pid, [{ start, end }])).pages;
		deepEqual(
			runs.flatMap(({ state, ...run }) => new Array<string>(Number(run.end - run.start) / pageSize).fill(state)),
			found?.map(() => "shmem"),
		);
	});

	it("hides what pages hold, and is the reason", async () => {
		const watch = await sampler.call.watch(target.pid);
		await sampler.call.sample(watch, { smaps: "never" });
		const page = addressToPage(target.range("private").start, pageSize);
		await rejects(sampler.call.bytes(watch, page), { code: "permissionDenied", path: `/proc/${target.pid}/mem` });
		await sampler.call.unwatch(watch);
	});

	it("leaves the changes of a debuggee to the kernel's notes, and says so", async () => {
		const { startTime } = await sampler.call.identify(target.pid);
		const debuggee = await sampler.call.openDebuggee(target.pid, startTime);
		const read = async () => {
			target.child.kill("SIGSTOP"); // as a debugger would hold it
			await until(() => stoodStill(target.pid) || undefined);
			const reading = await sampler.call.readStop(debuggee, { budget: 10_000, onlyIfChanged: false });
			target.child.kill("SIGCONT");
			return reading;
		};
		equal((await read()).denied?.what, "contents");
		await target.command("write private 3");
		const { denied, totals, comparedBytes } = await read();
		deepEqual([denied?.what, denied?.error.code, comparedBytes], ["contents", "permissionDenied", 0]);
		equal(denied?.error.path, `/proc/${target.pid}/mem`);
		const { pages, source } = await sampler.call.compareStops(debuggee, 1, 2);
		const start = addressToPage(target.range("private").start, pageSize);
		const own = pages.find(({ mapping }) => mapping.startPage === start);
		if (noting) {
			equal(source, "softDirty");
			deepEqual([own?.written, own?.ranges, own?.unknown], [1, [{ startPage: start + 3, endPage: start + 4 }], 0]);
		} else {
			equal(source, "contents");
			deepEqual([own?.written, own?.unknown], [0, 15]);
			ok((totals?.unknown ?? 0) >= 15);
		}
		await sampler.call.closeDebuggee(debuggee);
	});

	it("restricts nobody who may trace everything", async () => {
		const service = createSamplerService(system);
		const watch = await service.watch(target.pid);
		await service.sample(watch, { smaps: "never" });
		const page = addressToPage(target.range("private").start, pageSize);
		const { bytes } = await service.bytes(watch, page);
		equal(bytes.length, pageSize);
		await service.unwatch(watch);
	});
});
