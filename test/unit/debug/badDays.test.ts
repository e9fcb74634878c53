import { deepEqual, equal, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Child, until } from "../../support/child";
import { type NobodysSampler, nobodyMayRun, startNobodysSampler } from "../../support/nobody";
import { PlayedDebuggee } from "../../support/playedDebuggee";
import { PlayedRoom } from "../../support/playedSession";
import { skip } from "../../support/skip";
import { Target } from "../../support/target";

describe("debug sessions", () => {
	const played = new PlayedDebuggee();

	describe("on a bad day", () => {
		it("the program is killed between the stop and the reading", async () => {
			const session = played.begin();
			session.stop();
			await session.untilStop(1);
			session.resume();
			const release = played.hold();
			const { reads } = played.counts;
			session.stop();
			await until(() => played.counts.reads > reads || undefined);
			await played.target.stop();
			release();
			const { stops } = await session.until(({ status, reading }) => status.kind === "ended" && !reading);
			equal(stops.length, 1);
			// What was read before may still be looked at.
			await played.room.sessions.debuggee(session.info().id).groups(1);
		});

		it("the debugger detaches", async () => {
			const session = played.begin({ configuration: { request: "attach" } });
			session.stop();
			await session.untilStop(1);
			session.respond(session.request("disconnect", {}), "disconnect", {});
			equal(session.info().status.kind, "detached");
		});

		it("the debugger ends the program that it had started", async () => {
			const session = played.begin();
			session.respond(session.request("disconnect", {}), "disconnect", {});
			session.event("terminated");
			equal(session.info().status.kind, "ended");
		});

		it("the program becomes another at a breakpoint", async () => {
			const session = played.begin();
			session.stop();
			const before = await session.untilStop(1);
			const { name } = session.info().process ?? {};
			session.resume();
			await played.target.command("exec");
			// It has its new name before it has loaded its libraries, and sleeps after that.
			const stat = `/proc/${played.target.pid}/stat`;
			await until(async () => / \(sleep\) S /.test(await readFile(stat, "utf8")) || undefined);
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
			const session = played.begin({ answer: () => new Promise(() => undefined) });
			session.stop({ reason: "exception", threadId: 1, description: "signal SIGSEGV" });
			const { stops } = await session.until((info) => info.stops.length === 1);
			equal(stops[0]?.place, undefined);
			session.resume();
			session.stop();
			// The next stop is read while the last one's questions are still open.
			await session.until((info) => info.stops.length === 2);
		});

		it("somebody steps fifty times in a row: few are read, and the last is right", async () => {
			const session = played.begin();
			session.stop();
			await session.untilStop(1);
			const readsBefore = played.counts.reads;
			for (let step = 1; step <= 50; step++) {
				session.resume();
				if (step % 10 === 0) await played.target.command("map");
				session.stop();
			}
			const mappings = await played.mappings();
			await session.until(({ stops, reading }) => !reading && stops.at(-1)?.mappings === mappings);
			ok(played.counts.reads - readsBefore < 50, `${played.counts.reads - readsBefore} readings`);
			const { stops, running } = session.info();
			equal(running, false);
			equal(stops.at(-1)?.totals !== undefined, true);
		});

		it("the program goes on while it is read: the stop says so", async () => {
			const session = played.begin();
			const release = played.hold();
			const { reads } = played.counts;
			session.stop();
			await until(() => played.counts.reads > reads || undefined);
			session.resume();
			release();
			const { stops } = await session.until((info) => info.stops.length === 1 && !info.reading);
			equal(stops[0]?.still, false);
			equal(session.info().running, true);
		});

		it("65,000 mappings", async () => {
			const many = await Child.python(manyMappings);
			try {
				const session = played.room.play();
				session.event("process", { systemProcessId: many.pid });
				session.stop();
				const first = await session.untilStop(1);
				ok(first.mappings > 60_000, `${first.mappings}`);
				session.resume();
				many.process.stdin?.write("\n");
				await until(async () => (await readFile(`/proc/${many.pid}/comm`, "utf8")) === "mapped\n" || undefined);
				session.stop();
				const second = await session.untilStop(2);
				const changes = await played.room.sessions.debuggee(session.info().id).compare(1, 2);
				ok(changes.mappings.some(({ kind, startPage, endPage }) => kind === "new" && endPage - startPage === 3));
				ok((second.totals?.mappings.new ?? 0) >= 1);
			} finally {
				await many.stop();
			}
		});

		it("the sampler dies: what it knew is gone, and the stop is read anew", async () => {
			const session = played.begin();
			session.stop();
			await session.untilStop(1);
			played.room.restartSampler();
			deepEqual(session.info().stops, []);
			await session.untilStop(1);
		});

		it("twenty sessions one after another leave nothing behind", async () => {
			const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
			// One session first: the test runner's own timer begins with the first pause.
			const { closed } = played.counts;
			const first = played.begin();
			first.stop();
			await first.untilStop(1);
			first.end();
			await until(() => played.counts.closed === closed + 1 || undefined);
			const before = { ...played.counts, timers: timers(), listeners: played.room.samplerListeners };
			for (let round = 0; round < 20; round++) {
				const session = played.begin();
				session.stop();
				await session.untilStop(1);
				session.resume();
				session.stop(); // fast: a timer is running when the session ends
				session.end();
				deepEqual(played.room.sessions.list(), []);
			}
			equal(played.counts.opened - before.opened, 20);
			await until(() => played.counts.closed - before.closed === 20 || undefined);
			equal(played.room.samplerListeners, before.listeners);
			await until(() => timers() <= before.timers || undefined);
			played.room.sessions.dispose();
			equal(played.room.samplerListeners, 0);
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
