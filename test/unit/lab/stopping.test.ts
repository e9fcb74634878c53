import { deepEqual, equal, match, notEqual, ok, rejects } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { LabSession } from "../../../src/extension/lab/session";
import type { LabState } from "../../../src/shared/labPanel";
import { hasEnded, until } from "../../support/child";
import { demoOf, mapPages, openSession } from "../../support/labSessions";

describe("a lab that is stopped", () => {
	let session: LabSession;
	afterEach(() => session.dispose());

	/** Stops the session the first time that its state is so, in the very moment. */
	const stopWhen = (isTime: (state: LabState) => boolean): void => {
		const listening = session.onDidChange(() => {
			if (!isTime(session.state)) return;
			listening.dispose();
			session.stop();
		});
	};
	const ended = (pid: number) => until(async () => (await hasEnded(pid)) || undefined);

	it("in a call that waits: ends in an error, and works on after that", async () => {
		session = await openSession(demoOf([mapPages, "child = fork();", "waitpid(child, NULL, 0);"]));
		await session.step();
		await session.step();
		const [main, child] = session.state.processes.map(({ pid }) => pid);
		ok(main && child);
		const waiting = rejects(session.step(), { code: "io" });
		await until(async () => (await readFile(`/proc/${main}/wchan`, "utf8")) === "do_wait" || undefined);
		session.stop();
		await waiting;
		await Promise.all([ended(main), ended(child)]);
		match(String(session.state.trouble?.detail), /stopped/);
		await session.backTo(0);
		await session.append("p[0] = 1; c = p[0];", "main");
		deepEqual(session.result(1)?.calls[1]?.value, { kind: "number", number: "1" });
	});

	const writes = [mapPages, "p[0] = 1;", "p[0] = 2;", "p[0] = 3;", "c = p[0];"];

	it("between two steps of all: runs no further, and goes on in another process when asked", async () => {
		session = await openSession(demoOf(writes));
		let pid = 0;
		stopWhen(({ done, processes }) => {
			pid = processes[0]?.pid ?? 0;
			return done === 2;
		});
		await rejects(session.runAll(), { code: "io" });
		deepEqual([session.state.done, session.state.activity, session.state.processes], [2, "idle", []]);
		await ended(pid);
		await session.runAll();
		equal(session.state.done, writes.length);
		deepEqual(session.result(4)?.calls[0]?.value, { kind: "number", number: "3" });
		notEqual(session.result(4)?.pid, pid);
	});

	it("while it is made ready again: leaves no process behind", async () => {
		session = await openSession(demoOf(writes));
		await session.runAll();
		stopWhen(({ activity }) => activity === "replaying");
		await rejects(session.backTo(3), { code: "io" });
		deepEqual([session.state.done, session.state.processes], [4, []]);
		await session.step();
		deepEqual(session.result(4)?.calls[0]?.value, { kind: "number", number: "3" });
	});

	it("forgets what waits to run, and nothing that comes later", async () => {
		session = await openSession(demoOf(writes));
		stopWhen(({ done }) => done === 1);
		// The first has its result when it is stopped: whether it counts as stopped does not matter.
		const [, ...waiting] = await Promise.allSettled([session.step(), session.step(), session.runAll()]);
		deepEqual(
			waiting.map(({ status }) => status),
			["rejected", "rejected"],
		);
		equal(session.state.done, 1);
		session.stop(); // nothing runs
		await session.step();
		equal(session.state.done, 2);
	});
});
