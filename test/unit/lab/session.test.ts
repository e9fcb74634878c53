import { deepEqual, equal, match, notEqual, ok, rejects } from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { LabSession } from "../../../src/extension/lab/session";
import type { Demo, DemoStep } from "../../../src/shared/labDemo";
import type { StepResult } from "../../../src/shared/labResult";
import { demoOf, mapPages, openSession, stepOf } from "../../support/labSessions";

const step = stepOf;
const map = step(mapPages);

describe("a session of the lab", () => {
	const sessions: LabSession[] = [];
	const open = async (steps: readonly (DemoStep | string)[], more: Partial<Demo> = {}): Promise<LabSession> => {
		const session = await openSession(demoOf(steps, more));
		sessions.push(session);
		return session;
	};
	const result = (session: LabSession, index: number): StepResult => {
		const found = session.result(index);
		ok(found, `step ${index + 1} has no result`);
		return found;
	};
	afterEach(() => {
		for (const session of sessions.splice(0)) session.dispose();
	});

	it("runs step by step, each with what it returned and what the kernel shows", async () => {
		const session = await open([map, "memset(p, 1, 2 * page);"]);
		deepEqual(
			session.state.steps.map(({ status }) => status),
			["toCome", "toCome"],
		);
		await session.step();
		equal(session.state.done, 1);
		const [region] = result(session, 0).regions;
		const { pid } = session.state.processes[0] ?? { pid: 0 };
		const maps = await readFile(`/proc/${pid}/maps`, "utf8");
		equal(region?.diff.length, 1);
		ok(maps.split("\n").includes(region?.diff[0]?.text ?? ""), "the line is not in maps");
		await session.step();
		equal(result(session, 1).regions[0]?.before.present, 0);
		equal(result(session, 1).regions[0]?.after.present, 2);
		deepEqual(
			result(session, 1).regions[0]?.fields.filter(({ name }) => name === "Rss"),
			[{ name: "Rss", before: 0, after: 2 * session.state.pageSize }],
		);
		await session.step(); // after the last one, nothing
		equal(session.state.done, 2);
	});

	it("says where the kernel's answer is not the expected one", async () => {
		const session = await open([
			step(map.code, {
				expect: [
					{ kind: "permissions", of: "p", are: "r--s" },
					{ kind: "present", of: "p", pages: "1 + 2" },
					{ kind: "mappings", of: "p", count: 1 },
				],
			}),
			step("munmap(p + 1, page);", { expect: [{ kind: "returns", value: 0 }] }),
			step("p[0] = 1;", { expect: [{ kind: "killed", signal: "SIGSEGV" }] }),
		]);
		await session.runAll();
		deepEqual(
			result(session, 0).checks.map(({ expected, seen, met }) => [expected, seen, met]),
			[
				["r--s", "rw-p", false],
				["3", "0", false],
				["1", "1", true],
			],
		);
		deepEqual(
			result(session, 1).checks.map(({ expected, seen }) => [expected, seen]),
			[["0", "-1"]],
		);
		equal(result(session, 1).calls[0]?.errno, "EINVAL");
		deepEqual(
			session.state.steps.map(({ status }) => status),
			["differs", "differs", "differs"],
		);
	});

	it("excuses what a kernel may refuse, with the reason", async () => {
		const excuse = { errno: "EINVAL", because: "an old kernel" };
		const session = await open([
			map,
			step("madvise(p, page, 12345);", { expect: [{ kind: "returns", value: 0 }], mayFail: [excuse] }),
		]);
		await session.runAll();
		equal(result(session, 1).excused, "an old kernel");
		equal(session.state.steps[1]?.status, "met");
		const named = { ...excuse, of: "told" };
		const code = "told = madvise(p, page, 12345);\nmadvise(p, page, MADV_NORMAL);";
		const other = await open([map, step(code, { expect: [{ kind: "value", of: "told", is: 0 }], mayFail: [named] })]);
		await other.runAll();
		equal(result(other, 1).excused, "an old kernel");
	});

	it("outlives a signal: it is the step's result, and the next step finds all as before, at the same address", async () => {
		const session = await open([map, "memset(p, 7, page);", "munmap(p + page, page);", "p[page] = 1;", "c = p[0];"]);
		await session.runAll();
		const killed = result(session, 3);
		deepEqual(killed.signal?.name, "SIGSEGV");
		const page = BigInt(session.state.pageSize);
		const start = BigInt(killed.regions[0]?.startPage ?? 0) * page;
		if (process.arch === "x64" || process.arch === "arm64") {
			deepEqual(killed.signal?.detail, { code: "SEGV_MAPERR", address: (start + page).toString(16) });
		}
		deepEqual(killed.replay?.steps, [0, 1, 2]);
		deepEqual(killed.replay?.differing, []);
		notEqual(killed.replay?.pid, killed.pid);
		deepEqual(killed.calls, [{ code: "p[page] = 1;" }]);
		deepEqual(result(session, 4).calls[0]?.value, { kind: "number", number: "7" });
		equal(result(session, 4).regions[0]?.startPage, killed.regions[0]?.startPage);
		equal(session.state.steps[3]?.status, "killed");
		equal(session.state.steps[3]?.met, false, "nobody expected it");
	});

	it("goes back to a step, and forgets all", async () => {
		const session = await open([map, "p[0] = 1;", "p[0] = 2;", "c = p[0];"]);
		await session.runAll();
		const address = result(session, 0).regions[0]?.startPage;
		await session.backTo(1);
		equal(session.state.done, 2);
		equal(session.result(2), undefined);
		await session.step();
		await session.step();
		deepEqual(result(session, 3).calls[0]?.value, { kind: "number", number: "2" });
		equal(result(session, 3).regions[0]?.startPage, address);
		await session.backTo(-1);
		deepEqual([session.state.done, session.state.processes], [0, []]);
		await session.step();
		equal(result(session, 0).regions[0]?.startPage, address);
	});

	it("runs steps of the reader's own, and drops those to come", async () => {
		const session = await open([map, "p[0] = 1;"]);
		await session.step();
		await session.append("p[page] = 5; c = p[page];", "main");
		equal(session.state.demo.steps.length, 2);
		deepEqual(result(session, 1).calls[1]?.value, { kind: "number", number: "5" });
		await rejects(session.append("nonsense(p);", "main"), /no function nonsense/);
		equal(session.state.demo.steps.length, 2);
		await session.append("c = p[page];", "main"); // the lab lives on
		deepEqual(result(session, 2).calls[0]?.value, { kind: "number", number: "5" });
	});

	it("does not disturb another", async () => {
		const [one, two] = [
			await open([map, "p[0] = 1;", "c = p[0];"]),
			await open([map, "munmap(p, page);", "p[0] = 1;"]),
		];
		await Promise.all([one.runAll(), two.runAll()]);
		deepEqual(result(one, 2).calls[0]?.value, { kind: "number", number: "1" });
		equal(result(two, 2).signal?.name, "SIGSEGV");
		notEqual(one.state.processes[0]?.pid, two.state.processes[0]?.pid);
	});

	it("makes its scratch files anew for each start, and takes them away", async () => {
		const demo = {
			parameters: [{ kind: "file" as const, name: "path", title: "", scratch: { text: "old", size: "2 * page" } }],
		};
		const session = await open(
			[
				"fd = open(path, O_RDWR);\nm = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);",
				step('strcpy(m, "new");', { expect: [{ kind: "file", of: "path", starts: "new" }] }),
				'puts("x"); puts(m);',
			],
			demo,
		);
		await session.runAll();
		equal(session.state.steps[1]?.status, "met");
		const path = String(session.state.parameters["path"]);
		const [file] = result(session, 1).files;
		ok(file && "head" in file.before && "head" in file.after);
		equal(Buffer.from(file.before.head.subarray(0, 3)).toString(), "old");
		equal(file.after.size, 2 * session.state.pageSize);
		deepEqual(
			result(session, 2).calls.map(({ printed }) => printed),
			["x", "new"],
		);
		await session.backTo(0);
		equal((await readFile(String(session.state.parameters["path"]), "utf8")).slice(0, 3), "old");
		equal(existsSync(path), false);
		await session.backTo(-1);
		equal(existsSync(String(session.state.parameters["path"])), false);
	});

	it("hands a structure to the calls that have one", async () => {
		const session = await open([
			"getrlimit(RLIMIT_MEMLOCK, &limit);\nbefore = limit.rlim_cur;\nlimit.rlim_cur = 16 * page;\nsetrlimit(RLIMIT_MEMLOCK, &limit);",
			step("getrlimit(RLIMIT_MEMLOCK, &limit); now = limit.rlim_cur;", {
				expect: [{ kind: "value", of: "now", is: "16 * page" }],
			}),
		]);
		await session.runAll();
		equal(session.state.steps[1]?.status, "met");
	});

	it("tells which pages mincore finds", async () => {
		const session = await open([
			map,
			"p[page] = 1;",
			step("mincore(p, 4 * page, vec);", { expect: [{ kind: "inCore", pages: 1 }] }),
		]);
		await session.runAll();
		deepEqual(result(session, 2).calls[0]?.inCore, [0, 1, 0, 0]);
		equal(session.state.steps[2]?.status, "met");
	});

	it("lets the code read what mincore wrote, and numbers in text", async () => {
		const session = await open([
			map,
			"p[page] = 1; mincore(p, 2 * page, vec); first = vec[0] & 1; second = vec[1] & 1; beyond = vec[2];",
			'strcpy(p, "MemTotal:   123 kB\\nSwapTotal: 45 kB"); swap = strstr(p, "SwapTotal:"); kib = strtol(swap + 10, NULL, 10);',
			'none = strstr(p, "Nothing:"); kib = strtol(none, NULL, 10);',
		]);
		await session.runAll();
		const numbers = (index: number) =>
			result(session, index).calls.flatMap(({ value }) => (value?.kind === "number" ? [value.number] : []));
		deepEqual(numbers(1), ["0", "0", "1", "0"]);
		deepEqual(numbers(2), ["45"]);
		equal(result(session, 3).refusal?.why, "lowAddress");
	});

	it("compares addresses that calls return, and counts that are at least so high", async () => {
		const session = await open([
			map,
			step("memset(p, 1, 2 * page); mincore(p, 4 * page, vec);", {
				expect: [
					{ kind: "inCore", pages: 1, least: true },
					{ kind: "inCore", pages: 3, least: true },
				],
			}),
			step("mremap(p, 4 * page, 2 * page, 0);", {
				expect: [
					{ kind: "returns", value: "p" },
					{ kind: "returns", value: "p + page" },
				],
			}),
		]);
		await session.runAll();
		deepEqual(
			[1, 2].map((index) => result(session, index).checks.map(({ met }) => met)),
			[
				[true, false],
				[true, false],
			],
		);
		match(result(session, 2).checks[1]?.seen ?? "", /^0x[0-9a-f]+$/);
	});

	it("does what a child is told in the child", async () => {
		const session = await open([
			map,
			"p[0] = 1;",
			"child = fork();",
			step("p[0] = 2; q = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);", { process: "child" }),
			"c = p[0];",
			step("d = p[0]; q[0] = 1;", { process: "child" }),
			step("p[0] = 3;", { process: "child" }),
			"c = p[0];",
		]);
		await session.runAll();
		const { pid } = result(session, 3);
		deepEqual(result(session, 2).calls[0]?.value, { kind: "pid", number: pid });
		deepEqual(
			result(session, 3)
				.regions.filter(({ process }) => process === "child")
				.map(({ name }) => name),
			["p", "q"],
		);
		deepEqual(result(session, 4).calls[0]?.value, { kind: "number", number: "1" });
		const killed = result(session, 5);
		deepEqual([killed.signal?.name, killed.signal?.process, killed.replay], ["SIGSEGV", "child", undefined]);
		equal(killed.signal?.detail?.code, "SEGV_ACCERR");
		deepEqual(killed.calls[0]?.value, { kind: "number", number: "2" });
		equal(result(session, 6).refusal?.why, "processGone");
		deepEqual(result(session, 7).calls[0]?.value, { kind: "number", number: "1" });
	});

	it("sees a child become another program", async () => {
		const session = await open([
			map,
			"child = fork();",
			step('execl("/bin/sleep", "sleep", "600", NULL);', { process: "child" }),
			"kill(child, SIGKILL); waitpid(child, NULL, 0);",
		]);
		await session.runAll();
		const child = result(session, 2).regions.find(({ process }) => process === "child");
		deepEqual(child?.after.permissions, [{ permissions: "none", pages: 4 }]);
		equal(child?.before.mappings, 1);
		equal(session.state.steps[3]?.status, "met");
		deepEqual(
			session.state.processes.map(({ name, state }) => [name, state]),
			[
				["main", "alive"],
				["child", "ended"],
			],
		);
	});

	it("refuses what would hurt the lab, and nothing else", async () => {
		const refused: readonly (readonly [string, string])[] = [
			["q = mmap(4096, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);", "lowAddress"],
			["q = mmap(1, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);", "lowAddress"],
			["munmap(NULL, page);", "lowAddress"],
			["memset(NULL, 1, 1);", "lowAddress"],
			[
				"big = mmap(NULL, 1L << 29, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);",
				"residentLimit",
			],
			["mlockall(MCL_CURRENT | MCL_FUTURE);", "wholeProcess"],
			["kill(1, SIGTERM);", "notTheLabs"],
			["close(3);", "notTheLabs"],
			["for (i = 0; i < 2000000; i++) p[0] = 1;", "tooLong"],
			["nonsense", "syntax"],
		];
		const session = await open([map, ...refused.map(([code]) => code), "p[0] = 1; c = p[0];"]);
		await session.runAll();
		deepEqual(
			refused.map(([code], index) => [code, result(session, index + 1).refusal?.why]),
			refused.map(([code, why]) => [code, why]),
		);
		deepEqual(result(session, refused.length + 1).calls[1]?.value, { kind: "number", number: "1" });
	});

	it("stops a loop before it has too much resident", async () => {
		const session = await open([
			"p = mmap(NULL, 1L << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);",
			"for (i = 0; i < 1L << 30; i += page) p[i] = 1;",
		]);
		await session.runAll();
		equal(result(session, 1).refusal?.why, "residentLimit");
		const { pid } = session.state.processes[0] ?? { pid: 0 };
		const status = await readFile(`/proc/${pid}/status`, "utf8");
		const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024;
		ok(peak > 200 * 2 ** 20 && peak <= 256 * 2 ** 20, `${peak} bytes were resident`);
	});

	it("keeps off the memory of Node itself", async () => {
		const session = await open([map]);
		await session.step();
		const { pid } = session.state.processes[0] ?? { pid: 0 };
		const maps = await readFile(`/proc/${pid}/maps`, "utf8");
		const libc = /^([0-9a-f]+)-\S+ r-xp .*\/libc/m.exec(maps)?.[1];
		ok(libc);
		for (const code of [
			`munmap(0x${libc}, page);`,
			`mprotect(0x${libc}, page, PROT_NONE);`,
			`memset(0x${libc}, 0, 1);`,
		]) {
			await session.append(code, "main");
			equal(result(session, session.state.done - 1).refusal?.why, "notTheLabs", code);
		}
	});

	it("starts again after its process was killed between two steps", async () => {
		const session = await open([map, "p[0] = 9;", "c = p[0];"]);
		await session.step();
		await session.step();
		const [main] = session.state.processes;
		ok(main);
		process.kill(main.pid, "SIGKILL");
		await session.step();
		deepEqual(result(session, 2).calls[0]?.value, { kind: "number", number: "9" });
	});
});
