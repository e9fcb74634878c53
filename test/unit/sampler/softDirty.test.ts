import { deepEqual, equal, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { readStat } from "../../../src/extension/proc/stat";
import { forcePageTableWay } from "../../../src/extension/sampler/pageTable";
import { kernelNotesWrites } from "../../../src/extension/sampler/softDirty";
import { StopHistory } from "../../../src/extension/sampler/stopHistory";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { stoodStill } from "../../../src/extension/sampler/threadStates";
import { addressToPage } from "../../../src/shared/units";
import { canScan } from "../../support/canScan";
import { until } from "../../support/child";
import { skip } from "../../support/skip";
import { Target } from "../../support/target";

const system = readSystemInfo();
const { pageSize } = system;
const names = ["private", "shared", "file", "copied"] as const;

/** Pages of a range whose entry in pagemap has bit 55, counted from 0. */
const witness = `
import struct, sys
pid, start, end, size = (int(word) for word in sys.argv[1:])
with open(f"/proc/{pid}/pagemap", "rb") as pagemap:
    pagemap.seek(start // size * 8)
    entries = struct.unpack(f"{(end - start) // size}Q", pagemap.read((end - start) // size * 8))
print(*[page for page, entry in enumerate(entries) if entry >> 55 & 1])
`;

/** Where the kernel keeps note of written pages (CONFIG_MEM_SOFT_DIRTY): a distribution's usually does, a cloud's may not. */
describe("notes of written pages", () => {
	let target: Target;
	let history: StopHistory;
	before(function () {
		if (!kernelNotesWrites(pageSize)) skip(this, "this kernel keeps none (CONFIG_MEM_SOFT_DIRTY)");
	});
	beforeEach(async () => {
		target = await Target.start(undefined, "writes");
		history = new StopHistory(target.pid, String(readStat(target.pid)?.startTime), system);
	});
	afterEach(async () => {
		history?.dispose();
		await target?.stop();
	});

	/** Reads a stop, at which the program stands still. */
	const read = async (budget: number) => {
		target.child.kill("SIGSTOP");
		await until(() => stoodStill(target.pid) || undefined);
		const reading = history.read({ budget, onlyIfChanged: false });
		target.child.kill("SIGCONT");
		return reading;
	};
	const tell = async (...commands: readonly string[]) => {
		for (const command of commands) await target.command(command);
	};
	/** Written pages of each range, counted from 0. */
	const written = (from: number, to: number): Partial<Record<(typeof names)[number], number[]>> => {
		const pages = history
			.changes(from, to)
			.pages.flatMap(({ ranges }) => ranges)
			.flatMap(({ startPage, endPage }) => Array.from({ length: endPage - startPage }, (_, i) => startPage + i));
		return Object.fromEntries(
			names.map((name) => {
				const [start, end] = [target.range(name).start, target.range(name).end].map((at) =>
					addressToPage(at, pageSize),
				);
				return [
					name,
					pages.filter((page) => page >= (start ?? 0) && page < (end ?? 0)).map((page) => page - (start ?? 0)),
				];
			}),
		);
	};
	/** Pages in the mapping of a range of which it is not known whether they were written between the first two stops. */
	const unknown = (name: string): number => {
		const start = addressToPage(target.range(name).start, pageSize);
		return history.changes(1, 2).pages.find(({ mapping }) => mapping.startPage === start)?.unknown ?? 0;
	};
	const noted = async (name: string): Promise<number[]> => {
		const { start, end } = target.range(name);
		const words = [target.pid, start, end, pageSize].map(String);
		const { stdout } = await promisify(execFile)("python3", ["-c", witness, ...words]);
		return stdout.split(/\s+/).filter(Boolean).map(Number);
	};

	it("begin anew at each stop", async () => {
		// On a new mapping they are on all of its pages.
		ok((await noted("private")).length >= 15);
		await read(10_000);
		for (const name of names) deepEqual(await noted(name), [], name);
		await tell("write private 3", "read private 4", "same shared 5");
		deepEqual([await noted("private"), await noted("shared")], [[3], [5]]);
		await read(10_000);
		for (const name of names) deepEqual(await noted(name), [], name);
	});

	it("do not begin anew while the program runs, which may write meanwhile", async () => {
		await read(10_000);
		await tell("write private 3");
		equal(history.read({ budget: 10_000, onlyIfChanged: false }).still, false);
		deepEqual(await noted("private"), [3]);
		await tell("write private 4");
		await read(10_000);
		deepEqual([written(1, 2).private, written(2, 3).private], [[3], [4]]);
		deepEqual([history.changes(1, 2).source, history.changes(2, 3).source], ["softDirty", "contents"]);
	});

	it("tell which pages to compare: those that differ are the written ones", async () => {
		const first = await read(10_000);
		await tell(
			"write private 3",
			"write private 9",
			"read private 4",
			"write shared 2",
			"write file 1",
			"write copied 2",
		);
		await tell("same private 7"); // leaves no trace in contents
		const second = await read(10_000);
		deepEqual(written(1, 2), { private: [3, 9], shared: [2], file: [1], copied: [2] });
		const { source, totals } = history.changes(1, 2);
		deepEqual([source, totals.unknown], ["softDirty", 0]);
		// Only what others may have written, too, is read though it has no note.
		const shared = 12 * pageSize;
		ok(
			second.comparedBytes < shared + (first.comparedBytes - shared) / 2,
			`${second.comparedBytes} of ${first.comparedBytes}`,
		);
		// What was not read again is compared all the same, with stops that are no neighbours, too.
		await tell("write private 3", "write private 4");
		await read(10_000);
		deepEqual(written(2, 3), { private: [3, 4], shared: [], file: [], copied: [] });
		deepEqual(written(1, 3), { private: [3, 4, 9], shared: [2], file: [1], copied: [2] });
		equal(history.changes(1, 3).source, "contents");
	});

	it("are not of what others write to shared memory, which is read therefore", async () => {
		await read(10_000);
		const file = await open(join(target.folder, "file"), "r+");
		await file.write(Buffer.from([7]), 0, 1, 2 * pageSize);
		await file.close();
		deepEqual(await noted("file"), []);
		await read(10_000);
		deepEqual(written(1, 2).file, [2]);
	});

	it("tell of pages that were not read", async () => {
		await read(0);
		await tell(
			"write private 3",
			"read private 4",
			"same private 7",
			"write shared 2",
			"write file 1",
			"write copied 2",
		);
		const { comparedBytes } = await read(0);
		equal(comparedBytes, 0);
		deepEqual(written(1, 2), { private: [3, 7], shared: [2], file: [1], copied: [2] });
		deepEqual([unknown("private"), unknown("copied")], [0, 0]);
		// Nobody knows of these whether others wrote to them.
		deepEqual([unknown("shared"), unknown("file")], [7, 3]);
	});

	it("are of pages, also in a mapping that has grown", async () => {
		await read(0);
		await tell("write private 3", "grow", "write private 15");
		await read(0);
		// They are on all pages of what the kernel has made larger: then only the new page is known.
		deepEqual([written(1, 2).private, unknown("private")], [[15], 15]);
		// It is over with the next notes.
		await tell("write private 4");
		await read(0);
		deepEqual(written(2, 3).private, [4]);
	});

	it("are the same by scanning and by reading", async function () {
		if (!canScan()) skip(this, "this kernel has no PAGEMAP_SCAN");
		try {
			for (const way of ["scan", "read"] as const) {
				forcePageTableWay(way);
				const { number = 0 } = await read(10_000);
				await tell("write private 5", "write shared 1", "write file 3");
				await read(0);
				deepEqual(written(number, number + 1), { private: [5], shared: [1], file: [3], copied: [] }, way);
			}
		} finally {
			forcePageTableWay("best");
		}
	});
});
