import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DebugConfiguration } from "vscode";
import type { DebuggeeInfo } from "../../src/shared/debug/stops";
import { checkout } from "../support/checkout";
import { breakAtStop, compileDebuggee, makeStage, named, patience, startDebugging } from "./debugging";
import { until } from "./until";

describe("several debuggees at once", function () {
	const stage = makeStage(this);

	const complete = ({ place }: { readonly place?: unknown }) => place !== undefined;

	it("have histories of their own, and one ends without the other", async () => {
		const program = await compileDebuggee("steps");
		const configuration = (name: string): DebugConfiguration => {
			const args = [join(stage.folder, name), join(stage.folder, `${name}.bin`)];
			return { type: "test-lldb", request: "launch", name, program, args };
		};
		await startDebugging(configuration("one"), ["checkpoint"]);
		await startDebugging(configuration("other"));
		const [one, other] = [named("one"), named("other")];
		const [first, otherFirst] = await Promise.all([
			stage.room.stop(1, complete, one),
			stage.room.stop(1, complete, other),
		]);
		await stage.room.resume(one);
		const second = await stage.room.stop(2, complete, one);
		await stage.room.resume(one);
		await stage.room.stop(3, complete, one);
		notEqual(stage.room.debuggee(one)?.process?.pid, stage.room.debuggee(other)?.process?.pid);
		equal(first.totals, undefined);
		equal(second.totals?.mappings.new, 1);
		// Nothing of it has reached the other.
		const undisturbed = stage.room.debuggee(other);
		deepEqual(undisturbed?.stops, [otherFirst]);
		equal(undisturbed.running, false);
		match(await stateOf(undisturbed), /^t /);
		const [row, otherRow, ...others] = stage.room.rows();
		match(row ?? "", /^debuggee-steps \d+, stop 3, \d+ mappings, 1 grown, 1 reprotected, \d+ pages written$/);
		match(otherRow ?? "", /^debuggee-steps \d+, stop 1, \d+ mappings$/);
		deepEqual(others, []);

		const session = stage.room.debuggee(one)?.session.id;
		await stage.room.request("disconnect", { terminateDebuggee: true }, one);
		await until("the end of one session", () => session && !stage.room.sessions.ofSession(session), patience);
		deepEqual(stage.room.debuggee(other)?.stops, [otherFirst]);
		equal(stage.room.sessions.list().length, 1);
		await stage.room.resume(other);
		const otherSecond = await stage.room.stop(2, complete, other);
		equal(otherSecond.totals?.mappings.new, 1);
	});

	it("are a Python program and its child", async () => {
		const program = join(checkout, "test/programs/debuggees/children.py");
		const options = { program, console: "internalConsole", python: "/usr/bin/python3", justMyCode: false };
		await follow({ type: "test-debugpy", request: "launch", name: "parent", subProcess: true, ...options });
	});

	it("are a program of Node and its child", async () => {
		const program = join(checkout, "test/programs/debuggees/children.js");
		const options = { program, console: "internalConsole", runtimeExecutable: process.execPath };
		await follow({ type: "node", request: "launch", name: "parent", ...options });
	});

	/** Follows a program to the first stop, and its child from there to its end. */
	async function follow(configuration: DebugConfiguration): Promise<void> {
		await breakAtStop(configuration["program"]);
		await startDebugging(configuration);
		const parentStop = await stage.room.stop(1);
		const parent = stage.room.debuggee();
		ok(parent?.process);
		const isParent = ({ session }: DebuggeeInfo) => session.id === parent.session.id;
		const isChild = ({ session }: DebuggeeInfo) => session.parentId === parent.session.id;
		await stage.room.resume(isParent);
		await stage.room.stop(1, complete, isChild);
		const child = stage.room.debuggee(isChild);
		ok(child?.process);
		match(
			await readFile(`/proc/${child.process.pid}/status`, "utf8"),
			new RegExp(`^PPid:\\s+${parent.process.pid}$`, "m"),
		);
		await stage.room.resume(isChild);
		const second = await stage.room.stop(2, complete, isChild);
		ok((second.totals?.mappings.new ?? 0) + (second.totals?.mappings.grown ?? 0) > 0, JSON.stringify(second));
		// The parent waits for it, and has not stopped meanwhile.
		deepEqual(stage.room.debuggee(isParent)?.stops, [parentStop]);
		equal(stage.room.debuggee(isParent)?.running, true);
		await stage.room.resume(isChild);
		await stage.room.stop(2, complete, isParent);
		await until("the end of the child's session", () => !stage.room.debuggee(isChild), patience);
		equal(stage.room.debuggee(isParent)?.process?.pid, parent.process.pid);
		equal(stage.room.sessions.list().length, 1);
	}
});

/** State and what follows it in the process's `stat`: `t` while a tracer holds it. */
async function stateOf(info: DebuggeeInfo): Promise<string> {
	const text = await readFile(`/proc/${info.process?.pid}/stat`, "latin1");
	return text.slice(text.lastIndexOf(")") + 2);
}
