import { deepEqual, equal, match, ok } from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopLayer } from "../../src/extension/views/debug/words/stopLayerWords";
import { compileDebuggee, DebugRoom, pageSize, patience, startDebugging, stopDebugging } from "./debugging";
import { until } from "./until";

describe("a debuggee that a user without privileges may not look at", function () {
	this.timeout(2 * patience);
	let room: DebugRoom;
	let folder: string;
	before(async () => {
		room = new DebugRoom();
		folder = await mkdtemp(join(tmpdir(), "debuggee-"));
	});
	after(async () => {
		await stopDebugging(room);
		room.dispose();
		await rm(folder, { recursive: true });
	});

	it("is not known at that stop, with the reason, and is again at the next one", async () => {
		const program = await compileDebuggee("secretive", [], folder);
		await startDebugging({ type: "test-lldb", request: "launch", name: "secretive", program });
		const { threadId } = await room.stop(1);
		await room.request("continue", { threadId });
		await until("the refusal", () => room.debuggee()?.status.kind === "failed", patience);
		const info = room.debuggee();
		equal(info?.running, false);
		const { pid } = info.process ?? {};
		// The kernel gives the files of such a process to root.
		equal((await stat(`/proc/${pid}/maps`)).uid, 0);
		const [title, notice] = room.rows();
		match(title ?? "", new RegExp(`^debuggee-secret ${pid}, stop 1, \\d+ mappings$`));
		equal(notice, `Mapscope may not read process ${pid}. Run VS Code as root to read it. What is shown is stop 1. The next stop tries again.`); // biome-ignore format: one sentence
		const layer = stopLayer(info, { shown: { stop: 1 }, pageSize }, 150);
		deepEqual(layer.sentences[0], { icon: "warning", text: notice });

		await room.request("continue", { threadId });
		const { totals } = await room.stop(2);
		equal(totals?.unknown, 0);
		ok(totals.byKind.some(({ kind, written }) => kind === "data" && written > 0));
		equal(room.rows().length, 1);
	});
});
