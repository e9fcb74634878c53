import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { until } from "../../support/child";
import { PlayedDebuggee } from "../../support/playedDebuggee";

describe("debug sessions", () => {
	const played = new PlayedDebuggee();
	const { pageSize } = readSystemInfo();

	it("that come alone are read at once, with what changed", async () => {
		const session = played.begin();
		session.stop({ reason: "breakpoint", threadId: 1, description: "breakpoint 1.1" });
		const first = await session.untilStop(1);
		equal(first.totals, undefined);
		equal(first.mappings, await played.mappings());
		equal(first.reason, "breakpoint");
		equal(first.description, "breakpoint 1.1");
		equal(first.still, false); // nobody holds it
		session.resume();
		equal(session.info().running, true);
		await played.target.command("touch");
		session.stop();
		const second = await session.untilStop(2);
		equal(second.reason, "step");
		const kinds = second.totals?.byKind.map(({ kind, written }) => [kind, written > 0]) ?? [];
		ok(kinds.some(([kind, written]) => kind === "anonymous" && written));
		const changes = await played.room.sessions.debuggee(session.info().id).compare(1, 2);
		const { start, end } = played.target.range("anonymous");
		const own = changes.pages
			.flatMap(({ ranges }) => ranges)
			.map(({ startPage, endPage }) => [BigInt(startPage) * BigInt(pageSize), endPage - startPage] as const)
			.filter(([address]) => address >= start && address < end);
		deepEqual(own, [[start + 10n * BigInt(pageSize), 1]]);
		const groups = await played.room.sessions.debuggee(session.info().id).groups(2);
		const written = groups.groups.flatMap(({ mappings }) => mappings).filter((each) => each.written > 0);
		equal(
			written.reduce((sum, each) => sum + each.written, 0),
			second.totals?.written,
		);
	});

	describe("that stand still", () => {
		it("are read again when something was evaluated, and only a difference is a stop", async () => {
			const session = played.begin();
			session.stop();
			await session.untilStop(1);
			const evaluate = async (context: string, change?: string): Promise<void> => {
				const number = session.request("evaluate", { expression: "f()", context });
				if (change) await played.target.command(change);
				session.respond(number, "evaluate", { result: "1" });
			};
			const { reads } = played.counts;
			await evaluate("watch", "touch");
			equal(session.info().reading, false);
			await evaluate("repl", "map");
			const second = await session.untilStop(2);
			equal(second.reason, "evaluate");
			ok((second.totals?.mappings.new ?? 0) >= 1);
			await evaluate("repl");
			await until(() => played.counts.reads >= reads + 2 || undefined);
			await session.until(({ reading }) => !reading);
			// The program has nothing to do but to wait: whatever it wrote is its standard input's.
			ok(session.info().stops.length <= 3);
		});

		it("are not read when the setting is off, and are as soon as it is on", async () => {
			played.room.settings = { readAtStops: false, fingerprintBudget: 50 };
			const session = played.begin();
			session.stop();
			await session.until(({ status }) => status.kind === "off");
			equal(session.info().stops.length, 0);
			played.room.settings = { readAtStops: true, fingerprintBudget: 50 };
			played.room.sessions.settingsChanged();
			await session.untilStop(1);
			played.room.settings = { readAtStops: false, fingerprintBudget: 50 };
			played.room.sessions.settingsChanged();
			equal(session.info().status.kind, "off");
		});

		it("are compared within the time that there is: what was not is unknown", async () => {
			played.room.settings = { readAtStops: true, fingerprintBudget: 0 };
			const session = played.begin();
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
			const session = played.begin({ answer: (command) => (command === "readMemory" ? { data: "" } : undefined) });
			session.stop();
			await session.untilStop(1);
			const debuggee = played.room.sessions.debuggee(session.info().id);
			await rejects(debuggee.request("readMemory", { memoryReference: "0x1" }), { code: "unsupported" });
			session.respond(session.request("initialize"), "initialize", { supportsReadMemoryRequest: true });
			deepEqual(await debuggee.request("readMemory", { memoryReference: "0x1" }), { data: "" });
			await rejects(debuggee.request("modules", {}), { code: "io" });
			const { start } = played.target.range("copied");
			const bytes = await debuggee.readMemory(start + 5n, 3);
			deepEqual([...bytes], [65, 65, 65]);
		});
	});
});
