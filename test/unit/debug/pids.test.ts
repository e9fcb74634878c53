import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fields } from "../../../src/extension/debug/messages";
import { Child } from "../../support/child";
import { PlayedDebuggee } from "../../support/playedDebuggee";
import type { PlayedOptions } from "../../support/playedSession";
import { Target } from "../../support/target";

describe("debug sessions", () => {
	const played = new PlayedDebuggee();

	describe("learn the pid", () => {
		const js = { type: "pwa-node", parentId: "parent" };
		const cases: readonly (readonly [string, () => PlayedOptions, string])[] = [
			[
				"from the configuration",
				() => ({ configuration: { request: "attach", processId: String(played.target.pid) } }),
				"configuration",
			],
			[
				"from the configuration of lldb",
				() => ({ configuration: { request: "attach", pid: played.target.pid } }),
				"configuration",
			],
			[
				"from the program under js-debug",
				() => ({ ...js, answer: () => ({ result: String(played.target.pid) }) }),
				"evaluate",
			],
			["from the name of js-debug's session", () => ({ ...js, name: `a.js [${played.target.pid}]` }), "sessionName"],
		];
		for (const [title, options, source] of cases) {
			it(title, async () => {
				const session = played.room.play(options());
				session.event("thread", { reason: "started", threadId: 0 });
				session.stop();
				await session.untilStop(1);
				equal(session.info().process?.pid, played.target.pid);
				equal(session.info().pidSource, source);
			});
		}

		it("from a person, who chooses among likely processes", async () => {
			const session = played.room.play();
			session.stop();
			await session.until(({ status }) => status.kind === "unknown");
			const { id } = session.info();
			const candidates = await played.room.sessions.candidates(id);
			ok(candidates.some(({ pid }) => pid === played.target.pid));
			ok(!candidates.some(({ pid }) => pid === 1));
			await played.room.sessions.choose(id, played.target.pid);
			await session.untilStop(1);
			equal(session.info().pidSource, "chosen");
			await rejects(played.room.sessions.choose(id, 2 ** 22 + 1), { code: "processGone" });
			// What is chosen for one session is not offered to another.
			const other = await played.room.sessions.candidates(played.room.play().info().id);
			ok(!other.some(({ pid }) => pid === played.target.pid));
		});

		it("of several sessions, side by side", async () => {
			const other = await Target.start();
			try {
				const sessions = [played.begin(), played.room.play()];
				sessions[1]?.event("process", { systemProcessId: other.pid });
				for (const session of sessions) session.stop();
				for (const session of sessions) await session.untilStop(1);
				deepEqual(
					played.room.sessions.list().map(({ process }) => process?.pid),
					[played.target.pid, other.pid],
				);
			} finally {
				await other.stop();
			}
		});

		it("and hide a session that only starts others", () => {
			const parent = played.room.play({ type: "pwa-node" });
			deepEqual(
				played.room.sessions.list().map(({ session }) => session.id),
				[parent.id],
			);
			const child = played.room.play({ ...js, parentId: parent.id });
			deepEqual(
				played.room.sessions.list().map(({ session }) => session.id),
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
				const session = played.room.play(options);
				if (process) session.event("process", process);
				const { status } = await session.until((info) => info.status.kind === "elsewhere");
				equal(status.kind === "elsewhere" && status.why, why);
				session.stop();
				equal(session.info().stops.length, 0);
			});
		}

		it("are in an emulator, which numbers its process for itself, and its threads as the kernel does", async () => {
			const folder = await mkdtemp(join(tmpdir(), "emulator-"));
			const path = join(folder, "qemu-x86_64");
			await copyFile("/bin/sh", path);
			const emulator = await Child.start(path, ["-c", "echo ready; read line"]);
			try {
				for (const stopsFirst of [true, false]) {
					const session = played.room.play();
					const stop = () => session.stop({ reason: "breakpoint", threadId: emulator.pid });
					if (stopsFirst) stop();
					session.event("process", { systemProcessId: 1, name: "/opt/app/server" });
					if (!stopsFirst) {
						await session.until(({ status }) => status.kind === "elsewhere");
						stop();
					}
					await session.until(({ status }) => status.kind === "elsewhere" && status.why === "emulated");
				}
			} finally {
				await emulator.stop();
				await rm(folder, { recursive: true });
			}
		});

		it("are not mistaken when they are here by way of this machine's own name", async () => {
			const connect = { host: "localhost", port: 5678 };
			const session = played.begin({ configuration: { request: "attach", connect } });
			session.stop();
			await session.untilStop(1);
		});
	});
});
