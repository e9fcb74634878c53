import { deepEqual, equal, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Fields } from "../../../src/extension/debug/messages";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { addressToPage } from "../../../src/shared/units";
import { checkout } from "../../support/checkout";
import { PlayedRoom, type PlayedSession } from "../../support/playedSession";
import { Target } from "../../support/target";

/** A line of a recorded conversation; see test/fixtures/dap/README.md. */
interface Line {
	readonly to?: "adapter" | "client";
	readonly message?: unknown;
	readonly answer?: string;
	readonly arguments?: Fields;
	readonly body?: unknown;
	readonly program?: string;
	readonly wait?: number;
}

describe("a conversation with gdb's own adapter", () => {
	const system = readSystemInfo();
	const room = new PlayedRoom(createSamplerService(system));
	let target: Target;
	let lines: Line[];
	let session: PlayedSession;
	before(async () => {
		target = await Target.start();
		const text = await readFile(join(checkout, "test/fixtures/dap/gdb.jsonl"), "utf8");
		const filled = text
			.replaceAll('"$pid"', String(target.pid))
			.replaceAll("$program", target.child.spawnfile)
			.replaceAll("$none", `0x${(target.range("none").start + 64n).toString(16)}`);
		lines = filled
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line) as Line);
	});
	after(async () => {
		room.sessions.dispose();
		await target.stop();
	});

	it("gives stops, changes, places and the explanation of a fault", async () => {
		session = room.play({
			type: "gdb",
			configuration: { request: "launch", type: "gdb", program: target.child.spawnfile },
			answer: (command, { expression }) =>
				lines.find((line) => line.answer === command && line.arguments?.["expression"] === expression)?.body,
		});
		for (const { to, message, program, wait } of lines) {
			if (to === "adapter") session.tracker.onWillReceiveMessage(message);
			else if (to === "client") session.tracker.onDidSendMessage(message);
			if (program) await target.command(program);
			if (wait === 3) await session.until(({ stops }) => stops.at(-1)?.fault !== undefined);
			else if (wait) await session.untilStop(wait);
		}
		const { process, pidSource, stops, status } = session.info();
		equal(process?.pid, target.pid);
		equal(pidSource, "processEvent");
		deepEqual(
			stops.map(({ reason }) => reason),
			["breakpoint", "step", "exception"],
		);
		deepEqual(stops[0]?.place, { function: "main", line: 120, path: "/project/target.c" });
		// Its neighbours decide how much of the new memory is a mapping of its own.
		ok((stops[1]?.totals?.mappings.new ?? 0) >= 1);
		ok((stops[1]?.totals?.written ?? 0) >= 1);
		const fault = stops[2]?.fault;
		equal(fault?.signal, "SIGSEGV");
		equal(fault?.thread?.tid, target.pid);
		equal(fault?.cause.kind, "noAccess");
		equal(
			fault?.cause.kind === "noAccess" &&
				fault.cause.mapping.startPage <= addressToPage(target.range("none").start, system.pageSize),
			true,
		);
		equal(status.kind, "ended");
	});
});
