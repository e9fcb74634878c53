import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Fields } from "../../../src/extension/debug/messages";
import type { DebuggeeService } from "../../../src/extension/sampler/debuggeeProtocol";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { Child, until } from "../../support/child";
import { type NobodysSampler, nobodyMayRun, startNobodysSampler } from "../../support/nobody";
import { type PlayedOptions, PlayedRoom, type PlayedSession } from "../../support/playedSession";
import { skip } from "../../support/skip";
import { Target } from "../../support/target";

const system = readSystemInfo();

/** A sampler that counts its histories and readings, and whose readings a test may hold up. */
function countedSampler() {
	const service = createSamplerService(system);
	const counts = { opened: 0, closed: 0, reads: 0 };
	let gate: Promise<void> | undefined;
	const sampler: DebuggeeService = {
		...service,
		openDebuggee: async (...parameters) => {
			counts.opened++;
			return await service.openDebuggee(...parameters);
		},
		closeDebuggee: async (id) => {
			counts.closed++;
			await service.closeDebuggee(id);
		},
		readStop: async (...parameters) => {
			counts.reads++;
			await gate;
			return await service.readStop(...parameters);
		},
	};
	/** Holds readings up until the returned function is called. */
	const hold = (): (() => void) => {
		let release: () => void = () => undefined;
		gate = new Promise((resolve) => {
			release = () => {
				gate = undefined;
				resolve();
			};
		});
		return release;
	};
	return { sampler, counts, hold };
}

