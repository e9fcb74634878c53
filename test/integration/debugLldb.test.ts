import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import type { StopChanges } from "../../src/shared/debug/changes";
import {
	compileDebuggee,
	DebugRoom,
	type Facts,
	makeFolder,
	pageSize,
	readFacts,
	startDebugging,
	stopDebugging,
} from "./debugging";

describe("debugging with lldb", () => {
	let room: DebugRoom;
	let folder: Awaited<ReturnType<typeof makeFolder>>;
	before(async () => {
		room = new DebugRoom();
		folder = await makeFolder();
	});
	afterEach(() => stopDebugging(room));
	after(async () => {
		room.dispose();
		await folder.remove();
	});

	it("tells what each step mapped, unmapped, protected and wrote", async () => {
		const program = await compileDebuggee("steps");
		const facts = join(folder.path, "facts");
		const args = [facts, join(folder.path, "file")];
		await startDebugging({ type: "test-lldb", request: "launch", name: "steps", program, args }, ["checkpoint"]);
		for (let number = 1; number <= 4; number++) {
			const stop = await room.stop(number);
			equal(stop.reason, "breakpoint");
			equal(stop.place?.function, "checkpoint");
			equal(stop.still, true);
			if (number < 4) await room.resume();
		}
		const info = room.debuggee();
		ok(info);
		equal(info.pidSource, "processEvent");
		const told = await readFacts(facts);
		const debuggee = room.sessions.debuggee(info.id);
		for (const [from, to] of [[1, 2], [2, 3], [3, 4]] as const) compareWithFacts(await debuggee.compare(from, to), told[to - 1], BigInt(pageSize)); // biome-ignore format: short
	});
});

function compareWithFacts(changes: StopChanges, facts: Facts | undefined, pageSize: bigint): void {
	ok(facts);
	const hex = (page: number) => (BigInt(page) * pageSize).toString(16);
	deepEqual(
		changes.mappings
			.map(({ kind, startPage, endPage, formerPermissions, mapping }) =>
				[
					kind,
					hex(startPage),
					hex(endPage),
					...(formerPermissions ? [formerPermissions, mapping.permissions] : []),
				].join(" "),
			)
			.sort(),
		facts.lines.filter((line) => !line.startsWith("written")).sort(),
	);
	const pages = changes.pages.flatMap(({ ranges }) =>
		ranges.flatMap(({ startPage, endPage }) =>
			Array.from({ length: endPage - startPage }, (_, i) => hex(startPage + i)),
		),
	);
	const own = pages.filter((page) =>
		facts.regions.some(({ start, end }) => BigInt(`0x${page}`) >= start && BigInt(`0x${page}`) < end),
	);
	deepEqual(
		own.sort(),
		facts.lines
			.filter((line) => line.startsWith("written"))
			.map((line) => line.split(" ")[1])
			.sort(),
	);
	equal(changes.totals.unknown, 0);
}
