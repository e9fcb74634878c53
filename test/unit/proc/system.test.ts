import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { readMaxMapCount, readPageSize, readUserNames } from "../../../src/extension/proc/system";
import {
	parseThreadPointers,
	readThreadIds,
	readThreadName,
	readThreadPointers,
} from "../../../src/extension/proc/task";
import { MapscopeError } from "../../../src/shared/errors";

const run = promisify(execFile);

describe("the system", () => {
	it("has the page size that getconf tells", async () => {
		assert.equal(readPageSize(), Number((await run("getconf", ["PAGESIZE"])).stdout));
	});

	it("limits mappings", async () => {
		assert.equal(readMaxMapCount(), Number(await readFile("/proc/sys/vm/max_map_count", "utf8")));
	});

	it("names its users", async () => {
		const names = readUserNames();
		const { stdout } = await run("id", ["-un", "0"]);
		assert.equal(names.get(0), stdout.trim());
		for (const [uid, name] of names) assert.ok(Number.isInteger(uid) && name !== "");
	});
});

describe("threads", () => {
	for (const [text, pointers] of [
		[
			"202 0x7f3a 0x189 0x0 0x0 0x0 0xffffffff 0x7ffd5e247e50 0x7f7023eb9f16\n",
			{ stack: 0x7ffd5e247e50n, instruction: 0x7f7023eb9f16n },
		],
		["-1 0x7ffd5e247e50 0x7f7023eb9f16\n", { stack: 0x7ffd5e247e50n, instruction: 0x7f7023eb9f16n }],
		["0 0x0 0x0 0x0 0x0 0x0 0x0 0xffffffffffffff00 0x0\n", { stack: 0xffffffffffffff00n, instruction: 0n }],
		["running\n", undefined],
		["", undefined],
		["-1 0x1\n", undefined],
		["1 2 3\n", undefined],
		["-1 0x7ffd5e247e50 0x7f7023e", undefined],
		["-1 0x17ffd5e247e501234 0x7f7023eb9f16\n", undefined],
		["1 0xzz 0x1\n", undefined],
	] as const) {
		it(`pointers of ${JSON.stringify(text)}`, () => assert.deepEqual(parseThreadPointers(text), pointers));
	}

	it("of this process: the main thread first, each with a name", () => {
		const ids = readThreadIds(process.pid);
		assert.equal(ids[0], process.pid);
		assert.ok(ids.length > 1);
		for (const id of ids) assert.notEqual(readThreadName(process.pid, id), "");
	});

	it("of a process that does not exist: gone", () => {
		const pid = 2 ** 22 + 1;
		for (const call of [
			() => readThreadIds(pid),
			() => readThreadName(pid, pid),
			() => readThreadPointers(pid, pid),
			() => readThreadPointers(process.pid, pid),
		]) {
			assert.throws(call, (error) => error instanceof MapscopeError && error.code === "processGone");
		}
	});
});