describe("debug sessions", () => {
	const { sampler, counts, hold } = countedSampler();
	let room: PlayedRoom;
	let target: Target;
	beforeEach(async () => {
		room = new PlayedRoom(sampler);
		target = await Target.start();
	});
	afterEach(async () => {
		room.sessions.dispose();
		await target.stop();
	});

	/** A session that has named its process. */
	const begin = (options: PlayedOptions = {}): PlayedSession => {
		const session = room.play(options);
		session.event("process", { systemProcessId: target.pid, name: target.child.spawnfile, isLocalProcess: true });
		return session;
	};
	const mappingsNow = async () => (await readFile(`/proc/${target.pid}/maps`, "latin1")).split("\n").length - 1;

	it("that come alone are read at once, with what changed", async () => {
		const session = begin();
		session.stop({ reason: "breakpoint", threadId: 1, description: "breakpoint 1.1" });
		const first = await session.untilStop(1);
		equal(first.totals, undefined);
		equal(first.mappings, await mappingsNow());
		equal(first.reason, "breakpoint");
		equal(first.description, "breakpoint 1.1");
		equal(first.still, false); // nobody holds it
		session.resume();
		equal(session.info().running, true);
		await target.command("touch");
		session.stop();
		const second = await session.untilStop(2);
		equal(second.reason, "step");
		const kinds = second.totals?.byKind.map(({ kind, written }) => [kind, written > 0]) ?? [];
		ok(kinds.some(([kind, written]) => kind === "anonymous" && written));
		const changes = await room.sessions.debuggee(session.info().id).compare(1, 2);
		const { start, end } = target.range("anonymous");
		const own = changes.pages
			.flatMap(({ ranges }) => ranges)
			.map(({ startPage, endPage }) => [BigInt(startPage) * BigInt(system.pageSize), endPage - startPage] as const)
			.filter(([address]) => address >= start && address < end);
		deepEqual(own, [[start + 10n * BigInt(system.pageSize), 1]]);
		const groups = await room.sessions.debuggee(session.info().id).groups(2);
		const written = groups.groups.flatMap(({ mappings }) => mappings).filter((each) => each.written > 0);
		equal(
			written.reduce((sum, each) => sum + each.written, 0),
			second.totals?.written,
		);
	});

	describe("learn the pid", () => {
		const js = { type: "pwa-node", parentId: "parent" };
		const cases: readonly (readonly [string, () => PlayedOptions, string])[] = [
			[
				"from the configuration",
				() => ({ configuration: { request: "attach", processId: String(target.pid) } }),
				"configuration",
			],
			[
				"from the configuration of lldb",
				() => ({ configuration: { request: "attach", pid: target.pid } }),
				"configuration",
			],
			[
				"from the program under js-debug",
				() => ({ ...js, answer: () => ({ result: String(target.pid) }) }),
				"evaluate",
			],
			["from the name of js-debug's session", () => ({ ...js, name: `a.js [${target.pid}]` }), "sessionName"],
		];
		for (const [title, options, source] of cases) {
			it(title, async () => {
				const session = room.play(options());
				session.event("thread", { reason: "started", threadId: 0 });
				session.stop();
				await session.untilStop(1);
				equal(session.info().process?.pid, target.pid);
				equal(session.info().pidSource, source);
			});
		}

		it("from a person, who chooses among likely processes", async () => {
			const session = room.play();
			session.stop();
			await session.until(({ status }) => status.kind === "unknown");
			const candidates = await room.sessions.candidates();
			ok(candidates.some(({ pid }) => pid === target.pid));
			ok(!candidates.some(({ pid }) => pid === 1));
			await room.sessions.choose(session.info().id, target.pid);
			await session.untilStop(1);
			equal(session.info().pidSource, "chosen");
			await rejects(room.sessions.choose(session.info().id, 2 ** 22 + 1), { code: "processGone" });
		});

		it("of several sessions, side by side", async () => {
			const other = await Target.start();
			try {
				const sessions = [begin(), room.play()];
				sessions[1]?.event("process", { systemProcessId: other.pid });
				for (const session of sessions) session.stop();
				for (const session of sessions) await session.untilStop(1);
				deepEqual(
					room.sessions.list().map(({ process }) => process?.pid),
					[target.pid, other.pid],
				);
			} finally {
				await other.stop();
			}
		});

		it("and hide a session that only starts others", () => {
			const parent = room.play({ type: "pwa-node" });
			deepEqual(
				room.sessions.list().map(({ session }) => session.id),
				[parent.id],
			);
			const child = room.play({ ...js, parentId: parent.id });
			deepEqual(
				room.sessions.list().map(({ session }) => session.id),
				[child.id],
			);
		});
	});

	describe("whose process is elsewhere", () => {
		const cases: readonly (readonly [string, string, PlayedOptions, Fields?])[] = [
			["are on another machine by the adapter's word", "remote", {}, { systemProcessId: 1, isLocalProcess: false }],
			["have a pid that nobody has here", "noSuchProcess", {}, { systemProcessId: 2 ** 22 + 1 }],
			[
				"have a pid that is another program's here",
				"otherProgram",
				{},
				{ systemProcessId: 1, name: "/opt/app/server" },
			],
			["are pages of a browser", "noProcess", { type: "pwa-chrome" }],
			[
				"name another host",
				"remote",
				{ configuration: { request: "attach", connect: { host: "10.0.0.7", port: 5678 } } },
			],
			[
				"name a server of gdb",
				"remote",
				{ configuration: { request: "launch", miDebuggerServerAddress: "board:2331" } },
			],
			[
				"reach their debugger through a pipe",
				"remote",
				{ configuration: { request: "launch", pipeTransport: { pipeProgram: "ssh", pipeArgs: ["board"] } } },
			],
			["name a target of gdb", "remote", { configuration: { request: "attach", target: "remote 10.0.0.7:2331" } }],
		];
		for (const [title, why, options, process] of cases) {
			it(title, async () => {
				const session = room.play(options);
				if (process) session.event("process", process);
				const { status } = await session.until((info) => info.status.kind === "elsewhere");
				equal(status.kind === "elsewhere" && status.why, why);
				session.stop();
				equal(session.info().stops.length, 0);
			});
		}

		it("are not mistaken when they are here by way of this machine's own name", async () => {
			const connect = { host: "localhost", port: 5678 };
			const session = begin({ configuration: { request: "attach", connect } });
			session.stop();
			await session.untilStop(1);
		});
	});

	describe("on a bad day", () => {
		it("the program is killed between the stop and the reading", async () => {
			const session = begin();
			session.stop();
			await session.untilStop(1);
			session.resume();
			const release = hold();
			const { reads } = counts;
			session.stop();
			await until(() => counts.reads > reads || undefined);
			await target.stop();
			release();
			const { stops } = await session.until(({ status, reading }) => status.kind === "ended" && !reading);
			equal(stops.length, 1);
			// What was read before may still be looked at.
			await room.sessions.debuggee(session.info().id).groups(1);
		});

		it("the debugger detaches", async () => {
			const session = begin({ configuration: { request: "attach" } });
			session.stop();
			await session.untilStop(1);
			session.respond(session.request("disconnect", {}), "disconnect", {});
			equal(session.info().status.kind, "detached");
		});

		it("the debugger ends the program that it had started", async () => {
			const session = begin();
			session.respond(session.request("disconnect", {}), "disconnect", {});
			session.event("terminated");
			equal(session.info().status.kind, "ended");
		});

		it("the program becomes another at a breakpoint", async () => {
			const session = begin();
			session.stop();
			const before = await session.untilStop(1);
			const { name } = session.info().process ?? {};
			session.resume();
			await target.command("exec");
			await until(async () => (await readFile(`/proc/${target.pid}/comm`, "utf8")) === "sleep\n" || undefined);
			session.stop({ reason: "exec", threadId: 1 });
			const after = await session.untilStop(2);
			equal(after.formerName, name);
			equal(after.totals, undefined);
			equal(after.reason, "exec");
			equal(session.info().process?.name, "sleep");
			ok(after.mappings < before.mappings);
			session.resume();
			session.stop();
			const third = await session.untilStop(3);
			equal(third.formerName, undefined);
			deepEqual(third.totals?.mappings, { new: 0, gone: 0, grown: 0, shrunk: 0, reprotected: 0 });
		});

		it("the adapter never answers", async () => {
			const session = begin({ answer: () => new Promise(() => undefined) });
			session.stop({ reason: "exception", threadId: 1, description: "signal SIGSEGV" });
			const { stops } = await session.until((info) => info.stops.length === 1);
			equal(stops[0]?.place, undefined);
			session.resume();
			session.stop();
			// The next stop is read while the last one's questions are still open.
			await session.until((info) => info.stops.length === 2);
		});

		it("somebody steps fifty times in a row: few are read, and the last is right", async () => {
			const session = begin();
			session.stop();
			await session.untilStop(1);
			const readsBefore = counts.reads;
			for (let step = 1; step <= 50; step++) {
				session.resume();
				if (step % 10 === 0) await target.command("map");
				session.stop();
			}
			const mappings = await mappingsNow();
			await session.until(({ stops, reading }) => !reading && stops.at(-1)?.mappings === mappings);
			ok(counts.reads - readsBefore < 50, `${counts.reads - readsBefore} readings`);
			const { stops, running } = session.info();
			equal(running, false);
			equal(stops.at(-1)?.totals !== undefined, true);
		});

		it("the program goes on while it is read: the stop says so", async () => {
			const session = begin();
			const release = hold();
			const { reads } = counts;
			session.stop();
			await until(() => counts.reads > reads || undefined);
			session.resume();
			release();
			const { stops } = await session.until((info) => info.stops.length === 1 && !info.reading);
			equal(stops[0]?.still, false);
			equal(session.info().running, true);
		});

		it("65,000 mappings", async () => {
			const many = await Child.python(manyMappings);
			try {
				const session = room.play();
				session.event("process", { systemProcessId: many.pid });
				session.stop();
				const first = await session.untilStop(1);
				ok(first.mappings > 60_000, `${first.mappings}`);
				session.resume();
				many.process.stdin?.write("\n");
				await until(async () => (await readFile(`/proc/${many.pid}/comm`, "utf8")) === "mapped\n" || undefined);
				session.stop();
				const second = await session.untilStop(2);
				const changes = await room.sessions.debuggee(session.info().id).compare(1, 2);
				ok(changes.mappings.some(({ kind, startPage, endPage }) => kind === "new" && endPage - startPage === 3));
				ok((second.totals?.mappings.new ?? 0) >= 1);
			} finally {
				await many.stop();
			}
		});

		it("the sampler dies: what it knew is gone, and the stop is read anew", async () => {
			const session = begin();
			session.stop();
			await session.untilStop(1);
			room.restartSampler();
			deepEqual(session.info().stops, []);
			await session.untilStop(1);
		});

		it("twenty sessions one after another leave nothing behind", async () => {
			const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
			// One session first: the test runner's own timer begins with the first pause.
			const { closed } = counts;
			const first = begin();
			first.stop();
			await first.untilStop(1);
			first.end();
			await until(() => counts.closed === closed + 1 || undefined);
			const before = { ...counts, timers: timers(), listeners: room.samplerListeners };
			for (let round = 0; round < 20; round++) {
				const session = begin();
				session.stop();
				await session.untilStop(1);
				session.resume();
				session.stop(); // fast: a timer is running when the session ends
				session.end();
				deepEqual(room.sessions.list(), []);
			}
			equal(counts.opened - before.opened, 20);
			await until(() => counts.closed - before.closed === 20 || undefined);
			equal(room.samplerListeners, before.listeners);
			await until(() => timers() <= before.timers || undefined);
			room.sessions.dispose();
			equal(room.samplerListeners, 0);
		});
	});

	describe("that stand still", () => {
		it("are read again when something was evaluated, and only a difference is a stop", async () => {
			const session = begin();
			session.stop();
			await session.untilStop(1);
			const evaluate = async (context: string, change?: string): Promise<void> => {
				const number = session.request("evaluate", { expression: "f()", context });
				if (change) await target.command(change);
				session.respond(number, "evaluate", { result: "1" });
			};
			const { reads } = counts;
			await evaluate("watch", "touch");
			equal(session.info().reading, false);
			await evaluate("repl", "map");
			const second = await session.untilStop(2);
			equal(second.reason, "evaluate");
			ok((second.totals?.mappings.new ?? 0) >= 1);
			await evaluate("repl");
			await until(() => counts.reads >= reads + 2 || undefined);
			await session.until(({ reading }) => !reading);
			// The program has nothing to do but to wait: whatever it wrote is its standard input's.
			ok(session.info().stops.length <= 3);
		});

		it("are not read when the setting is off, and are as soon as it is on", async () => {
			room.settings = { readAtStops: false, fingerprintBudget: 50 };
			const session = begin();
			session.stop();
			await session.until(({ status }) => status.kind === "off");
			equal(session.info().stops.length, 0);
			room.settings = { readAtStops: true, fingerprintBudget: 50 };
			room.sessions.settingsChanged();
			await session.untilStop(1);
			room.settings = { readAtStops: false, fingerprintBudget: 50 };
			room.sessions.settingsChanged();
			equal(session.info().status.kind, "off");
		});

		it("are compared within the time that there is: what was not is unknown", async () => {
			room.settings = { readAtStops: true, fingerprintBudget: 0 };
			const session = begin();
			session.stop();
			await session.untilStop(1);
			session.resume();
			session.stop();
			const { totals, cost } = await session.untilStop(2);
			equal(cost.comparedBytes, 0);
			ok((totals?.unknown ?? 0) > 10);
			equal(totals?.unknownWhy, "budget");
		});

		it("answer requests only when they know them", async () => {
			const session = begin({ answer: (command) => (command === "readMemory" ? { data: "" } : undefined) });
			session.stop();
			await session.untilStop(1);
			const debuggee = room.sessions.debuggee(session.info().id);
			await rejects(debuggee.request("readMemory", { memoryReference: "0x1" }), { code: "unsupported" });
			session.respond(session.request("initialize"), "initialize", { supportsReadMemoryRequest: true });
			deepEqual(await debuggee.request("readMemory", { memoryReference: "0x1" }), { data: "" });
			await rejects(debuggee.request("modules", {}), { code: "io" });
			const { start } = target.range("copied");
			const bytes = await debuggee.readMemory(start + 5n, 3);
			deepEqual([...bytes], [65, 65, 65]);
		});
	});
});

