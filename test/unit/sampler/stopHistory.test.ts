import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { readStat } from "../../../src/extension/proc/stat";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { StopHistory } from "../../../src/extension/sampler/stopHistory";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { flagBit } from "../../../src/shared/pageStates";
import { addressToPage } from "../../../src/shared/units";
import { Child, until } from "../../support/child";
import { plainQuery } from "../../support/snapshots";
import { Target } from "../../support/target";

const system = readSystemInfo();
const options = { budget: 10_000, onlyIfChanged: false };

describe("the history of a debuggee", () => {
	let target: Target;
	let startTime: string;
	beforeEach(async () => {
		target = await Target.start();
		startTime = String(readStat(target.pid)?.startTime);
	});
	afterEach(() => target.stop());

	it("forgets the oldest stops when they are many, or weigh too much, and keeps the last two", () => {
		const few = new StopHistory(target.pid, startTime, system, { stops: 3, weight: 2 ** 30 });
		for (let number = 1; number <= 5; number++) equal(few.read(options).number, number);
		equal(few.read(options).oldest, 4);
		throws(() => few.stop(3), { code: "bug" });
		equal(few.changes(6, 4).from, 4);
		const light = new StopHistory(target.pid, startTime, system, { stops: 100, weight: 1 });
		for (let number = 1; number <= 5; number++) light.read(options);
		deepEqual(
			light.before(5).map((stop) => stop.number),
			[4],
		);
	});

	it("knows the same program at the same addresses for another after exec", async () => {
		// Without randomisation of addresses, as under a debugger, only the address space itself is another.
		const shell = await Child.start("setarch", [
			"-R",
			"sh",
			"-c",
			"echo ready; read x; exec sh -c 'read y; read z' again",
		]);
		try {
			const history = new StopHistory(shell.pid, String(readStat(shell.pid)?.startTime), system);
			equal(history.read(options).formerName, undefined);
			shell.process.stdin?.write("x\n");
			// It has its new arguments before it is loaded, and waits for a line after that.
			await until(async () => {
				const isAnother = (await readFile(`/proc/${shell.pid}/cmdline`, "latin1")).endsWith("again\0");
				return (isAnother && readStat(shell.pid)?.state === "S") || undefined;
			});
			equal(history.read(options).formerName, "sh");
			const third = history.read(options);
			equal(third.formerName, undefined);
			ok(third.totals);
			history.dispose();
		} finally {
			await shell.stop();
		}
	});

	it("is of one process: another with its pid is none of its stops", () => {
		const other = new StopHistory(target.pid, "1", system);
		throws(() => other.read(options), { code: "processGone" });
	});

	it("shows a stop in the Memory Map as it was, with what was written, also when it is over", async () => {
		const service = createSamplerService(system);
		const debuggee = await service.openDebuggee(target.pid, startTime);
		await service.readStop(debuggee, options);
		await target.command("touch");
		await service.readStop(debuggee, options);
		await target.command("touch");
		await service.readStop(debuggee, options);
		const page = addressToPage(target.range("anonymous").start, system.pageSize);
		const changedAt = async (stop: number, against?: number): Promise<number[]> => {
			const watch = await service.watchStop(debuggee, stop, against);
			await service.sample(watch, { smaps: "never" }); // changes nothing
			const { states, flags } = await service.pages(watch, page, page + 16);
			ok(states.length === 16);
			return [...flags].flatMap((bits, index) => (bits & flagBit.changed ? [index] : []));
		};
		deepEqual(await changedAt(1), []);
		deepEqual(await changedAt(2), [10]);
		deepEqual(await changedAt(3), [11]);
		deepEqual(await changedAt(3, 1), [10, 11]);
		deepEqual(await changedAt(1, 3), [10, 11]);
		const watch = await service.watchStop(debuggee, 2);
		const { written } = (await service.compareStops(debuggee, 1, 2)).totals;
		await service.closeDebuggee(debuggee);
		await target.stop();
		const frame = await service.frame(watch, { ...plainQuery, overviewWidth: 400 });
		equal(frame.status.kind, "ok");
		equal(frame.sample.changedPages, written);
		await rejects(service.readStop(debuggee, options), { code: "bug" });
	});
});