describe("debug sessions of a user without privileges", () => {
	let sampler: NobodysSampler;
	let room: PlayedRoom;
	before(async function () {
		if (process.geteuid?.() !== 0) return skip(this, "only root can become nobody");
		if (!(await nobodyMayRun(process.execPath))) return skip(this, `nobody may not run ${process.execPath}`);
		sampler = await startNobodysSampler();
		room = new PlayedRoom(sampler.call);
	});
	after(async () => {
		room?.sessions.dispose();
		await sampler?.stop();
	});

	it("say that the kernel refuses", async () => {
		const ofRoot = await Target.start();
		try {
			const session = room.play();
			session.event("process", { systemProcessId: ofRoot.pid });
			session.stop();
			const { status } = await session.until((info) => info.status.kind === "failed");
			equal(status.kind === "failed" && status.error.code, "permissionDenied");
		} finally {
			await ofRoot.stop();
		}
	});
});

/** Maps 65,000 pieces that no kernel merges; after a line on its input, one more, of three pages. */
const manyMappings = `
import ctypes, mmap, sys
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
limit = int(open("/proc/sys/vm/max_map_count").read())
size = mmap.PAGESIZE
anonymous, fixed, none = 0x22, 0x10, 0
count = min(65000, limit - 500)
start = libc.mmap(None, (count + 20) * size, none, anonymous, -1, 0)
for i in range(0, count, 2):
    libc.mmap(start + i * size, size, 1, anonymous | fixed, -1, 0)
print("ready", flush=True)
sys.stdin.readline()
libc.mmap(start + (count + 10) * size, 3 * size, 3, 0x21 | fixed, -1, 0)
libc.prctl(15, b"mapped", 0, 0, 0)
sys.stdin.readline()
`;
